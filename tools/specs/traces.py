"""Worked traces: spec/traces.yaml made into spec/traces.md, every header computed from proto/ with Protobuf."""

import pathlib
import re
import subprocess
import tempfile
import textwrap

import yaml

SOURCE, PAGE = "spec/traces.yaml", "spec/traces.md"
NOTE = "<!-- Made by `tools/spec generate` from traces.yaml; do not edit. -->"
_SCHEMAS = ("cmb/ack/v1/vocabulary.proto", "cmb/ack/v1/record.proto", "cmb/ack/v1/inspection.proto",
            "cmb/ack/v1/message.proto")
_MOVE = re.compile(r"(\w+) -> (\w+) \((\w+)\)$")
_ACK = re.compile(r"([A-Z_]+)(?:/([A-Z_]+))?(?: ([A-Z_]+))?$")
_MESSAGE = {"message_id": "m-1", "source": "sender", "targets": ["target"], "channel": "main", "attempt": 1, "ttl_ms": 300000}
_STEP_KEYS = {"at", "from", "to", "lost", "as", "of"}
_FIRST = {"sender": "IDLE", "router": "FORWARDING", "target": "RECEIVED"}
# A state that a trace reports "from" by itself stands for every timer of its phase in the tables.
_PHASE = ("ROUTER_ACK_TIMEOUT", "DELIVERY_ACK_TIMEOUT", "EXECUTION_TIMEOUT")

INTRODUCTION = """# Worked traces (not normative)

{note}

Each trace is a drawing, and then the same step by step: the frames with their header as it is on the wire (3.4), and the
events in their line form (20.2). Message `m-1` goes from module `sender` to module `target` on channel `main` and lives
300 s, the settings are the defaults of 7.1 and all jitter factors 1, unless the trace says otherwise. Frames take no
time unless that matters. The payload of a MESSAGE is `hello` (68 65 6c 6c 6f), every other is empty.
*The same bytes* means: as in the last frame above with these words.
"""


class Encoder:
    """`CognitiveMessage` from a dictionary, by the schema of the project."""

    def __init__(self, root):
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "set"
            subprocess.run(["protoc", f"-I{root / 'proto'}", f"--descriptor_set_out={out}", *_SCHEMAS], check=True, timeout=60)
            files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        self._class = message_factory.MessageFactory(pool).GetPrototype(
            pool.FindMessageTypeByName("cmb.ack.v1.CognitiveMessage"))

    def header(self, fields):
        from google.protobuf import json_format
        message = json_format.ParseDict({"schema_version": 1, **fields}, self._class())
        return message.SerializeToString(deterministic=True).hex(" ")


def header_of(trace, step):
    """The fields of a step's header, as Protobuf's JSON form has them."""
    if "message" in step:
        return {"msg_type": "MSG_TYPE_MESSAGE", **_MESSAGE, **trace.get("message", {}), **step["message"]}
    if "query" in step:
        asked = step["query"]
        return {"msg_type": "MSG_TYPE_QUERY", "message_id": asked["message_id"], "source": step["from"], "targets": ["@router"],
                "query": {"kind": f"QUERY_KIND_{asked['kind']}", "message_id": asked["names"]}}
    if "reply" in step:
        said = dict(step["reply"])
        return {"msg_type": "MSG_TYPE_REPLY", "correlation_id": said.pop("correlation_id"), "source": "@router",
                "targets": [step["to"]], "reply": {"status": "STATUS_SUCCESS", **said}}
    return _ack(step)


def _ack(step):
    kind, status, code = _ACK.match(step["ack"]).groups()
    by_router = kind in ("ROUTER_ACK", "DELIVERY_ACK") or (kind == "TIMEOUT" and step["from"] == "router")
    by_sender = kind in ("CANCEL", "TIMEOUT") and not by_router
    source = "@router" if by_router else "sender" if by_sender else "target"
    addressee = "sender" if not by_sender else "target" if kind == "CANCEL" else "@router"
    ack = {"ack_type": f"ACK_TYPE_{kind}", "correlation_id": step.get("of", "m-1"), "attempt": 1}
    if status:
        ack["status"] = f"STATUS_{status}"
    if code:
        ack["error_code"] = f"ERROR_CODE_{code}"
    ack.update({key: value for key, value in step.items() if key not in _STEP_KEYS | {"ack"}})
    return {"msg_type": "MSG_TYPE_ACK", "source": source, "targets": [addressee], "ack": ack}


