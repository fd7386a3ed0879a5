"""Sentences that meet the sentence of a narrower row of a table in one case and ask for something else.

An event `W [guard]` takes its case out of another event of the same words W if it is an anomaly wherever it can arise,
or if its guard has all the words of the other's and more. Where the two do not come to the same (a move, an anomaly,
what follows), a requirement that the other cites there must show that it does not speak of that case: by naming a
requirement of the guard's event, by a word that the guard alone has or of its `spares`, by naming only states in which the two do
not meet, or by being cited by the guard's event itself. Effects are not compared, since a narrower row may do more.
What is judged before any table (`any ACK`, `bad news`) stands in an order of its own (3.6).
"""

import re

from specs import machines

_ACTS = ("go", "create", "stay", "anomaly")
_JUDGED_BEFORE = ("any ACK", "bad news")


def check(root, machine, requirements, report):
    lines = (root / machine.path).read_text().splitlines()
    events = {event["name"]: event for event in machine.data["events"]}
    rows = {}
    for pair in machine.pairs():
        rows.setdefault(pair["event"], {})[pair["state"]] = pair
    for guard, other in _pairs(rows):
        for id_, meet in _asked_otherwise(rows[guard], rows[other]).items():
            found = requirements.get(id_)
            if found and id_ not in events[guard].get("req", []) and \
                    not _spares(found, events[guard], _guards(guard) - _guards(other), meet, machine):
                line = next((n for n, text in enumerate(lines, 1) if f'name: "{guard}"' in text), 1)
                report(machine.path, line, f"{id_} of {other!r} does not except {guard!r}, which comes to something else "
                                           f"({', '.join(sorted(meet))}); say so in its sentence, or what spares it "
                                           "under `spares`")


def _pairs(rows):
    """(event that takes its case out of it, another event of the same words)."""
    for guard, row in rows.items():
        if "[" not in guard or machines.words_of(guard) in _JUDGED_BEFORE:
            continue
        always = {pair["kind"] for pair in row.values()} - {"impossible"} == {"anomaly"}
        for other in rows:
            if machines.words_of(other) == machines.words_of(guard) and other != guard and \
                    (always or _guards(other) < _guards(guard)):
                yield guard, other


def _guards(event):
    inside = re.search(r"\[(.*)\]", event)
    return set(inside[1].split(", ")) if inside else set()


def _asked_otherwise(guard, other):
    """Requirement that the other row cites -> the states in which the two come to something else."""
    found = {}
    for state, pair in other.items():
        if {pair["kind"], guard[state]["kind"]} <= set(_ACTS) and _outcome(pair) != _outcome(guard[state]):
            for id_ in pair["req"]:
                found.setdefault(id_, set()).add(state)
    return found


def _outcome(pair):
    return tuple(pair[key] for key in ("kind", "new_state", "reason", "anomaly", "then"))


def _spares(requirement, guard, own, meet, machine):
    """`own` are the words of the guard that the other event has not."""
    words = [*own, *guard.get("spares", []), *guard.get("req", [])]
    named = _states_named(requirement.sentence, machine)
    return (any(re.search(rf"\b{re.escape(word)}\b", requirement.sentence) for word in words)
            or bool(named) and not named & meet
            or own == {"BASIC"} and requirement.profile != "BASIC")


def _states_named(sentence, machine):
    """The states that the sentence restricts itself to; none: it names none."""
    named = {state for state in machine.states if re.search(rf"\b(in|of|is) (\w+ in )?{state}\b", sentence)}
    if "not terminal" in sentence:
        named |= {s["name"] for s in machine.data["states"] if not s["terminal"] and not s.get("pseudo")}
    return named
