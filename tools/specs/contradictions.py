"""Sentences that contradict the row of a table which comes before theirs.

An event `W [guard]` that is an anomaly wherever it can arise takes its case out of every other event of the same
words W. So a requirement that such another event cites must show that it does not speak of that case: by a word of
the guard or of its `spares`, by naming only states in which the two do not meet, or by being cited by the guard's
event itself. What is judged before any table (`any ACK`, `bad news`) has no other event of its words.
"""

import re

from specs import machines

_ACTS = ("go", "create", "stay")


def check(root, machine, requirements, report):
    lines = (root / machine.path).read_text().splitlines()
    events = {event["name"]: event for event in machine.data["events"]}
    kinds = {}
    for pair in machine.pairs():
        kinds.setdefault(pair["event"], {})[pair["state"]] = pair["kind"]
    for guard, other in _pairs(kinds):
        meet = {state for state, kind in kinds[guard].items() if kind == "anomaly" and kinds[other].get(state) in _ACTS}
        for id_ in events[other].get("req", []):
            found = requirements.get(id_)
            if found and meet and id_ not in events[guard].get("req", []) and \
                    not _spares(found, events[guard], meet, machine):
                line = next((n for n, text in enumerate(lines, 1) if f'name: "{guard}"' in text), 1)
                report(machine.path, line, f"{id_} of {other!r} does not except {guard!r}, which is an anomaly "
                                           f"({', '.join(sorted(meet))}); say so in its sentence, or what spares it "
                                           "under `spares`")


def _pairs(kinds):
    """(event that is always an anomaly, another event of the same words)."""
    for guard, row in kinds.items():
        if "[" in guard and {kind for kind in row.values() if kind != "impossible"} == {"anomaly"}:
            for other in kinds:
                if other != guard and machines.words_of(other) == machines.words_of(guard):
                    yield guard, other


def _spares(requirement, guard, meet, machine):
    inside = re.search(r"\[(.*)\]", guard["name"]).group(1)
    words = [*inside.split(", "), *guard.get("spares", [])]
    named = _states_named(requirement.sentence, machine)
    return (any(re.search(rf"\b{re.escape(word)}\b", requirement.sentence) for word in words)
            or bool(named) and not named & meet
            or inside == "BASIC" and requirement.profile != "BASIC")


def _states_named(sentence, machine):
    """The states that the sentence restricts itself to; none: it names none."""
    named = {state for state in machine.states if re.search(rf"\b(in|of|is) (\w+ in )?{state}\b", sentence)}
    if "not terminal" in sentence:
        named |= {s["name"] for s in machine.data["states"] if not s["terminal"] and not s.get("pseudo")}
    return named
