"""The router: accepts, forwards, redelivers, and tells the sender how far it got.

Spec: chapters router, timers and retry. It speaks of routing only; what the
target says of execution it passes on.
"""

from generated import (AckType, Anomaly, Code, MsgType, Reason, Role, State, Status,
                       Timer, record)
from machine import EGRESS, INGRESS, Machine
from router_acks import RouterAcks
from router_checks import first_failed_check
from router_record import RouterRecord
from wire import ROUTER_ID, SCHEMA_VERSION, Malformed, ack_header


class Router(RouterAcks, Machine):
    ROLE = Role.ROUTER

    def __init__(self, *args):
        super().__init__(*args)
        self.records = {}  # (source, message_id) -> RouterRecord
        self.by_id = {}    # message_id -> its records, for the ACKs of targets.
        self.queues = {}   # target -> how many of its records are in FORWARDING.
        self.closed = {}   # (source, message_id) -> copies up to this attempt are dropped.

    # ---- arrival

    def check_more(self, header):
        if header.msg_type in (MsgType.ACK, MsgType.PING, MsgType.PONG) and len(header.targets) != 1:
            raise Malformed("not exactly one target")

    def handle(self, socket, peer, header, frames):
        kind = header.msg_type
        if not self.may_come(socket, kind):
            self.header_anomaly(Anomaly.CHANNEL_MISMATCH, header)
        elif header.source != peer:  # Nobody speaks for another.
            self.header_anomaly(Anomaly.UNAUTHORIZED_ACK, header)
        elif header.HasField("ack_batch") or (kind == MsgType.REPLY and not header.message_id):
            self.header_anomaly(Anomaly.UNSUPPORTED, header)
        elif kind == MsgType.ACK and header.schema_version != SCHEMA_VERSION:
            self.header_anomaly(Anomaly.UNKNOWN_VALUE, header)
        elif kind in (MsgType.PING, MsgType.PONG):
            self.on_ping_pong(socket, peer, header, frames)
        elif kind == MsgType.ACK:
            self.on_ack(header, header.ack, frames)
        else:
            self.on_message(socket, header, frames)

    @staticmethod
    def may_come(socket, kind):
        if socket == EGRESS:  # There a router only speaks.
            return False
        if socket == INGRESS:
            return kind in (MsgType.ACK, MsgType.PING, MsgType.PONG)
        return kind != MsgType.ACK

    def on_ping_pong(self, socket, peer, header, frames):
        out = EGRESS if socket == INGRESS else socket
        addressee = header.targets[0]
        if addressee == ROUTER_ID:
            if header.msg_type == MsgType.PING:
                self.answer_ping(out, peer, header, frames[1])
        elif not self.send(out, addressee, frames[0], frames[1]):
            if header.msg_type == MsgType.PING:
                self.tell(header.source, AckType.ROUTER_ACK, Status.REJECTED, header.message_id, 1,
                          error_code=Code.NO_ROUTE)
            else:
                self.header_anomaly(Anomaly.UNDELIVERABLE, header)

    def on_message(self, socket, header, frames):
        """A message is looked up before it is validated: what is held is never rejected."""
        key = (header.source, header.message_id)
        if header.attempt <= self.closed.get(key, 0) and header.attempt:
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
            return
        rec = self.records.get(key)
        if rec is None or rec.state == State.REJECTED:
            self.on_unheld(rec, socket, header, frames)
        elif rec.state == State.CANCELLED:
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
        else:
            self.on_copy(rec, header, frames)

    def on_unheld(self, rec, socket, header, frames):
        """A new message, or one that was refused before and comes with a higher attempt."""
        is_new = rec is None
        code = self.refusal(socket, header, frames)
        if is_new:
            rec = RouterRecord(header, frames[0], frames[1], self.now_ms)
            self.records[rec.key] = rec
            self.by_id.setdefault(rec.message_id, []).append(rec)
        else:
            rec.adopt(header, frames[0], frames[1], self.now_ms)
        # Forwarded before it is acknowledged: only ZeroMQ knows whether there is a route.
        if not code and not self.is_routed(rec):
            code = Code.NO_ROUTE
        if code:
            self.reject(rec, code)
        else:
            self.accept(rec, is_new)

    def is_routed(self, rec):
        """Starts the delivery phase; says whether ZeroMQ took the first forward."""
        return self.start_phase(rec)

    def reject(self, rec, code):
        """Copies of the refused attempts are closed; a higher one is judged afresh."""
        self.stop(rec)
        rec.state, rec.error = State.REJECTED, code
        self.close_attempts(rec.key, rec.attempt)
        self.keep(rec)
        more = {"supported_versions": [SCHEMA_VERSION]} if code == Code.UNSUPPORTED_VERSION else {}
        self.tell(rec.source, AckType.ROUTER_ACK, Status.REJECTED, rec.message_id,
                  rec.attempt or 1, error_code=code, **more)

    def accept(self, rec, is_new):
        if is_new:
            rec.state = State.FORWARDING
            self.count_queue(rec, 1)
        else:
            self.move(rec, State.FORWARDING, Reason.RESEND)
        self.acknowledge(rec, rec.attempt)

    def acknowledge(self, rec, attempt):
        self.tell(rec.source, AckType.ROUTER_ACK, Status.SUCCESS, rec.message_id, attempt)

    def on_copy(self, rec, header, frames):
        """A copy of a message that is held: acknowledged, and never a second loop."""
        if header.attempt > rec.attempt:
            rec.adopt(header, frames[0], frames[1], self.now_ms)
            self.resume(rec)
            self.keep(rec)
        self.acknowledge(rec, header.attempt or 1)
        if rec.state == State.SETTLED:
            self.answer_settled(rec)

    def resume(self, rec):
        """What a higher attempt sets in motion."""
        if rec.state == State.FORWARDING:  # The pending redelivery keeps its instant.
            self.count_anew(rec)
        elif rec.state == State.DELIVERED:  # The target had it and gets it again.
            rec.reforwarding = True
            self.start_phase(rec)
        elif rec.state == State.DEAD_LETTERED:
            self.move(rec, State.FORWARDING, Reason.RESEND)
            self.start_phase(rec)

    def answer_settled(self, rec):
        if not self.send(EGRESS, rec.source, rec.terminal[0], rec.terminal[1]):
            self.anomaly(Anomaly.UNDELIVERABLE, peer=rec.source, message_id=rec.message_id)

    def refusal(self, socket, header, frames):
        """The code with which a message is refused, or 0."""
        queued = self.queues.get(header.targets[0], 0) if header.targets else 0
        return first_failed_check(self.settings, socket, header, len(frames[1]), queued)

    # ---- delivery phase

    def start_phase(self, rec):
        """Forwards at once; says whether ZeroMQ took it."""
        rec.place = 0
        self.count_anew(rec)
        # Nothing is forwarded without life; then the TTL timer is due now.
        return self.remaining_ms(rec) > 0 and self.forward(rec)

    def count_anew(self, rec):
        """The limits of the phase start anew; the running wait keeps its end. CMB-RTR-026."""
        rec.forwards = 0
        self.timers.arm(rec.key, Timer.TTL, rec.ttl_end_ms)
        # In time for the sender, whose own timer runs delivery_ack_ms from the ROUTER_ACK.
        self.timers.arm(rec.key, Timer.DELIVERY_PHASE,
                        self.now_ms + rec.policy.delivery_ack_ms * 9 // 10)
        if rec.place:
            self.arm_redelivery(rec)

    def arm_redelivery(self, rec):
        """CMB-RTR-012: after the last delivery its wait ends the phase in place of a forward."""
        if rec.forwards < self.settings.max_deliveries:
            self.timers.arm(rec.key, Timer.REDELIVERY, rec.wait_end_ms)
        elif rec.wait_end_ms < self.timers.deadline(rec.key, Timer.DELIVERY_PHASE):
            self.timers.arm(rec.key, Timer.DELIVERY_PHASE, rec.wait_end_ms)

    def forward(self, rec):
        """Hands the message to the target, with the life that remains, and arms the next try."""
        raw, remaining_ms = rec.raw, self.remaining_ms(rec)
        if remaining_ms != rec.header.ttl_ms:  # Else byte for byte as it came.
            rec.header.ttl_ms = remaining_ms
            raw = rec.raw = rec.header.SerializeToString()
        is_routed = self.send(rec.channel, rec.target, raw, rec.payload)
        if not is_routed and rec.state == State.REJECTED:
            return False  # It was never accepted, so no wait begins.
        rec.forwards += 1  # A refused one is a failed try and counts as well.
        rec.place += 1
        rec.wait_ms = rec.policy.backoff_ms(rec.place, self.jitter())
        rec.wait_end_ms = self.now_ms + rec.wait_ms
        self.arm_redelivery(rec)
        return is_routed

    def remaining_ms(self, rec):
        """Each hop takes its dwell from the life of a message."""
        return rec.ttl_end_ms - self.now_ms

    def fire(self, key, kind):
        rec = self.records.get(key)
        if kind == Timer.REDELIVERY:
            self.redeliver(rec)
        elif kind == Timer.DELIVERY_PHASE:
            self.give_up(rec, Reason.DELIVERY_PHASE_ENDED, Code.ACK_TIMEOUT)
        elif kind == Timer.TTL:
            self.give_up(rec, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
        else:
            self.forget(key)

    def redeliver(self, rec):
        if self.phase_is_over(rec):
            return  # The end of the phase goes before a forward of the same instant.
        ended_ms = rec.wait_ms
        self.forward(rec)
        self.emit(retry=record.RetryEvent(
            message_id=rec.message_id, role=self.ROLE, reason=Reason.RECEIPT, attempt=rec.attempt,
            delivery_count=rec.forwards, backoff_ms=ended_ms, monotonic_ms=self.now_ms,
            source=rec.source, target=rec.target))

    def phase_is_over(self, rec):
        return self.timers.deadline(rec.key, Timer.DELIVERY_PHASE) <= self.now_ms

    def give_up(self, rec, reason, code):
        """No sign of the target in time: said to the sender before its own timer ends."""
        self.stop(rec)
        if rec.state == State.FORWARDING:
            rec.error = code
            self.move(rec, State.DEAD_LETTERED, reason)
        self.tell(rec.source, AckType.TIMEOUT, Status.FAILURE, rec.message_id, rec.attempt,
                  error_code=code)

    def stop(self, rec):
        """Nothing more is forwarded."""
        rec.reforwarding = False
        self.timers.stop(rec.key, Timer.REDELIVERY, Timer.DELIVERY_PHASE, Timer.TTL)

    # ---- records

    def move(self, rec, state, reason):
        self.count_queue(rec, -(rec.state == State.FORWARDING))
        self.transition(rec, state, reason)
        self.count_queue(rec, state == State.FORWARDING)
        if state == State.DEAD_LETTERED:
            self.close_attempts(rec.key, rec.attempt)
        self.keep(rec)

    def count_queue(self, rec, by):
        self.queues[rec.target] = self.queues.get(rec.target, 0) + by

    def close_attempts(self, key, attempt):
        """Copies up to this attempt are dropped from now on. CMB-RTR-018."""
        self.closed[key] = max(self.closed.get(key, 0), attempt)
        if key not in self.records:
            self.timers.arm(key, Timer.RECORD_EXPIRY, self.now_ms + self.linger_ms())

    def linger_ms(self):
        return 2 * self.settings.max_latency_ms + 1

    def keep(self, rec):
        """CMB-RTR-025: every life received, and the last end, and 2 * MAX_LATENCY more."""
        if rec.state == State.FORWARDING:
            self.timers.stop(rec.key, Timer.RECORD_EXPIRY)
        else:
            end_ms = max(rec.ttl_end_ms, self.now_ms)
            self.timers.arm(rec.key, Timer.RECORD_EXPIRY, end_ms + self.linger_ms())

    def forget(self, key):
        rec = self.records.pop(key, None)
        self.closed.pop(key, None)
        if rec:
            self.by_id[rec.message_id].remove(rec)

    def tell(self, source, ack_type, status, message_id, attempt, **fields):
        """An ACK of the router's own to a sender."""
        header = ack_header(self.module_id, source, ack_type, status, message_id, attempt, **fields)
        if not self.send(EGRESS, source, header, b""):
            self.anomaly(Anomaly.UNDELIVERABLE, peer=source, message_id=message_id,
                         ack_type=ack_type, status=status, attempt=attempt)

    # ---- inspection

    def identity(self, key):
        return key

    def transaction(self, source, message_id):
        rec = self.records.get((source, message_id))
        return rec and record.TransactionRecord(
            message_id=message_id, role=self.ROLE, source=source, target=rec.target,
            channel=rec.channel, state=rec.state, reason=rec.reason, error_code=rec.error,
            attempt=rec.attempt, delivery_count=rec.forwards,
            dead_letter=rec.state == State.DEAD_LETTERED,
            idempotency_key=rec.header.idempotency_key or message_id,
            created_ms=rec.created_ms, changed_ms=rec.changed_ms)
