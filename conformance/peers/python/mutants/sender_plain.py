"""Senders that are wrong in one thing each of the plain path: stages, ends, attempts, timers."""

from generated import AckType, Anomaly, Code, Reason, State, Status, Timer
from mutants.registry import mutant
from mutants.timing import Backwards
from sender import PHASE_TIMERS, Sender
from sender_acks import STAGE


class SenderThatMisses(Sender):
    """Helps: what one kind of ACK says means nothing."""

    MISSES = None

    def act_on(self, rec, ack):
        missed = (ack.ack_type, ack.status) == self.MISSES and not rec.is_terminal
        return None if missed else super().act_on(rec, ack)


@mutant("a-router-ack-is-no-stage", "CMB-SND-006", "sender/each-stage-arms-its-timer*")
class ARouterAckIsNoStage(SenderThatMisses):
    """ROUTER_ACK moves nothing."""

    MISSES = AckType.ROUTER_ACK, Status.SUCCESS


@mutant("a-delivery-ack-is-no-stage", "CMB-SND-007", "sender/each-stage-arms-its-timer*")
class ADeliveryAckIsNoStage(SenderThatMisses):
    """DELIVERY_ACK moves nothing."""

    MISSES = AckType.DELIVERY_ACK, Status.SUCCESS


@mutant("a-success-is-no-end", "CMB-SND-008", "sender/ack-and-timer-at-one-millisecond-ack-first*")
class ASuccessIsNoEnd(SenderThatMisses):
    """EXECUTION_ACK/SUCCESS moves nothing."""

    MISSES = AckType.EXECUTION_ACK, Status.SUCCESS


@mutant("the-router-cannot-give-up", "CMB-SND-016", "sender/timeout-of-the-router-is-an-expiry*")
class TheRouterCannotGiveUp(SenderThatMisses):
    """A TIMEOUT of the router is passed over; its own timer will tell."""

    MISSES = AckType.TIMEOUT, Status.FAILURE


@mutant("one-stage-at-a-time", "CMB-SND-005", "sender/skipped-stages*")
class OneStageAtATime(Sender):
    """An ACK whose stage is not the next one moves the record to the next one."""

    def on_stage(self, rec, ack):
        if not rec.is_terminal and STAGE[ack.ack_type] > rec.state + 1:
            ack.ack_type = AckType.ROUTER_ACK
            ack.status = Status.SUCCESS
        return super().on_stage(rec, ack)


@mutant("waits-for-the-end-anyway", "CMB-SND-010", "sender/required-ack-completes-early*")
class WaitsForTheEndAnyway(Sender):
    """required_ack is read, and forgotten."""

    def submit(self, send):
        message_id = super().submit(send)
        self.records[message_id].required_state = State.COMPLETED_SUCCESS
        return message_id


@mutant("late-bad-news-is-no-news", "CMB-SND-012", "sender/bad-news-that-comes-too-late-in-the-life*")
class LateBadNewsIsNoNews(Sender):
    """Bad news that comes too late in the life of a message is passed over."""

    def act_on(self, rec, ack):
        verdict = super().act_on(rec, ack)
        return None if verdict == Anomaly.UNEXPECTED_ACK else verdict


@mutant("one-refusal-is-a-failure", "CMB-SND-014", "sender/every-attempt-rejected-proves-it*")
class OneRefusalIsAFailure(Sender):
    """The refusal of one attempt fails the message, whatever became of the others."""

    def abort(self, rec, reason, error, exhausted=False):
        if reason == Reason.ROUTER_ACK:
            self.fail(rec, reason, self.certainty_so_far(rec), error, exhausted)
        else:
            super().abort(rec, reason, error, exhausted)


class SenderThatGivesUp(Sender):
    """Helps: what fails for one reason is given up instead."""

    FOR = None

    def fail(self, rec, reason, certainty, error, exhausted=False, skipped=()):
        if reason == self.FOR:
            self.abort(rec, reason, error, exhausted)
        else:
            super().fail(rec, reason, certainty, error, exhausted, skipped)


@mutant("undelivered-is-given-up", "CMB-SND-015", "sender/delivery-failure-for-good*")
class UndeliveredIsGivenUp(SenderThatGivesUp):
    """A final DELIVERY_ACK/FAILURE ends in TIMEOUT_ABORT."""

    FOR = Reason.DELIVERY_ACK


@mutant("asks-who-has-refused", "CMB-SND-017", "sender/refusal-by-the-target-is-final*")
class AsksWhoHasRefused(Sender):
    """A refusal of the target is answered by a retry, retryable or not."""

    def on_terminal(self, rec, ack):
        if ack.status == Status.REJECTED and not rec.is_terminal and self.may_retry(rec):
            self.retry(rec, Reason.EXECUTION_ACK, ack.error_code)
            return None
        return super().on_terminal(rec, ack)


@mutant("one-timer-for-all", "CMB-SND-020", "sender/two-messages-do-not-mix*",
        "sender/two-hundred-interleaved*")
class OneTimerForAll(Sender):
    """The phase timer of one message stops those of the others."""

    def arm_phase(self, rec, kind, wait_ms):
        for other in self.records:
            self.timers.stop(other, *PHASE_TIMERS)
        super().arm_phase(rec, kind, wait_ms)


@mutant("skips-a-number", "CMB-SND-021", "sender/ids-and-attempts*")
class SkipsANumber(Sender):
    """A re-send has the number after the next."""

    def transmit(self, rec):
        rec.attempt += rec.attempt > 0
        super().transmit(rec)


