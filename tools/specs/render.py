"""The generated parts of spec/: index, requirements.json, machines.json, tables, choices."""

import json

import yaml

from specs import machines as machines_module
from specs import mechanisms, order, traces

BEGIN, END = "<!-- generated: {} -->", "<!-- end -->"
NOTE = "<!-- Made by `tools/spec generate`; do not edit. -->"


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
    lines += ["", "| effect | is |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in machine.data["effects"].items() if text]
    lines += ["", "| word | means |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in machine.data.get("words", {}).items()]
    return "\n".join(lines) + "\n\n"


def choices_table(choices):
    lines = ["", NOTE, "", "| choice | left open | branches | see |", "|---|---|---|---|"]
    for choice in choices:
        branches = ", ".join(f"`{b}`" for b in choice["branches"])
        lines.append(f"| {choice['id']} | {choice['text']} | {branches} | {', '.join(choice.get('req', []))} |")
    return "\n".join(lines) + "\n\n"


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
