"""What the three roles share: settings, events, and the handling of PING.

A role is a value that is told the time (`now_ms`), what arrived (`receive`),
what fell due (`due`) and what its application wants (then `finish`). It answers through two
doors only: `events`, the list of what happened, and `send`, a function
send(socket, peer, header, payload) -> bool that says whether the message could
be handed over. It has no socket, no clock and no randomness of its own.
"""

from collections import Counter

from circuit import CircuitSettings
from claims import Claims
from durable import Durable
from generated import Anomaly, Feature, MsgType, record
from outbox import Outbox
from timers import Timers
from ways import EGRESS, INGRESS, Ways
from wire import (LARGEST_BATCH, LARGEST_PING, Malformed, check_ids, decode, is_reserved,
                  pong_header)


class Settings:
    """What may differ from case to case, with the defaults of the spec."""

    def __init__(self, settings):
        def given(name, default):
            return getattr(settings, name) if settings.HasField(name) else default

        self.reconcile_window_ms = given("reconcile_window_ms", 300_000)
        self.key_window_ms = given("key_window_ms", 3_600_000)
        self.dead_letter_ms = given("dead_letter_ms", 604_800_000)
        self.max_latency_ms = given("max_latency_ms", 30_000)
        self.max_deliveries = given("max_deliveries", 5)
        self.max_ttl_ms = given("max_ttl_ms", 604_800_000)
        self.circuit = CircuitSettings(settings.circuit)
        limits = settings.limits
        self.payload_bytes = limits.payload_bytes or 16 * 1024 * 1024
        self.header_bytes = limits.header_bytes or 65536
        self.queue_per_target = limits.queue_per_target or 10_000
        self.in_flight = limits.in_flight or 10_000
        self.dedup = limits.dedup or 100_000
        self.most_records = limits.records or 100_000
        self.most_marks = limits.marks or 100_000
        self.most_dead_letters = limits.dead_letters or 10_000
        self.source_shares = limits.source_shares or 8
        self.batch = min(limits.batch or LARGEST_BATCH, LARGEST_BATCH)
        self.wall_base_ms = settings.wall_base_ms
        self.id_prefix = settings.id_prefix


class Machine(Durable, Outbox):
    """Base of the three roles."""

    ROLE = 0

    def __init__(self, module_id, channels, settings, jitter, send, claims=None):
        Durable.__init__(self)
        Outbox.__init__(self)
        self.claims = claims or Claims()
        self.module_id = module_id
        self.ways = channels if isinstance(channels, Ways) else Ways(channels)
        self.channels = self.ways.channels  # Names, in Configure order.
        self.settings = settings
        self.jitter = jitter          # () -> the factor of the next wait.
        self.send = send
        self.now_ms = 0
        self.began_ms = 0             # When the process began, or the case.
        self.timers = Timers()
        self.events = []
        self.event_number = 0
        self.anomalies = Counter()    # By kind.

    # ---- steps: any number of `take` and `fire`, then `finish`

    def due(self, armed):
        """A step of one timer."""
        self.fire(armed.key, armed.kind)
        self.finish()

    def finish(self):
        """The end of a step: what it changed is kept, and what it says leaves."""
        self.flush()
        self.persist()
        self.touched.clear()

    def receive(self, socket, peer, frames):
        """A step of one multipart message that `peer` (a routing id) sent."""
        self.take(socket, peer, frames)
        self.finish()

    def take(self, socket, peer, frames):
        header = None
        try:
            header = self.decode(frames)
            check_ids(header)
            self.check_ping(header, frames[1])
            self.check_more(header)
        except Malformed as error:
            known = {} if header is None else {"message_id": self.spoken_of(header)}
            self.anomaly(Anomaly.MALFORMED, peer=peer or "", note=str(error), **known)
            return
        self.handle(socket, peer, header, frames)

    @staticmethod
    def spoken_of(header):
        """The id that a malformed frame speaks of, as far as it can be read (2.4)."""
        return header.ack.correlation_id if header.msg_type == MsgType.ACK else header.message_id

    def decode(self, frames):
        return decode(frames, self.settings.header_bytes)

    def check_ping(self, header, payload):
        """3.7: a PING is told by its id, and neither it nor its PONG is long."""
        if header.msg_type == MsgType.PING and not is_reserved(header.message_id):
            raise Malformed("the id of a PING does not begin with @")
        if header.msg_type in (MsgType.PING, MsgType.PONG) and len(payload) > LARGEST_PING:
            raise Malformed("the payload of a PING or PONG is too long")

    def check_more(self, header):
        """What else makes a header malformed for this role."""

    # ---- events

    def emit(self, **kind):
        self.event_number += 1
        self.events.append(record.Event(number=self.event_number, **kind))

    def anomaly(self, kind, **fields):
        """Counts something that arrived and changed no record: once for each frame."""
        self.anomalies[kind] += 1
        self.emit(anomaly=record.Anomaly(
            kind=kind, role=self.ROLE, monotonic_ms=self.now_ms, **fields))

    def ack_anomaly(self, kind, source, ack, note=""):
        self.anomaly(kind, peer=source, message_id=ack.correlation_id, ack_type=ack.ack_type,
                     status=ack.status, attempt=ack.attempt, note=note)

    def malformed_ack(self, header, ack, note):
        """One of a batch."""
        self.anomaly(Anomaly.MALFORMED, message_id=ack.correlation_id, note=note)

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        """Moves a record and says so: exactly one event for a change."""
        self.touch(rec)
        old, rec.state = rec.state, new_state
        assert old != new_state, "self-transitions do not exist"
        rec.reason, rec.changed_ms = reason, self.now_ms
        self.emit(transition=record.TransitionEvent(
            message_id=rec.message_id, old_state=old, new_state=new_state, reason=reason,
            monotonic_ms=self.now_ms, wall_ms=self.wall_ms(), retry_count=rec.retries,
            channel=rec.channel, source=rec.source, target=rec.target, role=self.ROLE,
            attempt=rec.attempt, certainty=rec.certainty,
            details=record.TransitionDetails(skipped=skipped, error_code=rec.error, note=note)))

    def wall_ms(self):
        return self.settings.wall_base_ms + self.now_ms

    def header_anomaly(self, kind, header, peer=None):
        """Counts a whole frame; of a single ack it tells what it spoke of."""
        peer = header.source if peer is None else peer
        if header.HasField("ack"):
            self.ack_anomaly(kind, peer, header.ack)
        else:
            self.anomaly(kind, peer=peer, message_id=header.message_id)

    def is_undeclared_batch(self, header):
        """CMB-VER-009"""
        return header.HasField("ack_batch") and not self.claims.has(Feature.BATCH_ACK)

    # ---- PING

    def answer_ping(self, socket, peer, ping, payload):
        """CMB-WIRE-011: the PONG goes to the pair of the socket by which the PING came."""
        self.post(socket, peer, self.speaking(pong_header(self.module_id, ping)), payload=payload)

    def speaking(self, header):
        """CMB-BAT-005: every MESSAGE, PING and PONG of its own says whether it takes batches."""
        if self.claims.has(Feature.BATCH_ACK):
            header.features.append(Feature.BATCH_ACK)
        return header

    def forget_the_open_phase(self):
        """Nothing is told of it, and nothing of it counts."""
        self.events.clear()
        self.event_number = 0
        self.anomalies.clear()
        self.takes_batches.clear()
