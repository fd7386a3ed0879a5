"""Senders that are wrong where few would look: at the edges of a sentence."""

from generated import AckType, Alert, Code, Reason, State, Timer
from history import FIRST, LAST
from mutants.registry import mutant
from outcome import cause_text, wrong_proof_text
from sender import Sender


@mutant("a-refusal-shows-its-stage", "CMB-OBS-007", "sender/a-refusal-shows-no-stage*")
class ARefusalShowsItsStage(Sender):
    """Bad news shows the stages below it like good news."""

    def retry(self, rec, reason, error):
        rec.seen = {Reason.DELIVERY_ACK: (AckType.ROUTER_ACK,),
                    Reason.EXECUTION_ACK: (AckType.ROUTER_ACK, AckType.DELIVERY_ACK)}.get(reason, (AckType.ROUTER_ACK,))
        super().retry(rec, reason, error)

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        seen = getattr(rec, "seen", ())
        super().transition(rec, new_state, reason, [stage for stage in skipped if stage not in seen], note)


@mutant("a-reconciled-outcome-skips", "CMB-OBS-007", "sender/what-reconciles-skips-nothing*")
class AReconciledOutcomeSkips(Sender):
    """What reconciles lists the stages that nobody told before the end."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        if reason == Reason.LATE_EXECUTION_ACK:
            skipped = (AckType.ROUTER_ACK, AckType.DELIVERY_ACK)
        super().transition(rec, new_state, reason, skipped, note)


@mutant("a-conflict-takes-no-effect", "CMB-INS-001", "sender/what-reconciles-took-effect@by=wrong_proof")
class AConflictTakesNoEffect(Sender):
    """The ACK that reconciled is not the last ACK of the record if it was a CONFLICT too."""

    def judge(self, source, ack):
        rec = self.records.get(ack.correlation_id)
        before = rec and rec.last_ack
        verdict = super().judge(source, ack)
        if rec and verdict:
            rec.last_ack = before
        return verdict


@mutant("an-overtaken-ack-is-the-last", "CMB-INS-001", "sender/what-reconciles-took-effect@by=overtaken")
class AnOvertakenAckIsTheLast(Sender):
    """Whatever came last is the last ACK, whether it took effect or not."""

    def remember(self, rec, ack):
        super().remember(rec, ack)
        rec.last_ack = (ack.ack_type, ack.status)


@mutant("keeps-the-last-32-acks", "CMB-INS-011", "sender/the-first-and-the-last-acks-are-kept@how=many")
class KeepsTheLast32Acks(Sender):
    """The first ACKs are forgotten for those that come."""

    def judge(self, source, ack):
        rec = self.records.get(ack.correlation_id)
        first = rec.history[0] if rec and len(rec.history) == FIRST + LAST else None
        verdict = super().judge(source, ack)
        if first and rec.history[0] == first:
            del rec.history[0]
        return verdict


@mutant("an-alert-tells-the-old-cause", "CMB-OBS-024", "sender/an-alert-tells-its-cause*")
class AnAlertTellsTheOldCause(Sender):
    """The alert of a proof that was wrong has the reason and code of the failure that it had proven."""

    def tell_wrong_proof(self, rec, *_, **__):
        rec.disproved = True
        self.alert(rec, Alert.UPDATED if rec.alert else Alert.RAISED, wrong_proof_text(rec))


@mutant("a-late-failure-has-the-records-cause", "CMB-OBS-024", "sender/an-alert-of-a-late-failure-*")
class ALateFailureHasTheRecordsCause(Sender):
    """The alert of a LATE_FAILURE tells what completed the record."""

    def alert(self, rec, state, text, reason=None, error=None):
        super().alert(rec, state, text)


@mutant("resolves-again", "CMB-LATE-007", "sender/an-alert-of-a-late-failure-*")
class ResolvesAgain(Sender):
    """Each success after a LATE_FAILURE resolves its alert once more."""

    def late_success(self, rec, ack):
        rec.stage = State.COMPLETED_SUCCESS
        if rec.alert:
            self.alert(rec, Alert.RESOLVED, cause_text(rec), Reason.EXECUTION_ACK)


@mutant("lives-as-long-as-it-is-told", "CMB-SND-001", "sender/a-life-of-more-than-a-hundred-years")
class LivesAsLongAsItIsTold(Sender):
    """A life has no bound but the setting."""

    def transmit(self, rec):
        rec.ttl_end_ms = rec.created_ms + self.given_ms
        super().transmit(rec)

    def submit(self, send):
        self.given_ms = send.ttl_ms
        return super().submit(send)


@mutant("a-conflict-agrees-with-nothing", "CMB-LATE-005", "sender/a-failure-that-agrees-and-disproves")
class AConflictAgreesWithNothing(Sender):
    """A failure that is counted as CONFLICT leaves the router's word provisional."""

    def tell_wrong_proof(self, rec, ack, reconciled):
        super().tell_wrong_proof(rec, ack, reconciled)
        rec.is_provisional = rec.state == State.COMPLETED_FAILURE and not reconciled


