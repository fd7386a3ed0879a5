"""Who lets a PING or the order of timers matter where it may not."""

from generated import Timer
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


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


@mutant("redelivers-as-it-dies", "CMB-TMR-008", "router/life-ends-before-a-redelivery")
class RedeliversAsItDies(Router):
    """The redelivery of the instant at which the life ends goes first."""

    def fire(self, key, kind):
        rec = self.records.get(key)
        if kind == Timer.TTL and self.timers.deadline(key, Timer.REDELIVERY) == self.now_ms:
            self.redeliver(rec)
        super().fire(key, kind)
