"""Who leaves one kind of thing out altogether: it fails wherever that is expected, and for that."""

from generated import AckType, Certainty, Timer
from mutants.registry import mutant
from router import Router
from sender import Sender
from sender_acks import identity
from target import Target


class NoAnomalies:
    """What arrives and changes no record is dropped, and nobody hears of it."""

    def anomaly(self, kind, **fields):
        pass


class NoEvent:
    """Events of one kind are never told."""

    KIND = ""

    def emit(self, **event):
        if self.KIND not in event:
            super().emit(**event)


class NoTimer:
    """Timers of these kinds never fire."""

    KINDS = ()

    def fire(self, key, kind):
        if kind not in self.KINDS:
            super().fire(key, kind)


@mutant("a-sender-without-anomalies", "CMB-SND-011", "sender/earlier-stage-changes-nothing*")
class ASenderWithoutAnomalies(NoAnomalies, Sender):
    """A sender counts no anomaly at all."""


@mutant("a-router-without-anomalies", "CMB-RTR-018", "router/timeout-closes-its-attempts")
class ARouterWithoutAnomalies(NoAnomalies, Router):
    """A router counts no anomaly at all."""


@mutant("a-target-without-anomalies", "CMB-TGT-011", "target/an-ack-nobody-owes-it*")
class ATargetWithoutAnomalies(NoAnomalies, Target):
    """A target counts no anomaly at all."""


@mutant("no-skipped", "CMB-OBS-007", "sender/a-skipped-stage-is-listed*")
class NoSkipped(Sender):
    """No transition lists what it skipped."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        super().transition(rec, new_state, reason, (), note)


@mutant("no-retry-events", "CMB-RTY-001", "sender/each-phase-times-out-and-retries*",
        "sender/retry-moves-back-to-send-pending*")
class NoRetryEvents(NoEvent, Sender):
    """A sender re-sends and tells nobody."""

    KIND = "retry"


@mutant("no-alerts", "CMB-OBS-008", "sender/retries-exhausted-raise-one-alert")
class NoAlerts(NoEvent, Sender):
    """Every failure is silent."""

    KIND = "alert"


@mutant("no-progress-events", "CMB-OBS-005", "sender/progress-is-told")
class NoProgressEvents(NoEvent, Sender):
    """Progress takes effect and is not told."""

    KIND = "progress"


@mutant("no-delivery-acks", "CMB-SND-007", "sender/each-stage-arms-its-timer*", "sender/plain-path")
class NoDeliveryAcks(Sender):
    """A DELIVERY_ACK is read, remembered and does nothing."""

    def judge(self, source, ack):
        return 0 if ack.ack_type == AckType.DELIVERY_ACK else super().judge(source, ack)


@mutant("no-router-acks", "CMB-SND-006", "sender/each-stage-arms-its-timer*", "sender/plain-path")
class NoRouterAcks(Sender):
    """A ROUTER_ACK of the router is read and does nothing."""

    def judge(self, source, ack):
        is_one = ack.ack_type == AckType.ROUTER_ACK and source == "@router"
        return 0 if is_one else super().judge(source, ack)


@mutant("no-resend", "CMB-RTY-005", "sender/retry-waits-for-backoff*", "sender/last-attempt-succeeds*")
class NoResend(Sender):
    """A retry is told, its wait ends, and nothing is sent."""

    def transmit(self, rec):
        if not rec.attempt:
            super().transmit(rec)


@mutant("no-phase-timers", "CMB-TMR-003", "sender/timers-of-each-phase*")
class NoPhaseTimers(Sender):
    """A sender waits for every ACK as long as the message lives."""

    def arm_phase(self, rec, kind, wait_ms):
        self.timers.stop(rec.message_id, Timer.ROUTER_ACK, Timer.DELIVERY_ACK, Timer.EXECUTION, Timer.BACKOFF)
        if kind == Timer.BACKOFF:
            super().arm_phase(rec, kind, wait_ms)


@mutant("no-life", "CMB-TMR-004", "sender/ttl-ends-every-phase*")
class NoLife(NoTimer, Sender):
    """The life of a message never ends."""

    KINDS = (Timer.TTL,)


@mutant("no-duplicates", "CMB-DUP-001", "sender/stale-news-that-comes-twice*")
class NoDuplicates(Sender):
    """A sender remembers no ACK."""

    def remember(self, rec, ack):
        rec.judged.discard(identity(ack))


@mutant("no-certainty", "CMB-LATE-012", "sender/memory-of-64-bits*")
class NoCertainty(Sender):
    """Whatever came, nothing is known of the execution."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        rec.certainty = Certainty.UNKNOWN if rec.certainty else rec.certainty
        super().transition(rec, new_state, reason, skipped, note)