@mutant("nothing-sent-proves-nothing", "CMB-LATE-012", "sender/memory-counts-from-the-applications-send*")
class NothingSentProvesNothing(Sender):
    """The memory of a target is compared with the first attempt, and without one never suffices."""

    def reconcile(self, rec, ack):
        rec.own_key = rec.own_key and rec.attempt > 0
        return super().reconcile(rec, ack)


@mutant("borrows-without-a-send", "CMB-LATE-012", "sender/a-life-of-zero-borrows-no-key")
class BorrowsWithoutASend(Sender):
    """A message lends its key to one that is never sent."""

    def submit(self, send):
        message_id = super().submit(send)
        self.borrow_key(self.records[message_id])
        return message_id


@mutant("rounds-a-half-down", "CMB-RTY-008", "sender/half-a-millisecond-*")
class RoundsAHalfDown(Sender):
    """A wait has the whole milliseconds that it has, and no more."""

    def backoff_ms(self, rec):
        return int(min(rec.policy.max_ms, rec.policy.first_ms * rec.policy.factor ** (rec.attempt - 1)) * self.jitter())


@mutant("a-waiting-retry-is-an-attempt", "CMB-SND-013", "sender/a-final-refusal-while-a-retry-waits")
class AWaitingRetryIsAnAttempt(Sender):
    """While a retry waits that another ACK has caused, a final refusal proves nothing."""

    def on_router_rejection(self, rec, ack):
        if self.timers.deadline(rec.message_id, Timer.BACKOFF) is None or ack.error_code in rec.policy.retryable:
            return super().on_router_rejection(rec, ack)
        self.abort(rec, Reason.ROUTER_ACK, ack.error_code)
        return None


@mutant("retries-what-has-no-code", "CMB-VER-005", "sender/unspecified-in-the-list-*")
class RetriesWhatHasNoCode(Sender):
    """UNSPECIFIED in the policy's list stands for an absent code."""

    def on_router_rejection(self, rec, ack):
        rec.policy.retryable |= {Code.UNSPECIFIED}
        return super().on_router_rejection(rec, ack)


@mutant("hands-over-at-the-end", "CMB-RTY-005", "sender/a-resend-and-the-end-at-one-instant")
class HandsOverAtTheEnd(Sender):
    """A re-send leaves with the answers of its instant, and so not at all where a frame ends the record."""

    def __init__(self, *args):
        super().__init__(*args)
        self.resends = []

    def transmit(self, rec):
        if rec.attempt:
            self.resends.append(rec)
        else:
            super().transmit(rec)

    def finish(self):
        resends, self.resends = self.resends, []
        for rec in resends:
            if not rec.is_terminal:
                super().transmit(rec)
        super().finish()
