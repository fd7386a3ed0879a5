"""Senders that take what comes again, late or in another state for something else."""

from generated import AckType, Anomaly, Code, Reason, State, Status, Timer
from mutants.registry import mutant
from sender import Sender
from sender_acks import row_place


@mutant("a-stage-again-is-a-new-wait", "CMB-TMR-003", "sender/earlier-stage-changes-nothing*")
class AStageAgainIsANewWait(Sender):
    """A DELIVERY_ACK of another attempt arms the execution timer anew."""

    def on_stage(self, rec, ack):
        verdict = super().on_stage(rec, ack)
        if verdict and ack.ack_type == AckType.DELIVERY_ACK and not rec.is_terminal:
            self.arm_phase(rec, Timer.EXECUTION, rec.policy.execution_ms)
        return verdict


@mutant("skips-what-it-skipped", "CMB-OBS-007", "sender/a-skipped-stage-is-listed-once")
class SkipsWhatItSkipped(Sender):
    """A stage that was skipped once is listed by every later transition too."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        rec.skipped = [*getattr(rec, "skipped", ()), *skipped]
        super().transition(rec, new_state, reason, rec.skipped, note)


@mutant("retryable-is-for-now", "CMB-SND-009",
        "sender/an-end-that-calls-itself-retryable@end=failure")
class RetryableIsForNow(Sender):
    """Whatever says that it may be retried is bad news of its attempt."""

    def is_stale(self, rec, ack):
        return super().is_stale(rec, ack) or (ack.retryable and ack.attempt != rec.attempt)


@mutant("what-is-stale-is-never-known", "CMB-DUP-001", "sender/stale-news-that-comes-twice*")
class WhatIsStaleIsNeverKnown(Sender):
    """Stale bad news is not remembered, and so is stale whenever it comes."""

    def remember(self, rec, ack):
        if not self.is_stale(rec, ack):
            super().remember(rec, ack)


@mutant("a-lower-number-is-progress", "CMB-DUP-011", "sender/progress-numbers-of-64-bits*")
class ALowerNumberIsProgress(Sender):
    """Only the number that came last is known; one below it is progress."""

    def is_duplicate(self, rec, ack):
        if ack.status == Status.IN_PROGRESS:
            return row_place(ack) == rec.row_place
        return super().is_duplicate(rec, ack)


@mutant("a-resend-leaves-its-stream", "CMB-WIRE-010", "sender/a-resend-keeps-its-stream")
class AResendLeavesItsStream(Sender):
    """The second attempt has neither stream nor sequence."""

    def transmit(self, rec):
        if rec.attempt:
            rec.header.ClearField("stream_id")
            rec.header.ClearField("sequence")
        super().transmit(rec)


@mutant("later-attempts-wait-longer", "CMB-TMR-003", "sender/timers-of-later-attempts")
class LaterAttemptsWaitLonger(Sender):
    """From attempt 3 on the router_ack timer has twice its time."""

    def arm_phase(self, rec, kind, wait_ms):
        super().arm_phase(rec, kind, wait_ms * (1 + (kind == Timer.ROUTER_ACK and rec.attempt > 2)))


@mutant("a-refusal-is-retried-by-its-code", "CMB-SND-017", "sender/a-refusal-is-final-whatever-its-code")
class ARefusalIsRetriedByItsCode(Sender):
    """A refusal whose code the policy names is retryable, whatever it says of itself."""

    def on_terminal(self, rec, ack):
        if ack.status == Status.REJECTED and ack.error_code in rec.policy.retryable:
            ack.retryable = True
        return super().on_terminal(rec, ack)


@mutant("the-routers-code-is-final", "CMB-SND-016",
        "sender/timeout-of-the-router-is-an-expiry@budget=left*")
class TheRoutersCodeIsFinal(Sender):
    """A TIMEOUT with another code than ACK_TIMEOUT gives up at once."""

    def on_router_timeout(self, rec, ack):
        if rec.state in (State.SEND_PENDING, State.ROUTED) and ack.error_code != Code.ACK_TIMEOUT:
            self.abort(rec, Reason.TIMEOUT, ack.error_code)
            return None
        return super().on_router_timeout(rec, ack)


@mutant("a-success-of-old-is-stale", "CMB-SND-008",
        "sender/a-success-of-an-older-attempt@end=success")
class ASuccessOfOldIsStale(Sender):
    """While a retry waits, a terminal of an attempt before the last is dropped."""

    def is_stale(self, rec, ack):
        waits = self.timers.deadline(rec.message_id, Timer.BACKOFF) is not None
        return super().is_stale(rec, ack) or waits and ack.attempt < rec.attempt


@mutant("a-refusal-after-the-timer-waits-anew", "CMB-TMR-003", "sender/a-refusal-while-a-retry-waits")
class ARefusalAfterTheTimerWaitsAnew(Sender):
    """A retryable refusal that finds a retry waiting begins the wait once more."""

    def on_terminal(self, rec, ack):
        if (ack.status == Status.REJECTED and ack.retryable and not rec.is_terminal
                and self.timers.deadline(rec.message_id, Timer.BACKOFF) is not None):
            self.timers.arm(rec.message_id, Timer.BACKOFF, self.now_ms + self.backoff_ms(rec))
            return None
        return super().on_terminal(rec, ack)


@mutant("gives-up-in-the-routers-words", "CMB-SND-018", "sender/gives-up-in-its-own-words")
class GivesUpInTheRoutersWords(Sender):
    """The TIMEOUT to the router has the code of the router's own."""

    def tell_router(self, rec, reason):
        if rec.error == Code.TTL_EXPIRED:
            reason = Reason.TTL_EXPIRED
        super().tell_router(rec, reason)


