"""Routers whose counts, numbers and instants have edges that the protocol does not have."""

from generated import CognitiveMessage, State
from mutants.registry import mutant
from router import Router


@mutant("lives-of-32-bits", "CMB-RTR-013", "router/lives-of-64-bits")
class LivesOf32Bits(Router):
    """Of a life the lower 32 bits count."""

    def on_message(self, socket, header, frames):
        header.ttl_ms %= 2 ** 32
        super().on_message(socket, header, frames)


@mutant("a-life-is-no-life-above-63-bits", "CMB-RTR-003", "router/lives-of-64-bits")
class ALifeIsNoLifeAbove63Bits(Router):
    """A life above 2⁶³ is below 0, and has ended."""

    def on_message(self, socket, header, frames):
        if header.ttl_ms >= 2 ** 63:
            header.ttl_ms = 0
        super().on_message(socket, header, frames)


@mutant("a-new-life-is-a-new-header", "CMB-VER-004", "router/unknown-fields-pass-with-another-life")
class ANewLifeIsANewHeader(Router):
    """A header whose ttl_ms changes is written anew from what the router knows of it."""

    def forward(self, rec):
        if self.remaining_ms(rec) != rec.header.ttl_ms:
            known = CognitiveMessage()
            known.CopyFrom(rec.header)
            known.DiscardUnknownFields()
            rec.header = known
        return super().forward(rec)


@mutant("acks-are-written-anew", "CMB-VER-004", "router/unknown-fields-pass-with-another-life")
class AcksAreWrittenAnew(Router):
    """An ACK that is passed on has the fields that the router knows."""

    def pass_on(self, header, frames):
        known = CognitiveMessage()
        known.CopyFrom(header)
        known.DiscardUnknownFields()
        super().pass_on(header, [known.SerializeToString(), frames[1]])


class KeepsAPlace(Router):
    """Who leaves FORWARDING in this way keeps a place in its queue."""

    TO = ()

    def move(self, rec, state, reason, error=0):
        leaves = rec.state == State.FORWARDING and state in self.TO
        super().move(rec, state, reason, error)
        if leaves:
            self.rooms.put((rec.key, "kept"), rec.source, (self.queue_of(rec.target),))


@mutant("the-dead-keep-their-place", "CMB-RTR-001", "router/a-place-in-a-queue-is-given-back*")
class TheDeadKeepTheirPlace(KeepsAPlace):
    """A dead letter has a place in its target's queue."""

    TO = (State.DEAD_LETTERED,)


@mutant("the-cancelled-keep-their-place", "CMB-RTR-001", "router/a-place-in-a-queue-is-given-back@end=cancel")
class TheCancelledKeepTheirPlace(KeepsAPlace):
    """A cancelled message has a place in its target's queue."""

    TO = (State.CANCELLED,)


@mutant("the-received-keep-their-place", "CMB-RTR-001", "router/a-place-in-a-queue-is-given-back@end=received")
class TheReceivedKeepTheirPlace(KeepsAPlace):
    """A delivered message has a place in its target's queue until it settles."""

    TO = (State.DELIVERED,)


@mutant("the-reopened-have-no-place", "CMB-RTR-006", "router/a-place-in-a-queue-is-taken-again")
class TheReopenedHaveNoPlace(Router):
    """A message that was forwarded before is not counted in its target's queue."""

    def book(self, key):
        rec = self.records.get(key)
        if rec and rec.state == State.FORWARDING and rec.attempt > 1:
            self.rooms.put(key, key[0], ("records",))
        else:
            super().book(key)


@mutant("wall-time-stands", "CMB-CTL-020", "router/the-wall-time-of-an-event-jumps*")
class WallTimeStands(Router):
    """The wall time of events is that of the start and what has passed since."""

    def __init__(self, *args):
        super().__init__(*args)
        self.base_ms = self.settings.wall_base_ms

    def wall_ms(self):
        return self.base_ms + self.now_ms


@mutant("a-copy-is-a-change", "CMB-INS-001", "router/a-copy-changes-no-instant")
class ACopyIsAChange(Router):
    """changed_ms is the instant of whatever came last."""

    def on_copy(self, rec, copy):
        super().on_copy(rec, copy)
        rec.changed_ms = self.now_ms


@mutant("began-with-its-last-copy", "CMB-INS-001", "router/a-copy-changes-no-instant")
class BeganWithItsLastCopy(Router):
    """created_ms is the instant of the copy that came last."""

    def on_copy(self, rec, copy):
        super().on_copy(rec, copy)
        rec.created_ms = self.now_ms


@mutant("there-is-always-more", "CMB-INS-013", "router/a-list-that-ends-at-its-limit@limit=exactly")
class ThereIsAlwaysMore(Router):
    """A list that is as long as was asked for says that there are more."""

    def page(self, query, found, name, entry_of):
        reply = super().page(query, found, name, entry_of)
        reply.more = reply.more or len(getattr(reply, name)) == query.limit
        return reply
