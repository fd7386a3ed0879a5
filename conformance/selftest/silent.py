"""Who leaves one kind of thing out fails wherever it is expected, and is blamed for that.

A clean recording tells which cases expect it: there is the event or frame that the mutant never
makes. Of those a few are run for each mutant, all with CMB_SELFTEST_MUTANTS=all. Each must fail,
and its first cause must be a sentence that asks for such a thing.
"""

import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import unittest
import zlib

import suite

FEW = 3
RECORDINGS = os.path.join(suite.OUT, "silent")


def event(kind, /, **wanted):
    """Events of this kind; fields by name, `a__b` for b in a, a value or a predicate."""
    def matches(entry):
        found = entry.get("event", {}).get(kind)
        if found is None:
            return False
        for path, value in wanted.items():
            field = found
            for name in path.split("__"):
                field = (field or {}).get(name)
            if not (value(field) if callable(value) else field == value):
                return False
        return True
    return matches


def anomaly(kind):
    return event("anomaly", kind="ANOMALY_KIND_" + kind)


class Duplicate:
    """Of an ACK that was judged before a restart it is a choice (CHO-008)."""

    def __init__(self):
        self.restarted, self.copies = False, collections.Counter()

    def __call__(self, entry):
        if entry.get("process") == "started":
            self.restarted = True
            self.copies.clear()
        for said in came(entry)[1]:
            self.copies[self.name(said, "correlation_id")] += 1
        found = entry.get("event", {}).get("anomaly", {})
        return anomaly("DUPLICATE_ACK")(entry) and (
            not self.restarted or self.copies[self.name(found, "message_id")] > 1)

    @staticmethod
    def name(said, message):
        return tuple(said.get(word) for word in ("ack_type", "status", message, "attempt"))


def moved(reason):
    return event("transition", reason="REASON_" + reason)


def acks_of(header):
    return [header["ack"]] if "ack" in header else header.get("ack_batch", {}).get("acks", [])


def frame(is_it):
    """Frames of the implementation of which `is_it(header, ack)` holds, for some ACK of a batch."""
    def matches(entry):
        seen = entry.get("frame", {})
        header = seen.get("header", {})
        return seen.get("direction") == "from_iut" and any(
            is_it(header, said) for said in acks_of(header) or [{}])
    return matches


def ack(kind):
    return frame(lambda header, said: said.get("ack_type") == "ACK_TYPE_" + kind)


def sent(least):
    return frame(lambda header, said: header.get("msg_type") == "MSG_TYPE_MESSAGE"
                 and header.get("attempt", 0) >= least)


def sent_with_phases():
    """Its first phase timer ends before its life, so that it shows."""
    return frame(lambda header, said: header.get("msg_type") == "MSG_TYPE_MESSAGE" and header.get("attempt") == 1
                 and int(header.get("policy", {}).get("router_ack_ms", 0)) < int(header.get("ttl_ms", 0)))


def kind(msg_type):
    return frame(lambda header, said: header.get("msg_type") == "MSG_TYPE_" + msg_type)


def pong_of_its_own():
    """None that a router passes on between modules."""
    return frame(lambda header, _: header.get("msg_type") == "MSG_TYPE_PONG" and header.get("source") == "@router")


def ends(header, said):
    return (said.get("ack_type") == "ACK_TYPE_EXECUTION_ACK"
            and said.get("status") != "STATUS_IN_PROGRESS")


def in_progress(_, said):
    return (said.get("ack_type") == "ACK_TYPE_EXECUTION_ACK"
            and said.get("status") == "STATUS_IN_PROGRESS")


def came(entry):
    """The header and the ACKs of a frame that came to the implementation; else nothing."""
    seen = entry.get("frame", {})
    header = seen.get("header", {}) if seen.get("direction") == "to_iut" else {}
    return header, acks_of(header)


class StoredEnd:
    """An EXECUTION_ACK leaves in an exchange in which none came, but a copy."""

    exchange = copies = None

    def __call__(self, entry):
        if entry.get("exchange") != self.exchange:
            self.exchange, self.copies = entry.get("exchange"), False
        header, acks = came(entry)
        self.copies = (self.copies or header.get("msg_type") == "MSG_TYPE_MESSAGE") and not acks
        return self.copies and ack("EXECUTION_ACK")(entry)


