"""How much of what an implementation may do wrong does the oracle see?

Records a few cases of this build's own implementation, alters the recordings in one
thing at a time, and asks the oracle alone: a sample of all alterations, with a seed of
its own. The whole takes minutes:

    cmb-conformance run --transcript DIR -- IUT && cmb-conformance alter DIR
"""

import os
import shutil
import subprocess
import sys
import unittest

import suite

RECORDINGS = os.path.join(suite.OUT, "recordings")
SAMPLE, SEED, LIMIT_S = "5000", "1", 240
AT_LEAST = {"sender": 99.5, "router": 99.5, "target": 99.5}  # In per cent. It may only rise.


def iut():
    """The reference where this tree has it, else the Python peer."""
    reference = os.environ.get("CMB_REFERENCE_IUT", "")
    return [reference] if reference else [sys.executable, suite.PEER]


def program(*arguments):
    done = subprocess.run([os.environ["CMB_CONFORMANCE"], *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT_S,
                          check=False)
    return done.returncode, done.stdout.decode(errors="replace")


class Alterations(unittest.TestCase):
    """One test for each role."""

    def caught(self, role):
        directory = os.path.join(RECORDINGS, role)
        shutil.rmtree(directory, ignore_errors=True)
        # A case that fails is for other tests to tell; what it recorded does not count.
        _, run = program("run", "--run", f"{role}/plain-path*", "--run", f"{role}/a-*cancel*",
                         "--transcript", directory, "--", *iut())
        code, text = program("alter", "--sample", SAMPLE, "--seed", SEED, "--at-least",
                             str(AT_LEAST[role]), directory)
        self.assertEqual(code, 0, run + text)

    def test_of_a_sender(self):
        self.caught("sender")

    def test_of_a_router(self):
        self.caught("router")

    def test_of_a_target(self):
        self.caught("target")


if __name__ == "__main__":
    unittest.main()
