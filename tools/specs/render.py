"""The generated parts of spec/: index, requirements.json, machines.json, tables, choices."""

import collections
import json
import re
import textwrap

import yaml

from specs import machines as machines_module
from specs import mechanisms, order, traces

BEGIN, END = "<!-- generated: {} -->", "<!-- end -->"
NOTE = "<!-- Made by `tools/spec generate`; do not edit. -->"
LEGEND = ("What an event does: `S (R)` is a transition to S with reason R, `+ S` makes the record in S without an event, "
          "a word in capitals alone is an anomaly, an empty cell stays, `×` forgets the record, `then E`: right after the "
          "effects comes the event E. An event without a name is the one above it; the reason `(ack_type)` is that of the ACK; "
          "a pair that is not listed cannot arise; words are explained below.")


def outputs(root, requirements, machines, choices):
    """Path -> text that `generate` writes and `check` compares."""
    made = {"spec/requirements.json": requirements_json(root, requirements),
            "spec/index.md": index(requirements),
            "spec/machines.json": machines_module.as_json(machines)}
    parts = {machine.name: table(machine) for machine in machines}
    parts["choices"] = choices_table(choices)
    for path in sorted((root / "spec").glob("*.md")):
        text = path.read_text()
        new = text
        for name, body in parts.items():
            new = replace_part(new, name, body)
        if path.name != "index.md" and BEGIN.split("{")[0] in text:
            made[path.relative_to(root).as_posix()] = new
    for source in (mechanisms, traces):
        text = source.page(root)
        if text is not None:
            made[source.PAGE] = text
    return made


def replace_part(text, name, body):
    begin = BEGIN.format(name)
    if begin not in text:
        return text
    head, rest = text.split(begin, 1)
    _, _, tail = rest.partition(END)
    return f"{head}{begin}\n{body}{END}{tail}"


def requirements_json(root, requirements):
    numbers = order.numbers(root, requirements)
    rows = [json.dumps({**r.as_json(), "order": numbers[r.id]}, ensure_ascii=False)
            for r in requirements.values()]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def index(requirements):
    lines = ["# Index of requirements", "", NOTE, ""]
    areas = sorted({r.area for r in requirements.values()})
    lines += ["| area | MUST | SHOULD | MAY | all |", "|---|---|---|---|---|"]
    for area in [*areas, "all"]:
        mine = [r for r in requirements.values() if area in (r.area, "all")]
        counts = [sum(r.level == level for r in mine) for level in ("MUST", "SHOULD", "MAY")]
        lines.append(f"| {area} | {counts[0]} | {counts[1]} | {counts[2]} | {len(mine)} |")
    lines += ["", "| id | level | roles | profile | verification | sentence |", "|---|---|---|---|---|---|"]
    for r in requirements.values():
        chapter = r.chapter.split("/")[-1]
        sentence = r.sentence.replace("|", "\\|")
        lines.append(f"| [{r.id}]({chapter}) | {r.level} | {', '.join(r.roles)} | {r.profile} "
                     f"| {r.verified_by()} | {sentence} |")
    return "\n".join(lines) + "\n"


def sign(pair):
    kind = pair["kind"]
    text = {"go": f"→ {pair['new_state']} ({pair['reason']})", "create": f"+ {pair['new_state']}",
            "stay": "·", "anomaly": pair["anomaly"], "forget": "×", "impossible": "—"}[kind]
    return text + (f", then {pair['then']}" if pair["then"] else "")


def table(machine):
    cells = {(p["event"], p["state"]): sign(p) for p in machine.pairs()}
    lines = ["", NOTE, "", "| event | " + " | ".join(machine.states) + " |",
             "|---" * (len(machine.states) + 1) + "|"]
    for event in machine.events:
        row = [cells.get((event, state), "?") for state in machine.states]
        lines.append(f"| {event} | " + " | ".join(row) + " |")
    lines += ["", "What happens besides, in this order:", "", "| event | in | effects |", "|---|---|---|"]
    for event, states, cell in machine.cells():
        if cell.get("effects"):
            lines.append(f"| {event} | {', '.join(states)} | {', '.join(cell['effects'])} |")
    return "\n".join(lines + _explained(machine)) + "\n\n"


