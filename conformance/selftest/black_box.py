"""A router that runs already, without a harness: what is right has no fail, and bugs fail for what they break.

cmb-router and the Python peer's router, each run as anybody would run it. A slow machine gives
fewer verdicts, never a fail.
"""

import json
import os
import re
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

import suite

ROUTER = os.environ.get("CMB_ROUTER", "")
PEER = [sys.executable, os.path.join(os.path.dirname(suite.PEER), "router_program.py")]
LEAST = 0.9  # Of those that can be seen, with a verdict.

# Of everything that a BASIC router does.
SAMPLE = ["router/core-*", "router/a-r*", "router/a-c*", "router/ping*", "router/cancel*", "malformed/a-h*",
          "router/ttl-runs-out", "router/receipt-stops-redelivery", "security/*"]

# Mutants of the Python peer's router, and where they show.
BUGS = {
    "knows-its-signs": "CMB-RTR-008",
    "routes-to-reserved-names": "CMB-RTR-003",
    "believes-any-module": "CMB-SEC-002",
    "drops-unknown-fields": "CMB-VER-004",
    "takes-what-it-refused": "CMB-RTR-040",
    "whatever-is-unknown-is-the-senders": "CMB-VER-014",
    "no-type-is-no-ack": "CMB-VER-006",
    "delivered-is-delivered": "CMB-RTR-019",
    "adds-to-the-payload": "CMB-WIRE-007",
    "tells-the-target-too": "CMB-WIRE-020",
    "takes-any-metadata": "CMB-SEC-010",
    "says-no-timeout": "CMB-RTR-012",
    "passes-no-cancel-on": "CMB-CXL-002",
}


def killers():
    """Of each mutant the scenarios that it names."""
    listed = subprocess.run([sys.executable, suite.PEER, "--list-mutants"], capture_output=True, text=True, check=True)
    return {words[0]: words[2].split() for words in (line.split("\t") for line in listed.stdout.splitlines())}


class Reference:
    """cmb-router at ports that the system chooses."""

    def __init__(self):
        self._process = subprocess.Popen(
            [ROUTER, "--channel", "main=0", "--ack-ingress", "0", "--ack-egress", "0", "--profile", "BASIC",
             "--no-batch-ack"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        told = {}
        while len(told) < 3:
            line = self._process.stdout.readline()
            assert line, "cmb-router has ended"
            if found := re.search(r"(channel main|ACK ingress|ACK egress) listens on (\S+)", line):
                told[found[1]] = found[2]
        self.addresses = (f"messages={told['channel main']},ack-ingress={told['ACK ingress']},"
                          f"ack-egress={told['ACK egress']}")

    def __enter__(self):
        return self.addresses

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate(timeout=20)


class Peer:
    """The Python peer's router, which ends with its standard input."""

    def __init__(self, *options):
        self._process = subprocess.Popen([*PEER, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True)
        self.addresses = self._process.stdout.readline().strip()

    def __enter__(self):
        return self.addresses

    def __exit__(self, *_):
        self._process.communicate(timeout=20)


def run(name, addresses, globs, *options):
    """The cases of a run, and what it printed."""
    path = os.path.join(suite.OUT, f"black-box-{name}.json")
    command = [os.environ["CMB_CONFORMANCE"], "run", "--json", path, "--router", addresses, *options]
    for glob in globs:
        command += ["--run", glob]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=suite.LIMIT_S, check=False)
    with open(path, encoding="utf-8") as file:
        return json.load(file)["cases"], done.stdout


class BlackBox(unittest.TestCase):
    """Samples of what is right, and bugs."""

    maxDiff = None

    def holds(self, name, addresses, most):
        cases, text = run(name, addresses, SAMPLE)
        seen = [case for case in cases if case["verdict"] != "unsupported"]
        wrong = {case["id"]: case["reason"] for case in seen if case["verdict"] not in ("pass", "inconclusive")}
        self.assertEqual(wrong, {})
        passed = sum(case["verdict"] == "pass" for case in seen)
        self.assertGreaterEqual(len(seen), most)
        self.assertGreaterEqual(passed, LEAST * len(seen))
        self.assertIn(f"could not be observed: {len(cases) - len(seen)} cases", text)
        self.assertTrue(all(case["reason"] for case in cases if case["verdict"] == "unsupported"))

    @unittest.skipUnless(ROUTER, "this tree has no reference")
    def test_the_reference_has_no_fail_however_often_it_is_run(self):
        with Reference() as addresses:
            self.holds("reference", addresses, 60)
            self.holds("reference-again", addresses, 60)

    def test_the_python_peer_has_no_fail(self):
        with Peer() as addresses:
            self.holds("peer", addresses, 60)

    def test_bugs_fail_for_what_they_break(self):
        globs = killers()

        def blamed(mutant):
            with Peer("--mutant", mutant) as addresses:
                cases, _ = run(mutant, addresses, globs[mutant])
            return {case["blamed"][0] for case in cases if case["verdict"] == "fail"}

        with ThreadPoolExecutor(4) as several:  # They wait, most of the time.
            found = dict(zip(BUGS, several.map(blamed, BUGS)))
        for mutant, requirement in BUGS.items():
            with self.subTest(mutant):
                self.assertIn(requirement, found[mutant])

    def test_where_no_router_is_that_is_said(self):
        with Peer() as addresses:
            pass
        done = subprocess.run([os.environ["CMB_CONFORMANCE"], "run", "--router", addresses, "--hello-ms", "300"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "no router answers at messages=tcp://.* within 300 ms: no connection")


if __name__ == "__main__":
    sys.exit(unittest.main())
