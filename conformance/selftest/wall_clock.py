"""On a clock that nobody holds right behaviour has no fail, and bugs fail for what they break.

The reference and the Python peer run --without virtual_clock. A slow machine gives fewer verdicts,
never a fail: what too few of them is due to is told, and only lateness is an excuse.
"""

import json
import os
import subprocess
import sys
import unittest

import suite

REFERENCE = os.environ.get("CMB_REFERENCE_IUT", "")
PEER = [sys.executable, suite.PEER]
ON_WALL = ["--without", "virtual_clock"]
LEAST = 0.8  # Of a sample, with a verdict.
LATE = "too slow here"

# Of every role; among them retries, lives, duplicates, cancellation, batches and redeliveries.
OF_REFERENCE = [
    "sender/a*ack*", "sender/plain-path", "sender/no-retries-means-abort", "sender/retry-waits-for-backoff*",
    "router/a-receipt*", "router/receipt-stops-redelivery", "router/ttl-runs-out",
    "target/a-c*", "target/plain*"]
OF_PEER = ["sender/plain-path", "sender/retry-waits-for-backoff*", "sender/last-attempt-succeeds*",
           "router/receipt*", "target/a-cancel-*"]

# Mutants of the Python peer, with two cases each.
BUGS = {
    "no-resend": ["sender/a-lost-resend-is-sent-again", "sender/a-refusal-while-a-retry-waits"],
    "no-backoff": ["sender/a-lost-resend-is-sent-again", "sender/a-refusal-while-a-retry-waits"],
    "no-duplicates": ["sender/a-duplicate-restarts-no-timer*"],
    "a-sender-without-anomalies": ["sender/a-duplicate-restarts-no-timer*"],
    "no-delivery-acks": ["sender/a-duplicate-restarts-no-timer@stage=delivered",
                         "sender/a-failure-that-agrees-settles-it@with=refusal"],
    "receipt-does-not-stop-it": ["router/a-copy-is-for-the-same-target@state=DELIVERED,targets=*"],
}


def run(name, globs, iut):
    """The cases of a run, by their id."""
    path = os.path.join(suite.OUT, f"wall-{name}.json")
    command = [os.environ["CMB_CONFORMANCE"], "run", "--json", path]
    for glob in globs:
        command += ["--run", glob]
    subprocess.run([*command, "--", *iut], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=suite.LIMIT_S, check=False)
    with open(path, encoding="utf-8") as file:
        return {case["id"]: case for case in json.load(file)["cases"]}


def is_late(case):
    return case["verdict"] == "inconclusive" and case["reason"].startswith(LATE)


def told(case):
    return case["verdict"], (case["blamed"] or [""])[0]


class WallClock(unittest.TestCase):
    """Samples of what is right, and bugs."""

    maxDiff = None

    def holds(self, name, globs, iut, most):
        cases = run(name, globs, iut + ON_WALL)
        self.assertGreaterEqual(len(cases), most)
        wrong = {id: case["reason"] for id, case in cases.items()
                 if case["verdict"] not in ("pass", "unsupported", "inconclusive")}
        self.assertEqual(wrong, {})
        late = [id for id, case in cases.items() if is_late(case)]
        given = [id for id, case in cases.items() if case["verdict"] == "pass"]
        if late:
            print(f"{name}: {len(late)} of {len(cases)} cases have no verdict, for this machine was too late")
        others = {id: case["reason"] for id, case in cases.items() if id not in given + late}
        self.assertGreaterEqual(len(given) + len(late), LEAST * len(cases), others)

    @unittest.skipUnless(REFERENCE, "this tree has no reference")
    def test_the_reference_has_no_fail(self):
        self.holds("reference", OF_REFERENCE, [REFERENCE], 50)

    def test_the_python_peer_has_no_fail(self):
        self.holds("peer", OF_PEER, PEER, 15)

    def test_bugs_fail_for_what_they_break(self):
        for mutant, globs in BUGS.items():
            with self.subTest(mutant):
                bug = PEER + ["--mutant", mutant]
                held = run(f"{mutant}-held", globs, bug)
                seen = run(mutant, globs, bug + ON_WALL)
                self.assertGreaterEqual(sum(case["verdict"] == "fail" for case in held.values()), 2)
                late = {id for id, case in seen.items() if is_late(case)}
                self.assertEqual({id: told(case) for id, case in seen.items() if id not in late},
                                 {id: told(case) for id, case in held.items() if id not in late})


if __name__ == "__main__":
    sys.exit(unittest.main())
