"""What an ACK does to a sender's record: judged in the order of the spec.

Spec: chapters sender, late and conflicting ACKs. Mixed into Sender.
"""

from generated import (AckType, Alert, Anomaly, Certainty, Code, Reason, State, Status, Timer, record)
from history import note
from outcome import (attests_start, cause_text, certainty_of_terminal, disproves, known_so_far,
                     late_failure_text, without_start, wrong_proof_text)
from wire import LEGAL_STATUS, LONGEST_MS, ROUTER_ID

STAGE = {AckType.ROUTER_ACK: State.ROUTED, AckType.DELIVERY_ACK: State.DELIVERED,
         AckType.EXECUTION_ACK: State.EXECUTING, AckType.PROGRESS_ACK: State.EXECUTING}
REASON = {AckType.TIMEOUT: Reason.TIMEOUT,
          AckType.ROUTER_ACK: Reason.ROUTER_ACK, AckType.DELIVERY_ACK: Reason.DELIVERY_ACK,
          AckType.EXECUTION_ACK: Reason.EXECUTION_ACK, AckType.PROGRESS_ACK: Reason.PROGRESS_ACK}


def skipped_between(old, new):
    """The stages that a step from old to new implies, in protocol order."""
    implied = ((State.ROUTED, AckType.ROUTER_ACK), (State.DELIVERED, AckType.DELIVERY_ACK))
    return [ack_type for state, ack_type in implied if old < state < new]


def identity(ack):
    """ACKs that are alike in this are one. CMB-DUP-001"""
    return ack.ack_type, ack.status, ack.attempt


def row_place(ack):
    """Of an ACK that stands in the row of a work: the attempt decides first. CMB-DUP-011"""
    return ack.attempt, ack.progress_number