def words_of(step):
    """What the frame is called in the drawing and above its bytes."""
    if "message" in step:
        id_ = step["message"].get("message_id")
        words = f"MESSAGE{' ' + id_ if id_ else ''} attempt {step['message'].get('attempt', 1)}"
        if "ttl_ms" in step["message"]:
            words += f", ttl_ms {step['message']['ttl_ms']}"
    elif "query" in step:
        words = f"QUERY {step['query']['kind']}"
    elif "reply" in step:
        words = f"REPLY redriven_id {step['reply']['redriven_id']}"
    else:
        more = [f"{key} {str(value).lower()}" for key, value in step.items() if key not in _STEP_KEYS | {"ack"}]
        words = step["ack"] + (", " + ", ".join(more) if more else "")
    if "as" in step:
        words += f" ({step['as']})"
    return words


def line_of(step):
    words = f"[{step.get('of', 'm-1')}] {step['moves']}" if "moves" in step else step["says"]
    return words + (f" {step['certainty']}" if "certainty" in step else "")


def drawing(trace):
    lines = ["sequenceDiagram"] + [f"    participant {r[0].upper()} as {r}" for r in _FIRST]
    for step in trace["steps"]:
        if "from" in step:
            head = "-x" if step.get("lost") else "->>"
            lines.append(f"    {step['from'][0].upper()}{head}{step['to'][0].upper()}: {words_of(step)}")
        else:
            text = step["moves"] if "moves" in step else step["says"]
            lines.append(f"    Note over {step['by'][0].upper()}: {_plain(text)}")
    return lines


def _plain(text):
    """Mermaid ends a note at a semicolon or a hash."""
    return text.replace(" -> ", " → ").replace(";", ",").replace("#", "")


def listing(trace, encoder):
    lines, now, seen = [], 0, {}
    for step in trace["steps"]:
        now = step.get("at", now)
        if "from" not in step:
            lines.append(f"{now:>6} ms  {step['by']:<17} {line_of(step)}")
            continue
        bytes_ = encoder.header(header_of(trace, step))
        hop = f"{step['from']} → {step['to']}"
        lost = "  — lost" if step.get("lost") else ""
        lines.append(f"{now:>6} ms  {hop:<17} {words_of(step)}{lost}")
        words = bytes_ if bytes_ not in seen else "the same bytes"
        seen[bytes_] = True
        lines += [f"             {part}" for part in textwrap.wrap(words, 96)]
    return lines


def page(root):
    """spec/traces.md, or None where there is no source."""
    source = root / SOURCE
    if not source.exists():
        return None
    encoder = Encoder(root)
    lines = [INTRODUCTION.format(note=NOTE)]
    for number, trace in enumerate(yaml.safe_load(source.read_text()), 1):
        lines += [f"## T.{number} {trace['title']}", "", *textwrap.wrap(trace["doc"], 112), "", "```mermaid",
                  *drawing(trace), "```", "", "```text", *listing(trace, encoder), "```", ""]
    return "\n".join(lines)


def check(root, machines, report):
    """Every transition stands in its table and continues the one before it."""
    source = root / SOURCE
    if not source.exists():
        return
    ways = {m.name: {(p["state"], p["new_state"], p["reason"]) for p in m.pairs() if p["kind"] == "go"} for m in machines}
    lines = source.read_text().splitlines()
    for trace in yaml.safe_load(source.read_text()):
        at = {}
        for step in trace["steps"]:
            if "moves" not in step:
                continue
            line = next((n for n, l in enumerate(lines, 1) if f"by: {step['by']}, moves: {step['moves']}" in l), 1)
            fault = _move_fault(step, at, ways)
            if fault:
                report(SOURCE, line, f"{trace['title']}: {fault}")


def _move_fault(step, at, ways):
    match = _MOVE.match(step["moves"])
    if not match:
        return f"{step['moves']!r} is no transition; write OLD -> NEW (REASON)"
    old, new, reason = match.groups()
    record = (step["by"], step.get("of", "m-1"))
    known = ways[step["by"]]
    allowed = (old, new, reason) in known or (reason in _PHASE and (old, new, "phase") in known)
    before = at.get(record, _FIRST[step["by"]])
    at[record] = new
    if not allowed:
        return f"{step['moves']} is no way of the {step['by']}'s table; correct it"
    if old != before:
        return f"{step['moves']} follows a record in {before}; correct it"
    return ""
