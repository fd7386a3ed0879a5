"""Does the suite find what it claims to find?

Runs it against the Python peer: unbroken it must pass everything, and each of its
mutants must fail with the requirement that it breaks, by a scenario that names
that requirement. Who never says Hello, dies or answers garbage gets its own
verdict, and the run goes on.

    CMB_CONFORMANCE=build/release/bin/cmb-conformance /usr/bin/python3 selftest.py
"""

import json
import os
import subprocess
import sys
import unittest

import suite

sys.path.insert(0, os.path.dirname(suite.PEER))
# pylint: disable=wrong-import-position
import mutants  # noqa: E402
from claims import FEATURES  # noqa: E402
from generated import Feature  # noqa: E402

# Those that systems alone find are system/interop_test.py's.
BUGS = {name: m for name, m in mutants.ALL.items()
        if m.breaks and not m.killers[0].startswith("system/")}
NO_FEATURES = [option for feature in FEATURES if feature != Feature.VIRTUAL_CLOCK
               for option in ("--without", Feature.name(feature).lower())]
# What the unbroken peer claims in turn: all that it can, and less.
CLAIMS = {"durable": [], "tracked": ["--profile", "TRACKED", *NO_FEATURES],
          "basic": ["--profile", "BASIC", *NO_FEATURES], "core": ["--profile", "CORE", *NO_FEATURES]}
FEW = ("sender/plain-path", "router/plain-path", "target/plain-path")


def run_mutant(mutant, globs=()):
    return suite.run(mutant.name, globs or mutant.killers,
                     [*mutant.options, "--mutant", mutant.name])


def chosen_mutants():
    """All of them, or of each requirement the first, with data sockets, without, and of those who claim CORE."""
    if os.environ.get("CMB_SELFTEST_MUTANTS") == "all":
        return list(BUGS.values())
    of_requirement = {}
    for mutant in BUGS.values():
        of_requirement.setdefault(
            (mutant.breaks, mutant.killers[0].startswith(suite.FILLS), "CORE" in mutant.options), mutant)
    return list(of_requirement.values())


class SelfTest(unittest.TestCase):
    """One test for each claim."""

    maxDiff = None

    def test_every_mutant_names_a_requirement_that_exists(self):
        known = suite.requirement_ids()
        self.assertEqual({n: m.breaks for n, m in BUGS.items() if m.breaks not in known}, {})

    def test_the_unbroken_peer_passes_everything_whatever_it_claims(self):
        never_run = None
        for name, options in CLAIMS.items():
            run = suite.run(f"unbroken-{name}", options=options)
            failed = {c["id"]: c["reason"] for c in run.cases
                      if c["verdict"] not in ("pass", "unsupported")}
            self.assertEqual(failed, {}, name)
            self.assertGreater(run.counts.get("pass", 0), 100, run.text[-2000:])
            self.assertEqual(run.code, 0, run.text[-2000:])
            left_out = {case["id"] for case in run.cases_with("unsupported")}
            never_run = left_out if never_run is None else never_run & left_out
        inline = suite.run("unbroken-inline", sorted(never_run), binding="frames")
        failed = {c["id"]: c["reason"] for c in inline.cases if c["verdict"] != "pass"}
        self.assertEqual(failed, {}, "each case is for one of these claims, or needs that there are no sockets")
        self.assertEqual(len(inline.cases), len(never_run))

    def test_who_claims_core_may_do_more(self):
        mutant = mutants.ALL["core-does-more"]
        run = run_mutant(mutant, ["*"])
        failed = {c["id"]: c["reason"] for c in run.cases if c["verdict"] not in ("pass", "unsupported")}
        self.assertEqual(failed, {})
        self.assertGreater(run.counts.get("pass", 0), 100, run.text[-2000:])

    def test_every_mutant_is_killed_by_a_scenario_that_names_what_it_breaks(self):
        matrix = os.path.join(suite.OUT, "kill-matrix.json")
        names = [word for mutant in chosen_mutants() for word in ("--mutants", mutant.name)]
        done = subprocess.run([os.environ["CMB_CONFORMANCE"], "run", "--json", matrix, *names, "--",
                               sys.executable, suite.PEER], capture_output=True, text=True, check=False)
        print("\n" + done.stdout, flush=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(matrix, encoding="utf-8") as text:
            self.assertEqual(len(json.load(text)["mutants"]), len(chosen_mutants()))

    def test_who_never_says_hello_is_said_to_be_silent(self):
        run = run_mutant(mutants.ALL["silent"], FEW)
        self.assertEqual(run.code, 2, run.text)
        self.assertRegex(run.text, "(never said|did not say) Hello")

    def test_who_dies_gets_a_verdict_of_its_own_and_the_run_goes_on(self):
        run = run_mutant(mutants.ALL["crashing"], FEW)
        self.assertEqual(run.code, 1, run.text)
        self.assertEqual([c["verdict"] for c in run.cases], ["IUT crashed"] * len(FEW), run.text)

    def test_who_answers_garbage_is_a_harness_error_and_the_run_goes_on(self):
        run = run_mutant(mutants.ALL["garbage"], FEW)
        self.assertEqual(run.code, 2, run.text)
        self.assertEqual([c["verdict"] for c in run.cases], ["harness error"] * len(FEW), run.text)

    def test_who_breaks_the_control_channel_is_told_its_sentence(self):
        for name, sentence in (("ignores-shutdown", "CMB-CTL-023"),
                               ("ignores-the-end-of-its-input", "CMB-CTL-004"),
                               ("keeps-its-time", "CMB-CTL-027"),
                               ("names-no-deadline", "CMB-CTL-014"),
                               ("ignores-its-prefix", "CMB-CTL-010"),
                               ("counts-no-pong", "CMB-CTL-018"),
                               ("says-its-frames-twice", "CMB-CTL-045")):
            with self.subTest(name):
                run = run_mutant(mutants.ALL[name], FEW)
                self.assertEqual(run.code, 2, run.text)
                self.assertIn(sentence, run.text)


if __name__ == "__main__":
    unittest.main()
