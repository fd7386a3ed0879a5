"""The model of spec/model: its rows, made from the state tables, and what it leaves out."""

import pathlib
import re

import yaml

from specs import machines

FOLDER = "spec/model"
SETTINGS = f"{FOLDER}/configurations.yaml"
ABSTRACTED = f"{FOLDER}/abstracted.yaml"
# State of the record at hand, by machine, and what forgetting it clears.
RECORD = {"sender": "s_st[m]", "router": "r_st[RM]", "target": "t_st[w]"}
PREFIX = {"sender": "S", "router": "R", "target": "T"}
EMPTY = {"sender": "IDLE", "router": "NONE", "target": "NONE"}


def word(name):
    """A name of the tables as part of a name of the model."""
    event, bracket, guard = name.partition(" [")
    parts = [re.sub(r"[^A-Za-z0-9]+", "_", part).strip("_") for part in (event, guard)]
    return f"{parts[0]}__{parts[1]}" if bracket else parts[0]


def row_name(machine, event):
    return f"row_{machine}_{word(event)}"


def effect_name(machine, effect):
    return f"{machine}_effect_{word(effect)}"


def by_hand(root):
    """The part of the model that is written, as one text without comments."""
    text = "\n".join(p.read_text() for p in sorted((root / FOLDER).glob("*.pml")))
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def settings(root):
    return yaml.safe_load((root / SETTINGS).read_text())


def abstracted(root):
    """{"rows": {machine: {name: reason}}, "effects": {…}}."""
    return yaml.safe_load((root / ABSTRACTED).read_text())


def used_rows(text, machine):
    """Events whose row the written part takes, or that follow from such a row."""
    used = {e for e in machine.events if re.search(rf"\b{row_name(machine.name, e)}\(", text)}
    for event, _states, cell in machine.cells():
        if event in used and "then" in cell:
            used.add(cell["then"])
    return used


def generated(root, all_machines):
    """{"states.pml": …, "rows.pml": …}, each row that the model uses an inline of its name, and the cells."""
    text, left_out = by_hand(root), abstracted(root)
    out, cells = [], []
    for machine in all_machines:
        used = used_rows(text, machine)
        skipped = set(left_out["effects"].get(machine.name, {}))
        for event in machine.events:
            if event in used:
                out += _row(text, machine, event, skipped, cells)
    rules = settings(root)["rules"]
    names = [f"#define CELLS {len(cells)}", "#define NO_RULE 0"]
    names += [f"#define {rule} {number}" for number, rule in enumerate(rules, 1)]
    names += [line for machine in all_machines for line in _states(machine)]
    made = "/* Made from spec/machines by tools/spec model. */"
    return {"states.pml": "\n".join([made, *names, ""]), "rows.pml": "\n".join([made, *out, ""])}, cells


def _states(machine):
    letter = PREFIX[machine.name]
    names = [EMPTY[machine.name]] + [s for s in machine.states if s != EMPTY[machine.name]]
    return [f"#define {letter}_{name} {number}" for number, name in enumerate(names)]


def _row(text, machine, event, skipped, cells):
    letter, record = PREFIX[machine.name], RECORD[machine.name]
    yield f"inline {row_name(machine.name, event)}() {{"
    yield "  d_step { if"
    for states, cell in ((s, c) for e, s, c in machine.cells() if e == event):
        for state in states:
            does = "; ".join(_cell(text, machine, event, state, cell, skipped, len(cells)))
            yield f"  :: {record} == {letter}_{state} -> {does}"
            cells.append({"machine": machine.name, "event": event, "state": state,
                          "impossible": "impossible" in cell})
    yield "  fi }"
    yield "}"


def _cell(text, machine, event, state, cell, skipped, number):
    name, letter = machine.name, PREFIX[machine.name]
    new = cell.get("go") or cell.get("create")
    said = new or next(f"{kind} {cell[kind]}" for kind in machines.KINDS if kind in cell)
    who = "r, m" if name == "router" else "m" if name == "sender" else "w"
    places = {"r, m": "%d of message %d", "m": " of message %d", "w": " of work %d"}[who]
    line = f"{name}{places}, {state}: {event}: {said}".replace('"', "'")
    yield f'printf("{line}\\n", {who}); CELL({number})'
    if "impossible" in cell:
        yield "IMPOSSIBLE"
        return
    if new:
        yield f"{RECORD[name]} = {letter}_{new}"
    for effect in cell.get("effects", []):
        if effect not in skipped:
            yield f"{effect_name(name, effect)}()"
    if "forget" in cell:
        yield f"forget_{name}()"
    if "then" in cell:
        chosen = f"then_{row_name(name, cell['then'])}"
        yield f"{chosen if f'inline {chosen}(' in text else row_name(name, cell['then'])}()"