@mutant("one-id-for-all", "CMB-SND-002", "sender/ids-and-attempts*")
class OneIdForAll(Sender):
    """Every message has the same id."""

    def new_id(self):
        return f"{self.settings.id_prefix}1"


@mutant("a-zero-is-no-answer", "CMB-SND-022", "sender/frames-are-filled*")
class AZeroIsNoAnswer(Sender):
    """A number 0 of the policy does not travel, so that its default is meant."""

    def speaking(self, header):
        if not header.policy.backoff_first_ms:
            header.policy.ClearField("backoff_first_ms")
        return super().speaking(header)


@mutant("waits-for-the-work-from-the-start", "CMB-TMR-003", "sender/timers-of-each-phase*")
class WaitsForTheWorkFromTheStart(Sender):
    """In ROUTED it is the execution timer that runs."""

    def arm_stage(self, rec, state, ack):
        super().arm_stage(rec, max(state, State.DELIVERED), ack)


@mutant("born-dead-is-failed", "CMB-TMR-005", "sender/expired-before-it-is-sent*")
class BornDeadIsFailed(Sender):
    """A message that is sent without life ends in COMPLETED_FAILURE."""

    def abort(self, rec, reason, error, exhausted=False):
        if rec.attempt:
            super().abort(rec, reason, error, exhausted)
        else:
            self.fail(rec, reason, self.certainty_so_far(rec), error)


@mutant("one-last-try", "CMB-TMR-007", "sender/ttl-fires-during-the-backoff*")
class OneLastTry(Sender):
    """A retry that waits when the life ends is sent all the same."""

    def fire(self, key, kind):
        if kind == Timer.TTL and self.timers.deadline(key, Timer.BACKOFF) is not None:
            self.transmit(self.records[key])
        super().fire(key, kind)


@mutant("the-last-armed-fires-first-at-a-sender", "CMB-TMR-013", "sender/timers-of-one-instant*")
class TheLastArmedFiresFirstAtASender(Sender):
    """Timers of one instant fire against the order in which they were armed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timers = Backwards()


@mutant("retries-without-a-word", "CMB-RTY-001", "sender/retry-moves-back-to-send-pending*")
class RetriesWithoutAWord(Sender):
    """A retry has no event of its own."""

    def emit(self, **event):
        if "retry" not in event:
            super().emit(**event)


@mutant("a-spent-budget-is-an-old-life", "CMB-RTY-003", "sender/no-retries-means-abort*")
class ASpentBudgetIsAnOldLife(Sender):
    """Who may not retry says that the life is over."""

    def retry_or_abort(self, rec, reason):
        super().retry_or_abort(rec, reason if self.may_retry(rec) else Reason.TTL_EXPIRED)


@mutant("hurries-a-retry", "CMB-RTY-006", "sender/bad-news-while-a-retry-waits*")
class HurriesARetry(Sender):
    """Each refusal asks for a retry, also while one waits."""

    def retries_after(self, rec, retryable, reason, ack):
        if retryable and self.may_retry(rec):
            self.retry(rec, reason, ack.error_code)
            return True
        return super().retries_after(rec, retryable, reason, ack)


@mutant("retries-what-it-does-not-know", "CMB-VER-005", "sender/an-unknown-code-is-not-retried*")
class RetriesWhatItDoesNotKnow(Sender):
    """An error code that nobody knows may be a passing one."""

    def retries_after(self, rec, retryable, reason, ack):
        return super().retries_after(rec, retryable or ack.error_code not in Code.names, reason, ack)


@mutant("an-unknown-kind-is-undeclared", "CMB-VER-008", "sender/an-unknown-msg-type*")
class AnUnknownKindIsUndeclared(Sender):
    """A msg_type that nobody knows is counted as a feature that it lacks."""

    def finding(self, socket, header):
        found = super().finding(socket, header)
        return Anomaly.UNSUPPORTED if found == Anomaly.UNKNOWN_TYPE else found


@mutant("believes-on-every-socket", "CMB-SEC-004", "sender/ack-on-a-message-channel*")
class BelievesOnEverySocket(Sender):
    """An ACK is believed by whichever socket it comes."""

    def may_come(self, socket, header):
        return bool(header.HasField("ack")) or super().may_come(socket, header)


@mutant("what-it-never-sent-is-nothing", "CMB-SEC-005", "sender/ack-for-a-message-never-sent*")
class WhatItNeverSentIsNothing(Sender):
    """An ACK of a message that it does not know is dropped without a count."""

    def judge(self, source, ack):
        return super().judge(source, ack) if ack.correlation_id in self.records else None


@mutant("sends-without-a-header", "CMB-WIRE-006", "sender/frames-are-filled*")
class SendsWithoutAHeader(Sender):
    """The TIMEOUT of a message that is given up has an empty header."""

    def send_in_order(self, socket, peer, header, payload):
        is_ack = not isinstance(header, bytes) and header.HasField("ack")
        return super().send_in_order(socket, peer, b"" if is_ack else header, payload)


@mutant("calls-an-ack-by-its-message", "CMB-WIRE-009", "sender/frames-are-filled*",
        "sender/ids-and-attempts*", "sender/retries-exhausted-in-every-phase*")
class CallsAnAckByItsMessage(Sender):
    """An ACK bears the message_id of which it speaks as its own."""

    def post(self, socket, peer, header, **more):
        header.message_id = header.ack.correlation_id
        super().post(socket, peer, header, **more)
