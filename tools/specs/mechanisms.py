"""Where each mechanism of the source documents went: spec/mechanisms.yaml, checked and made into mechanisms.md."""

import re

import yaml

from specs import scenarios_of

SOURCE, PAGE = "spec/mechanisms.yaml", "spec/mechanisms.md"
_KEYS = {"it", "req", "why", "ref", "shown"}
_ENTRY = re.compile(r"\*\*(R\.\d+\.\d+)\*\*")

INTRODUCTION = """# Where each mechanism went (not normative)

<!-- Made by `tools/spec generate` from mechanisms.yaml; do not edit. -->

{count} mechanisms are named in the five source documents. Each has a requirement that settles it, the place where the
reference has it, and what shows it: a scenario, or a test where no scenario can see it. Or it has an entry of the
[rationale](rationale.md) that says why not, or why otherwise. `tools/spec check` fails on a blank and on a name that
does not exist.
"""


def read(root, report):
    """The documents in order; [] where there is no source."""
    source = root / SOURCE
    if not source.exists():
        return []
    try:
        return yaml.safe_load(source.read_text())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report(SOURCE, mark.line + 1 if mark else 1, "is not YAML; mend it")
        return []


def page(root):
    """spec/mechanisms.md, or None where there is no source."""
    documents = read(root, lambda *_: None)
    if not documents:
        return None
    lines = [INTRODUCTION.format(count=sum(len(d["mechanisms"]) for d in documents))]
    for document in documents:
        lines += [f"## {document['title']}", "", "| mechanism | requirements | rationale | reference | shown by |",
                  "|---|---|---|---|---|"]
        for row in document["mechanisms"]:
            cells = [re.sub(r"([|<])", r"\\\1", str(row["it"])), *(", ".join(row.get(key, [])) for key in ("req", "why")),
                     ", ".join(f"[{_short(p)}](../{p})" for p in row.get("ref", [])),
                     ", ".join(f"`{name}`" for name in row.get("shown", []))]
            lines.append("| " + " | ".join(cell or "–" for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def _short(path):
    return path.removeprefix("reference/").removeprefix("proto/cmb/ack/v1/")


def check(root, requirements, report):
    """Every blank and every name that does not exist, at its line."""
    documents = read(root, report)
    if not documents:
        return
    lines = (root / SOURCE).read_text().splitlines()
    rationale = root / "spec/rationale.md"
    entries = set(_ENTRY.findall(rationale.read_text())) if rationale.exists() else set()
    scenarios = {s.id: set(s.requirements) for s in scenarios_of.read(root)}
    known = {"req": requirements, "why": entries, "scenario": scenarios, "root": root}
    for document in documents:
        for row in document["mechanisms"]:
            start = f"- {{it: {_quoted(row.get('it', ''))}"
            line = next((n for n, text in enumerate(lines, 1) if text.strip().startswith(start)), 1)
            for fault in _faults(row, known):
                report(SOURCE, line, f"{row.get('it', '?')}: {fault}")


def _quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _faults(row, known):
    for key in row.keys() - _KEYS:
        yield f"has the unknown key {key!r}; remove it"
    if not row.get("it"):
        yield "has no words; add `it`"
    if not row.get("req") and not row.get("why"):
        yield "has neither a requirement nor an entry of the rationale; add `req` or `why`"
    if row.get("req") and not row.get("ref"):
        yield "has no place in the reference; add `ref`"
    if row.get("req") and not row.get("shown"):
        yield "has nothing that shows it; add a scenario, or a test where no scenario can see it, to `shown`"
    for id_ in row.get("req", []):
        if id_ not in known["req"]:
            yield f"cites {id_}, which is no requirement; correct it"
    for id_ in row.get("why", []):
        if id_ not in known["why"]:
            yield f"cites {id_}, which is no entry **{id_}** of spec/rationale.md; correct it"
    for path in row.get("ref", []):
        if not (known["root"] / path).exists():
            yield f"{path} is not there; correct the path"
    for name in row.get("shown", []):
        if name not in known["scenario"] and not ("." in name and (known["root"] / name).exists()):
            yield f"{name} is neither a scenario nor a test; correct it"
    yield from _shown_in_vain(row, known["scenario"])


def _shown_in_vain(row, scenarios):
    """Scenarios that stand there must have to do with the requirements, where any scenario has."""
    asked = set(row.get("req", []))
    mine = [name for name in row.get("shown", []) if name in scenarios]
    if mine and not any(scenarios[name] & asked for name in mine) and any(named & asked for named in scenarios.values()):
        yield f"no scenario it shows names one of {', '.join(sorted(asked))}; add one that does"
