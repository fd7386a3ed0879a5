"""CORE senders that believe what a sender drops, and what a wait of theirs does not survive."""

from core import CoreSender
from generated import AckType, State, Timer
from mutants.at_core import CORE
from mutants.registry import mutant
from mutants.timing import Backwards


@mutant("core-believes-anybody", "CMB-WIRE-028", "sender/core-forged-acks*", options=CORE)
class CoreBelievesAnybody(CoreSender):
    """Whoever says an ACK may say it."""

    def may_say(self, rec, source, ack):
        return True


@mutant("core-a-forgery-is-a-sign", "CMB-TMR-003", "sender/core-forged-acks@in=routed*", options=CORE)
class CoreAForgeryIsASign(CoreSender):
    """Whoever may not say it is alive at least: the wait begins anew."""

    def may_say(self, rec, source, ack):
        may = super().may_say(rec, source, ack)
        if not may and rec.state == State.ROUTED:
            self.arm_phase(rec, Timer.DELIVERY_ACK, rec.policy.delivery_ack_ms)
        return may


@mutant("core-hears-old-refusals", "CMB-WIRE-028", "sender/core-stale-refusals@*attempt=older*", options=CORE)
class CoreHearsOldRefusals(CoreSender):
    """A refusal of an earlier attempt is one of the last."""

    def is_stale(self, rec, ack):
        return super().is_stale(rec, ack) and ack.attempt > rec.attempt


@mutant("core-hears-refusals-of-the-future", "CMB-WIRE-028", "sender/core-stale-refusals@*attempt=not_yet_sent*",
        options=CORE)
class CoreHearsRefusalsOfTheFuture(CoreSender):
    """A refusal of an attempt that was not sent is one of the last."""

    def is_stale(self, rec, ack):
        return super().is_stale(rec, ack) and ack.attempt < rec.attempt


@mutant("core-hears-it-again", "CMB-WIRE-028", "sender/core-an-ack-again*", options=CORE)
class CoreHearsItAgain(CoreSender):
    """An ACK takes effect as often as it comes."""

    def is_duplicate(self, rec, ack):
        return False


@mutant("core-a-stage-again-is-a-new-wait", "CMB-TMR-003", "sender/core-a-stage-again", options=CORE)
class CoreAStageAgainIsANewWait(CoreSender):
    """A ROUTER_ACK of another attempt arms the timer anew."""

    def on_stage(self, rec, ack):
        verdict = super().on_stage(rec, ack)
        if verdict and ack.ack_type == AckType.ROUTER_ACK and rec.state == State.ROUTED:
            self.arm_phase(rec, Timer.DELIVERY_ACK, rec.policy.delivery_ack_ms)
        return verdict


@mutant("core-the-last-armed-fires-first", "CMB-TMR-013", "sender/core-timers-of-one-instant", options=CORE)
class CoreTheLastArmedFiresFirst(CoreSender):
    """Waits of one instant end against the order in which they began."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timers = Backwards()


@mutant("core-gives-up-giving-up", "CMB-VER-019", "sender/core-an-end-after-giving-up*", options=CORE)
class CoreGivesUpGivingUp(CoreSender):
    """What was given up ends as if it had not been, once its end is told."""

    def on_terminal(self, rec, ack):
        if rec.state == State.TIMEOUT_ABORT:
            return self.complete(rec, ack, (), exhausted=False)
        return super().on_terminal(rec, ack)