@mutant("no-timeout-to-the-router", "CMB-SND-018", "sender/gives-up-in-its-own-words")
class NoTimeoutToTheRouter(Sender):
    """Who gives up tells nobody on the wire."""

    def tell_router(self, rec, reason):
        pass


@mutant("no-reconciliation", "CMB-LATE-001", "sender/late-execution-ack-reconciles")
class NoReconciliation(Sender):
    """What is given up is so for good."""

    @staticmethod
    def may_be_reconciled(state, reason):
        return False


@mutant("no-redelivery-events", "CMB-OBS-006", "router/redeliveries-are-told")
class NoRedeliveryEvents(NoEvent, Router):
    """A router forwards again and tells nobody."""

    KIND = "retry"


@mutant("no-redelivery", "CMB-RTR-010", "router/redeliveries-are-told",
        "router/redelivery-follows-the-backoff*")
class NoRedelivery(NoTimer, Router):
    """A router forwards once."""

    KINDS = (Timer.REDELIVERY,)


@mutant("no-end-of-the-phase", "CMB-RTR-012", "router/delivery-phase-ends-by-time*")
class NoEndOfThePhase(NoTimer, Router):
    """A router has patience without end."""

    KINDS = (Timer.DELIVERY_PHASE,)


class NoAck:
    """ACKs of one type are never said by the router."""

    TYPE = 0

    def tell(self, source, ack_type, *args, **fields):
        if ack_type != self.TYPE:
            super().tell(source, ack_type, *args, **fields)


@mutant("says-no-router-ack", "CMB-RTR-001", "router/plain-path")
class SaysNoRouterAck(NoAck, Router):
    """Nobody hears what the router accepts or refuses."""

    TYPE = AckType.ROUTER_ACK


@mutant("says-no-delivery-ack", "CMB-RTR-007", "router/plain-path", "router/receipt-of-the-last-forward")
class SaysNoDeliveryAck(NoAck, Router):
    """Nobody hears that a message was delivered."""

    TYPE = AckType.DELIVERY_ACK


@mutant("says-no-timeout", "CMB-RTR-012", "router/delivery-phase-ends-by-time*")
class SaysNoTimeout(NoAck, Router):
    """Nobody hears that the router gave up."""

    TYPE = AckType.TIMEOUT


@mutant("passes-nothing-on", "CMB-RTR-014", "router/plain-path", "router/execution-ack-is-passed-untouched*")
class PassesNothingOn(Router):
    """What the target says goes nowhere."""

    def pass_on(self, header, frames):
        pass


@mutant("no-marks", "CMB-RTR-018", "router/timeout-closes-its-attempts")
class NoMarks(Router):
    """A router closes no attempt."""

    def close_attempts(self, key, attempt):
        pass


@mutant("no-receipts", "CMB-TGT-001", "target/plain-path")
class NoReceipts(Target):
    """A target works and says nothing of having received."""

    def send_receipt(self, *args, **fields):
        pass


@mutant("no-execution-events", "CMB-TGT-004", "target/new-work-is-recorded")
class NoExecutionEvents(NoEvent, Target):
    """Handlers start, and nobody hears of it."""

    KIND = "execution"


@mutant("no-end", "CMB-TGT-005", "target/plain-path")
class NoEnd(Target):
    """Work ends, and nobody is told."""

    def tell_end(self, message, attempt):
        pass


@mutant("no-lives", "CMB-TGT-007", "target/life-ends-before-the-start@ttl=3s")
class NoLives(NoTimer, Target):
    """The life of work never ends."""

    KINDS = (Timer.TTL,)

    def life_is_over(self, work):
        return False


@mutant("no-transitions-of-a-target", "CMB-OBS-001",
        "target/a-transition-names-the-copy-that-made-the-record*")
class NoTransitionsOfATarget(NoEvent, Target):
    """A target tells no transition."""

    KIND = "transition"


@mutant("no-transitions-of-a-router", "CMB-OBS-001", "router/new-messages-are-recorded")
class NoTransitionsOfARouter(NoEvent, Router):
    """A router tells no transition."""

    KIND = "transition"


@mutant("no-transitions-of-a-sender", "CMB-OBS-001", "sender/plain-path")
class NoTransitionsOfASender(NoEvent, Sender):
    """A sender tells no transition."""

    KIND = "transition"
