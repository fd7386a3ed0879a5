"""The program as it is installed, moved, and alone.

Run by ctest, which sets CMB_CONFORMANCE (the program in its build) and CMB_PROTO_PYTHON.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import suite

PROGRAM = os.environ["CMB_CONFORMANCE"]
BUILD = os.path.dirname(os.path.dirname(PROGRAM))
PATIENCE_S = 60


def say(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, cwd="/", timeout=PATIENCE_S)


class Installed(unittest.TestCase):
    def setUp(self):
        self.into = self.enterContext(tempfile.TemporaryDirectory())

    def install(self):
        first = os.path.join(self.into, "first")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", first, "--component", "suite"],
                       check=True, capture_output=True, timeout=PATIENCE_S)
        moved = os.path.join(self.into, "moved")
        os.rename(first, moved)
        return os.path.join(moved, "bin", "cmb-conformance"), moved

    def test_it_finds_what_is_installed_with_it(self):
        program, moved = self.install()
        self.assertIn(moved.lstrip("/"), say(program, "run", "--help").stdout)
        self.assertIn("CMB-DUP-003", say(program, "explain", "CMB-DUP-003").stdout)
        listed = say(program, "list").stdout.splitlines()
        self.assertEqual(listed, say(PROGRAM, "list").stdout.splitlines())
        self.assertGreater(len(listed), 1000)
        done = say(program, "run", "--run", "target/plain-path", "--", sys.executable, suite.PEER)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        harness = os.path.join(self.into, "mine")
        self.assertEqual(say(program, "scaffold", "python", harness, "--role", "target").returncode, 0)
        self.assertTrue(os.path.exists(os.path.join(harness, "harness.py")))

    def test_alone_it_says_what_it_misses(self):
        alone = shutil.copy(PROGRAM, os.path.join(self.into, "cmb-conformance"))
        for words in (["list"], ["run", "--", "true"], ["explain", "CMB-DUP-003"],
                      ["scaffold", "python", os.path.join(self.into, "x"), "--role", "target"],
                      ["explore", "--", "true"]):
            with self.subTest(words):
                done = say(alone, *words)
                self.assertEqual((done.returncode, done.stdout), (64, ""), done.stderr)
                self.assertIn("--spec", done.stderr)


if __name__ == "__main__":
    unittest.main()
