"""The target: says that a message is here, executes its work once, and tells the end.

Spec: chapters target, deduplication. A message is a record (source, message_id);
records of one source with one idempotency key share one Work.
"""

from endpoint import Endpoint
from generated import (AckType, Anomaly, Certainty, Code, MsgType, Reason, Role, ScriptEnd, State, Status,
                       Timer, control, record)
from machine import INGRESS
from wire import LEGAL_STATUS, ack_header

SUCCEED_AT_ONCE = control.ScriptExecution(end=ScriptEnd.SUCCESS)
TERMINAL = {State.SUCCEEDED: Status.SUCCESS, State.FAILED: Status.FAILURE,
            State.REJECTED: Status.REJECTED}


class Work:
    """What is executed at most once. Its message_id and attempt are of the copy that brought it."""

    certainty = Certainty.UNSPECIFIED

    def __init__(self, header, script, now_ms):
        self.message_id = header.message_id
        self.source = header.source
        self.target = header.targets[0]
        self.channel = header.channel
        self.key = header.idempotency_key or header.message_id
        self.script = script
        self.state = State.RECEIVED
        self.reason = self.error = 0
        self.attempt = header.attempt
        self.created_ms = self.changed_ms = self.begun_ms = now_ms
        self.ttl_end_ms = now_ms + header.ttl_ms
        self.messages = []      # Every record attached to this work.
        self.life_ends_ms = 0   # Not forgotten before.
        self.is_new = True      # The handler has not heard of it.

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def is_terminal(self):
        return self.state in TERMINAL

    def may_reopen(self, message, header):
        """Whether a copy is an attempt above all before it, after a refusal for now."""
        return (message is not None and self.state == State.REJECTED and self.script.retryable
                and self.reason == Reason.HANDLER_REFUSED and header.attempt > message.attempt)

    @property
    def ref(self):
        return self.source, self.key


class Message:
    """One message_id: the work it belongs to and the highest attempt received."""

    def __init__(self, message_id, work):
        self.message_id = message_id
        self.work = work
        self.attempt = 0
        self.executions = 0  # Starts that a copy of it caused.