def listing(machine):
    """The same as a list of what each event does, without the pairs that cannot arise: each word once."""
    sets = _named_sets(machine)
    names = "; ".join(f"`{name}`: {', '.join(states)}" for name, states in sets.items())
    legend = (f"{LEGEND} {names}; `record`: all of these; `any`: also without one; `others`: those that the event does "
              "not name.")
    lines = ["", NOTE, "", *textwrap.wrap(legend, 112), "",
             "| event | in | goes to | effects, in this order |", "|---|---|---|---|"]
    common = _common(machine)
    for name, rows in _merged(machine, common):
        for states, (goes, effects) in rows:
            where = next((n for n, held in (*sets.items(), ("record", machine.states[1:]),
                                              ("any", machine.states)) if held == states),
                         ", ".join(states))
            goes = goes.removeprefix("→ ").removeprefix("·").removeprefix(", ")
            lines.append(f"| {name} | {where} | {goes} | {effects} |")
            name = ""
    lines += [f"| any other ACK | {state} | {does} | |" for state, does in common]
    return "\n".join(lines + _explained(machine)) + "\n\n"


def _named_sets(machine):
    """Names of several states; the first state of a machine is that in which there is no record yet."""
    ended = [s["name"] for s in machine.data["states"] if s.get("terminal")]
    begun = [s for s in machine.states[1:] if s not in ended]
    return {name: states for name, states in (("open", begun), ("terminal", ended)) if len(states) > 1}


def _common(machine):
    """(state, anomaly) where that is what becomes of most events before there is a record."""
    found = collections.Counter((p["state"], p["anomaly"]) for p in machine.pairs()
                                if p["state"] == machine.states[0] and p["kind"] == "anomaly" and not p["effects"])
    return [pair for pair, times in found.items() if times > len(machine.events) / 2]


def _merged(machine, common):
    """(names, rows) of the events; those that do the same, but that each has its own ack_type as reason, are one."""
    found = {}
    for event in machine.events:
        rows = [(tuple(states), does) for states, does in _alike(machine, event, common)]
        type_ = f"({ack_type(event)})"
        key = tuple((states, (goes.replace(type_, "(ack_type)"), effects)) for states, (goes, effects) in rows)
        found.setdefault(key, []).append((event, rows))
    for key, events in found.items():
        names, (_, rows) = "; ".join(event for event, _ in events), events[0]
        yield names, [(list(states), does) for states, does in (key if len(events) > 1 else rows)]


def ack_type(event):
    return re.match(r"\w*", event)[0]


def _alike(machine, event, common):
    """(the states in which it does the same, what that is); "others" is the rest of the states of a record."""
    found = {}
    for pair in machine.pairs():
        if pair["event"] == event and pair["kind"] != "impossible" and (pair["state"], sign(pair)) not in common:
            found.setdefault((sign(pair), ", ".join(pair["effects"])), []).append(pair["state"])
    whole = set(machine.states[1:]) <= {state for states in found.values() for state in states}
    groups = sorted(found.items(), key=lambda group: len(group[1]))  # The largest last.
    for does, states in groups:
        rest = whole and len(groups) > 1 and does == groups[-1][0] and len(states) > 1
        yield [s for s in states if s == machine.states[0]] + ["others"] if rest else states, does


def _explained(machine):
    lines = ["", "| effect | is |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in machine.data["effects"].items() if text]
    lines += ["", "| word | means |", "|---|---|"]
    return lines + [f"| {name} | {text} |" for name, text in machine.data.get("words", {}).items()]


def choices_table(choices):
    lines = ["", NOTE, "", "| choice | left open | branches | see |", "|---|---|---|---|"]
    for choice in choices:
        branches = ", ".join(f"`{b}`" for b in choice["branches"])
        lines.append(f"| {choice['id']} | {choice['text']} | {branches} | {', '.join(choice.get('req', []))} |")
    return "\n".join(lines) + "\n\n"


def choices_list(choices):
    """What is left open, without the names by which a report tells who took what."""
    lines = ["", NOTE, "", "| choice | left open |", "|---|---|"]
    return "\n".join(lines + [f"| {choice['id']} | {choice['text']} |" for choice in choices]) + "\n\n"


def read_choices(root, report):
    """The register; an entry that is not well-formed goes to `report`."""
    path = "spec/choices.yaml"
    try:
        entries = yaml.safe_load((root / path).read_text())
    except (OSError, yaml.YAMLError) as error:
        report(path, 1, f"cannot be read ({error}); mend it".replace("\n", " "))
        return []
    seen = set()
    good = []
    for entry in entries or []:
        id_ = entry.get("id", "")
        if not (id_.startswith("CHO-") and id_[4:].isdigit() and len(id_) == 7) or id_ in seen:
            report(path, 1, f"the choice {id_!r} is no new CHO-000; number it")
        elif not entry.get("text") or len(entry.get("branches") or []) < 2:
            report(path, 1, f"{id_} needs a text and at least two branches; add them")
        else:
            good.append(entry)
        seen.add(id_)
    return good