@mutant("believes-the-router-too-late", "CMB-SND-012", "sender/bad-news-in-every-state*")
class BelievesTheRouterTooLate(Sender):
    """A TIMEOUT of the router for work that is executing is an expiry too."""

    def on_router_timeout(self, rec, ack):
        if rec.state != State.EXECUTING:
            return super().on_router_timeout(rec, ack)
        if not self.retries_after(rec, True, Reason.TIMEOUT, ack):
            self.abort(rec, Reason.TIMEOUT, ack.error_code, exhausted=True)
        return None


@mutant("fails-what-was-delivered", "CMB-SND-012", "sender/bad-news-in-every-state*")
class FailsWhatWasDelivered(Sender):
    """A final DELIVERY_ACK/FAILURE for a message that is executing ends it."""

    def on_delivery_failure(self, rec, ack):
        if rec.state == State.EXECUTING and ack.error_code not in rec.policy.retryable:
            self.fail(rec, Reason.DELIVERY_ACK, self.certainty_so_far(rec), ack.error_code)
            return None
        return super().on_delivery_failure(rec, ack)


@mutant("late-refusals-of-the-router-are-unheard", "CMB-SND-012", "sender/bad-news-in-every-state*")
class LateRefusalsOfTheRouterAreUnheard(Sender):
    """A ROUTER_ACK/REJECTED for a message that is executing or ended is dropped without a count."""

    def on_router_rejection(self, rec, ack):
        verdict = super().on_router_rejection(rec, ack)
        return 0 if rec.state >= State.EXECUTING else verdict


@mutant("a-retry-forgets-the-start", "CMB-LATE-012", "sender/a-refusal-after-a-start")
class ARetryForgetsTheStart(Sender):
    """A start that was seen before a retry proves nothing."""

    def retry(self, rec, reason, error):
        rec.started = False
        super().retry(rec, reason, error)


@mutant("alerts-before-it-moves", "CMB-OBS-024", "sender/an-alert-comes-after-its-transition")
class AlertsBeforeItMoves(Sender):
    """The alert of an abort is raised first, with what the record says till then."""

    def abort(self, rec, reason, error, exhausted=False):
        self.raised = False
        self.report_failure(rec, exhausted)
        super().abort(rec, reason, error, exhausted)

    def report_failure(self, rec, exhausted):
        if not rec.alert:
            super().report_failure(rec, exhausted)


@mutant("an-id-comes-again", "CMB-SND-002", "sender/an-id-does-not-come-again")
class AnIdComesAgain(Sender):
    """Who remembers no message counts from 1 again."""

    def new_id(self):
        made = super().new_id()
        return made if self.records else f"{self.settings.id_prefix}1"


@mutant("an-end-without-a-send-is-told", "CMB-TMR-005", "sender/expired-before-it-is-sent")
class AnEndWithoutASendIsTold(Sender):
    """The router hears that a message was given up of which nothing was sent."""

    def abort(self, rec, reason, error, exhausted=False):
        nothing_sent = not rec.attempt
        super().abort(rec, reason, error, exhausted)
        if nothing_sent:
            rec.attempt, rec.routers = 1, [None]
            self.tell_router(rec, reason)
            rec.attempt, rec.routers = 0, []


@mutant("an-alert-for-a-second-end", "CMB-OBS-008", "sender/cancel-raises-no-alert@answer=stopped")
class AnAlertForASecondEnd(Sender):
    """What reconciles raises an alert where none was raised."""

    def reconcile(self, rec, ack):
        had = rec.alert
        verdict = super().reconcile(rec, ack)
        if not had and not verdict and ack.status != Status.SUCCESS:
            self.report_failure(rec, False)
        return verdict


@mutant("a-copy-of-an-end-wins", "CMB-LATE-005", "sender/a-third-terminal")
class ACopyOfAnEndWins(Sender):
    """The third terminal of a record counts, if it contradicts both before."""

    def second_terminal(self, rec, ack):
        rec.ends = getattr(rec, "ends", 0) + 1
        verdict = super().second_terminal(rec, ack)
        if verdict == Anomaly.CONFLICT and rec.ends > 1:
            return 0
        return verdict
