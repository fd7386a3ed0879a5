"""Senders that are wrong in one thing each."""

from generated import AckType, Anomaly, Certainty, Reason, State, Timer, record
from mutants.registry import mutant
from policy import RETRYABLE
from sender import PHASE_TIMERS, Sender
from sender_acks import REASON, STAGE


@mutant("no-late-reconciliation", "CMB-LATE-001", "sender/late-ack-around-the-window@at=edge",
        "sender/late-execution-ack-reconciles", "sender/late-failure-reconciles")
class NoLateReconciliation(Sender):
    """A terminal EXECUTION_ACK after TIMEOUT_ABORT is thrown away."""

    def reconcile(self, rec, ack):
        return Anomaly.LATE_AFTER_WINDOW


@mutant("reconciles-for-ever", "CMB-LATE-004", "sender/late-ack-around-the-window",
        "sender/after-the-window-*")
class ReconcilesForEver(Sender):
    """The reconcile window never ends."""

    def reconcile(self, rec, ack):
        rec.abort_ms = self.now_ms
        return super().reconcile(rec, ack)


@mutant("window-ends-early", "CMB-LATE-001", "sender/late-ack-around-the-window")
class WindowEndsEarly(Sender):
    """The last millisecond of the reconcile window is left out."""

    def reconcile(self, rec, ack):
        rec.abort_ms -= 1
        return super().reconcile(rec, ack)


@mutant("revives-a-finished-record", "CMB-SND-011", "sender/an-overtaken-ack-revives-nothing",
        "sender/an-ack-about-a-message-without-life")
class RevivesAFinishedRecord(Sender):
    """The handler of ROUTER_ACK has no state guard: a late one revives a finished record."""

    def on_stage(self, rec, ack):
        if ack.ack_type == AckType.ROUTER_ACK and rec.is_terminal:
            self.transition(rec, State.ROUTED, Reason.ROUTER_ACK)
            return None
        return super().on_stage(rec, ack)


@mutant("counts-a-duplicate-twice", "CMB-DUP-001", "sender/a-duplicate-restarts-no-timer")
class CountsADuplicateTwice(Sender):
    """A duplicate ROUTER_ACK counts again: the delivery timer starts anew."""

    def is_duplicate(self, rec, ack):
        return ack.ack_type != AckType.ROUTER_ACK and super().is_duplicate(rec, ack)

    def on_stage(self, rec, ack):
        if ack.ack_type == AckType.ROUTER_ACK and rec.state == State.ROUTED:
            return self.arm_stage(rec, State.ROUTED, ack)
        return super().on_stage(rec, ack)


@mutant("retry-ignores-max-retries", "CMB-RTY-004", "sender/retries-exhausted-*",
        "sender/no-retries-means-abort")
class RetryIgnoresMaxRetries(Sender):
    """Retries go on until the life of the message ends."""

    def may_retry(self, rec):
        return True


@mutant("two-events-for-one-transition", "CMB-OBS-001", "sender/plain-path")
class TwoEventsForOneTransition(Sender):
    """Every change is told twice."""

    def transition(self, rec, new_state, *args, **named):
        super().transition(rec, new_state, *args, **named)
        self.emit(transition=self.events[-1].transition)


@mutant("retry-without-deadline", "CMB-TMR-003", "sender/a-lost-resend-is-sent-again")
class RetryWithoutDeadline(Sender):
    """A re-send arms no timer: if it is lost, the message hangs until its life ends."""

    def transmit(self, rec):
        super().transmit(rec)
        if rec.attempt > 1:
            self.timers.stop(rec.message_id, Timer.ROUTER_ACK)


@mutant("silent-failure", "CMB-OBS-008", "sender/retries-exhausted-*")
class SilentFailure(Sender):
    """A message that fails raises no alert."""

    def report_failure(self, rec, exhausted):
        pass


@mutant("alerts-twice", "CMB-OBS-008", "sender/retries-exhausted-*")
class AlertsTwice(Sender):
    """Two loops watch for failures, and each raises its alert."""

    def report_failure(self, rec, exhausted):
        super().report_failure(rec, exhausted)
        self.emit(alert=self.events[-1].alert)


@mutant("self-transition", "CMB-OBS-002", "sender/nothing-moves-without-a-cause")
class SelfTransition(Sender):
    """An ACK that changes nothing emits a transition from a state to itself."""

    def on_stage(self, rec, ack):
        verdict = super().on_stage(rec, ack)
        if verdict == Anomaly.OUT_OF_ORDER_ACK:
            self.emit(transition=record.TransitionEvent(
                message_id=rec.message_id, old_state=rec.state, new_state=rec.state,
                reason=REASON[ack.ack_type], monotonic_ms=self.now_ms, source=rec.source,
                target=rec.target, role=self.ROLE, attempt=rec.attempt))
        return verdict


@mutant("second-terminal-wins", "CMB-LATE-005", "sender/second-terminal-is-a-conflict")
class SecondTerminalWins(Sender):
    """Of two terminals that disagree the later one is believed."""

    def second_terminal(self, rec, ack):
        verdict = super().second_terminal(rec, ack)
        if verdict == Anomaly.CONFLICT:
            self.complete(rec, ack, (), False)
            return None
        return verdict


