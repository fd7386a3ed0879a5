"""The state tables as C++: enums of rows, guards and effects, so that what is not handled does not compile."""

import re

from specs import judgement, machines

_HEAD = """\
// The tables of spec/machines, one enum for each kind of word. Made by tools/spec tables; not edited.
#pragma once

#include "conformance/oracle/tables/machine.h"

namespace cmb::conformance::oracle::tables {
"""
_SOURCE = """\
#include "conformance/oracle/tables/machine_tables.h"

namespace cmb::conformance::oracle::tables {
"""


def identifier(words):
    """`ROUTER_ACK/REJECTED` as kRouterAckRejected."""
    parts = re.findall(r"[A-Za-z0-9]+", words.replace("'", ""))
    return "k" + "".join(part[0].upper() + (part[1:].lower() if part.isupper() else part[1:]) for part in parts)


def split(event):
    """The trigger of a row and its guards."""
    trigger, bracket, rest = event.partition(" [")
    return trigger, [guard.strip() for guard in rest.rstrip("]").split(",")] if bracket else []


def _text(words):
    return '"' + str(words).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unique(items):
    return list(dict.fromkeys(items))


def _enum(name, words):
    yield f"enum class {name} {{"
    yield from (f"  {identifier(word)},  // {word}" for word in words)
    yield "};"


def _reason(machine, cell):
    reason = cell.get("reason", "")
    if reason in machines.REASON_VARIABLES[machine.name]:
        return "ack::v1::REASON_UNSPECIFIED"
    return f"ack::v1::REASON_{reason or 'UNSPECIFIED'}"


def _state(machine, name):
    return "ack::v1::STATE_UNSPECIFIED" if name in machine.pseudo else f"ack::v1::STATE_{name}"


def _cell(machine, prefix, state, cell):
    kind = next(kind for kind in machines.KINDS if kind in cell)
    new = cell[kind] if kind in ("go", "create") else state
    anomaly = cell["anomaly"] if kind == "anomaly" else "UNSPECIFIED"
    effects = [f"{prefix}Effect::{identifier(effect)}" for effect in cell.get("effects", [])]
    then = f"{prefix}Row::{identifier(cell['then'])}" if "then" in cell else "std::nullopt"
    req = _text(cell.get("req", ""))
    blames = ", ".join(f"{{{prefix}Effect::{identifier(effect)}, {_text(id_)}}}"
                       for effect, id_ in cell.get("effect_req", {}).items())
    return (f"{{{_state(machine, state)}, {{CellKind::{identifier(kind)}, {_state(machine, new)}, "
            f"{_reason(machine, cell)}, ack::v1::ANOMALY_KIND_{anomaly}, {{{', '.join(effects)}}}, {then}, {req}, "
            f"{{{blames}}}}}}}")


def _rows(machine, prefix):
    docs = {event["name"]: event for event in machine.data["events"]}
    spelled = {(e, s): cell for e, states, cell in machine.cells() for s in states}
    for event in machine.events:
        trigger, guards = split(event)
        named = ", ".join(f"{prefix}Guard::{identifier(guard)}" for guard in guards)
        cells = ",\n      ".join(_cell(machine, prefix, s, spelled[event, s]) for s in machine.states
                                if "impossible" not in spelled[event, s])
        reqs = ", ".join(_text(id_) for id_ in docs[event]["req"])
        yield (f"    {{{prefix}Row::{identifier(event)}, {_text(event)}, {prefix}Trigger::{identifier(trigger)},\n"
               f"     {{{named}}}, {{{reqs}}}, {_text(docs[event]['doc'])},\n     {{{cells}}}}},")