class Target(Endpoint):
    ROLE = Role.TARGET

    def __init__(self, *args):
        super().__init__(*args)
        self.messages = {}  # (source, message_id) -> Message
        self.works = {}     # (source, idempotency key) -> Work
        self.scripts = {}   # (source, message_id) -> ScriptExecution

    def script(self, script):
        """What the handler shall do with a message that will come."""
        if not script.end or script.end not in ScriptEnd.names:
            raise ValueError("the script does not say how it ends")
        self.scripts[script.source, script.message_id] = script

    # ---- arrival

    takes_messages = True

    def may_come(self, socket, header):
        """A MESSAGE comes by the channel and to the module that it names."""
        return super().may_come(socket, header) and (
            header.msg_type != MsgType.MESSAGE
            or header.channel == socket and list(header.targets) == [self.module_id])

    def on_message(self, header):
        header.attempt = header.attempt or 1  # 2.2: a target takes 0 for 1.
        message = self.find(header)
        work = self.find_work(message, header)
        if work is None and self.is_full():  # CMB-TGT-008: refuses, and never forgets early.
            self.receipt(header, Status.REJECTED, Code.BUFFER_FULL)
            return
        if work is None:  # Recorded before the RECEIPT: CMB-TGT-003.
            script = self.scripts.get((header.source, header.message_id), SUCCEED_AT_ONCE)
            work = Work(header, script, self.now_ms)
            self.works[work.ref] = work
        reopened = work.may_reopen(message, header)
        if message is None:
            message = self.attach(work, header)
        message.attempt = max(message.attempt, header.attempt)
        self.keep_until(work, self.now_ms + header.ttl_ms)
        self.receipt(header)
        if reopened:
            self.reopen(work, header)
        elif work.is_new:
            self.begin(work)
        elif work.is_terminal:
            self.answer_copy(message, header)

    def answer_copy(self, message, header):
        """CMB-DUP-004: a duplicate hears the end again."""
        self.tell_end(message, header.attempt or 1)

    def find(self, header):
        """The record of this message, if it came before."""
        return self.messages.get((header.source, header.message_id))

    def find_work(self, message, header):
        """The work that it brings, if it is known: the key names it. CMB-DUP-007."""
        if message:
            return message.work
        return self.works.get((header.source, header.idempotency_key or header.message_id))

    def is_full(self):
        return len(self.works) >= self.settings.dedup

    def attach(self, work, header):
        message = Message(header.message_id, work)
        self.messages[header.source, header.message_id] = message
        work.messages.append(message)
        return message

    def receipt(self, header, status=Status.SUCCESS, code=Code.UNSPECIFIED):
        """For every copy; says nothing about the work."""
        fields = {"error_code": code} if code else {}
        self.send(INGRESS, None, ack_header(
            self.module_id, header.source, AckType.RECEIPT, status, header.message_id,
            header.attempt or 1, **fields), b"")

    # ---- the work

    def begin(self, work):
        """Follows the script; its times count from the first receipt."""
        work.is_new = False
        if self.life_is_over(work):  # CMB-TGT-007: nothing is started without life.
            self.expire(work)
            return
        script = work.script
        wait_ms = script.after_ms if script.end == ScriptEnd.REJECTED else script.starts_ms
        if wait_ms:
            self.timers.arm(work.ref, Timer.TTL, work.ttl_end_ms)
            self.timers.arm(work.ref, Timer.HANDLER, work.begun_ms + wait_ms)
        else:
            self.act(work)

    def life_is_over(self, work):
        return work.ttl_end_ms <= self.now_ms

    def reopen(self, work, header):
        """CMB-TGT-010: after a refusal for now, a higher attempt is judged afresh."""
        work.begun_ms, work.ttl_end_ms, work.error = self.now_ms, self.now_ms + header.ttl_ms, 0
        work.message_id, work.attempt = header.message_id, header.attempt
        self.timers.stop(work.ref, Timer.RECORD_EXPIRY)
        self.transition(work, State.RECEIVED, Reason.RESEND)
        self.begin(work)

    def act(self, work):
        """The next act of the script: refuse, start, or end."""
        script = work.script
        if work.state == State.EXECUTING:
            succeeded = script.end == ScriptEnd.SUCCESS
            self.end(work, State.SUCCEEDED if succeeded else State.FAILED,
                     Reason.HANDLER_SUCCEEDED if succeeded else Reason.HANDLER_FAILED,
                     script.error_code)
        elif script.end == ScriptEnd.REJECTED:
            self.end(work, State.REJECTED, Reason.HANDLER_REFUSED, script.error_code)
        else:
            self.start(work)

    def start(self, work):
        """At most once for each work: this is what everything else protects."""
        self.timers.stop(work.ref, Timer.TTL)
        self.transition(work, State.EXECUTING, Reason.HANDLER_STARTED)
        self.messages[work.source, work.message_id].executions += 1
        self.emit(execution=record.Execution(
            message_id=work.message_id, source=work.source, target=work.target,
            idempotency_key=work.key, attempt=work.attempt, monotonic_ms=self.now_ms))
        ends_ms = work.begun_ms + work.script.after_ms
        if work.script.end == ScriptEnd.NEVER:
            return
        if ends_ms > self.now_ms:
            self.timers.arm(work.ref, Timer.HANDLER, ends_ms)
        else:
            self.act(work)

    def expire(self, work):
        self.end(work, State.REJECTED, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)

    def end(self, work, state, reason, error):
        """One terminal; every message of the work hears it."""
        self.timers.stop(work.ref, Timer.TTL, Timer.HANDLER)
        work.error = error or (0 if state == State.SUCCEEDED else Code.INTERNAL_ERROR)
        self.transition(work, state, reason)
        self.keep_until(work, self.now_ms)
        for message in work.messages:
            self.tell_end(message, message.attempt or 1)

    def tell_end(self, message, attempt):
        work = message.work
        fields = {"error_code": work.error} if work.error else {}
        if work.state == State.REJECTED and work.reason == Reason.HANDLER_REFUSED:
            fields["retryable"] = work.script.retryable
        self.send(INGRESS, None, ack_header(
            self.module_id, work.source, AckType.EXECUTION_ACK, TERMINAL[work.state],
            message.message_id, attempt, **fields), b"")

    # ---- ACKs: a BASIC target takes none

    def on_ack(self, header, ack):
        if ack.status not in LEGAL_STATUS.get(ack.ack_type, ()):
            return self.ack_anomaly(Anomaly.UNKNOWN_VALUE, header.source, ack)
        if (header.source, ack.correlation_id) not in self.messages:
            return self.ack_anomaly(Anomaly.UNKNOWN_MESSAGE, header.source, ack)
        if ack.ack_type != AckType.CANCEL:  # CMB-TGT-011
            return self.ack_anomaly(Anomaly.UNAUTHORIZED_ACK, header.source, ack)
        return self.ack_anomaly(Anomaly.UNSUPPORTED, header.source, ack)  # CMB-CXL-004: works on.

    # ---- timers, and how long a record lives

    def fire(self, key, kind):
        work = self.works[key]
        if kind == Timer.HANDLER:
            self.act(work)
        elif kind == Timer.TTL:
            self.expire(work)
        else:
            self.forget(work)

    def keep_until(self, work, instant_ms):
        """CMB-DUP-008: of lives received and the end 2 * MAX_LATENCY more; the key's window."""
        work.life_ends_ms = max(work.life_ends_ms, instant_ms + 2 * self.settings.max_latency_ms,
                                work.created_ms + self.settings.key_window_ms)
        if work.is_terminal:  # Never while executing.
            self.timers.arm(work.ref, Timer.RECORD_EXPIRY, work.life_ends_ms + 1)

    def forget(self, work):
        for message in work.messages:
            del self.messages[work.source, message.message_id]
        del self.works[work.ref]

    # ---- inspection

    def identity(self, key):
        work = self.works[key]
        return work.source, work.message_id

    def transaction(self, source, message_id):
        message = self.messages.get((source, message_id))
        if not message:
            return None
        work = message.work
        return record.TransactionRecord(
            message_id=message_id, role=self.ROLE, source=source, target=work.target,
            channel=work.channel, state=work.state, reason=work.reason, error_code=work.error,
            attempt=message.attempt, execution_count=message.executions,
            idempotency_key=work.key, created_ms=work.created_ms, changed_ms=work.changed_ms)
