"""Runs SPIN over the model: every configuration, and every rule left out."""

import concurrent.futures
import dataclasses
import os
import re
import subprocess

from specs import model

BUILD = "build/spec/model"
_ASSERTION = re.compile(r"assertion violated \(*(\w+)")
_CYCLE = "acceptance cycle"


class Failed(Exception):
    """A program that could not do its work."""


@dataclasses.dataclass
class Result:
    configuration: str
    rule: str           # The rule that was left out, or empty.
    broke: str          # What broke first, or empty.
    states: int
    depth: int
    megabytes: float
    seconds: float
    whole: bool         # The search came to its end.
    cells: frozenset


def _call(command, folder, log, env=None):
    with open(folder / log, "w") as out:
        done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, **(env or {})})
    return done.returncode, (folder / log).read_text(errors="replace")


def build(root, machines, name, settings):
    """The verifier of one configuration, in a folder of its own."""
    folder = root / BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in (root / model.FOLDER).glob("*.pml"):
        (folder / path.name).write_text(path.read_text())
    files, _cells = model.generated(root, machines)
    for file, text in files.items():
        (folder / file).write_text(text)
    defines = [f"-D{word}" for word in str(settings["defines"]).split()]
    live = "LIVE" in str(settings["defines"]).split()
    flags = ["-DNOREDUCE", "-DVECTORSZ=1024", *([] if live else ["-DSAFETY", "-DNOFAIR"])]
    for command, log in ((["spin", "-a", *defines, "cmb.pml"], "spin.log"),
                         (["gcc", f"-O{settings.get('optimise', 0)}", "-w", *flags, "-o", "pan", "pan.c"], "gcc.log")):
        code, text = _call(command, folder, log)
        if code or "rror:" in text:
            raise Failed(f"{name}: {' '.join(command)}:\n{text[-2000:]}")
    return folder


def search(root, name, settings, rule="", number=0):
    folder = root / BUILD / name
    live = "LIVE" in str(settings["defines"]).split()
    log = f"pan-{rule or 'all'}.log"
    (folder / "cmb.pml.trail").unlink(missing_ok=True)
    command = ["./pan", f"-m{settings.get('depth', 20000)}", f"-w{settings.get('hash', 22)}", "-n",
               *(["-a", "-f"] if live else [])]
    code, text = _call(command, folder, log, {"CMB_MODEL_WITHOUT": str(number)})
    if (folder / "cmb.pml.trail").exists():
        (folder / "cmb.pml.trail").rename(folder / f"{rule or 'all'}.trail")
    return _read(text, name, rule, code)


def _read(text, name, rule, code):
    def number(pattern, kind=int):
        found = re.search(pattern, text)
        return kind(found[1].replace(",", "")) if found else kind(0)

    broke = _ASSERTION.search(text)
    states = number(r"(\d+) states, stored")
    if not states:
        raise Failed(f"{name} {rule}: pan exits {code}:\n{text[-2000:]}")
    said = broke[1] if broke else "every_message_ends" if _CYCLE in text else ""
    if not said and "errors: 0" not in text:
        said = "an error that has no name"
    cut = "Search not completed" in text or "max search depth too small" in text
    cells = re.search(r"^cells:([ \d]*)$", text, re.M)
    return Result(name, rule, said, states, number(r"depth reached (\d+)"), number(r"([\d.]+)\s+total actual", float),
                  number(r"elapsed time ([\d.e+-]+)", float), not cut or bool(said),
                  frozenset(int(n) for n in cells[1].split()) if cells else frozenset())


def _of_one(root, machines, name, settings, rules):
    build(root, machines, name, settings)
    return [search(root, name, settings, rule, number) for rule, number in rules]


def run(root, machines, chosen, only_rule, tell, jobs=2):
    """Verifies the chosen configurations and leaves each rule out where it is shown; the faults."""
    settings = model.settings(root)
    numbers = {rule: n for n, rule in enumerate(settings["rules"], 1)}
    tasks = []
    for name, each in settings["configurations"].items():
        if chosen and name != chosen:
            continue
        rules = [(rule, numbers[rule]) for rule, what in settings["rules"].items() if what.get("in") == name]
        tasks.append((name, each, [r for r in rules if r[0] == only_rule] if only_rule else [("", 0), *rules]))
    tasks.sort(key=lambda task: -task[1].get("weight", 1))
    faults, results = [], []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(_of_one, root, machines, *task) for task in tasks]
        for done in concurrent.futures.as_completed(waiting):
            for result in done.result():
                results.append(result)
                fault = _judge(result, settings)
                faults += [fault] if fault else []
                tell(_line(result, fault))
    if not chosen and not only_rule:
        tell(_reached(root, machines, results))
    return faults


def _reached(root, machines, results):
    """How much of the tables the searches went through."""
    _files, cells = model.generated(root, machines)
    seen = frozenset().union(*(r.cells for r in results if not r.rule))
    can = [n for n, cell in enumerate(cells) if not cell["impossible"]]
    missed = [cells[n] for n in can if n not in seen]
    return (f"{len(can) - len(missed)} of {len(can)} cells that can arise, of the rows that the model takes, were reached, "
            f"and none of {len(cells) - len(can)} that cannot"
            + "".join(f"\n  not {c['machine']}, {c['state']}: {c['event']}" for c in missed))


def _judge(result, settings):
    if not result.rule:
        if result.broke:
            return f"{result.configuration}: {result.broke} does not hold; see tools/spec model trail --only {result.configuration}"
        return "" if result.whole else f"{result.configuration}: the search was cut off; raise its depth"
    wanted = settings["rules"][result.rule]["breaks"]
    if result.broke != wanted:
        return (f"{result.configuration} without {result.rule}: {result.broke or 'nothing'} breaks where {wanted} "
                "is expected to")
    return ""


def _line(result, fault):
    what = f"without {result.rule}" if result.rule else "all rules"
    said = result.broke or ("holds" if result.whole else "cut off")
    return (f"{result.configuration:<18} {what:<28} {said:<40} {result.states:>9} states, depth {result.depth:>5}, "
            f"{result.megabytes:>6.0f} MB, {result.seconds:>6.1f} s{'  FAULT' if fault else ''}")


def trail(root, machines, name, rule):
    """The rows that lead to what breaks, a line each."""
    settings = model.settings(root)
    folder = root / BUILD / name
    path = folder / f"{rule or 'all'}.trail"
    if not path.exists():
        return [f"there is no counterexample; run tools/spec model run --only {name} first"]
    numbers = {r: n for n, r in enumerate(settings["rules"], 1)}
    _code, text = _call(["./pan", "-r", path.name], folder, "trail.log",
                        {"CMB_MODEL_WITHOUT": str(numbers.get(rule, 0))})
    lines = [l for l in text.splitlines() if l.startswith(("sender", "router", "target", "pan:", "time"))]
    return lines
