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

# Mutants, the scenarios that find them, and whom these blame.
BROKEN = (
    ("a-success-is-no-end", "each-frame-lost-once*", "as sender: CMB-SND-008"),
    ("no-retry-events", "each-frame-lost-once*", "as sender: CMB-RTY-001"),
    ("no-retry-events", "a-slow-reader@*", "as sender: CMB-RTY-001"),
    ("drops-beyond-the-queue", "a-slow-reader-fills-the-queue", "as router: CMB-RTR-006"),
    ("does-not-answer-copies", "a-failure-through-faults*", "as target: CMB-DUP-004"),
    ("does-not-answer-copies", "a-return-under-load-and-each-end*", "as target: CMB-DUP-004"),
    ("alerts-twice", "unknown-through-faults*", "as sender: CMB-OBS-008"),
    ("alerts-twice", "the-life-ends-while-it-runs*", "as sender: CMB-OBS-008"),
    ("cancels-once", "a-cancel-through-faults*", "as sender: CMB-CXL-015"),
    ("cancels-once", "a-cancel-while-it-is-away*", "as sender: CMB-CXL-015"),
    ("cancels-nothing-that-waits", "a-replay-and-a-cancel*", "as target: "),
    ("forgets-what-it-sent", "a-crash-and-*", "as sender: CMB-DUR-022"),
    ("forgets-what-it-received", "the-life-ends-while-it-is-down*", "as target: CMB-DUR-017"),
    ("forgets-what-it-did", "a-replay-and-each-end*", "as target: CMB-DUP-003"),
    ("does-not-say-that-it-broke-off", "a-target-crashes-and-each-end*", "as target: CMB-DUR-006"),
    ("timers-follow-the-wall", "a-wall-clock-jumps@*", "as target: CMB-TMR-001"),
    ("timers-follow-the-wall", "a-cancel-and-a-wall-clock*", "as sender: CMB-TMR-001"),
    ("its-store-follows-the-wall", "a-wall-clock-jumps-over-a-crash*", "as router: CMB-RTR-025"),
    ("leaves-in-silence", "fallback-when-a-router-dies", "as sender: CMB-FBK-004"),
    ("gives-up-at-one-router", "fallback-and-giving-up*", "as sender: CMB-FBK-005"),
    ("answers-by-the-first-way", "fallback-over-two-routers*", "as target: CMB-FBK-006"),
    ("answers-by-the-first-way", "by-the-second-router", "as target: CMB-FBK-006"),
    ("answers-a-cancel-by-one-way", "fallback-and-a-cancel*", "as target: CMB-FBK-007"),
    ("answers-a-cancel-by-one-way", "fallback-through-a-crash*", "as target: CMB-FBK-007"),
)


def interop(*words):
    return subprocess.run([os.environ["CMB_CONFORMANCE"], "interop", *map(str, words)], capture_output=True, text=True,
                          timeout=540)


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
        for mutant, scenarios, blame in BROKEN:
            with self.subTest(mutant=mutant, scenarios=scenarios):
                ran = interop("--run", f"system/{scenarios}", f"{PEER} --mutant {mutant}")
                self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
                self.assertIn(blame, ran.stdout)

    def test_two_routers_need_no_sockets(self):
        ran = interop("--run", "system/fallback*", "--run", "system/by-the-second-router", f"stdio:{PEER}",
                      *(f"stdio:{it}" for it in filter(None, [os.environ.get("CMB_REFERENCE_IUT")])))
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

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
