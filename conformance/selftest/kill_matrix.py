"""The kill matrix: which scenarios found which bug. Published beside the report."""

import json
import os


class Row:
    """What became of one mutant."""

    def __init__(self, mutant, run):
        self.mutant = mutant
        self.killers = run.killers(mutant.breaks)
        self.failed = len(run.cases_with("fail"))
        self.run = len(run.cases)
        self.also_blamed = [blame for blame in run.blamed() if blame != mutant.breaks]

    def as_json(self):
        return {"mutant": self.mutant.name, "what": self.mutant.what,
                "requirement": self.mutant.breaks, "killed": bool(self.killers),
                "killed_by": self.killers, "also_blamed": self.also_blamed,
                "cases_failed": self.failed, "cases_run": self.run}


def as_text(rows):
    """A table for the terminal."""
    width = max(len(row.mutant.name) for row in rows)
    lines = [f"{'mutant':{width}}  {'breaks':12}  cases  killed by"]
    for row in rows:
        by = row.killers[0] if row.killers else "NOBODY"
        more = f" and {len(row.killers) - 1} more" if len(row.killers) > 1 else ""
        lines.append(f"{row.mutant.name:{width}}  {row.mutant.breaks:12}  "
                     f"{row.failed:2}/{row.run:<3} {by}{more}")
    killed = sum(bool(row.killers) for row in rows)
    lines.append(f"{killed} of {len(rows)} mutants killed by a scenario that names what they break")
    return "\n".join(lines)


def as_markdown(rows):
    lines = ["# Kill matrix", "",
             "Each mutant is the Python peer with one deliberate bug. It counts as killed when a",
             "scenario that names the broken requirement fails and blames it.", "",
             "| mutant | what is wrong | breaks | killed by | failed also for |",
             "|---|---|---|---|---|"]
    for row in rows:
        by = "<br>".join(f"`{case}`" for case in row.killers) or "**nobody**"
        lines.append(f"| {row.mutant.name} | {row.mutant.what} | {row.mutant.breaks} | {by} | "
                     f"{' '.join(row.also_blamed)} |")
    return "\n".join(lines) + "\n"


def write(rows, directory):
    with open(os.path.join(directory, "kill-matrix.json"), "w", encoding="utf-8") as file:
        json.dump([row.as_json() for row in rows], file, indent=2)
        file.write("\n")
    with open(os.path.join(directory, "kill-matrix.md"), "w", encoding="utf-8") as file:
        file.write(as_markdown(rows))
