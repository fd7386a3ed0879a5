"""Who tells too little of what changes no state, or too much."""

from generated import AckType, Anomaly, Reason, State, record
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


@mutant("redelivers-in-silence", "CMB-OBS-006", "router/redeliveries-are-told")
class RedeliversInSilence(Router):
    """A redelivery has no retry event."""

    def emit(self, **event):
        if "retry" not in event:
            super().emit(**event)


@mutant("counts-all-forwards", "CMB-OBS-006", "router/redeliveries-are-told")
class CountsAllForwards(Router):
    """delivery_count goes on over a new attempt."""

    def emit(self, **event):
        if "retry" in event:
            event["retry"].delivery_count += event["retry"].attempt - 1
        super().emit(**event)


@mutant("progress-is-a-change-only", "CMB-OBS-005", "sender/progress-is-told")
class ProgressIsAChangeOnly(Sender):
    """A PROGRESS_ACK that enters EXECUTING is told by its transition alone."""

    def transition(self, rec, new_state, *args, **named):
        super().transition(rec, new_state, *args, **named)
        self.entered = self.now_ms, rec.message_id

    def report_progress(self, rec, ack):
        if getattr(self, "entered", None) != (self.now_ms, rec.message_id):
            super().report_progress(rec, ack)


@mutant("a-start-is-no-progress", "CMB-OBS-005", "sender/progress-is-told")
class AStartIsNoProgress(Sender):
    """IN_PROGRESS while EXECUTING re-arms the timer and is not told."""

    def report_progress(self, rec, ack):
        if ack.ack_type == AckType.PROGRESS_ACK:
            super().report_progress(rec, ack)


def tell_a_change(router, rec, old_state, reason):
    """A transition event to the state of the record, which did not change."""
    router.emit(transition=record.TransitionEvent(
        message_id=rec.message_id, old_state=old_state, new_state=rec.state, reason=reason,
        monotonic_ms=router.now_ms, source=rec.source, target=rec.target, role=router.ROLE,
        attempt=rec.attempt))


@mutant("tells-of-a-new-record", "CMB-OBS-003", "router/new-messages-are-recorded")
class TellsOfANewRecord(Router):
    """A record that is made is told as a transition out of nothing."""

    def accept(self, rec, is_new):
        super().accept(rec, is_new)
        if is_new:
            tell_a_change(self, rec, State.UNSPECIFIED, Reason.UNSPECIFIED)


@mutant("self-transition-at-a-router", "CMB-OBS-002", "router/nothing-moves-without-a-cause")
class SelfTransitionAtARouter(Router):
    """A RECEIPT that changes nothing emits a transition from a state to itself."""

    def on_receipt(self, rec, ack):
        verdict = super().on_receipt(rec, ack)
        if verdict == Anomaly.OUT_OF_ORDER_ACK:
            tell_a_change(self, rec, rec.state, Reason.RECEIPT)
        return verdict


@mutant("tells-the-last-acks-only", "CMB-INS-011", "router/the-first-and-the-last-acks-are-kept")
class TellsTheLastAcksOnly(Router):
    """Of many ACKs the first ones are forgotten."""

    def on_ack(self, header, ack, frames):
        super().on_ack(header, ack, frames)
        rec = self.records.get(self.key_of(header, ack))
        if rec and len(rec.history) > 16:
            del rec.history[:-16]


@mutant("tells-what-was-dropped", "CMB-INS-011", "router/the-acks-of-a-message-are-told")
class TellsWhatWasDropped(Router):
    """An ACK that was an anomaly stands in the history."""

    def judge(self, header, ack, frames):
        verdict = super().judge(header, ack, frames)
        rec = self.records.get(self.key_of(header, ack))
        if verdict and rec:
            rec.history.append((ack.ack_type, ack.status, ack.attempt, self.now_ms))
        return verdict


@mutant("tells-one-ack-of-each-stage", "CMB-INS-011", "sender/the-acks-of-a-message-are-told")
class TellsOneAckOfEachStage(Sender):
    """The history says when a state was entered, not when each ACK came."""

    def judge(self, source, ack):
        verdict = super().judge(source, ack)
        rec = self.records.get(ack.correlation_id)
        if rec and rec.history and rec.is_terminal:
            del rec.history[:-1]
        return verdict


@mutant("retries-without-a-code", "CMB-OBS-001", "sender/a-retry-tells-its-code*")
class RetriesWithoutACode(Sender):
    """A transition that a retry causes tells no error_code."""

    def retry(self, rec, reason, error):
        super().retry(rec, reason, 0)


@mutant("tells-the-first-retry", "CMB-INS-012", "sender/the-acks-of-a-message-are-told")
class TellsTheFirstRetry(Sender):
    """last_retry_at_ms stays at the first retry."""

    def retry(self, rec, *args):
        first_ms = rec.last_retry_ms
        super().retry(rec, *args)
        rec.last_retry_ms = first_ms if first_ms is not None else rec.last_retry_ms


@mutant("tells-the-first-redelivery", "CMB-INS-012", "router/the-last-redelivery-is-told")
class TellsTheFirstRedelivery(Router):
    """last_retry_at_ms stays at the first redelivery."""

    def redeliver(self, rec):
        first_ms = rec.last_retry_ms
        super().redeliver(rec)
        rec.last_retry_ms = first_ms if first_ms is not None else rec.last_retry_ms


@mutant("counts-the-send-to-come", "CMB-OBS-001", "sender/a-message-counts-its-sends-from-none")
class CountsTheSendToCome(Sender):
    """The transition into SEND_PENDING tells attempt 1, which has not been sent yet."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        rec.attempt += reason == Reason.SEND
        super().transition(rec, new_state, reason, skipped, note)
        rec.attempt -= reason == Reason.SEND


@mutant("aborts-without-a-code", "CMB-OBS-001", "sender/what-gave-it-up-had-no-code*")
class AbortsWithoutACode(Sender):
    """What an ACK without a code gives up is told without one."""

    had_code = True

    def on_ack(self, header, ack):
        self.had_code = bool(ack.error_code)
        super().on_ack(header, ack)

    def finish_record(self, rec, state, reason, certainty, error=0, skipped=()):
        if reason in (Reason.TIMEOUT, Reason.ROUTER_ACK) and not self.had_code:
            error = 0
        super().finish_record(rec, state, reason, certainty, error, skipped)


@mutant("sees-nothing-after-the-end", "CMB-INS-002", "sender/views-see-what-comes-after-the-end")
class SeesNothingAfterTheEnd(Sender):
    """The views of a completed message stay as they were when it completed."""

    def on_stage(self, rec, ack):
        stage, was_terminal = rec.stage, rec.is_terminal
        verdict = super().on_stage(rec, ack)
        if was_terminal:
            rec.stage = stage
        return verdict


@mutant("knows-no-tombstone", "CMB-TGT-011", "target/an-ack-about-a-tombstone")
class KnowsNoTombstone(Target):
    """An ACK about a message of which only a CANCEL came is about an unknown one."""

    def judge(self, header, ack):
        message = self.messages.get((header.source, ack.correlation_id))
        verdict = super().judge(header, ack)
        if verdict == Anomaly.UNAUTHORIZED_ACK and message and message.work.is_tombstone:
            return Anomaly.UNKNOWN_MESSAGE
        return verdict
