"""CORE routers and targets that mix up whose message, end or channel it is."""

from core import CoreRouter, CoreTarget
from mutants.at_core import CORE
from mutants.registry import mutant


@mutant("core-believes-any-end", "CMB-OBS-013", "router/core-an-end-by-another*", options=CORE)
class CoreBelievesAnyEnd(CoreRouter):
    """Whoever tells the end of a message is its target."""

    def may_speak(self, source, ack, rec):
        return True


@mutant("core-passes-any-end-on", "CMB-RTR-021", "router/core-an-end-by-another*", options=CORE)
class CorePassesAnyEndOn(CoreRouter):
    """The end that a stranger tells moves nothing here, and goes on to the sender."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        if rec and not self.may_speak(header.source, ack, rec):
            self.pass_on(header, frames)
        return super().judge(header, ack, frames)


@mutant("core-the-ended-keep-their-place", "CMB-RTR-001", "router/core-the-end-frees-its-place*", options=CORE)
class CoreTheEndedKeepTheirPlace(CoreRouter):
    """What has ended takes its place in the queue for as long as it is remembered."""

    def settle(self, rec, ack, frames, tell_delivery):
        super().settle(rec, ack, frames, tell_delivery)
        self.count_queue(rec, 1)


@mutant("core-resends-go-the-first-way", "CMB-RTR-002", "router/core-what-a-copy-brings@by=bulk", options=CORE)
class CoreResendsGoTheFirstWay(CoreRouter):
    """A re-send by another channel is forwarded by the channel of the first."""

    def forward(self, rec):
        came_by, rec.channel = rec.channel, rec.channel if rec.attempt == 1 else self.channels[0]
        code = super().forward(rec)
        rec.channel = came_by
        return code


@mutant("core-an-id-is-a-message", "CMB-SND-003", "target/core-one-id-of-two-sources", options=CORE)
class CoreAnIdIsAMessage(CoreTarget):
    """A message_id is of one message, whoever sends it."""

    def handle(self, socket, peer, header, frames):
        known = next((source for source, message_id in self.messages if message_id == header.message_id), None)
        header.source = known or header.source
        super().handle(socket, peer, header, frames)
