"""CORE routers and targets that mix up whose message, end or channel it is."""

from core import CoreRouter, CoreTarget
from generated import Reason, State
from mutants.at_core import CORE
from mutants.registry import mutant
from mutants.telling import tell_a_change
from router_rooms import RECORDS


@mutant("core-passes-any-end-on", "CMB-RTR-021", "router/core-an-end-by-another*", options=CORE)
class CorePassesAnyEndOn(CoreRouter):
    """Whoever tells the end of a message is its target."""

    def may_speak(self, source, ack, rec):
        return True


@mutant("core-any-end-settles", "CMB-WIRE-028", "router/core-an-end-by-another*", options=CORE)
class CoreAnyEndSettles(CoreRouter):
    """The end that a stranger tells goes no further, and settles the message."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        if rec and not self.may_speak(header.source, ack, rec) and self.is_terminal(ack):
            self.settle(rec, ack, frames, tell_delivery=False)
        return super().judge(header, ack, frames)


@mutant("core-the-ended-keep-their-place", "CMB-RTR-001", "router/core-the-end-frees-its-place*", options=CORE)
class CoreTheEndedKeepTheirPlace(CoreRouter):
    """What has ended takes its place in the queue for as long as it is remembered."""

    def settle(self, rec, ack, frames, tell_delivery):
        super().settle(rec, ack, frames, tell_delivery)
        self.rooms.put(rec.key, rec.source, (RECORDS, self.queue_of(rec.target)))


@mutant("core-settles-again", "CMB-OBS-002", "router/core-the-first-end-is-kept", options=CORE)
class CoreSettlesAgain(CoreRouter):
    """Each end that the target tells is a transition into SETTLED."""

    def settle(self, rec, ack, frames, tell_delivery):
        if rec.state == State.SETTLED:
            tell_a_change(self, rec, State.SETTLED, Reason.EXECUTION_ACK)
        super().settle(rec, ack, frames, tell_delivery)


@mutant("core-a-ping-is-a-receipt", "CMB-OBS-013", "router/core-pings-move-nothing", options=CORE)
class CoreAPingIsAReceipt(CoreRouter):
    """Who asks whether the router is there has its messages taken for delivered."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, payload)
        for rec in self.records.values():
            if rec.state == State.FORWARDING:
                self.move(rec, State.DELIVERED, Reason.RECEIPT)


@mutant("core-resends-go-the-first-way", "CMB-RTR-036", "router/core-what-a-copy-brings@*second=bulk*", options=CORE)
class CoreResendsGoTheFirstWay(CoreRouter):
    """A re-send by another channel is forwarded by the channel of the first."""

    def forward(self, rec):
        came_by, rec.channel = rec.channel, rec.channel if rec.attempt == 1 else self.channels[0]
        code = super().forward(rec)
        rec.channel = came_by
        return code


@mutant("core-refuses-no-attempt-for-good", "CMB-RTR-029", "router/core-a-refused-attempt-is-closed", options=CORE)
class CoreRefusesNoAttemptForGood(CoreRouter):
    """A copy of an attempt that was refused is judged anew."""

    def close_attempts(self, key, attempt):
        super().close_attempts(key, attempt - 1)


@mutant("core-an-id-is-a-message", "CMB-TGT-004", "target/core-one-id-of-two-sources", options=CORE)
class CoreAnIdIsAMessage(CoreTarget):
    """A message_id is of one message, whoever sends it."""

    def handle(self, socket, peer, header, frames):
        known = next((source for source, message_id in self.messages if message_id == header.message_id), None)
        header.source = known or header.source
        super().handle(socket, peer, header, frames)
