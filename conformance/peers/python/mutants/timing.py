"""Who lets a PING or the order of timers matter where it may not."""

from generated import State, Timer
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target
from timers import Timers


@mutant("a-ping-is-good-news", "CMB-WIRE-015", "sender/pings-move-nothing*")
class APingIsGoodNews(Sender):
    """A PING of the router starts the delivery timers anew."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, payload)
        for rec in self.records.values():
            if self.timers.deadline(rec.message_id, Timer.DELIVERY_ACK):
                self.arm_phase(rec, Timer.DELIVERY_ACK, rec.policy.delivery_ack_ms)


@mutant("a-ping-stops-the-work", "CMB-WIRE-015", "target/pings-move-nothing")
class APingStopsTheWork(Target):
    """A PING of the router makes the handler's wait begin anew."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, payload)
        for work in self.works.values():
            if deadline := self.timers.deadline(work.key, Timer.HANDLER):
                self.timers.arm(work.key, Timer.HANDLER, deadline + self.now_ms)


@mutant("a-ping-is-a-delivery", "CMB-WIRE-015", "router/pings-move-nothing")
class APingIsADelivery(Router):
    """A PING to the router makes its waits begin anew."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, payload)
        for rec in self.records.values():
            if deadline := self.timers.deadline(rec.key, Timer.REDELIVERY):
                self.timers.arm(rec.key, Timer.REDELIVERY, deadline + self.now_ms)


@mutant("redelivers-as-it-dies", "CMB-TMR-008", "router/life-ends-before-a-redelivery")
class RedeliversAsItDies(Router):
    """The redelivery of the instant at which the life ends goes first."""

    def fire(self, key, kind):
        rec = self.records.get(key)
        if kind == Timer.TTL and self.timers.deadline(key, Timer.REDELIVERY) == self.now_ms:
            self.redeliver(rec)
        super().fire(key, kind)


@mutant("gives-up-after-the-last-forward", "CMB-RTR-012", "router/no-backoff-ends-no-phase@first=0ms")
class GivesUpAfterTheLastForward(Router):
    """The wait after forward max_deliveries ends the delivery phase."""

    def plan_redelivery(self, rec):
        super().plan_redelivery(rec)
        if not self.waits(rec):
            end_ms = self.now_ms + rec.policy.backoff_ms(rec.place, self.jitter())
            phase_ms = self.timers.deadline(rec.key, Timer.DELIVERY_PHASE)
            self.timers.arm(rec.key, Timer.DELIVERY_PHASE, min(end_ms, phase_ms))


@mutant("forwards-as-long-as-the-phase", "CMB-RTR-035", "router/max-deliveries-ends-the-forwarding*")
class ForwardsAsLongAsThePhase(Router):
    """max_deliveries ends nothing."""

    def plan_redelivery(self, rec):
        made, rec.forwards = rec.forwards, 0
        super().plan_redelivery(rec)
        rec.forwards = made


@mutant("keeps-a-late-attempt-to-itself", "CMB-RTR-036",
        "router/a-higher-attempt-after-the-last-forward")
class KeepsALateAttemptToItself(Router):
    """A copy of a higher attempt is acknowledged, and nothing is left that would forward it."""

    def start_phase(self, rec):
        if rec.state == State.FORWARDING and rec.forwards:
            self.count_anew(rec)
            self.timers.stop(rec.key, Timer.REDELIVERY)
            return 0
        return super().start_phase(rec)


class Backwards(Timers):
    """What is armed later stands before what was armed earlier."""

    def arm(self, key, kind, deadline_ms):
        self._order -= 2
        super().arm(key, kind, deadline_ms)


@mutant("the-last-armed-fires-first", "CMB-TMR-013", "router/timers-of-one-instant")
class TheLastArmedFiresFirst(Router):
    """Timers of one instant fire against the order in which they were armed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timers = Backwards()


@mutant("takes-a-policy-as-it-comes", "CMB-RTR-037", "router/a-policy-outside-its-ranges*")
class TakesAPolicyAsItComes(Router):
    """A factor of a policy that is outside its range is used as it is."""

    def plan_redelivery(self, rec):
        rec.policy.factor = rec.header.policy.backoff_factor
        super().plan_redelivery(rec)


@mutant("a-sender-fires-the-last-armed-first", "CMB-TMR-013", "sender/timers-of-one-instant")
class ASenderFiresTheLastArmedFirst(Sender):
    """A sender's timers of one instant fire against the order in which they were armed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timers = Backwards()


@mutant("forwards-what-has-no-life", "CMB-TMR-007", "router/a-copy-without-life-revives-nothing")
class ForwardsWhatHasNoLife(Router):
    """A copy that comes without life is forwarded once more."""

    def start_phase(self, rec):
        rec.place = 0
        self.count_anew(rec)
        return self.forward(rec)


@mutant("keeps-a-refused-life", "CMB-TMR-006", "router/a-refused-life-is-no-life")
class KeepsARefusedLife(Router):
    """What is accepted at last has the longest life of all that was refused before."""

    def on_unheld(self, rec, copy):
        if rec is not None:
            copy.life_ms = max(copy.life_ms, rec.ttl_end_ms - self.now_ms)
        super().on_unheld(rec, copy)


@mutant("known-copies-prolong-nothing", "CMB-RTR-025", "router/every-copy-prolongs-the-record")
class KnownCopiesProlongNothing(Router):
    """A record is kept for the lives of new attempts alone."""

    def on_message(self, socket, header, frames):
        rec = self.records.get((header.source, header.message_id))
        if rec is not None and header.attempt <= rec.attempt:
            header.ttl_ms = 0
        super().on_message(socket, header, frames)
