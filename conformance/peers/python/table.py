"""One role on the table, for its tests: no socket, no clock, no process."""

from generated import (AckType, Code, CognitiveMessage, DeliveryPolicy, MsgType, Role, control,
                       inspection)
from machine import EGRESS, INGRESS, Settings
from roles import ROLES
from wire import ROUTER_ID, ack_header, decode

MODULE = {Role.SENDER: "sender", Role.ROUTER: ROUTER_ID, Role.TARGET: "target"}


class Table:
    """One role on the table: frames go in, frames and events come out."""

    def __init__(self, role, make=None, claims=None, channels=("main",), **settings):
        limits = control.Limits(**settings.pop("limits", {}))
        self.sent = []
        self.absent = set()  # Peers that are not connected,
        self.stuck = set()   # and those to which ZeroMQ's queue is full.
        self.machine = (make or ROLES[role])(
            MODULE[role], channels, Settings(control.Settings(limits=limits, **settings)),
            lambda: 1.0, self._send, claims)

    def _send(self, socket, peer, header, _payload):
        if peer in self.absent | self.stuck:
            return Code.NO_ROUTE if peer in self.absent else Code.BUFFER_FULL
        raw = header if isinstance(header, bytes) else header.SerializeToString()
        self.sent.append((socket, peer, decode([raw, b""])))
        return 0

    def transitions(self):
        return [e.transition.new_state for e in self.machine.events if e.HasField("transition")]

    def at(self, now_ms):
        """Moves the clock, firing what falls due on the way."""
        machine = self.machine
        while (armed := machine.timers.pop_due(now_ms)):
            machine.now_ms = armed.deadline_ms
            machine.due(armed)
        machine.now_ms = now_ms
        return self

    def takes(self, socket, peer, header):
        """Handles a frame; returns the headers that were sent meanwhile."""
        self.sent.clear()
        self.machine.events.clear()
        self.machine.receive(socket, peer, [header.SerializeToString(), b""])
        return [item[2] for item in self.sent]

    def ack(self, ack_type, status, message_id="m1", attempt=1, source=ROUTER_ID, **fields):
        router = self.machine.ROLE == Role.ROUTER
        target = "sender" if source == "target" else "target" if ack_type == AckType.CANCEL else ROUTER_ID
        header = ack_header(source, target if router else self.machine.module_id, ack_type, status,
                            message_id, attempt, **fields)
        return self.takes(INGRESS if router else EGRESS, source, header)

    def message(self, attempt=1, message_id="m1", target="target", **fields):
        header = self.header(attempt, message_id, target, **fields)
        return self.takes("main", header.source, header)

    @staticmethod
    def header(attempt=1, message_id="m1", target="target", **fields):
        return CognitiveMessage(
            schema_version=1, msg_type=MsgType.MESSAGE, message_id=message_id, targets=[target],
            attempt=attempt, **{"ttl_ms": 300_000, "channel": "main", "source": "sender", **fields})

    def submit(self, ttl_ms=300_000, **policy):
        message_id = self.machine.submit(control.Send(
            channel="main", target="target", ttl_ms=ttl_ms, policy=DeliveryPolicy(**policy)))
        self.machine.finish()
        return message_id

    def cancel(self, message_id):
        """The application cancels; returns the headers that were sent."""
        self.sent.clear()
        self.machine.cancel(control.Cancel(message_id=message_id))
        self.machine.finish()
        return [item[2] for item in self.sent]

    def script(self, message_id="m1", **script):
        self.machine.script(control.ScriptExecution(
            source="sender", message_id=message_id, **script))

    def ask(self, kind, by="sender", **query):
        """A QUERY; returns the reply and what else was sent."""
        reply, *more = self.takes("main", by, CognitiveMessage(
            schema_version=1, msg_type=MsgType.QUERY, message_id="q", source=by,
            targets=[ROUTER_ID], query=inspection.Query(kind=kind, **query)))[::-1]
        return reply.reply, more

    def keeps(self, journal):
        """Begins with what the journal holds, and writes to it from now on."""
        self.machine.journal = journal
        self.machine.restore(journal.images())
        self.machine.finish()
        return self

    def record(self, message_id="m1", source="sender"):
        return self.machine.transaction(source, message_id)

    def anomalies(self):
        return [e.anomaly.kind for e in self.machine.events if e.HasField("anomaly")]


def kinds(headers):
    """What was sent, in short: MESSAGE, or (type, attempt)."""
    return ["MESSAGE" if h.msg_type == MsgType.MESSAGE else (h.ack.ack_type, h.ack.attempt)
            for h in headers]