def _names(machine):
    prefix = machine.name.capitalize()
    triggers, guards = [], []
    for event in machine.events:
        trigger, named = split(event)
        triggers.append(trigger)
        guards += named
    yield f"\n// ---------------------------------------------------------------- {machine.name}\n"
    yield from _enum(f"{prefix}Trigger", _unique(triggers))
    yield from _enum(f"{prefix}Guard", _unique(guards))
    yield from _enum(f"{prefix}Row", machine.events)
    yield from _enum(f"{prefix}Effect", machine.data["effects"])
    yield f"\nusing {prefix}Table = Table<{prefix}Trigger, {prefix}Guard, {prefix}Row, {prefix}Effect>;"
    yield f"const {prefix}Table& The{prefix}Table();"


def _table(machine):
    prefix = machine.name.capitalize()
    yield f"\nconst {prefix}Table& The{prefix}Table() {{"
    blames = machine.data.get("effect_req", {})
    yield f"  static const {prefix}Table kTable{{{_text(machine.name)}, {{"
    yield from _rows(machine, prefix)
    yield "    }, {"
    yield from (f"    {{{prefix}Effect::{identifier(e)}, {{{_text(e)}, {_text(blames.get(e, ''))}}}}},"
                for e in machine.data["effects"])
    yield "    }};\n  return kTable;\n}"


def _judgements(findings):
    yield "\nconst std::vector<JudgementRow<Judgement>>& TheJudgements() {"
    yield "  static const std::vector<JudgementRow<Judgement>> kRows{"
    for f in findings:
        reqs = ", ".join(f"{{ack::v1::ROLE_{role.upper()}, {_text(id_)}}}" for role, id_ in f["req"].items())
        yield (f"    {{Judgement::{identifier(f['name'])}, {_text(f['name'])}, "
               f"ack::v1::ANOMALY_KIND_{f['anomaly']}, {{{reqs}}}}},")
    yield "  };\n  return kRows;\n}"


_FIELDS = {"free": "FreeFields", "may_be_absent": "FieldsThatMayBeAbsent", "begins": "FieldsOfWhichTheBeginningCounts"}


def _choices(choices):
    """What the register leaves free in the fields, by the kind of item that has them so."""
    for key, name in _FIELDS.items():
        groups = {}
        for choice in choices:
            for group, fields in choice.get(key, {}).items():
                groups.setdefault(group, set()).update(fields)
        yield f"\nconst FieldGroups& {name}() {{\n  static const FieldGroups kFields{{"
        for group, fields in groups.items():
            yield f"    {{{_text(group)}, {{{', '.join(_text('cmb.ack.v1.' + f) for f in sorted(fields))}}}}},"
        yield "  };\n  return kFields;\n}"


def _profiles(requirements):
    """A sentence of a feature has none: the feature is declared or not."""
    yield "\nack::v1::Profile ProfileOf(std::string_view requirement) {"
    yield "  static const std::map<std::string_view, ack::v1::Profile> kProfiles{"
    yield from (f"    {{{_text(r.id)}, ack::v1::PROFILE_{r.profile}}}," for r in requirements.values() if r.profile.isupper())
    yield "  };\n  const auto found = kProfiles.find(requirement);"
    yield "  return found == kProfiles.end() ? ack::v1::PROFILE_UNSPECIFIED : found->second;\n}"


def files(root, all_machines, choices, requirements):
    """{name: text} of the header and the source."""
    head, source = [_HEAD], [_SOURCE]
    for machine in all_machines:
        head += _names(machine)
        source += _table(machine)
    head.append("\n// ---------------------------------------------------------------- order of judgement (3.6)\n")
    head += _enum("Judgement", [f["name"] for f in judgement.read(root)])
    head.append("\nconst std::vector<JudgementRow<Judgement>>& TheJudgements();\n")
    head += [f"const FieldGroups& {name}();" for name in _FIELDS.values()]
    head.append("\n// From which on the sentence binds. UNSPECIFIED: it is of a feature, or none.\n"
                "ack::v1::Profile ProfileOf(std::string_view requirement);")
    source += [*_judgements(judgement.read(root)), *_choices(choices), *_profiles(requirements)]
    end = "\n}  // namespace cmb::conformance::oracle::tables\n"
    return {"machine_tables.h": "\n".join([*head, end]), "machine_tables.cc": "\n".join([*source, end])}
