"""The sender: what became of each message that the application sent.

Spec: chapters sender, timers and retry, late and conflicting ACKs.
"""

from endpoint import Endpoint
from generated import (AckType, Alert, Certainty, Code, CognitiveMessage, MsgType, Reason, Role,
                       State, Status, Timer, record)
from machine import INGRESS
from outcome import cause_text, exhausted_text, views_of
from policy import Policy
from sender_acks import SenderAcks
from wire import ROUTER_ID, SCHEMA_VERSION, ack_header

PHASE_TIMERS = (Timer.ROUTER_ACK, Timer.DELIVERY_ACK, Timer.EXECUTION, Timer.BACKOFF)


class Record:
    """What the sender knows of one message."""

    def __init__(self, message_id, source, send, now_ms):
        self.message_id = message_id
        self.source = source
        self.target = send.target
        self.channel = send.channel
        self.payload = send.payload
        self.policy = Policy(send.policy)
        self.header = CognitiveMessage(
            schema_version=SCHEMA_VERSION, msg_type=MsgType.MESSAGE, message_id=message_id,
            source=source, targets=[send.target], channel=send.channel,
            stream_id=send.stream_id, sequence=send.sequence,
            idempotency_key=send.idempotency_key, policy=send.policy)
        self.state = State.IDLE
        self.attempt = 0               # The last one sent.
        self.ttl_end_ms = now_ms + send.ttl_ms
        self.created_ms = self.changed_ms = now_ms
        self.reason = self.error = 0
        self.certainty = Certainty.UNSPECIFIED
        self.judged = set()            # (type, status, attempt) of every ACK judged.
        self.progress_number = 0       # Highest seen.
        self.rejected = set()          # Attempts that the router rejected.
        self.started = False           # The handler's start was attested.
        self.abort_ms = None           # Instant of TIMEOUT_ABORT.
        self.refused = False           # Ended by a REJECTED.
        self.alert = Alert.UNSPECIFIED
        self.note = ""
        self.last_ack = (0, 0)
        self.stage = State.SEND_PENDING  # The highest that was seen.
        self.completed_early = False   # At required_ack, below EXECUTION_ACK.
        self.dead_letter = False
        self.required_state = {AckType.ROUTER_ACK: State.ROUTED,
                               AckType.DELIVERY_ACK: State.DELIVERED}.get(
                                   self.policy.required_ack, State.COMPLETED_SUCCESS)

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def is_terminal(self):
        return self.state >= State.COMPLETED_SUCCESS