def check(root, all_machines, requirements, report):
    """A row or an effect is used by the model, or listed as left out with the reason; rules and requirements agree."""
    if not (root / FOLDER).is_dir():
        return
    text, left_out = by_hand(root), abstracted(root)
    _check_rules(root, requirements, report)
    lines = (root / ABSTRACTED).read_text().splitlines()

    def line_of(name):
        return next((n for n, l in enumerate(lines, 1) if l.strip().strip('"').startswith(name)), 1)

    for machine in all_machines:
        used = used_rows(text, machine)
        for fault in _rows_faults(machine, used, left_out["rows"].get(machine.name, {})):
            report(ABSTRACTED, line_of(fault[0]), fault[1])
        for fault in _effect_faults(text, machine, used, left_out["effects"].get(machine.name, {})):
            report(ABSTRACTED, line_of(fault[0]), fault[1])
        for name in re.findall(rf"\brow_{machine.name}_\w+(?=\()", text):
            if name not in {row_name(machine.name, e) for e in machine.events}:
                report(f"{FOLDER}/{machine.name}.pml", 1, f"takes {name}, which is no row of {machine.path}; correct it")


def _check_rules(root, requirements, report):
    rules, proves = settings(root)["rules"], settings(root)["proves"]
    shown = {id_ for ids in [*proves.values(), *(rule.get("shows", []) for rule in rules.values())] for id_ in ids}
    for r in requirements.values():
        if r.proved != (r.id in shown):
            report(SETTINGS, 1, f"{r.id} is verified by {r.verified_by()} and {'' if r.id in shown else 'not '}shown by a "
                                "property or rule; `proves` and `shows` name what says `model`, and nothing else")
    for name in proves:
        if not re.search(rf"CHECK\({name},", by_hand(root)):
            report(SETTINGS, 1, f"`proves` names {name}, which no CHECK of {FOLDER} has; correct it")
    known = {m for p in (root / "scenarios").rglob("*.yaml") for m in re.findall(r"^id: (\S+)", p.read_text(), re.M)}
    for name, rule in rules.items():
        if rule.get("scenario") not in known and not rule.get("no_scenario"):
            report(SETTINGS, 1, f"{name} names no scenario that there is, and no reason why there is none; add one")
    for number in re.findall(r"\*\*R\.2\.(\d+)\*\*", (root / "spec/rationale.md").read_text()):
        if not any(re.fullmatch(rf"R2_{number}(_[A-Z_]+)?", rule) for rule in rules):
            report(SETTINGS, 1, f"R.2.{number} of the rationale is left out by no rule; add R2_{number}")


def _rows_faults(machine, used, listed):
    for event in machine.events:
        if event not in used and not listed.get(event):
            yield event, (f"the row {event!r} of {machine.path} is neither taken by the model nor listed with the "
                          f"reason; take {row_name(machine.name, event)}() in spec/model, or add it under "
                          f"rows: {machine.name}:")
        if event in used and event in listed:
            yield event, f"the row {event!r} is taken by the model and listed as left out; remove it here"
    for event in listed:
        if event not in machine.events:
            yield event, f"lists {event!r}, which is no row of {machine.path}; remove it"


def _effect_faults(text, machine, used, listed):
    needed = {x for e, _states, cell in machine.cells() if e in used for x in cell.get("effects", [])}
    for effect in sorted(needed):
        defined = f"inline {effect_name(machine.name, effect)}(" in text
        if defined == (effect in listed):
            yield effect, (f"the effect {effect!r} of {machine.path} needs a meaning in the model or a reason why it "
                           f"has none, and not both: inline {effect_name(machine.name, effect)}() in "
                           f"spec/model, or a line under effects: {machine.name}:")
    for effect in listed:
        if effect not in machine.data["effects"]:
            yield effect, f"lists the effect {effect!r}, which {machine.path} has not; remove it"