class Tombstone:
    """A target speaks of a message whose CANCEL came first."""

    def __init__(self):
        self.messages, self.stones = set(), set()

    def __call__(self, entry):
        header, acks = came(entry)
        if header.get("msg_type") == "MSG_TYPE_MESSAGE":
            self.messages.add((header.get("source"), header.get("message_id")))
        is_heard = entry.get("frame", {}).get("socket") == "ack_egress" and header.get("schema_version") == 1
        self.stones |= {(header.get("source"), each.get("correlation_id")) for each in acks
                        if is_heard and each.get("ack_type") == "ACK_TYPE_CANCEL" and "status" not in each
                        } - self.messages
        said = json.dumps([entry.get("event"), entry.get("frame", {}) if not header else "",
                           entry.get("control", {}).get("reply", {}).get("transaction")])
        if anomaly("UNKNOWN_MESSAGE")(entry):
            self.stones = {stone for stone in self.stones if f'"{stone[1]}"' not in said}
        return any(f'"{source}"' in said and f'"{name}"' in said for source, name in self.stones)


# Mutant: role, what it leaves out, the sentences that ask for it.
SILENT = {
    "no-skipped": ("sender", event("transition", details__skipped=bool), "OBS-007"),
    "no-retry-events": ("sender", event("retry"), "RTY-001 RTY-002 RTY-010 SND-015 SND-016"),
    "no-alerts": ("sender", event("alert"), "OBS-008 LATE-018 LATE-003 LATE-017"),
    "no-progress-events": ("sender", event("progress"), "OBS-005"),
    "no-delivery-acks": ("sender", moved("DELIVERY_ACK"), "SND-007 SND-010 SND-013 SND-015 RTY-002 FBK-003 VER-003"),
    "no-router-acks": ("sender", moved("ROUTER_ACK"), "SND-006 SND-010 SND-013 SND-014 SND-015 LATE-012 RTY-002 "
                       "RTY-010 FBK-003"),
    "no-resend": ("sender", sent(2), "RTY-005"),
    "no-phase-timers": ("sender", sent_with_phases(), "TMR-003 TMR-002"),
    # What never had a life ends at its send, by no timer.
    "no-life": ("sender", event("transition", reason="REASON_TTL_EXPIRED", attempt=bool,
                                old_state=lambda state: state not in ("STATE_IDLE", None)),
                "TMR-004"),
    "no-certainty": ("sender", event("transition",
                                     certainty=lambda told: told in ("CERTAINTY_EXECUTED",
                                                                     "CERTAINTY_NOT_EXECUTED")),
                     "LATE-012 LATE-013 LATE-014 CBR-001"),
    "no-timeout-to-the-router": ("sender", ack("TIMEOUT"), "SND-018"),
    "no-reconciliation": ("sender", moved("LATE_EXECUTION_ACK"), "LATE-001 LATE-015 LATE-019 DUP-001"),
    "no-transitions-of-a-sender": ("sender", event("transition"), "OBS-001 SND-001 TMR-005 CBR-001 CBR-002"),
    "no-redelivery-events": ("router", event("retry"), "OBS-006"),
    # Where nobody is there, the event alone shows it.
    "no-redelivery": ("router", event("retry"), "RTR-010 OBS-006"),
    "no-end-of-the-phase": ("router", moved("DELIVERY_PHASE_ENDED"), "RTR-012"),
    "says-no-router-ack": ("router", ack("ROUTER_ACK"), "RTR-001 RTR-002 RTR-003 RTR-033 WIRE-013"),
    "says-no-delivery-ack": ("router", ack("DELIVERY_ACK"), "RTR-007 RTR-008 RTR-024 CXL-004 CXL-012"),
    "says-no-timeout": ("router", ack("TIMEOUT"), "RTR-012 RTR-013 RTR-033"),
    "no-receipts": ("target", ack("RECEIPT"), "TGT-001 TGT-008 CXL-010"),
    "no-execution-events": ("target", event("execution"), "TGT-004"),
    "no-end": ("target", frame(ends), "TGT-005 TGT-006 TGT-007 CXL-006 CXL-007 CXL-010 DUR-006"),
    # What should end starts: whoever may still know it (CHO-005) starts it twice.
    "no-lives": ("target", moved("TTL_EXPIRED"), "TGT-007 TGT-017 TGT-018 DUP-003"),
    "never-cancels": ("sender", ack("CANCEL"), "CXL-001 CXL-013 CXL-014 CXL-015"),
    "passes-no-cancel-on": ("router", ack("CANCEL"), "CXL-002 BAT-003"),
    "passes-no-execution-ack-on": ("router", ack("EXECUTION_ACK"), "RTR-014 RTR-023 RTR-027 BAT-003 VER-006"),
    "passes-no-progress-on": ("router", ack("PROGRESS_ACK"), "RTR-014 RTR-023 BAT-003"),
    "says-the-end-once": ("router", StoredEnd, "RTR-027"),
    "never-replies": ("router", kind("REPLY"), "INS-003"),
    "never-says-execution-ack": ("target", ack("EXECUTION_ACK"),
                                 "TGT-005 TGT-006 TGT-007 TGT-014 PRG-004 PRG-007 CXL-006 CXL-007 "
                                 "CXL-010 DUP-010 DUR-006"),
    "never-says-in-progress": ("target", frame(in_progress), "PRG-004 PRG-006 PRG-007"),
    "never-says-progress": ("target", ack("PROGRESS_ACK"), "PRG-005 PRG-006"),
    "forgets-what-it-cannot-stop": ("target", Tombstone, "CXL-007 CXL-008 CXL-009 CXL-010 SEC-014 TGT-011"),
    "a-sender-never-pongs": ("sender", kind("PONG"), "WIRE-011"),
    "a-router-never-pongs": ("router", pong_of_its_own(), "WIRE-011 WIRE-014"),
    "a-target-never-pongs": ("target", kind("PONG"), "WIRE-011"),
}

