"""The target: says that a message is here, executes its work once, and tells the end.

Spec: chapters target, deduplication, order, persistence and recovery. A message is
a record (source, message_id); records of one source with one idempotency key share
one Work.
"""

from endpoint import Endpoint
from generated import (AckType, Anomaly, Code, Feature, MsgType, Reason, Role, ScriptEnd, State,
                       Status, Timer, control, record)
from shares import may_take
from streams import Streams
from target_cancels import TargetCancels
from target_handler import TargetHandler
from target_keys import TargetKeys
from target_recovery import TargetRecovery
from target_work import TERMINAL, Message, Work
from wire import LEGAL_STATUS, LONGEST_MS, ack_header

SUCCEED_AT_ONCE = control.ScriptExecution(end=ScriptEnd.SUCCESS)


class Target(TargetHandler, TargetCancels, TargetKeys, TargetRecovery, Endpoint):
    ROLE = Role.TARGET

    def __init__(self, *args):
        super().__init__(*args)
        self.messages = {}  # (source, message_id) -> Message
        self.works = {}     # Key of the record -> Work
        self.bearers = {}   # (source, idempotency_key) -> the Work that bears it
        self.scripts = {}   # (source, message_id) -> ScriptExecution
        self.streams = Streams(self.offer)
        self.copy = None    # While one is answered from the record: its header.

    def script(self, script):
        """What the handler shall do with a message that will come."""
        if not script.end or script.end not in ScriptEnd.names:
            raise ValueError("the script does not say how it ends")
        self.scripts[script.source, script.message_id] = script

    def script_of(self, work):
        """That of the message that made the record, whichever reopened it."""
        return self.scripts.get((work.source, work.made_by), SUCCEED_AT_ONCE)

    # ---- arrival

    takes_messages = True

    def may_come(self, socket, header):
        """A MESSAGE comes by the channel and to the module that it names."""
        return super().may_come(socket, header) and (
            header.msg_type != MsgType.MESSAGE
            or header.channel == socket and list(header.targets) == [self.module_id])

    def on_message(self, header):
        header.attempt = header.attempt or 1  # 2.2: a target takes 0 for 1.
        header.ttl_ms = min(header.ttl_ms, LONGEST_MS)
        message = self.find(header)
        if message and message.work.is_tombstone:
            self.meet_tombstone(message, header)
            return
        if message and message.work.may_reopen(message, header):
            self.follow_the_key(message, header)
        work = self.find_work(message, header)
        if not message and not self.has_room(header.source):  # CMB-TGT-008: and never forgets early.
            self.receipt(header, Status.REJECTED, Code.BUFFER_FULL)
        elif work:
            message = message or self.attach(work, header)
            self.take_copy(message, header)
            self.streams.serve(message.stream)  # Its number may be one that was missing.
        else:
            self.take_new(header)

    def take_new(self, header):
        work = Work(header.source, self.module_id, header.message_id, self.now_ms)
        work.comes_by(header, self.now_ms)
        self.works[work.key] = work
        self.rekey(work)
        self.received(self.attach(work, header), header)
        self.begin(work)

    def take_copy(self, message, header):
        """A copy, or another message that brings the same work."""
        work = message.work
        reopens = work.may_reopen(message, header)
        self.received(message, header)
        if reopens:
            self.reopen(work, header)
        else:
            self.copy = header
            self.answer_copy(message, header) if work.is_terminal else self.say_to(
                message, header.attempt)
            self.copy = None

    def received(self, message, header):
        """On record, then the RECEIPT. CMB-TGT-003."""
        message.attempt = max(message.attempt, header.attempt)
        if self.ways.router_of(header.channel) not in message.routers:
            message.routers.append(self.ways.router_of(header.channel))
        self.touch(message.work)
        self.keep_until(message.work, self.now_ms + header.ttl_ms)
        self.receipt(header)

    def answer_copy(self, message, header):
        """CMB-DUP-004: a duplicate hears the end again."""
        self.tell_end(message, header.attempt)

    def has_room(self, source):
        """CMB-SEC-014"""
        own = sum(key[0] == source for key in self.messages)
        return may_take(len(self.messages), own, self.settings.dedup, self.settings.source_shares)

    def attach(self, work, header):
        message = self.join_message(Message(header.message_id, work))
        self.come(message, header)
        self.live(message, header)
        return message

    def join_message(self, message):
        self.messages[message.work.source, message.message_id] = message
        message.work.messages.append(message)
        return message

    def receipt(self, header, status=Status.SUCCESS, code=Code.UNSPECIFIED):
        """For every copy; says nothing about the work."""
        fields = {"error_code": code} if code else {}
        self.send_receipt([self.ways.router_of(header.channel)], header.source, header.message_id,
                          header.attempt, status, **fields)

    def send_receipt(self, routers, source, message_id, attempt, status=Status.SUCCESS, **fields):
        for router in routers:
            self.post_to(router, ack_header(
                self.module_id, source, AckType.RECEIPT, status, message_id, attempt, **fields))

    def answer(self, message, ack_type, status, attempt, **fields):
        """An ACK of the work for one message; it knows when it has left."""
        for router in self.routers_of(message):
            self.post_to(router, ack_header(
                self.module_id, message.work.source, ack_type, status, message.message_id, attempt,
                **fields), of=message if message.work.is_terminal else None)

    def routers_of(self, message):
        """CMB-FBK-006: a copy is answered by its own way. CMB-FBK-007: all else goes by each."""
        return [self.ways.router_of(self.copy.channel)] if self.copy else message.routers

    def left(self, letter):
        if letter.of:
            letter.of.told = True

    # ---- the work

    def begin(self, work):
        """Its life runs from now; its handler is asked when it is its turn."""
        if self.life_is_over(work):  # CMB-TGT-007: nothing is started without life.
            self.expire(work)
            return
        self.timers.arm(work.key, Timer.TTL, work.ttl_end_ms)
        work.place = self.next_number("places")
        if self.is_ordered(work):
            self.streams.join(work)
            self.streams.serve(work.stream)
        else:
            self.offer(work)

    def is_ordered(self, work):
        """Of a work, or of a message: it is in a stream, and that has an order."""
        return bool(work.stream and self.claims.has(Feature.ORDERED))

    def life_is_over(self, work):
        return work.ttl_end_ms <= self.now_ms

    def reopen(self, work, header):
        """CMB-TGT-010: after a refusal for now, a higher attempt is judged afresh."""
        work.begins_by(header, self.now_ms)
        self.live(self.find(header), header)
        work.error = 0
        self.timers.stop(work.key, Timer.RECORD_EXPIRY)
        self.transition(work, State.RECEIVED, Reason.RESEND)
        self.rekey(work)  # CMB-DUP-014
        self.begin(work)  # CMB-ORD-004: its place is a new one.

    def expire(self, work):
        if self.is_ordered(work):
            self.streams.passes(work)
        self.end(work, State.REJECTED, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)

    def end(self, work, state, reason, error=Code.UNSPECIFIED):
        """One terminal; every message of the work hears it; then the next of its stream."""
        self.timers.stop(work.key, Timer.TTL, Timer.HANDLER)
        work.acts, work.error = [], error
        work.memory_ms = self.memory_ms()
        self.transition(work, state, reason)
        self.rekey(work)
        self.keep_until(work, self.now_ms)
        for message in work.messages:
            message.told = False
            self.tell_end(message, message.attempt)
        self.leave_stream(work)

    def leave_stream(self, work):
        self.streams.leave(work)
        self.streams.serve(work.stream)

    def tell_end(self, message, attempt):
        work = message.work
        fields = {"error_code": work.error} if work.error else {}
        if work.state == State.REJECTED:
            fields["retryable"] = work.is_refused_for_now
            if self.claims.durable:  # CMB-DUR-007
                fields["memory_ms"] = work.memory_ms
        elif work.state == State.CANCELLED:
            fields.update(started=work.started, memory_ms=work.memory_ms)
        self.answer(message, AckType.EXECUTION_ACK, TERMINAL[work.state], attempt, **fields)

    # ---- ACKs: only a CANCEL is for a target

    def on_ack(self, header, ack):
        verdict = self.judge(header, ack)
        if verdict:
            self.ack_anomaly(verdict, header.source, ack)

    def judge(self, header, ack):
        """Does what the ACK says; returns the one anomaly if it changes nothing."""
        if ack.status not in LEGAL_STATUS.get(ack.ack_type, ()):
            return Anomaly.UNKNOWN_VALUE
        if ack.ack_type == AckType.CANCEL and self.claims.tracked:
            return self.on_cancel(header, ack)
        if (header.source, ack.correlation_id) not in self.messages:
            return Anomaly.UNKNOWN_MESSAGE
        if ack.ack_type != AckType.CANCEL:  # CMB-TGT-011
            return Anomaly.UNAUTHORIZED_ACK
        return Anomaly.UNSUPPORTED  # CMB-CXL-004: works on.

    # ---- timers, and how long a record lives

    def fire(self, key, kind):
        work = self.works[key]
        if kind == Timer.HANDLER and work.acts is None:  # Recovered, and not offered since.
            self.offer(work)
        elif kind == Timer.HANDLER:
            self.act(work)
        elif kind == Timer.TTL and work.state == State.EXECUTING:
            self.life_ended(work)
        elif kind == Timer.TTL:
            self.expire(work)
        else:
            self.forget(work)

    def keep_until(self, work, instant_ms):
        """CMB-DUP-008: of lives received and the end 2 * MAX_LATENCY more; the key's window."""
        work.life_ends_ms = max(work.life_ends_ms, instant_ms + 2 * self.settings.max_latency_ms,
                                work.first_ms + self.settings.key_window_ms)
        if work.is_terminal:  # CMB-DUP-012.
            self.timers.arm(work.key, Timer.RECORD_EXPIRY, work.life_ends_ms + 1)

    def forget(self, work):
        self.touch(work)
        self.timers.stop(work.key, Timer.RECORD_EXPIRY)
        for message in work.messages:
            del self.messages[work.source, message.message_id]
            if self.is_ordered(message):
                self.streams.forget(message.stream)
        del self.works[work.key]
        name = work.source, work.idempotency_key
        if self.bearers.get(name) is work:
            del self.bearers[name]

    # ---- inspection

    def identity(self, key):
        work = self.works[key]
        return work.source, work.made_by

    def transaction(self, source, message_id):
        message = self.messages.get((source, message_id))
        if not message:
            return None
        work = message.work
        return record.TransactionRecord(
            message_id=message_id, role=self.ROLE, source=source, target=work.target,
            channel=work.channel, state=work.state, reason=work.reason, error_code=work.error,
            attempt=message.attempt, execution_count=message.executions,
            idempotency_key=work.idempotency_key, created_ms=work.created_ms,
            changed_ms=work.changed_ms)
