"""Shares the time among the targets: in rounds, so that each gets as much as the others
however many processors there are, and a crash of one is no loss of the others' time."""

import concurrent.futures
import re
import subprocess
import time

ROUNDS = 3
SECONDS_AT_LEAST = 5
STOPPED = re.compile(r"#(\d+)\s+(?:DONE|pulse|REDUCE|NEW|INITED).*?cov: (\d+) ft: (\d+)")


def crash_of(target):
    """The newest crash input, or None."""
    inputs = [p for p in target.crashes.iterdir() if p.name.split("-")[0] in ("crash", "leak", "timeout", "oom")]
    return max(inputs, key=lambda p: p.stat().st_mtime, default=None)


def fuzz(top, target, seconds):
    """Runs one target for so long; returns the crash, or None, and a line for people."""
    for directory in (target.found, target.crashes):
        directory.mkdir(parents=True, exist_ok=True)
    before = set(target.crashes.iterdir())
    done = subprocess.run(
        [str(target.program), f"-max_total_time={int(seconds)}", "-timeout=10", "-rss_limit_mb=2048",
         "-max_len=4096", "-reload=0", f"-artifact_prefix={target.crashes}/", *target.directories()],
        cwd=top, capture_output=True, text=True, errors="replace", check=False)
    (target.crashes.parent / f"{target.name}.log").write_text(done.stderr[-100_000:])
    said = STOPPED.findall(done.stderr)
    runs, edges, _ = said[-1] if said else ("0", "0", "0")
    line = f"{target.name}: {runs} runs, {edges} edges, {len(list(target.found.iterdir()))} inputs"
    if done.returncode == 0:
        return None, line
    new = [p for p in target.crashes.iterdir() if p not in before]
    return (new or [crash_of(target)])[0], line + ", CRASH"


def run(top, targets, seconds, jobs):
    """Returns the crashes as (target, input). A target that crashed is not run again."""
    crashes = []
    share = max(SECONDS_AT_LEAST, seconds * jobs / len(targets) / ROUNDS)
    started = time.monotonic()
    waiting = list(targets)
    for number in range(1, ROUNDS + 1):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            results = zip(waiting, pool.map(lambda target: fuzz(top, target, share), waiting))
            for target, (crash, line) in results:
                print(f"[{time.monotonic() - started:4.0f} s, round {number} of {ROUNDS}] {line}", flush=True)
                if crash:
                    crashes.append((target, crash))
        waiting = [t for t in waiting if t not in [crashed for crashed, _ in crashes]]
    return crashes
