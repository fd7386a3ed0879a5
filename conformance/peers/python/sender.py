"""The sender: what became of each message that the application sent.

Spec: chapters sender, timers and retry, late and conflicting ACKs.
"""

from circuit import Circuit
from endpoint import Endpoint
from generated import (AckType, Alert, Code, Feature, Reason, Role, State, Status, Timer,
                       record)
from history import told
from outcome import cause_text, circuit_text, exhausted_text, views_of, without_start
from sender_acks import SenderAcks
from sender_record import Record
from sends import Sends
from wire import ROUTER_ID, ack_header

PHASE_TIMERS = (Timer.ROUTER_ACK, Timer.DELIVERY_ACK, Timer.EXECUTION, Timer.BACKOFF)


class Sender(Sends, SenderAcks, Endpoint):
    ROLE = Role.SENDER

    def __init__(self, *args):
        super().__init__(*args)
        self.records = {}
        self.circuits = {}     # target -> Circuit; they do not outlive the process.
        self.open_records = 0  # Not terminal.
        self.held_alerts = None  # While an ACK is judged: what it raises.

    # ---- application

    def submit(self, send):
        """Sends a message; returns its message_id."""
        self.check_send(send)
        rec = Record(self.new_id(), self.module_id, send, self.channels_of(send), self.now_ms)
        rec.header.created_wall_ms = self.wall_ms()
        self.speaking(rec.header)
        self.open_records += 1
        self.records[rec.message_id] = rec
        self.transition(rec, State.SEND_PENDING, Reason.SEND)
        if not send.ttl_ms:  # CMB-TMR-005: ended at once, and nothing was sent.
            self.abort(rec, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
        elif not self.circuit_to(rec.target).lets_pass(rec.message_id, self.now_ms):
            self.refuse(rec)
        else:
            self.timers.arm(rec.message_id, Timer.TTL, rec.ttl_end_ms)
            self.borrow_key(rec)
            self.transmit(rec)
        return rec.message_id

    def borrow_key(self, rec):
        """9.4: the message whose id is the key of another is not alone with its work."""
        owner = self.records.get(rec.header.idempotency_key)
        if owner and owner is not rec and owner.target == rec.target:
            owner.own_key = False
            self.touch(owner)

    def circuit_to(self, target):
        if not self.claims.has(Feature.CIRCUIT_BREAKER):
            return Circuit()  # One that nobody remembers is closed.
        return self.circuits.setdefault(target, Circuit(self.settings.circuit))

    def refuse(self, rec):
        """CMB-CBR-003, CMB-CBR-010: nothing is sent, and that is certain."""
        self.fail(rec, Reason.CIRCUIT_OPEN, without_start(rec), Code.CIRCUIT_OPEN)

    def cancel(self, cancel):
        """The application gives a message up. CMB-CXL-001."""
        if cancel.message_id not in self.records:
            raise ValueError("no such message was sent")
        rec = self.records[cancel.message_id]
        if not rec.is_terminal:
            self.finish_record(rec, State.TIMEOUT_ABORT, Reason.CANCEL, self.certainty_so_far(rec),
                               Code.CANCELLED)
            self.send_cancel(rec)
        elif self.may_cancel_late(rec):
            self.send_cancel(rec)

    @staticmethod
    def may_cancel_late(rec):
        """CMB-CXL-013: what was given up may still be stopped."""
        return rec.state == State.TIMEOUT_ABORT and not rec.cancels

    def send_cancel(self, rec):
        """CMB-CXL-015: said again after a while, for as long as an answer would count."""
        if not rec.attempt:
            return  # Nobody has anything to stop.
        self.touch(rec)
        for router in rec.routers:  # CMB-FBK-005
            self.post_to(router, ack_header(
                self.module_id, rec.target, AckType.CANCEL, Status.UNSPECIFIED, rec.message_id,
                rec.attempt))
        rec.cancels += 1
        again_ms = self.now_ms + max(rec.policy.backoff_ms(rec.cancels, self.jitter()),
                                     rec.policy.router_ack_ms)
        if again_ms <= self.window_end_ms(rec):
            self.timers.arm(rec.message_id, Timer.CANCEL, again_ms)

    def say_cancel_again(self, rec):
        if self.now_ms <= self.window_end_ms(rec):  # A restart may be late.
            self.send_cancel(rec)

    def window_end_ms(self, rec):
        """The last instant at which the outcome may still change."""
        return rec.abort_ms + self.window_ms_of(rec)

    def window_ms_of(self, rec):
        """CMB-LATE-019: the application may have set one for the message."""
        own_ms = rec.reconcile_window_ms
        return self.settings.reconcile_window_ms if own_ms is None else own_ms

    def transmit(self, rec):
        """Sends the next attempt: the same message with the life that remains."""
        before = self.ways.router_of(rec.channel)
        rec.attempt += 1
        rec.header.attempt = rec.attempt
        rec.header.ttl_ms = self.remaining_ms(rec)
        rec.channel = rec.header.channel = self.channel_of(rec)
        self.arm_phase(rec, Timer.ROUTER_ACK, rec.policy.router_ack_ms)
        router = self.ways.router_of(rec.channel)
        if router != before:
            self.leave_router(before, rec)
        if router not in rec.routers:
            rec.routers.append(router)
        self.persist()  # CMB-DUR-020: before it leaves.
        if self.send(rec.channel, None, rec.header, rec.payload):
            self.lost(rec.channel, rec.header, rec.payload)

    def channel_of(self, rec):
        """The first attempt goes by the message's channel, the next ones on from its place."""
        if rec.attempt == 1:
            return rec.channel
        return rec.channels[(rec.first_place + rec.attempt - 1) % len(rec.channels)]

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
            self.timers.stop_all(key)  # A CANCEL that a restart made late, for example.
        elif kind == Timer.BACKOFF:
            self.transmit(rec)
        elif kind == Timer.CANCEL:
            self.say_cancel_again(rec)
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
            self.retry(rec, reason, Code.ACK_TIMEOUT)
        else:
            self.abort(rec, reason, Code.ACK_TIMEOUT, exhausted=True)

    def may_retry(self, rec):
        return rec.retries < rec.policy.max_retries

    def retry(self, rec, reason, error):
        """Back to SEND_PENDING, where the next attempt waits its backoff."""
        if rec.state != State.SEND_PENDING:
            rec.error = error
            self.transition(rec, State.SEND_PENDING, reason)
        wait_ms = self.backoff_ms(rec)
        self.arm_phase(rec, Timer.BACKOFF, wait_ms)
        rec.last_retry_ms = self.now_ms
        self.emit(retry=record.RetryEvent(
            message_id=rec.message_id, role=self.ROLE, reason=reason, attempt=rec.attempt + 1,
            backoff_ms=wait_ms, monotonic_ms=self.now_ms, source=rec.source, target=rec.target))

    def backoff_ms(self, rec):
        return rec.policy.backoff_ms(rec.attempt, self.jitter())

    # ---- ends

    def finish_record(self, rec, state, reason, certainty, error=0, skipped=()):
        """Any terminal state: timers end, the record is remembered for late ACKs."""
        is_first_end = not rec.is_terminal
        self.timers.stop(rec.message_id, Timer.TTL, Timer.CANCEL, *PHASE_TIMERS)
        rec.certainty, rec.error = certainty, error
        self.transition(rec, state, reason, skipped)
        if is_first_end:
            self.open_records -= 1
            self.circuit_to(rec.target).ended(rec, self.now_ms)
        frozen_ms = self.now_ms + self.window_ms_of(rec) + 1
        rec.is_provisional = self.may_be_reconciled(state, reason)
        rec.abort_ms = self.now_ms
        if state == State.TIMEOUT_ABORT:
            self.timers.arm(rec.message_id, Timer.RECONCILE, frozen_ms)
        else:
            self.timers.stop(rec.message_id, Timer.RECONCILE)
        self.timers.arm(rec.message_id, Timer.RECORD_EXPIRY,
                        frozen_ms + 2 * self.settings.max_latency_ms)

    @staticmethod
    def may_be_reconciled(state, reason):
        """9.1: given up, or failed by the router's word alone."""
        return state == State.TIMEOUT_ABORT or (
            state == State.COMPLETED_FAILURE and reason in (Reason.ROUTER_ACK, Reason.DELIVERY_ACK))

    def fail(self, rec, reason, certainty, error, exhausted=False, skipped=()):
        """Known to have failed. `exhausted`: a retry was asked for, and none was left."""
        self.finish_record(rec, State.COMPLETED_FAILURE, reason, certainty, error, skipped)
        self.report_failure(rec, exhausted)

    def abort(self, rec, reason, error, exhausted=False):
        """Gives up, provisionally: a late terminal may still reconcile."""
        rec.dead_letter = True
        self.finish_record(rec, State.TIMEOUT_ABORT, reason, self.certainty_so_far(rec),
                           error or Code.ACK_TIMEOUT)
        if rec.attempt:
            self.tell_router(rec, reason)
        if rec.policy.cancel_on_timeout and self.claims.tracked:  # CMB-CXL-014
            self.send_cancel(rec)
        self.report_failure(rec, exhausted)

    def tell_router(self, rec, reason):
        """CMB-SND-018: the router need not go on."""
        code = Code.TTL_EXPIRED if reason == Reason.TTL_EXPIRED else Code.ACK_TIMEOUT
        for router in rec.routers:  # CMB-FBK-005
            self.post_to(router, self.timeout_of(rec, rec.attempt, code))

    def timeout_of(self, rec, attempt, code):
        return ack_header(self.module_id, ROUTER_ID, AckType.TIMEOUT, Status.FAILURE,
                          rec.message_id, attempt, error_code=code)

    def leave_router(self, router, rec):
        """CMB-FBK-004: it is told before the next attempt leaves by another."""
        self.post_to(router, self.timeout_of(rec, rec.attempt - 1, Code.ACK_TIMEOUT))
        self.flush()

    def report_failure(self, rec, exhausted):
        """Silent failure is forbidden: one alert for each message that fails."""
        text = (exhausted_text if exhausted else circuit_text if rec.reason == Reason.CIRCUIT_OPEN
                else cause_text)
        self.alert(rec, Alert.RAISED, text(rec))

    def alert(self, rec, state, text, reason=None, error=None):
        """`reason`, `error`: where they are not those of the record."""
        rec.alert, rec.note = state, text
        alert = record.Alert(
            alert_id=rec.message_id, state=state, message_id=rec.message_id, source=rec.source,
            target=rec.target, channel=rec.channel, error_code=rec.error if error is None else error,
            reason=reason or rec.reason, text=text, monotonic_ms=self.now_ms)
        if self.held_alerts is not None:
            return self.held_alerts.append(alert)
        self.emit(alert=alert)

    def revise_alert(self, rec, resolved):
        """CMB-LATE-003"""
        self.alert(rec, Alert.RESOLVED if resolved else Alert.UPDATED, cause_text(rec))

    # ---- what is kept

    def image_of(self, key):
        return self.records.get(key)

    def take_image(self, key, kept):
        self.records[key] = kept
        self.open_records += not kept.is_terminal

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
            last_status=rec.last_ack[1], views=views_of(rec), note=rec.note,
            ack_history=told(rec.history), last_retry_at_ms=rec.last_retry_ms)