@mutant("acts-on-stale-bad-news", "CMB-LATE-010", "sender/stale-attempt-bad-news")
class ActsOnStaleBadNews(Sender):
    """Bad news of an earlier attempt counts for the current one."""

    def is_stale(self, rec, ack):
        return False


@mutant("believes-anybody", "CMB-SEC-003", "sender/forged-acks")
class BelievesAnybody(Sender):
    """Nobody asks who sent an ACK."""

    def may_say(self, rec, source, ack):
        return ack.ack_type in STAGE or ack.ack_type == AckType.TIMEOUT


@mutant("backoff-does-not-grow", "CMB-RTY-008", "sender/backoff-grows-to-its-limit",
        "sender/retry-waits-for-backoff")
class BackoffDoesNotGrow(Sender):
    """Every wait is as long as the first."""

    def backoff_ms(self, rec):
        return rec.policy.backoff_ms(1, self.jitter())


@mutant("no-backoff", "CMB-RTY-008", "sender/backoff-grows-to-its-limit")
class NoBackoff(Sender):
    """A retry is sent at once."""

    def backoff_ms(self, rec):
        return 0


@mutant("good-news-does-not-end-the-backoff", "CMB-RTY-007",
        "sender/late-good-news-ends-a-waiting-backoff")
class GoodNewsDoesNotEndTheBackoff(Sender):
    """The re-send goes out although the ACK came meanwhile."""

    def arm_phase(self, rec, kind, wait_ms):
        key = rec.message_id
        self.timers.stop(key, *(k for k in PHASE_TIMERS if k != Timer.BACKOFF or kind == k))
        self.timers.arm(key, kind, self.now_ms + wait_ms)


@mutant("retries-a-failure", "CMB-SND-009", "sender/failure-is-never-retried")
class RetriesAFailure(Sender):
    """A failed execution is sent again, and so may be executed twice."""

    def on_terminal(self, rec, ack):
        if ack.error_code in rec.policy.retryable and not rec.is_terminal and self.may_retry(rec):
            return self.retry(rec, Reason.EXECUTION_ACK, ack.error_code)
        return super().on_terminal(rec, ack)


@mutant("claims-what-it-does-not-know", "CMB-LATE-012",
        "sender/an-outcome-claims-no-more-than-it-knows")
class ClaimsWhatItDoesNotKnow(Sender):
    """Every failure is reported as proof that nothing was executed."""

    def fail(self, rec, reason, certainty, *args):
        super().fail(rec, reason, Certainty.NOT_EXECUTED, *args)


@mutant("gives-up-in-silence", "CMB-SND-018", "sender/giving-up-is-said-to-the-router")
class GivesUpInSilence(Sender):
    """The router is not told that the sender gave up."""

    def tell_router(self, rec, reason):
        pass


@mutant("lives-for-ever", "CMB-TMR-004", "sender/ttl-*")
class LivesForEver(Sender):
    """The life of a message is never ended."""

    def fire(self, key, kind):
        if kind != Timer.TTL:
            super().fire(key, kind)


@mutant("resends-the-first-life", "CMB-TMR-006", "sender/resend-carries-the-life-that-is-left")
class ResendsTheFirstLife(Sender):
    """Every re-send starts the life anew."""

    def remaining_ms(self, rec):
        return rec.ttl_end_ms - rec.created_ms


@mutant("retries-what-is-final", "CMB-SND-013", "sender/rejections-that-end-it")
class RetriesWhatIsFinal(Sender):
    """Every refusal of the router is retried, whatever its code."""

    def retries_after(self, rec, retryable, reason, ack):
        return super().retries_after(rec, True, reason, ack)


@mutant("retries-by-default", "CMB-RTY-002", "sender/the-policy-says-what-is-retryable@code=named*")
class RetriesByDefault(Sender):
    """The codes that a policy calls retryable are ignored: the default list holds for all."""

    def on_router_rejection(self, rec, ack):
        rec.policy.retryable = RETRYABLE
        return super().on_router_rejection(rec, ack)


@mutant("waits-in-v0-for-what-nobody-asked", "CMB-INS-002", "sender/views-of-other-ends*")
class WaitsInV0ForWhatNobodyAsked(Sender):
    """What required_ack completed is told to CMB v0 as if the end of the work were waited for."""

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        if told and self.records[message_id].completed_early:
            told.views.cmb_v0 = "AWAIT_EXEC_ACK"
        return told


@mutant("sees-a-refusal-as-a-failure", "CMB-INS-002", "sender/views-of-other-ends*")
class SeesARefusalAsAFailure(Sender):
    """The views do not tell who was refused from who failed."""

    def transaction(self, source, message_id):
        found = super().transaction(source, message_id)
        if found and found.views.sw4rm == "REJECTED":
            found.views.sw4rm = "FAILED"
        return found


@mutant("one-window-for-all", "CMB-LATE-019", "sender/a-window-of-its-own*")
class OneWindowForAll(Sender):
    """What the application says of the window of a message is ignored."""

    def window_ms_of(self, rec):
        return self.settings.reconcile_window_ms


@mutant("gives-up-a-route", "CMB-RTY-010", "sender/no-route-*")
class GivesUpARoute(Sender):
    """NO_ROUTE is final, whichever attempt it answers."""

    @staticmethod
    def may_find_a_route(rec, ack):
        return False
