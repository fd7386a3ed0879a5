"""The fuzz targets of the tree, and which inputs of theirs are worth keeping."""

import dataclasses
import hashlib
import pathlib
import shutil
import subprocess

KEPT_INPUTS = 40   # Of one target.
KEPT_BYTES = 2048  # Of one input.


@dataclasses.dataclass
class Target:
    """One X_fuzz.cc and all that belongs to it."""
    name: str
    program: pathlib.Path
    committed: pathlib.Path  # X_corpus, beside it.
    found: pathlib.Path
    seeds: pathlib.Path
    crashes: pathlib.Path

    def directories(self):
        """To read from; libFuzzer writes into the first."""
        return [str(d) for d in (self.found, self.committed, self.seeds) if d.is_dir()]


def targets(top, build):
    """Of every part of the project, by name."""
    all_of_them = []
    for part in ("proto", "conformance", "reference"):
        for source in sorted((top / part).rglob("*_fuzz.cc")):
            name = source.stem
            all_of_them.append(Target(
                name, build / "bin" / name, source.with_name(name[:-len("fuzz")] + "corpus"),
                build / "found" / name, build / "seeds" / name, build / "crashes" / name))
    return all_of_them


def features(control_file):
    """What each input reaches: {path: set of features}, from libFuzzer's merge control file."""
    lines = control_file.read_text().splitlines()
    count = int(lines[0])
    paths = lines[2:2 + count]
    reached = {}
    for line in lines[2 + count:]:
        word, number, *rest = line.split()
        if word == "FT":
            reached[paths[int(number)]] = set(rest)
    return reached


def chosen(reached, sizes):
    """The inputs that reach most that is new for their size, at most KEPT_INPUTS."""
    left = dict(reached)
    known, kept = set(), []
    while left and len(kept) < KEPT_INPUTS:
        best = max(left, key=lambda path: (len(left[path] - known) / (64 + sizes[path]), path))
        if not left[best] - known:
            break
        known |= left.pop(best)
        kept.append(best)
    return kept


def keep(top, target):
    """Adds to the committed corpus; returns how many were added."""
    work = target.found.parent / f"{target.name}.merge"
    control = target.found.parent / f"{target.name}.control"
    shutil.rmtree(work, ignore_errors=True)
    control.unlink(missing_ok=True)
    for directory in (work, target.crashes):
        directory.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(target.program), "-merge=1", "-timeout=10", f"-max_len={KEPT_BYTES}",
                    f"-merge_control_file={control}", f"-artifact_prefix={target.crashes}/", str(work), *target.directories()], cwd=top,
                   capture_output=True, check=True)
    reached = features(control)
    target.committed.mkdir(exist_ok=True)
    own = {path: reached.pop(path) for path in list(reached)
           if pathlib.Path(path).parent == target.committed}
    known = set().union(*own.values()) if own else set()
    reached = {path: features - known for path, features in reached.items()}
    sizes = {path: pathlib.Path(path).stat().st_size for path in reached}
    small = {path: some for path, some in reached.items() if 0 < sizes[path] <= KEPT_BYTES}
    room = max(0, KEPT_INPUTS - len(list(target.committed.iterdir())))
    added = chosen(small, sizes)[:room]
    for path in added:
        data = pathlib.Path(path).read_bytes()
        (target.committed / hashlib.sha1(data).hexdigest()[:12]).write_bytes(data)
    return len(added)
