#!/usr/bin/python3
"""The view of CMB v0 (26.1) has a word for each event of the sender's table, and gives it back from what it came to."""

import dataclasses
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs import machines, marks  # noqa: E402
from specs.little_project import ROOT  # noqa: E402

TIMERS = {"SEND_PENDING": "ROUTER_ACK_TIMEOUT", "ROUTED": "DELIVERY_ACK_TIMEOUT", "DELIVERED": "EXECUTION_TIMEOUT",
          "EXECUTING": "EXECUTION_TIMEOUT"}
ACK_TYPES = {"DELIVERY_ACK", "EXECUTION_ACK", "PROGRESS_ACK"}
ARROW = re.compile(r"((?:[A-Z_]+(?:, | or )?)*) ?→ ([A-Z_]+(?: or [A-Z_]+)*)(?: \(([^)]*)\))?")
CAPITALS = re.compile(r"\b[A-Z][A-Z_]+\b")


@dataclasses.dataclass(frozen=True)
class Event:
    """A transition, or a retry event that no transition comes with; `by` is SUCCESS, required or, not known, empty."""
    old: str
    new: str
    reason: str
    by: str = ""


def table(head, chapter="spec/26-views.md"):
    """The rows of the table of the chapter that begins with this cell."""
    lines = (ROOT / chapter).read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {head} |"))
    end = next(n for n in range(start, len(lines)) if not lines[n].startswith("|"))
    return [marks.cells(line) for line in lines[start + 2:end]]


VIEW = {row[0].split()[0]: row[1] for row in table("state")}
ROWS = table("transition or retry event here")


def events():
    """Every transition and every lone retry event of the sender's table."""
    machine = next(m for m in machines.read(ROOT, print) if m.name == "sender")
    for name, states, cell in machine.cells():
        for state in states:
            reason = cell.get("reason") or re.split(r"[/ ]", name)[0]
            reason = TIMERS.get(state, "") if reason == "phase" else reason
            by = "required" if "required_ack met" in name else "SUCCESS" if name.startswith("EXECUTION_ACK/SUCCESS") else ""
            if "go" in cell:
                yield Event(state, cell["go"], reason, by)
            elif "emit retry" in cell.get("effects", []):
                yield Event(state, state, reason)


def means(row, event):
    """Whether the first cell of a row speaks of this event."""
    if row[0].startswith("retry event alone"):
        return event.old == event.new and event.reason in CAPITALS.findall(row[0])
    if event.old == event.new or event.by and re.search(", by ", row[0]) and \
            ("a SUCCESS" in row[0]) != (event.by == "SUCCESS"):
        return False
    return any(_arrow_means(match, row[0], event) for match in ARROW.finditer(row[0]))


def _arrow_means(match, text, event):
    olds, news, reasons = (CAPITALS.findall(part or "") for part in match.groups())
    if "the ack_type" in text:
        reasons = ACK_TYPES
    if "a timer's name" in text:
        reasons = {*TIMERS.values(), "TIMEOUT"}
    return (not olds or event.old in olds) and event.new in news and (not reasons or event.reason in reasons)


def row_of(event):
    found = [row for row in ROWS if means(row, event)]
    if not event.by:  # It may be either: then they say the same.
        found = found[:1] if len({shown(row, event) for row in found}) == 1 else found
    assert len(found) == 1, f"{event}: {[row[0] for row in found]}"
    return found[0]


def shown(row, event):
    """The event of CMB v0 in the second cell, its old state filled in; None: none."""
    if row[1] == "none":
        return None
    match = ARROW.search(row[1])
    if not match or ", retry" in row[1]:
        return row[1]
    word = match[3]
    if ";" in word:
        word = "cancelled" if event.reason == "CANCEL" else word.split(";")[0]
    olds = CAPITALS.findall(match[1])
    assert not olds or VIEW[event.old] in olds, f"{event} is shown as {row[1]}"
    return f"{VIEW[event.old]} → {match[2]} ({word})"


def back(row, event):
    """The event here that the third cell gives for what the second shows."""
    old = "ROUTED" if VIEW[event.old] == "AWAIT_EXEC_ACK" else event.old
    if row[2] == "the same":
        return dataclasses.replace(event, old=old)
    if row[2].startswith("retry event"):
        return Event("SEND_PENDING", "SEND_PENDING", CAPITALS.findall(row[2])[0])
    match = ARROW.search(row[2])
    reason = match[3]
    if "else" in reason:
        early, late = re.match(r"(\w+) from AWAIT_ROUTER_ACK, else (\w+);", reason).groups()
        reason = "CANCEL" if event.reason == "CANCEL" else early if old == "SEND_PENDING" else late
    return Event(match[1].strip() or old, match[2], reason)


class CmbV0(unittest.TestCase):
    def test_each_event_has_one_row_and_comes_back_as_it_was_shown(self):
        walked = set()
        for event in events():
            with self.subTest(event):
                row = row_of(event)
                walked.add(row[0])
                there = shown(row, event)
                if there is not None:
                    again = back(row, event)
                    self.assertEqual(shown(row_of(again), again), there)
        self.assertEqual([row[0] for row in ROWS if row[0] not in walked], ["progress, alert", "anomaly"])

    def test_each_ack_has_one_row_and_comes_back_as_it_was_shown(self):
        legal = table("ack_type", "spec/02-model-and-vocabulary.md")
        pairs = {f"{row[0]}/{status}".removesuffix("/none (UNSPECIFIED)") for row in legal for status in row[1].split(", ")}
        self.assertEqual(len(pairs), 13)
        for state in ("AWAIT_ROUTER_ACK", "AWAIT_EXEC_ACK"):
            for pair in pairs:
                with self.subTest(pair, state=state):
                    there, again = self.ack_of(pair, state)
                    if there != "none":
                        self.assertEqual(self.ack_of(again, state), (there, again))

    def ack_of(self, pair, state):
        found = [row for row in table("ACK here") if pair in row[0].split(", ") and row[1] in (state, "either")]
        self.assertEqual(len(found), 1, pair)
        return found[0][2].split(",")[0], found[0][3]


if __name__ == "__main__":
    unittest.main()
