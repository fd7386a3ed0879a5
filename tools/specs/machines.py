"""The state tables of spec/machines/*.yaml: read, checked, spelled out."""

import json
import re

import yaml

from specs import requirements as requirements_module

NAMES = ("sender", "router", "target")
# Values of `reason` that stand for the cause at hand; the top of the YAML file explains them.
REASON_VARIABLES = {"sender": {"phase"}, "router": {"type"}, "target": set()}
# Exactly one of these makes a cell what it is.
KINDS = ("go", "create", "stay", "anomaly", "forget", "impossible")
# `req` of a cell: what it breaks to do otherwise, where that is not the first of its row; `effect_req`: the same
# of one effect.
_CELL_KEYS = {*KINDS, "reason", "effects", "then", "req", "effect_req"}


class Machine:
    """One file, as written. `pairs()` is the table spelled out."""

    def __init__(self, path, name, data):
        self.path, self.name, self.data = path, name, data
        self.states = [state["name"] for state in data["states"]]
        self.pseudo = {s["name"] for s in data["states"] if s.get("pseudo")}
        self.events = [event["name"] for event in data["events"]]
        self.table = data["table"]

    def cells(self):
        """(event, [states], cell) in the order of the file."""
        for event, row in self.table.items():
            for states, cell in row.items():
                yield event, [s.strip() for s in states.split(",")], cell

    def pairs(self):
        """One value for each event and state."""
        spelled = {(e, s): cell for e, states, cell in self.cells() for s in states}
        asked_by = {event["name"]: event.get("req", []) for event in self.data["events"]}
        for event in self.events:
            for state in self.states:
                cell = spelled.get((event, state))
                if cell is not None:
                    only = self._conditions(event, cell)
                    yield {**_pair(self.name, event, asked_by[event], state, cell), **({"only": only} if only else {})}

    def _conditions(self, event, cell):
        """For whom alone the row ("row") and its effects are there, where that is not everybody."""
        guard = re.search(r"\[(.*)\]", event)
        docs = [e.get("doc", "") for e in self.data["events"] if e["name"] == event]
        docs += [self.data.get("words", {}).get(guard[1], "")] if guard else []
        texts = [("row", doc) for doc in docs]
        texts += [(effect, self.data["effects"].get(effect, "")) for effect in cell.get("effects", [])]
        found = {name: CONDITION.match(text) for name, text in texts if CONDITION.match(text)}
        return {name: (match[1] or "") + match[2] for name, match in found.items()}


def _kind(cell):
    return next((kind for kind in KINDS if kind in cell), "")


def _pair(machine, event, req, state, cell):
    kind = _kind(cell)
    moves = kind in ("go", "create")
    return {"machine": machine, "state": state, "event": event,
            "req": [cell["req"]] if "req" in cell else req, "kind": kind,
            "new_state": cell[kind] if moves else "" if kind == "forget" else state,
            "reason": cell.get("reason", ""),
            "anomaly": cell["anomaly"] if kind == "anomaly" else "",
            "why": str(cell[kind]) if kind in ("stay", "forget", "impossible") else "",
            "effects": cell.get("effects", []), "then": cell.get("then", "")}


def read(root, report):
    """The machines that can be read; what is wrong goes to `report`."""
    machines = []
    for name in NAMES:
        path = f"spec/machines/{name}.yaml"
        try:
            machines.append(Machine(path, name, yaml.safe_load((root / path).read_text())))
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            report(path, 1, f"cannot be read as a machine ({error}); mend it".replace("\n", " "))
    return machines


def check(root, machine, words, requirements, report):
    lines = (root / machine.path).read_text().splitlines()

    def fault(needle, text):
        line = next((n for n, l in enumerate(lines, 1) if l.strip().startswith(needle)), 1)
        report(machine.path, line, text)

    for state in machine.states:
        if state not in words["State"] and state not in machine.pseudo:
            fault("states:", f"the state {state} is not in the .proto; correct it or declare it there")
    _check_events(machine, requirements, fault)
    _check_blames(machine, requirements, fault)
    _check_total(machine, fault)
    _check_cells(machine, words, fault)


def _citation_faults(machine, what, ids, requirements):
    for id_ in ids:
        if id_ not in requirements:
            yield f"{what} cites {id_}, which is unknown; correct it"
        elif machine.name not in requirements[id_].roles:
            yield f"{what} cites {id_}, which does not bind a {machine.name}; cite one that does"


def _check_events(machine, requirements, fault):
    for event in machine.data["events"]:
        name = event["name"]
        if not event.get("req"):
            fault(f"- {{name: {name}", f"the event {name!r} cites no requirement; add `req:`")
        for text in _citation_faults(machine, f"the event {name!r}", event.get("req", []), requirements):
            fault(f"- {{name: {name}", text)
        if name not in machine.table:
            fault("table:", f"the event {name!r} has no row; add it")
    for name in machine.table:
        if name not in machine.events:
            fault(f"{name}:", f"the row {name!r} is no declared event; declare it under `events`")
    if len(set(machine.events)) != len(machine.events):
        fault("events:", "an event is declared twice; remove one")


def _check_blames(machine, requirements, fault):
    """The sentences of single cells and effects, which a verdict names instead of the row's."""
    for event, states, cell in machine.cells():
        where = ", ".join(states)
        blames = cell.get("effect_req", {})
        for effect in blames.keys() - set(cell.get("effects", [])):
            fault(f"{where}:", f"({event}, {where}): `effect_req` names {effect!r}, which is no effect there; correct it")
        cited = [*([cell["req"]] if "req" in cell else []), *blames.values()]
        for text in _citation_faults(machine, f"({event}, {where})", cited, requirements):
            fault(f"{where}:", text)
    for effect, id_ in machine.data.get("effect_req", {}).items():
        if effect not in machine.data["effects"]:
            fault("effect_req:", f"`effect_req` names {effect!r}, which is no effect; correct it")
        for text in _citation_faults(machine, f"`effect_req` of {effect!r}", [id_], requirements):
            fault("effect_req:", text)


