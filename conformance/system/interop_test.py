"""Implementations of three languages in one system: what agrees passes, and who breaks a sentence is blamed for it.

CMB_CONFORMANCE is the program, CMB_REFERENCE_IUT the reference's harness; without it the Python peer plays alone.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = f"{sys.executable} {ROOT / 'conformance/peers/python/peer.py'}"


def interop(*words):
    return subprocess.run([os.environ["CMB_CONFORMANCE"], "interop", *map(str, words)], capture_output=True, text=True,
                          timeout=300)


class Interop(unittest.TestCase):
    def test_every_combination_agrees(self):
        implementations = [PEER, *filter(None, [os.environ.get("CMB_REFERENCE_IUT")])]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "interop.json"
            ran = interop("--json", path, *implementations)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            report = json.loads(path.read_text())
        self.assertEqual(len(report["combinations"]), len(implementations) ** 3)
        for one in report["combinations"]:
            self.assertGreaterEqual(len({case["id"].split("@")[0] for case in one["cases"]}), 30)
            self.assertEqual({case["verdict"] for case in one["cases"]}, {"pass"})

    def test_who_breaks_a_sentence_is_blamed_for_it(self):
        for mutant, blame in (("a-success-is-no-end", "as sender: CMB-SND-008"), ("no-retry-events", "as sender: CMB-RTY-001")):
            with self.subTest(mutant=mutant):
                ran = interop("--run", "system/each-frame-lost-once*", f"{PEER} --mutant {mutant}")
                self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
                self.assertIn(blame, ran.stdout)

    def test_a_harness_of_node_takes_part(self):
        """The scaffold has no protocol in it yet; that is what it is told."""
        with tempfile.TemporaryDirectory() as folder:
            for role in ("sender", "target"):
                subprocess.run([os.environ["CMB_CONFORMANCE"], "scaffold", "node", f"{folder}/{role}", "--role", role],
                               check=True, capture_output=True, timeout=30)
                harness = pathlib.Path(folder, role, "harness.mjs")  # The cases of a system are BASIC.
                harness.write_text(harness.read_text().replace("PROFILE_CORE", "PROFILE_BASIC"))
            ran = interop("--run", "system/plain-path", PEER, f"stdio:{folder}/sender/harness.mjs",
                          f"stdio:{folder}/target/harness.mjs")
        self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
        self.assertIn("my-sender 0.1 as sender: CMB-SND-001", ran.stdout)
        self.assertIn("my-target 0.1 as target: CMB-TGT-001", ran.stdout)
        self.assertIn("4 combinations of 3 implementations: 3 failed, 1 passed", ran.stdout)

    def test_wrong_use_is_named(self):
        for words, code, part in (((), 64, "command is required"), (("/no/such",), 2, "/no/such"),
                                  (("--run", "sender/*", PEER), 64, "leave no case"),
                                  (("--run", "sistem/*", PEER), 64, "matches no case"),
                                  (("--profile", "HUGE", PEER), 64, "--profile")):
            with self.subTest(words=words):
                ran = interop(*words)
                self.assertEqual(ran.returncode, code, ran.stderr)
                self.assertIn(part, ran.stderr)
                self.assertEqual(ran.stdout, "")


if __name__ == "__main__":
    unittest.main()