# For who counts no anomaly, by the kind of the first.
ANOMALIES = {
    "CHANNEL_MISMATCH": "SEC-004 RTR-031",
    "CONFLICT": "LATE-005 LATE-016",
    "DUPLICATE_ACK": "DUP-001 DUP-002 DUP-011 LATE-020 CXL-008 CXL-010",
    "LATE_AFTER_WINDOW": "LATE-004 LATE-019",
    "LATE_FAILURE": "LATE-006",
    "MALFORMED": "WIRE-017 BAT-002",
    "OUT_OF_ORDER_ACK": "SND-011 OBS-004",
    "STALE_ATTEMPT": "LATE-010 OBS-004",
    "UNEXPECTED_ACK": "SND-012",
}
for role in ("sender", "router", "target"):
    for kind, sentences in ANOMALIES.items():
        seen = Duplicate if kind == "DUPLICATE_ACK" else anomaly(kind)
        SILENT[f"a-{role}-without-anomalies {kind}"] = (role, seen, sentences)


def recordings():
    """Case, role and what was recorded, of each case of a clean run of what the mutants break."""
    shutil.rmtree(RECORDINGS, ignore_errors=True)
    subprocess.run([os.environ["CMB_CONFORMANCE"], "run", "--transcript", RECORDINGS, "--", sys.executable, suite.PEER],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False, timeout=600)
    for path in sorted(glob.glob(os.path.join(RECORDINGS, "*.jsonl"))):
        with open(path, encoding="utf-8") as lines:
            header, *entries = map(json.loads, lines)
        yield header["case_id"], header["role"][len("ROLE_"):].lower(), entries


class Silent(unittest.TestCase):
    """One subtest for each mutant."""

    maxDiff = None

    def first(self, entries, matches, kind):
        """What is left out is the first that is: of all anomalies the first has the kind."""
        matches = matches() if isinstance(matches, type) else matches
        for entry in entries:
            if matches(entry):
                return True
            if kind and "anomaly" in entry.get("event", {}):
                return False
        return False

    def test_each_fails_wherever_it_is_expected_and_for_that(self):
        recorded = list(recordings())
        self.assertGreater(len(recorded), 1000)
        for name, (role, matches, sentences) in SILENT.items():
            mutant, _, kind = name.partition(" ")
            cases = [case for case, of, entries in recorded
                     if of == role and self.first(entries, matches, kind)]
            if kind and not cases:
                continue  # Of its kind this role has none that comes first.
            with self.subTest(name):
                self.assertNotEqual(cases, [])
                if os.environ.get("CMB_SELFTEST_MUTANTS") != "all":
                    cases = sorted(cases, key=lambda case: zlib.crc32(case.encode()))[:FEW]
                run = suite.run(mutant, cases, ["--mutant", mutant])
                allowed = {"CMB-" + sentence for sentence in sentences.split()}
                wrong = {case["id"]: (case["blamed"] or [case["verdict"]])[0] for case in run.cases
                         if case["verdict"] != "unsupported"
                         and (case["blamed"] or [""])[0] not in allowed}
                self.assertEqual(wrong, {}, run.text[-1000:])


if __name__ == "__main__":
    sys.exit(unittest.main())
