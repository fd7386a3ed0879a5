"""The router: accepts, forwards, redelivers, and tells the sender how far it got.

Spec: chapters router, timers and retry. It speaks of routing only; what the
target says of execution it passes on.
"""

from collections import Counter

from curve import Impostor
from generated import (AckType, Anomaly, Code, MsgType, Reason, Role, State, Status,
                       Timer, record)
from history import told
from machine import EGRESS, INGRESS, Machine
from router_acks import RouterAcks
from router_checks import first_failed_check, is_question
from router_delivery import RouterDelivery
from router_inspection import RouterInspection
from router_record import Copy, RouterRecord
from router_rooms import RouterRooms
from wire import ROUTER_ID, SCHEMA_VERSION, Malformed, ack_header, is_reserved, parse


class Router(RouterAcks, RouterDelivery, RouterInspection, RouterRooms, Machine):
    ROLE = Role.ROUTER

    def __init__(self, *args):
        Machine.__init__(self, *args)
        RouterRooms.__init__(self)
        self.hand_to_zeromq, self.send = self.send, self.send_to_module
        self.records = {}  # (source, message_id) -> RouterRecord
        self.ids = Counter()  # message_id -> how many sources have a record of it.
        self.queues = {}   # target -> how many of its records are in FORWARDING.
        self.expired_letters = 0
        self.closed = {}   # (source, message_id) -> copies up to this attempt are dropped.

    def send_to_module(self, socket, peer, header, payload):
        if not self.is_somebody(peer):
            return Code.NO_ROUTE
        return self.hand_to_zeromq(socket, peer, header, payload)

    def too_long(self, header):
        self.header_anomaly(Anomaly.UNDELIVERABLE, header, peer=header.targets[0])

    @staticmethod
    def is_somebody(peer):
        """CMB-WIRE-021: whoever has connected under a reserved name is sent nothing."""
        return not is_reserved(peer)

    # ---- arrival

    def check_more(self, header):
        if header.msg_type in (MsgType.ACK, MsgType.PING, MsgType.PONG) and len(header.targets) != 1:
            raise Malformed("not exactly one target")

    def handle(self, socket, peer, header, frames):
        kind = header.msg_type
        if not self.may_come(socket, kind):
            self.header_anomaly(Anomaly.CHANNEL_MISMATCH, header)
        elif not self.is_genuine(peer, header):
            self.header_anomaly(Anomaly.UNAUTHORIZED_ACK, header)
        elif self.is_undeclared_batch(header) or (
                kind == MsgType.REPLY and not header.message_id):
            self.header_anomaly(Anomaly.UNSUPPORTED, header)
        elif kind == MsgType.ACK:
            self.on_acks(header, frames)
        else:
            if kind in (MsgType.MESSAGE, MsgType.PING, MsgType.PONG):
                self.hear(peer, header)
            self.on_other(socket, peer, header, frames)

    @staticmethod
    def is_genuine(peer, header):
        """Nobody speaks for another, and nobody is called by a reserved name. CMB-SEC-011"""
        return header.source == peer and not isinstance(peer, Impostor) and not is_reserved(peer)

    def on_other(self, socket, peer, header, frames):
        if header.msg_type in (MsgType.PING, MsgType.PONG):
            self.on_ping_pong(socket, peer, header, frames)
        elif self.claims.tracked and is_question(header):
            self.on_query(socket, header)
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
        elif code := self.send(out, addressee, frames[0], frames[1]):
            if header.msg_type == MsgType.PING:
                self.tell(header.source, AckType.ROUTER_ACK, Status.REJECTED, header.message_id, 1,
                          error_code=code)
            else:
                self.header_anomaly(Anomaly.UNDELIVERABLE, header, peer=addressee)

    def on_message(self, socket, header, frames):
        """A message is looked up before it is validated: what is held is never rejected."""
        key = (header.source, header.message_id)
        self.touched.add(key)
        if self.is_for_another(self.records.get(key), header):
            self.header_anomaly(Anomaly.CHANNEL_MISMATCH, header)
            return
        rec = self.records.get(key)
        copy = Copy(header, frames, socket, self.settings.max_ttl_ms)
        if rec and rec.state != State.REJECTED:
            rec.lives(copy, self.now_ms)
            self.keep(rec)
        if copy.attempt <= self.closed.get(key, 0):
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
        elif rec is None or rec.state == State.REJECTED:
            self.on_unheld(rec, copy)
        elif rec.state == State.CANCELLED:
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
        else:
            self.on_copy(rec, copy)

    def is_for_another(self, rec, header):
        """CMB-RTR-031: a copy is for the target of the record."""
        return (rec is not None and rec.state != State.REJECTED
                and list(header.targets) != [rec.target])

    def on_unheld(self, rec, copy):
        """A new message, or one that was refused before and comes with a higher attempt."""
        is_new = rec is None
        code = self.refusal(copy.channel, copy.header, copy.frames)
        if is_new:
            rec = RouterRecord(copy, self.now_ms)
            self.enter(rec)
        else:
            rec.adopt(copy, self.now_ms)
        code = code or self.first_forward(rec)  # Only ZeroMQ knows whether there is a route.
        if code:
            self.reject(rec, code)
        else:
            self.accept(rec, is_new)

    def enter(self, rec):
        self.records[rec.key] = rec
        self.ids[rec.message_id] += 1

    def first_forward(self, rec):
        """Starts the delivery phase; the code why ZeroMQ does not take the first forward, or 0."""
        return self.start_phase(rec)

    def reject(self, rec, code):
        """Copies of the refused attempts are closed; a higher one is judged afresh."""
        self.stop(rec)
        if not self.may_mark(rec.key):
            self.refuse_without_a_mark(rec)
            return
        rec.state, rec.error = State.REJECTED, code
        rec.refused.add(rec.attempt)
        self.book(rec.key)
        self.close_attempts(rec.key, rec.attempt)
        self.keep(rec)
        more = {"supported_versions": [SCHEMA_VERSION]} if code == Code.UNSUPPORTED_VERSION else {}
        self.tell(rec.source, AckType.ROUTER_ACK, Status.REJECTED, rec.message_id,
                  rec.attempt, error_code=code, **more)

    def refuse_without_a_mark(self, rec):
        """CMB-RTR-033: proves nothing, closes nothing, and nothing is kept."""
        self.tell(rec.source, AckType.TIMEOUT, Status.FAILURE, rec.message_id, rec.attempt,
                  error_code=Code.BUFFER_FULL)
        self.forget(rec.key)

    def accept(self, rec, is_new):
        if is_new:
            rec.state = State.FORWARDING
            self.count_queue(rec, 1)
            self.book(rec.key)
        else:
            self.move(rec, State.FORWARDING, Reason.RESEND)
        self.keep(rec)  # The mark of an earlier attempt ends with the record, and not before.
        self.acknowledge(rec, rec.attempt)

    def acknowledge(self, rec, attempt):
        self.tell(rec.source, AckType.ROUTER_ACK, Status.SUCCESS, rec.message_id, attempt)

    def on_copy(self, rec, copy):
        """A copy of a message that is held: acknowledged, and never a second loop."""
        if copy.attempt > rec.attempt:
            rec.adopt(copy, self.now_ms)
            self.resume(rec)
            self.keep(rec)
        self.acknowledge(rec, copy.attempt)
        if rec.state == State.SETTLED:
            self.answer_settled(rec)

    def resume(self, rec):
        """What a higher attempt sets in motion."""
        if rec.state == State.FORWARDING and self.waits(rec):
            self.count_anew(rec)  # The pending redelivery keeps its instant.
        elif rec.state == State.FORWARDING:  # CMB-RTR-036: all its forwards were made.
            self.start_phase(rec)
        elif rec.state == State.DELIVERED:  # The target had it and gets it again.
            rec.reforwarding = True
            self.start_phase(rec)
        elif rec.state == State.DEAD_LETTERED:
            self.move(rec, State.FORWARDING, Reason.RESEND)
            self.start_phase(rec)

    def answer_settled(self, rec):
        raw, payload = rec.terminal
        self.post(EGRESS, rec.source, parse(raw), raw=raw, payload=payload)

    def refusal(self, socket, header, frames):
        """The code with which a message is refused, or 0."""
        room = not header.targets or (self.has_room(header.targets[0], header.source)
                                      and self.has_room_for_letter(header.source))
        return first_failed_check(self.settings, socket, header, len(frames[1]), room,
                                  self.claims.tracked)

    # ---- timers and records

    def fire(self, key, kind):
        rec = self.records.get(key)
        if kind == Timer.REDELIVERY:
            self.redeliver(rec)
        elif kind == Timer.DELIVERY_PHASE:
            self.give_up(rec, Reason.DELIVERY_PHASE_ENDED, Code.ACK_TIMEOUT)
        elif kind == Timer.TTL:
            self.give_up(rec, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
        elif rec and self.is_letter(rec):  # CMB-DLQ-011
            self.expired_letters += 1
            self.bury(rec)
        else:
            self.forget(key)

    def move(self, rec, state, reason, error=Code.UNSPECIFIED):
        self.count_queue(rec, -(rec.state == State.FORWARDING))
        rec.error = error
        self.transition(rec, state, reason)
        self.count_queue(rec, state == State.FORWARDING)
        rec.dead_letter = state == State.DEAD_LETTERED
        self.book(rec.key)
        if rec.dead_letter:
            self.close_attempts(rec.key, rec.attempt)
        self.keep(rec)

    def count_queue(self, rec, by):
        self.queues[rec.target] = self.queues.get(rec.target, 0) + by

    def forget(self, key):
        rec = self.records.pop(key, None)
        self.closed.pop(key, None)
        self.book(key)
        if rec:
            self.ids[rec.message_id] -= 1

    def tell(self, source, ack_type, status, message_id, attempt, **fields):
        """An ACK of the router's own to a sender."""
        self.post(EGRESS, source, ack_header(
            self.module_id, source, ack_type, status, message_id, attempt, **fields))

    # ---- what is kept

    def image_of(self, key):
        rec, closed = self.records.get(key), self.closed.get(key, 0)
        return (rec, closed) if rec or closed else None

    def take_image(self, key, kept):
        rec, closed = kept
        if closed:
            self.closed[key] = closed
        if rec:
            self.enter(rec)
            self.count_queue(rec, rec.state == State.FORWARDING)
        self.book(key)

    # ---- inspection

    def identity(self, key):
        return key

    def transaction(self, source, message_id):
        rec = self.records.get((source, message_id))
        return rec and record.TransactionRecord(
            message_id=message_id, role=self.ROLE, source=source, target=rec.target,
            channel=rec.channel, state=rec.state, reason=rec.reason, error_code=rec.error,
            attempt=rec.attempt, delivery_count=rec.forwards,
            dead_letter=rec.dead_letter,
            idempotency_key="" if rec.state == State.REJECTED else (
                rec.header.idempotency_key or message_id),
            last_ack_type=rec.last_ack[0], last_status=rec.last_ack[1],
            created_ms=rec.created_ms, changed_ms=rec.changed_ms, ack_history=told(rec.history),
            last_retry_at_ms=None if rec.state == State.REJECTED else rec.last_retry_ms)
