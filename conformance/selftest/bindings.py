"""The corpus by every way in: sockets, frames in the control channel, lines of JSON.

Run by ctest, which sets CMB_CONFORMANCE (the program), CMB_PROTO_PYTHON and, where there is a
reference, CMB_REFERENCE_IUT. CMB_BINDINGS_SHARD says which part of the corpus (default: 1/6).
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

import suite

PEER = [sys.executable, suite.PEER]
PROGRAM = os.environ["CMB_CONFORMANCE"]
SHARD = os.environ.get("CMB_BINDINGS_SHARD", "1/6")
WAYS = {"frames": ["--binding", "frames"], "headers": ["--binding", "headers"],
        "frames on stdio": ["--stdio", "--binding", "frames"], "headers on stdio": ["--stdio"]}
# Why a case is left out where there are data sockets.
FILLS_A_QUEUE = "the case fills a queue of ZeroMQ, which needs --binding"
# Why a case may be left out where there are no data sockets.
NOT_CARRIED = ("there are no data sockets", "a header with unknown fields")
PATIENCE_S = 240


def verdicts(command, options, cases=("--shard", SHARD), codes=(0, 1)):
    """Verdict and blame of each case, and the reasons of those left out."""
    with tempfile.TemporaryDirectory() as into:
        path = os.path.join(into, "report.json")
        done = subprocess.run([PROGRAM, "run", *cases, "--json", path, *options, "--", *command],
                              capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode in codes, done.stdout + done.stderr
        with open(path, encoding="utf-8") as text:
            cases = json.load(text)["cases"]
    return {case["id"]: (case["verdict"], case["blamed"], case["reason"]) for case in cases}


class Bindings(unittest.TestCase):
    def check(self, command):
        over_sockets = verdicts(command, [])
        self.assertGreater(sum(verdict == "pass" for verdict, _, _ in over_sockets.values()), 100)
        for way, options in WAYS.items():
            with self.subTest(way):
                self.hold(over_sockets, verdicts(command, options))

    def hold(self, over_sockets, inline):
        left_out = 0
        for case, (verdict, blamed, reason) in inline.items():
            if any(words in reason for words in NOT_CARRIED):
                left_out += 1
            elif not over_sockets[case][2].startswith(FILLS_A_QUEUE):  # Those: test_full_queues.
                self.assertEqual((verdict, blamed), over_sockets[case][:2], f"{case}: {reason}")
        self.assertLess(left_out, len(inline) / 10)

    def test_the_peer_is_judged_alike(self):
        self.check(PEER)

    def test_a_broken_peer_is_judged_alike(self):
        self.check([*PEER, "--mutant", "a-copy-hears-nothing"])

    @unittest.skipUnless(os.environ.get("CMB_REFERENCE_IUT"), "there is no reference")
    def test_the_reference_is_judged_alike(self):
        self.check([os.environ["CMB_REFERENCE_IUT"]])


class FullQueues(unittest.TestCase):
    """What fills a queue of ZeroMQ: by every way in but the sockets, and by them of nobody."""

    def verdicts(self, command, options):
        found = verdicts(command, options, ("--run", suite.FILLS + "*"), codes=(0, 2))
        self.assertGreaterEqual(len(found), 6)
        return found

    def hold(self, command):
        for verdict, _, reason in self.verdicts(command, []).values():
            self.assertEqual(verdict, "unsupported")
            self.assertTrue(reason.startswith(FILLS_A_QUEUE), reason)
        for way, options in WAYS.items():
            with self.subTest(way):
                self.assertEqual({case: verdict for case, verdict in self.verdicts(command, options).items()
                                  if verdict[0] != "pass"}, {})

    def test_the_peer(self):
        self.hold(PEER)

    @unittest.skipUnless(os.environ.get("CMB_REFERENCE_IUT"), "there is no reference")
    def test_the_reference(self):
        self.hold([os.environ["CMB_REFERENCE_IUT"]])

    def test_a_harness_that_does_not_know_the_request_is_not_blamed(self):
        for way in ("frames", "headers on stdio"):
            with self.subTest(way):
                found = self.verdicts([*PEER, "--mutant", "knows-no-queue"], WAYS[way])
                for verdict, _, reason in found.values():
                    self.assertEqual(verdict, "unsupported", reason)
                    self.assertIn("the harness cannot be told: the IUT answered Queue with BAD_REQUEST", reason)

    def test_a_harness_that_lies_is_blamed_and_not_its_router(self):
        found = self.verdicts([*PEER, "--mutant", "hands-over-to-a-full-queue"], WAYS["headers on stdio"])
        for verdict, _, reason in found.values():
            self.assertEqual(verdict, "harness error", reason)
            self.assertIn("CMB-CTL-046", reason)


class Attached(unittest.TestCase):
    """A harness that is started by hand, and again whenever it ends."""

    def run_attached(self, options, harness):
        suite_run = subprocess.Popen([PROGRAM, "run", "--attach", *options], text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(suite_run.stderr.close)
        first = suite_run.stderr.readline()
        said = dict(word.split("=") for word in first.split() if "=" in word)
        hand = threading.Thread(target=self.start_again_and_again, args=(suite_run, harness, said))
        hand.start()
        out, _ = suite_run.communicate(timeout=PATIENCE_S)
        hand.join()
        return suite_run.returncode, out

    @staticmethod
    def start_again_and_again(suite_run, harness, said):
        while suite_run.poll() is None:
            with subprocess.Popen(harness, stdin=subprocess.PIPE, env={**os.environ, **said}) as one:
                while suite_run.poll() is None and one.poll() is None:
                    try:
                        one.wait(0.1)
                    except subprocess.TimeoutExpired:
                        pass

    def test_cases_of_one_process_and_of_several(self):
        code, out = self.run_attached(["--run", "target/dedup*", "--run", "router/queue*"], PEER)
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"\d+ passed")

    def test_what_kills_the_process_is_unsupported(self):
        code, out = self.run_attached(["--run", "target/a-tombstone-survives"], PEER)
        self.assertEqual(code, 2, out)
        self.assertIn("not ours to kill", out)

    def test_a_broken_one_is_blamed(self):
        code, out = self.run_attached(["--run", "target/a-full-table-forgets*"],
                                      [*PEER, "--mutant", "evicts-when-full"])
        self.assertEqual(code, 1, out)
        self.assertIn("CMB-TGT-008", out)

    def test_wrong_use(self):
        for options in (["--stdio"], ["--mutants", "*"], ["--jobs", "2"], ["--", "peer"],
                        ["ftp://x"]):
            with self.subTest(options):
                done = subprocess.run([PROGRAM, "run", "--attach", *options], capture_output=True,
                                      text=True, timeout=PATIENCE_S)
                self.assertEqual((done.returncode, done.stdout), (64, ""))
                self.assertIn("--attach", done.stderr)


if __name__ == "__main__":
    unittest.main()