def _check_total(machine, fault):
    for event, row in machine.table.items():
        seen = [s.strip() for states in row for s in states.split(",")]
        for state in machine.states:
            if seen.count(state) != 1:
                fault(f"{event}:", f"the pair ({event}, {state}) stands {seen.count(state)} times; "
                                   "every pair stands exactly once")
        for state in seen:
            if state not in machine.states:
                fault(f"{event}:", f"{state} in the row {event!r} is no state of this machine; correct it")


def _check_cells(machine, words, fault):
    used = set()
    terminal = {s["name"] for s in machine.data["states"] if s["terminal"]}
    for event, states, cell in machine.cells():
        where = f"{', '.join(states)}:"
        for text in _cell_faults(machine, event, states, cell, words):
            fault(where, f"({event}, {', '.join(states)}): {text}")
        used.update(cell.get("effects", []))
        if machine.name == "sender" and "go" in cell and terminal & set(states) and \
                cell.get("reason") != "LATE_EXECUTION_ACK":
            fault(where, f"({event}): leaves a terminal state without LATE_EXECUTION_ACK; a sender may not")
    for effect in set(machine.data["effects"]) - used:
        # Words of a higher profile say so.
        if "TRACKED" not in machine.data["effects"][effect]:
            fault(f"{effect}:", f"the effect {effect!r} is never used; use or remove it")


def _cell_faults(machine, event, states, cell, words):
    if not isinstance(cell, dict) or sum(kind in cell for kind in KINDS) != 1:
        yield f"says not exactly one of {', '.join(KINDS)}; mend the cell"
        return
    for key in cell.keys() - _CELL_KEYS:
        yield f"has the unknown key {key!r}; remove it"
    kind = _kind(cell)
    if kind in ("go", "create") and cell[kind] not in machine.states:
        yield f"moves to {cell[kind]}, which is no state of this machine; correct it"
    if kind == "go" and cell["go"] in states:
        yield f"moves from {cell['go']} to itself; write `stay`"
    if (kind == "go") != ("reason" in cell):
        yield "a reason belongs to `go` and to nothing else; mend the cell"
    reason = cell.get("reason")
    if reason and reason not in words["Reason"] and reason not in REASON_VARIABLES[machine.name]:
        yield f"the reason {reason} is not in the .proto; correct it"
    if kind == "anomaly" and cell["anomaly"] not in words["AnomalyKind"]:
        yield f"the anomaly {cell['anomaly']} is not in the .proto; correct it"
    if "then" in cell and cell["then"] not in machine.events:
        yield f"is followed by {cell['then']!r}, which is no event; correct it"
    for effect in cell.get("effects", []):
        if effect not in machine.data["effects"]:
            yield f"the effect {effect!r} is not declared; declare it under `effects`"


def as_json(machines):
    """Every pair of every machine on a line of its own, so that a change is one line."""
    rows = [json.dumps(pair, ensure_ascii=False) for m in machines for pair in m.pairs()]
    return "[\n" + ",\n".join(rows) + "\n]\n"


CONDITION = re.compile(r"^(without )?(BASIC|TRACKED|DURABLE|[a-z]+_[a-z_]+|ordered|curve|fallback): ")


def narrowed(machine, reader, requirements):
    """The machine as a reader of `marks` needs it: the events that one of its requirements asks for, and what they use."""
    def meets(text):
        match = CONDITION.match(text)
        return not match or reader.declares(match[2]) == (match[1] is None)

    def mine(state):
        return reader.declares(state.get("profile", requirements_module.PROFILES[0]))

    data = dict(machine.data)
    data["states"] = [s for s in data["states"] if mine(s)]
    data["events"] = [e for e in data["events"] if meets(e.get("doc", "")) and
                      any(id_ in requirements and reader.reads(requirements[id_]) for id_ in e["req"])]
    def reads(id_):
        return id_ is None or id_ in requirements and reader.reads(requirements[id_])

    asked = data.get("effect_req", {})
    effects = {name: text.removeprefix("BASIC: ") for name, text in data["effects"].items() if meets(text)}
    names = {s["name"] for s in data["states"]}
    table = {e["name"]: _narrowed_row(machine.table[e["name"]], names, effects, asked, reads, e["req"][0])
             for e in data["events"]}
    used = {effect for row in table.values() for cell in row.values() for effect in cell.get("effects", [])}
    data["effects"] = {name: text for name, text in effects.items() if name in used}
    data["words"] = {name: text.removeprefix("BASIC: ") for name, text in data.get("words", {}).items() if meets(text)}
    data["table"] = table
    return Machine(machine.path, machine.name, data)


def _narrowed_row(row, states, effects, asked, reads, first):
    """Without what another's requirement asks for; of a cell that one asks for, what the reader's own ask for in it."""
    found = {}
    for names, cell in row.items():
        kept = [s.strip() for s in names.split(",") if s.strip() in states]
        own = {**asked, **cell.get("effect_req", {})}
        mine = "create" in cell or reads(cell.get("req", first))
        done = [e for e in cell.get("effects", []) if e in effects and (reads(own[e]) if e in own else mine)]
        if kept and (mine or done):
            found[", ".join(kept)] = {**(cell if mine else {"stay": ""}), **({"effects": done} if "effects" in cell else {})}
    return found


def words_of(event):
    """The name of an event without its guard."""
    return re.sub(r" \[.*", "", event)
