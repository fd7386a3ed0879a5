"""Targets that mistake which of the messages of one work is meant."""

from generated import Certainty, Timer
from mutants.registry import mutant
from router import Router
from target import Target


@mutant("each-message-is-asked-to-stop", "CMB-CXL-008",
        "target/one-request-to-stop-is-enough-for-the-work")
class EachMessageIsAskedToStop(Target):
    """Whether the handler was asked to stop is kept for each message_id."""

    def cancel_work(self, message):
        asked = self.__dict__.setdefault("asked", set())
        if message.work.asked_to_stop and message.message_id not in asked:
            asked.add(message.message_id)
            return None
        asked.add(message.message_id)
        return super().cancel_work(message)


@mutant("joined-work-is-forgotten-early", "CMB-DUP-008",
        "target/joined-work-is-remembered-as-long-as-the-refusal")
class JoinedWorkIsForgottenEarly(Target):
    """Work that a refused message joins lives as long as it would have without it."""

    def follow_the_key(self, message, header):
        message.work.life_ends_ms = 0
        super().follow_the_key(message, header)


@mutant("the-maker-starts", "CMB-INS-001", "target/who-reopens-is-who-starts")
class TheMakerStarts(Target):
    """A start counts for the message_id that made the record."""

    def start(self, work):
        super().start(work)
        self.messages[work.source, work.message_id].executions -= 1
        self.messages[work.source, work.made_by].executions += 1


@mutant("a-copy-without-life-ends-the-work", "CMB-TGT-013",
        "target/reopened-work-lives-as-long-as-its-longest-message")
class ACopyWithoutLifeEndsTheWork(Target):
    """A copy without life that reopens work ends it, whatever life its other messages have."""

    def reopen(self, work, header):
        self.without_life = not header.ttl_ms
        super().reopen(work, header)
        self.without_life = False

    def life_is_over(self, work):
        return getattr(self, "without_life", False) or super().life_is_over(work)


@mutant("a-life-ends-once", "CMB-TGT-013", "target/running-work-lives-again-by-another-message")
class ALifeEndsOnce(Target):
    """The life of running work that has ended does not begin again."""

    def live(self, message, header):
        was_over = self.life_is_over(message.work)
        super().live(message, header)
        if was_over and message.work.started:
            self.timers.stop(message.work.key, Timer.TTL)


@mutant("the-cancelled-give-no-life", "CMB-TGT-013",
        "target/the-life-of-a-cancelled-message-counts-for-the-work-it-joins")
class TheCancelledGiveNoLife(Target):
    """A message whose CANCEL came first does not prolong the work that it joins."""

    def meet_tombstone(self, message, header):
        life_ms, header.ttl_ms = header.ttl_ms, 0
        super().meet_tombstone(message, header)
        header.ttl_ms = life_ms


@mutant("a-target-rounds-shares-down", "CMB-SEC-014", "target/a-share-is-rounded-up")
class ATargetRoundsSharesDown(Target):
    """A share is the bound divided by the shares, rounded down."""

    def has_room(self, source):
        own = sum(key[0] == source for key in self.messages)
        bound = self.settings.dedup
        return super().has_room(source) and (
            4 * len(self.messages) < 3 * bound or own < max(bound // self.settings.source_shares, 1))


@mutant("a-router-rounds-shares-down", "CMB-SEC-014", "router/a-share-is-rounded-up*")
class ARouterRoundsSharesDown(Router):
    """A share is the bound divided by the shares, rounded down."""

    def have_room(self, table, source, bound):
        taken, own = self.rooms.taken[table,], self.rooms.taken[table, source]
        return super().have_room(table, source, bound) and (
            4 * taken < 3 * bound or own < max(bound // self.settings.source_shares, 1))


@mutant("reopened-work-keeps-a-longer-life", "CMB-TGT-013",
        "target/the-life-of-the-copy-that-reopens@life=shorter")
class ReopenedWorkKeepsALongerLife(Target):
    """The copy that reopens a work makes its life no shorter."""

    def live(self, message, header):
        before_ms = message.ttl_end_ms
        super().live(message, header)
        if before_ms > message.ttl_end_ms:
            header.ttl_ms = before_ms - self.now_ms
            super().live(message, header)


@mutant("who-joins-keeps-its-life", "CMB-TGT-013", "target/who-joins-brings-the-life-of-its-copy@*")
class WhoJoinsKeepsItsLife(Target):
    """A refused message joins other work with the life that it had."""

    def follow_the_key(self, message, header):
        copy = type(header)(ttl_ms=max(message.ttl_end_ms - self.now_ms, 0))
        super().follow_the_key(message, copy)


@mutant("joined-work-has-its-own-key-window", "CMB-DUP-008",
        "target/the-key-window-of-a-refusal-goes-to-the-work-it-joins")
class JoinedWorkHasItsOwnKeyWindow(Target):
    """Of a refused record that joins other work the copies are remembered alone."""

    def follow_the_key(self, message, header):
        work = message.work
        if work.life_ends_ms == work.first_ms + self.settings.key_window_ms:
            work.life_ends_ms = 0
        super().follow_the_key(message, header)


@mutant("a-refusal-forgets-what-was-reopened", "CMB-DUP-012",
        "target/reopened-work-is-never-forgotten-while-it-runs")
class ARefusalForgetsWhatWasReopened(Target):
    """Work that is reopened is forgotten when its refusal would have been."""

    def reopen(self, work, header):
        ends_ms = self.timers.deadline(work.key, Timer.RECORD_EXPIRY)
        super().reopen(work, header)
        self.timers.arm(work.key, Timer.RECORD_EXPIRY, ends_ms)

    def fire(self, key, kind):
        if key in self.works:
            super().fire(key, kind)


@mutant("a-full-table-ends-nothing", "CMB-TGT-018",
        "target/expired-work-ends-before-a-full-table-refuses")
class AFullTableEndsNothing(Target):
    """Who finds no room looks no work up."""

    def find_work(self, message, header):
        return super().find_work(message, header) if message or self.has_room(header.source) else None


@mutant("a-target-is-certain", "CMB-OBS-001", "target/reopened-by-the-other-message")
class ATargetIsCertain(Target):
    """A target says of its work what only a sender has to conclude."""

    def transition(self, rec, *args, **kwargs):
        rec.certainty = Certainty.EXECUTED
        super().transition(rec, *args, **kwargs)
