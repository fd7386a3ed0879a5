"""Who notices a mutant: the cores' unit tests, then the scenarios of the role."""

import concurrent.futures
import os
import random
import subprocess
import time

UNIT_SECONDS = 60
SUITE_SECONDS = 300
# Which role a file belongs to; what is not named here all roles share.
ROLES = {"sender": "sender", "circuit": "sender", "router": "router", "mark": "router",
         "target": "target", "dedup": "target", "stream": "target"}
# Property tests draw, which takes long; they are asked last.
DRAWN = "*Property*:*ComesBackAsItWas*"
WITNESSES = "*Witness*"  # Tests of the tests: they bend what a core does.


class Failed(Exception):
    """Nothing can be said of any mutant."""


def build(top, directory):
    """The mutated cores, linked with their tests and with the harness."""
    for command in (["cmake", "-S", ".", "-B", str(directory), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"],
                    ["cmake", "--build", str(directory), "--target", "cmb_mutants_test", "cmb-mutants-iut",
                     "cmb-conformance"]):
        done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed("the build failed:\n" + (done.stdout + done.stderr)[-4000:])


def choose(mutants, sample, seed, match):
    """All, those that match, or so many of them by the seed; in the order of their numbers."""
    chosen = [m for m in mutants if not match or any(text in m.key() for text in match)]
    if sample is not None and sample < len(chosen):
        chosen = sorted(random.Random(seed).sample(chosen, sample), key=lambda m: m.number)
    return chosen


def roles_of(mutant):
    """The roles whose core the mutant is in."""
    first = mutant.file.rsplit("/", 1)[-1].split("_")[0].split(".")[0]
    return [ROLES[first]] if first in ROLES else ["sender", "router", "target"]


class Judge:
    """Runs what may notice a mutant; `None`: nobody did."""

    def __init__(self, top, directory):
        self.top = top
        self.bin = directory / "bin"

    def _ends(self, command, number, seconds):
        environment = {**os.environ, "CMB_MUTANT": str(number), "GTEST_FAIL_FAST": "1", "RC_PARAMS": "seed=1"}
        try:
            return subprocess.run(command, cwd=self.top, env=environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=seconds, check=False).returncode
        except subprocess.TimeoutExpired:
            return "time"

    def unit(self, mutant, number):
        """The tests named after the role first, then the others, then those that draw."""
        own = ":".join(f"{role.capitalize()}*" for role in roles_of(mutant))
        return any(self._ends([str(self.bin / "cmb_mutants_test"), f"--gtest_filter={chosen}"],
                              number, UNIT_SECONDS) != 0
                   for chosen in (f"{own}-{DRAWN}:{WITNESSES}", f"*-{own}:{DRAWN}:{WITNESSES}", DRAWN))

    def suite(self, mutant, number):
        """The cases of the role, until one fails. No answer is tried once more."""
        for role in roles_of(mutant):
            command = [str(self.bin / "cmb-conformance"), "run", "--fail-fast", "--jobs", "1", "--run", f"{role}/*",
                       "--", str(self.bin / "cmb-mutants-iut")]
            for _ in range(2):
                end = self._ends(command, number, SUITE_SECONDS)
                if end in (0, 1):
                    break
            if end != 0:
                return True
        return False

    def killer(self, mutant, by):
        """unit, suite or None."""
        for how in ("unit", "suite"):
            if by in (how, "both") and getattr(self, how)(mutant, mutant.number):
                return how
        return None


def check_unmutated(judge, chosen, by):
    """Without a mutant nobody may complain, or every mutant would seem killed."""
    for role in {r for m in chosen for r in roles_of(m)}:
        some = next(m for m in chosen if role in roles_of(m))
        for how in ("unit", "suite"):
            if by in (how, "both") and getattr(judge, how)(some, 0):
                raise Failed(f"the {how} tests of the {role} fail without any mutant")


def run(top, directory, chosen, by, jobs):
    """{number: who killed it}."""
    judge = Judge(top, directory)
    check_unmutated(judge, chosen, by)
    killed, started = {}, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done, (mutant, how) in enumerate(
                zip(chosen, pool.map(lambda m: judge.killer(m, by), chosen)), 1):
            if how:
                killed[mutant.number] = how
            if done % 100 == 0:
                print(f"[{time.monotonic() - started:5.0f} s] {done} of {len(chosen)}, "
                      f"{done - len(killed)} survive so far", flush=True)
    return killed
