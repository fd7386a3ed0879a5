"""An event in one line of text: CMB-OBS-018, CMB-OBS-019, CMB-OBS-022, CMB-OBS-023."""

import re

from generated import Reason, State

_ESCAPED = re.compile(r"[\x00-\x1f\x7f\\]")


def line(event):
    """What others chose as an id makes no line of its own."""
    return _ESCAPED.sub(lambda m: "\\\\" if m[0] == "\\" else f"\\x{ord(m[0]):02x}", _text(event))


def _text(event):
    kind = event.WhichOneof("kind")
    told = getattr(event, kind)
    if kind == "transition":
        return (f"[{told.message_id}] {State.name(told.old_state)} -> {State.name(told.new_state)} "
                f"({Reason.name(told.reason)})")
    fields = [f"{field.name}={value}" for field, value in told.ListFields() if field.name != "message_id"]
    return " ".join([f"[{told.message_id or '-'}]", kind, *fields])