class Sender(SenderAcks, Endpoint):
    ROLE = Role.SENDER

    def __init__(self, *args):
        super().__init__(*args)
        self.records = {}
        self.counter = 0
        self.open_records = 0  # Not terminal.

    # ---- application

    def submit(self, send):
        """Sends a message; returns its message_id."""
        self.check_send(send)
        self.counter += 1
        rec = Record(f"{self.settings.id_prefix}{self.counter}", self.module_id, send, self.now_ms)
        rec.header.created_wall_ms = self.wall_ms()
        self.open_records += 1
        self.records[rec.message_id] = rec
        self.transition(rec, State.SEND_PENDING, Reason.SEND)
        if send.ttl_ms:
            self.timers.arm(rec.message_id, Timer.TTL, rec.ttl_end_ms)
            self.transmit(rec)
        else:  # CMB-TMR-005: ended at once, and nothing was sent.
            self.abort(rec, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
        return rec.message_id

    def check_send(self, send):
        """Refuses what cannot be sent, without a record. CMB-SND-004."""
        if send.channel not in self.channels or not send.target:
            raise ValueError("no such channel, or no target")
        if send.ttl_ms > self.settings.max_ttl_ms or not Policy(send.policy).in_range:
            raise ValueError("the life or the policy is out of range")
        if self.open_records >= self.settings.in_flight:
            raise ValueError("too many messages in flight")

    def transmit(self, rec):
        """Sends the next attempt: the same message with the life that remains."""
        rec.attempt += 1
        rec.header.attempt = rec.attempt
        rec.header.ttl_ms = self.remaining_ms(rec)
        self.send(rec.channel, None, rec.header, rec.payload)
        self.arm_phase(rec, Timer.ROUTER_ACK, rec.policy.router_ack_ms)

    def remaining_ms(self, rec):
        """CMB-TMR-006: the life runs from the first send."""
        return rec.ttl_end_ms - self.now_ms

    # ---- timers

    def arm_phase(self, rec, kind, wait_ms):
        """One phase timer at a time."""
        self.timers.stop(rec.message_id, *PHASE_TIMERS)
        self.timers.arm(rec.message_id, kind, self.now_ms + wait_ms)

    def fire(self, key, kind):
        rec = self.records[key]
        if kind == Timer.RECORD_EXPIRY:
            del self.records[key]
        elif kind == Timer.BACKOFF:
            self.transmit(rec)
        elif kind == Timer.TTL:
            self.abort(rec, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
        elif kind != Timer.RECONCILE:  # That one only marks the end of the window.
            self.phase_expired(rec, kind)

    def phase_expired(self, rec, kind):
        reason = {Timer.ROUTER_ACK: Reason.ROUTER_ACK_TIMEOUT,
                  Timer.DELIVERY_ACK: Reason.DELIVERY_ACK_TIMEOUT,
                  Timer.EXECUTION: Reason.EXECUTION_TIMEOUT}[kind]
        self.retry_or_abort(rec, reason)

    def retry_or_abort(self, rec, reason):
        if self.may_retry(rec):
            self.retry(rec, reason)
        else:
            self.abort(rec, reason, Code.ACK_TIMEOUT, exhausted=True)

    def may_retry(self, rec):
        return rec.retries < rec.policy.max_retries

    def retry(self, rec, reason, skipped=()):
        """Back to SEND_PENDING, where the next attempt waits its backoff."""
        if rec.state != State.SEND_PENDING:
            self.transition(rec, State.SEND_PENDING, reason, skipped)
        wait_ms = self.backoff_ms(rec)
        self.arm_phase(rec, Timer.BACKOFF, wait_ms)
        self.emit(retry=record.RetryEvent(
            message_id=rec.message_id, role=self.ROLE, reason=reason, attempt=rec.attempt + 1,
            backoff_ms=wait_ms, monotonic_ms=self.now_ms, source=rec.source, target=rec.target))

    def backoff_ms(self, rec):
        return rec.policy.backoff_ms(rec.attempt, self.jitter())

    # ---- ends

    def finish(self, rec, state, reason, certainty, error=0, skipped=()):
        """Any terminal state: timers end, the record is remembered for late ACKs."""
        self.open_records -= not rec.is_terminal
        self.timers.stop(rec.message_id, Timer.TTL, *PHASE_TIMERS)
        rec.certainty, rec.error = certainty, error
        self.transition(rec, state, reason, skipped)
        window_end = self.now_ms + self.settings.reconcile_window_ms
        if state == State.TIMEOUT_ABORT:
            rec.abort_ms = self.now_ms
            self.timers.arm(rec.message_id, Timer.RECONCILE, window_end)
        else:
            self.timers.stop(rec.message_id, Timer.RECONCILE)
        self.timers.arm(rec.message_id, Timer.RECORD_EXPIRY,
                        window_end + 2 * self.settings.max_latency_ms + 1)

    def fail(self, rec, reason, certainty, error, exhausted=False, skipped=()):
        """Known to have failed. `exhausted`: a retry was due, and none was left."""
        self.finish(rec, State.COMPLETED_FAILURE, reason, certainty, error, skipped)
        self.report_failure(rec, exhausted)

    def abort(self, rec, reason, error, exhausted=False):
        """Gives up, provisionally: a late terminal may still reconcile."""
        rec.dead_letter = True
        self.finish(rec, State.TIMEOUT_ABORT, reason, self.certainty_so_far(rec), error)
        if rec.attempt:
            self.tell_router(rec, reason)
        self.report_failure(rec, exhausted)

    def tell_router(self, rec, reason):
        """CMB-SND-018: the router need not go on."""
        code = Code.TTL_EXPIRED if reason == Reason.TTL_EXPIRED else Code.ACK_TIMEOUT
        self.send(INGRESS, None, ack_header(
            self.module_id, ROUTER_ID, AckType.TIMEOUT, Status.FAILURE, rec.message_id,
            rec.attempt, error_code=code), b"")

    def report_failure(self, rec, exhausted):
        """Silent failure is forbidden: one alert for each message that fails."""
        state = Alert.RAISED if rec.alert == Alert.UNSPECIFIED else Alert.UPDATED
        self.alert(rec, state, exhausted_text(rec) if exhausted else cause_text(rec))

    def alert(self, rec, state, text):
        rec.alert, rec.note = state, text
        self.emit(alert=record.Alert(
            alert_id=rec.message_id, state=state, message_id=rec.message_id, source=rec.source,
            target=rec.target, channel=rec.channel, error_code=rec.error, reason=rec.reason,
            text=text, monotonic_ms=self.now_ms))

    # ---- inspection

    def identity(self, key):
        return self.module_id, key

    def transaction(self, source, message_id):
        rec = self.records.get(message_id) if source == self.module_id else None
        return rec and record.TransactionRecord(
            message_id=rec.message_id, role=self.ROLE, source=rec.source, target=rec.target,
            channel=rec.channel, state=rec.state, certainty=rec.certainty, reason=rec.reason,
            error_code=rec.error, attempt=rec.attempt, retry_count=rec.retries,
            dead_letter=rec.dead_letter, alert=rec.alert,
            idempotency_key=rec.header.idempotency_key or rec.message_id,
            created_ms=rec.created_ms, changed_ms=rec.changed_ms, last_ack_type=rec.last_ack[0],
            last_status=rec.last_ack[1], views=views_of(rec), note=rec.note)