class SenderAcks:
    """on_ack and what follows from it."""

    def on_ack(self, header, ack):
        self.held_alerts = held = []  # They come after the anomaly that raises them.
        if verdict := self.judge(header.source, ack):
            self.ack_anomaly(verdict, header.source, ack)
        self.held_alerts = None
        for alert in held:
            self.emit(alert=alert)

    def judge(self, source, ack):
        """Does what the ACK says; returns the one anomaly if it changes nothing."""
        if ack.status not in LEGAL_STATUS.get(ack.ack_type, ()):
            return Anomaly.UNKNOWN_VALUE
        rec = self.records.get(ack.correlation_id)
        if not rec:
            return Anomaly.UNKNOWN_MESSAGE
        if not self.may_say(rec, source, ack):
            return Anomaly.UNAUTHORIZED_ACK
        if self.is_duplicate(rec, ack):
            return Anomaly.DUPLICATE_ACK
        self.touch(rec)
        self.remember(rec, ack)
        if self.is_stale(rec, ack):
            return Anomaly.STALE_ATTEMPT
        was_wrong = disproves(rec, ack)
        verdict = self.act_on(rec, ack)
        if was_wrong:
            self.tell_wrong_proof(rec, ack, reconciled=not verdict)
        if not verdict:
            rec.last_ack = (ack.ack_type, ack.status)
            note(rec.history, ack, self.now_ms)
        return Anomaly.CONFLICT if was_wrong else verdict

    def may_say(self, rec, source, ack):
        """The router speaks of routing, the target of execution, and neither of both."""
        if ack.ack_type in (AckType.EXECUTION_ACK, AckType.PROGRESS_ACK):
            return source == rec.target
        if ack.ack_type in (AckType.ROUTER_ACK, AckType.DELIVERY_ACK, AckType.TIMEOUT):
            return source == ROUTER_ID
        return False  # RECEIPT and CANCEL never come to a sender.

    def is_duplicate(self, rec, ack):
        if ack.status == Status.IN_PROGRESS:
            return row_place(ack) <= rec.row_place
        return identity(ack) in rec.judged

    def remember(self, rec, ack):
        if ack.status == Status.IN_PROGRESS:
            rec.row_place = row_place(ack)
        else:
            rec.judged.add(identity(ack))

    def is_stale(self, rec, ack):
        """Bad news counts only for the attempt that was sent last."""
        return self.is_bad_news(ack) and ack.attempt != rec.attempt

    @staticmethod
    def is_bad_news(ack):
        if ack.ack_type == AckType.EXECUTION_ACK:
            return ack.status == Status.REJECTED and ack.retryable
        return ack.status in (Status.REJECTED, Status.FAILURE)

    def act_on(self, rec, ack):
        if ack.ack_type == AckType.EXECUTION_ACK and ack.status != Status.IN_PROGRESS:
            return self.on_terminal(rec, ack)
        if ack.ack_type == AckType.TIMEOUT:
            return self.on_router_timeout(rec, ack)
        if ack.ack_type == AckType.ROUTER_ACK and ack.status == Status.REJECTED:
            return self.on_router_rejection(rec, ack)
        if ack.ack_type == AckType.DELIVERY_ACK and ack.status == Status.FAILURE:
            return self.on_delivery_failure(rec, ack)
        return self.on_stage(rec, ack)

    def tell_wrong_proof(self, rec, ack, reconciled):
        """Somebody proved what was not so: CMB-LATE-016, CMB-LATE-017."""
        rec.disproved = True
        cause = (rec.reason, rec.error) if reconciled else (REASON[ack.ack_type], ack.error_code)
        self.alert(rec, Alert.UPDATED if rec.alert else Alert.RAISED, wrong_proof_text(rec), *cause)

    # ---- good news

    def on_stage(self, rec, ack):
        """Stages are cumulative: a later one implies the earlier ones."""
        state = STAGE[ack.ack_type]
        if state == State.EXECUTING and not ack.HasField("hold_ms"):
            self.attest_start(rec)
        if state == State.EXECUTING and not rec.is_terminal:
            self.circuit_to(rec.target).works(rec)
        rec.stage = max(rec.stage, state)
        if rec.is_terminal or rec.state > state or rec.state == state != State.EXECUTING:
            return Anomaly.OUT_OF_ORDER_ACK
        if state >= rec.required_state:
            self.complete_early(rec, REASON[ack.ack_type], skipped_between(rec.state, state),
                                ack.error_code)
            return None
        started = rec.state == State.EXECUTING
        if not started:
            rec.error = ack.error_code
            self.transition(rec, state, REASON[ack.ack_type], skipped_between(rec.state, state))
        if started or ack.ack_type == AckType.PROGRESS_ACK:
            self.report_progress(rec, ack)
        self.arm_stage(rec, state, ack)
        return None

    def attest_start(self, rec):
        """A start that is not held proves execution, even when it is told late."""
        rec.started = True
        if rec.is_terminal:
            rec.certainty = Certainty.EXECUTED

    def complete_early(self, rec, reason, skipped, error=0):
        """required_ack is below EXECUTION_ACK, and its stage was reached."""
        rec.completed_early = True
        self.finish_record(rec, State.COMPLETED_SUCCESS, reason, self.certainty_so_far(rec), error,
                           skipped=skipped)

    @staticmethod
    def certainty_so_far(rec):
        return known_so_far(rec)

    def report_progress(self, rec, ack):
        self.emit(progress=record.ProgressEvent(
            message_id=rec.message_id, role=self.ROLE, progress_number=ack.progress_number,
            percent=ack.percent if ack.HasField("percent") else None,
            monotonic_ms=self.now_ms, source=rec.source, target=rec.target))

    def arm_stage(self, rec, state, ack):
        if state == State.ROUTED:
            self.arm_phase(rec, Timer.DELIVERY_ACK, rec.policy.delivery_ack_ms)
        else:  # A held start waits hold_ms first.
            self.arm_phase(rec, Timer.EXECUTION, rec.policy.execution_ms
                           + min(ack.hold_ms, LONGEST_MS))

    # ---- bad news

    def on_router_rejection(self, rec, ack):
        if rec.state != State.SEND_PENDING:
            return Anomaly.UNEXPECTED_ACK
        rec.rejected.add(ack.attempt)
        retryable = ack.error_code in rec.policy.retryable or self.may_find_a_route(rec, ack)
        if self.retries_after(rec, retryable, Reason.ROUTER_ACK, ack):
            return None
        if len(rec.rejected) == rec.attempt:  # Every attempt sent was refused.
            rec.refused = True
            self.fail(rec, Reason.ROUTER_ACK, without_start(rec), ack.error_code, retryable)
        else:  # An earlier attempt may still be under way.
            self.abort(rec, Reason.ROUTER_ACK, ack.error_code, retryable)
        return None

    @staticmethod
    def may_find_a_route(rec, ack):
        """CMB-RTY-010. A sender without fallback has one channel in its list."""
        return ack.error_code == Code.NO_ROUTE and (
            rec.attempt > 1 or len({rec.channel, *rec.channels}) > 1)

    def on_delivery_failure(self, rec, ack):
        if self.answers_a_cancel(rec, ack):  # CMB-CXL-003
            self.timers.stop(rec.message_id, Timer.CANCEL)
            rec.certainty = without_start(rec)
            return None
        if rec.may_fail_late:
            return self.late_failure(rec, ack)
        if rec.state not in (State.SEND_PENDING, State.ROUTED):
            return Anomaly.UNEXPECTED_ACK
        retryable = ack.error_code in rec.policy.retryable
        if not self.retries_after(rec, retryable, Reason.DELIVERY_ACK, ack):
            self.fail(rec, Reason.DELIVERY_ACK, self.certainty_so_far(rec), ack.error_code,
                      retryable)
        return None

    @staticmethod
    def answers_a_cancel(rec, ack):
        return (rec.state == State.TIMEOUT_ABORT and rec.cancels
                and ack.error_code == Code.CANCELLED and ack.never_forwarded)

    def on_router_timeout(self, rec, ack):
        """The router gave up: as if the delivery timer had expired."""
        if rec.may_fail_late:
            return self.late_failure(rec, ack)
        if rec.state not in (State.SEND_PENDING, State.ROUTED):
            return Anomaly.UNEXPECTED_ACK
        if not self.retries_after(rec, True, Reason.TIMEOUT, ack):
            self.abort(rec, Reason.TIMEOUT, ack.error_code, exhausted=True)
        return None

    def retries_after(self, rec, retryable, reason, ack):
        """Whether bad news is answered by a retry: a new one, or the one that waits."""
        if not retryable:
            return False
        if self.timers.deadline(rec.message_id, Timer.BACKOFF) is not None:
            return True
        if not self.may_retry(rec):
            return False
        self.retry(rec, reason, ack.error_code)
        return True

    # ---- terminals

    def on_terminal(self, rec, ack):
        if rec.is_provisional and (rec.state == State.TIMEOUT_ABORT
                                   or ack.status == Status.SUCCESS):
            return self.reconcile(rec, ack)
        if rec.is_terminal:
            return self.second_terminal(rec, ack)
        refused_for_now = ack.status == Status.REJECTED and ack.retryable
        if not self.retries_after(rec, refused_for_now, Reason.EXECUTION_ACK, ack):
            self.complete(rec, ack, skipped_between(rec.state, State.EXECUTING), refused_for_now)
        return None

    def complete(self, rec, ack, skipped, exhausted):
        """The first terminal decides."""
        certainty = certainty_of_terminal(rec, ack, self.now_ms)
        rec.refused = ack.status == Status.REJECTED
        if ack.status == Status.SUCCESS:
            self.finish_record(rec, State.COMPLETED_SUCCESS, Reason.EXECUTION_ACK, certainty,
                               ack.error_code, skipped=skipped)
        else:
            self.fail(rec, Reason.EXECUTION_ACK, certainty, ack.error_code, exhausted, skipped)

    def reconcile(self, rec, ack):
        """What is provisional is so until the window ends, its last instant included."""
        if self.now_ms > self.window_end_ms(rec):
            self.raise_certainty(rec, ack)
            return Anomaly.LATE_AFTER_WINDOW
        succeeded = ack.status == Status.SUCCESS
        was_wrong = disproves(rec, ack)
        rec.refused = ack.status == Status.REJECTED
        rec.dead_letter = False
        self.finish_record(rec, State.COMPLETED_SUCCESS if succeeded else State.COMPLETED_FAILURE,
                           Reason.LATE_EXECUTION_ACK,
                           certainty_of_terminal(rec, ack, self.now_ms), ack.error_code)
        if rec.alert and not was_wrong:
            self.revise_alert(rec, succeeded and not rec.disproved)
        return None

    def second_terminal(self, rec, ack):
        """The first stands; what agrees is a duplicate, what does not is a conflict."""
        self.raise_certainty(rec, ack)
        succeeded = ack.status == Status.SUCCESS
        if rec.may_fail_late or (rec.completed_early and succeeded):
            return self.late_success(rec, ack) if succeeded else self.late_failure(rec, ack)
        if succeeded != (rec.state == State.COMPLETED_SUCCESS):
            return Anomaly.CONFLICT
        rec.is_provisional = False  # The target has spoken.
        return Anomaly.DUPLICATE_ACK

    def late_failure(self, rec, ack):
        """Nobody waited for it, but it shall not fail in silence: CMB-LATE-018."""
        if not rec.alert:
            self.alert(rec, Alert.RAISED, late_failure_text(rec, ack), REASON[ack.ack_type],
                       ack.error_code)
        return Anomaly.LATE_FAILURE

    def late_success(self, rec, ack):
        """CMB-LATE-007"""
        rec.stage = State.COMPLETED_SUCCESS
        if rec.alert == Alert.RAISED:
            self.alert(rec, Alert.RESOLVED, cause_text(rec), Reason.EXECUTION_ACK, ack.error_code)

    def raise_certainty(self, rec, ack):
        """Evidence of a start counts even where the outcome is settled."""
        if attests_start(ack):
            self.attest_start(rec)
