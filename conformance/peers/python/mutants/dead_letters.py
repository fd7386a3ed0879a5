"""Routers that are wrong in one thing each: what becomes of dead letters."""

from generated import AckType, Code, Reason, Timer
from mutants.registry import mutant
from router import Router


@mutant("buries-in-silence", "CMB-DLQ-003", "router/entering-dead-letters-is-told*")
class BuriesInSilence(Router):
    """A message that is given up becomes a dead letter without a TIMEOUT."""

    def tell(self, source, ack_type, *args, **fields):
        if ack_type != AckType.TIMEOUT:
            super().tell(source, ack_type, *args, **fields)


@mutant("hides-what-its-sender-gave-up", "CMB-DLQ-001", "router/dead-letters-of-a-sender-that-gave-up*",
        "router/dead-letters-are-listed*")
class HidesWhatItsSenderGaveUp(Router):
    """Only what the router gave up itself is listed."""

    def tell_dead_letters(self, query):
        reply = super().tell_dead_letters(query)
        kept = [letter for letter in reply.dead_letters if letter.reason != Reason.TIMEOUT]
        del reply.dead_letters[:]
        reply.dead_letters.extend(kept)
        return reply


@mutant("lists-the-life-that-was-left", "CMB-DLQ-001", "router/dead-letters-of-a-sender-that-gave-up*",
        "router/dead-letters-are-listed*")
class ListsTheLifeThatWasLeft(Router):
    """A dead letter is told with the life of its last forward."""

    def letter(self, rec):
        letter = super().letter(rec)
        letter.ttl_ms = rec.header.ttl_ms
        return letter


@mutant("lets-dead-letters-expire", "CMB-DLQ-002", "router/dead-letters-outlive-their-life*")
class LetsDeadLettersExpire(Router):
    """A dead letter is forgotten like any other record."""

    def keep(self, rec):
        was, rec.dead_letter = rec.dead_letter, False
        super().keep(rec)
        rec.dead_letter = was


@mutant("what-is-received-stays-dead", "CMB-DLQ-001", "router/what-empties-a-dead-letter*")
class WhatIsReceivedStaysDead(Router):
    """A dead letter that its target received after all is still listed."""

    def move(self, rec, *args):
        was = rec.dead_letter
        super().move(rec, *args)
        rec.dead_letter |= was


@mutant("redrives-without-a-key", "CMB-DLQ-004", "router/dead-letter-and-redrive*",
        "router/redrive-changes-nothing-else*")
class RedrivesWithoutAKey(Router):
    """A redrive has no key of the old work, so that it may be executed twice."""

    def redriven(self, old):
        new = super().redriven(old)
        new.header.idempotency_key = old.header.idempotency_key
        new.raw = new.header.SerializeToString()
        return new


@mutant("redrives-the-next-attempt", "CMB-DLQ-004", "router/redrive-of-a-later-attempt*")
class RedrivesTheNextAttempt(Router):
    """A redrive goes on counting the attempts of the dead letter."""

    def redriven(self, old):
        new = super().redriven(old)
        new.header.attempt = new.attempt = old.attempt + 1
        new.raw = new.header.SerializeToString()
        return new


@mutant("redrives-what-is-left-of-a-life", "CMB-DLQ-004", "router/dead-letter-and-redrive*",
        "router/redrive-*")
class RedrivesWhatIsLeftOfALife(Router):
    """A redrive has the life that the last forward had."""

    def redriven(self, old):
        old.came_ttl_ms = old.header.ttl_ms
        return super().redriven(old)


@mutant("does-not-say-what-it-redrives", "CMB-DLQ-004", "router/dead-letter-and-redrive*",
        "router/redrive-changes-nothing-else*", "router/redrive-t*")
class DoesNotSayWhatItRedrives(Router):
    """A redrive looks like any new message."""

    def redriven(self, old):
        new = super().redriven(old)
        new.header.ClearField("redrive_of")
        new.raw = new.header.SerializeToString()
        return new


@mutant("acknowledges-a-redrive", "CMB-DLQ-004", "router/dead-letter-and-redrive*",
        "router/redrive-*")
class AcknowledgesARedrive(Router):
    """The source gets a ROUTER_ACK for a message that it never sent."""

    def redrive(self, key, *may_repeat):
        reply = super().redrive(key, *may_repeat)
        if reply.redriven_id:
            self.acknowledge(self.records[key[0], reply.redriven_id], 1)
        return reply


@mutant("redrives-twice", "CMB-DLQ-005", "router/redrive-twice*")
class RedrivesTwice(Router):
    """A dead letter can be redriven as often as anybody likes."""

    def bury(self, rec):
        pass


@mutant("purges-one-of-all", "CMB-DLQ-006", "router/purge-one-and-all*")
class PurgesOneOfAll(Router):
    """PURGE without message_id purges one letter."""

    def purge(self, asker, query):
        if not query.message_id:
            own = [rec for rec in self.records.values() if rec.dead_letter and rec.source == asker]
            query.message_id = own[0].message_id if own else ""
        return super().purge(asker, query)


@mutant("counts-a-purge-and-keeps-it", "CMB-DLQ-006", "router/purge-twice")
class CountsAPurgeAndKeepsIt(Router):
    """PURGE says how many there were, and they stay."""

    def purge(self, asker, query):
        self.is_purging = True
        reply = super().purge(asker, query)
        self.is_purging = False
        return reply

    def bury(self, rec):
        if not getattr(self, "is_purging", False):
            super().bury(rec)


@mutant("loses-what-cannot-be-redriven", "CMB-DLQ-002", "router/redrive-without-a-route")
class LosesWhatCannotBeRedriven(Router):
    """A redrive that is refused takes the dead letter with it."""

    def redrive(self, key, *may_repeat):
        reply = super().redrive(key, *may_repeat)
        if reply.error_code in (Code.NO_ROUTE, Code.BUFFER_FULL):
            self.bury(self.records[key])
        return reply


@mutant("redrives-into-a-full-queue", "CMB-DLQ-007", "router/redrive-to-a-full-queue*")
class RedrivesIntoAFullQueue(Router):
    """A redrive takes no notice of the bound of a queue."""

    def redrive(self, key, *may_repeat):
        bound, self.settings.queue_per_target = self.settings.queue_per_target, 1 << 30
        reply = super().redrive(key, *may_repeat)
        self.settings.queue_per_target = bound
        return reply


@mutant("anybody-decides", "CMB-DLQ-008", "security/redrive-and-purge-of-others*")
class AnybodyDecides(Router):
    """Whoever asks may redrive and purge."""

    def may_decide(self, asker, source):
        return True


@mutant("looks-before-it-asks-who", "CMB-DLQ-008", "security/redrive-and-purge-of-others*")
class LooksBeforeItAsksWho(Router):
    """Who may not decide learns whether there is such a letter."""

    def query_refusal(self, asker, header):
        code = super().query_refusal(asker, header)
        key = (header.query.source, header.query.message_id)
        if code == Code.PERMISSION_DENIED and key not in self.records:
            return Code.VALIDATION_ERROR
        return code


@mutant("a-redrive-never-dies", "CMB-DLQ-001", "router/redrive-that-dies-again*")
class ARedriveNeverDies(Router):
    """A redrive that fails in turn is no dead letter."""

    def move(self, rec, *args):
        super().move(rec, *args)
        rec.dead_letter = rec.dead_letter and not rec.header.redrive_of


@mutant("forwards-a-redrive-once", "CMB-RTR-010", "router/redrive-is-delivered-again")
class ForwardsARedriveOnce(Router):
    """A redrive is not delivered again if its first forward is lost."""

    def redrive(self, key, *may_repeat):
        reply = super().redrive(key, *may_repeat)
        if reply.redriven_id:
            self.timers.stop((key[0], reply.redriven_id), Timer.REDELIVERY)
        return reply


@mutant("redrives-at-any-time", "CMB-DLQ-010", "router/redrive-past-the-key-window*")
class RedrivesAtAnyTime(Router):
    """A letter is redriven although its target may have forgotten that it executed it."""

    def comes_in_time(self, letter):
        return True


@mutant("refuses-a-late-redrive-for-good", "CMB-DLQ-004", "router/redrive-past-the-key-window*")
class RefusesALateRedriveForGood(Router):
    """Nobody may accept a second execution."""

    def redrive(self, key, may_repeat=False):
        return super().redrive(key)


@mutant("counts-the-window-from-each-redrive", "CMB-DLQ-010", "router/redrive-of-a-late-redrive*")
class CountsTheWindowFromEachRedrive(Router):
    """A redrive forgets when its work was under way first."""

    def redriven(self, old):
        new = super().redriven(old)
        new.forwarded_ms = None
        return new


@mutant("leaves-its-own-phase-out-of-the-window", "CMB-DLQ-010", "router/redrive-past-the-key-window*")
class LeavesItsOwnPhaseOutOfTheWindow(Router):
    """The redrive leaves in time, and its last forward may arrive too late."""

    def comes_in_time(self, letter):
        return self.now_ms <= letter.forwarded_ms + self.settings.key_window_ms


@mutant("tells-the-last-forward", "CMB-DLQ-009", "router/a-dead-letter-tells-its-first-forward*")
class TellsTheLastForward(Router):
    """forwarded_at_ms is the instant of the last forward."""

    def forward(self, rec):
        rec.forwarded_ms = None
        return super().forward(rec)


@mutant("keeps-dead-letters-for-ever", "CMB-DLQ-011", "router/a-dead-letter-that-nobody-asked-for*")
class KeepsDeadLettersForEver(Router):
    """A dead letter that nobody redrives or purges stays."""

    def keep(self, rec):
        super().keep(rec)
        if self.is_letter(rec):
            self.timers.stop(rec.key, Timer.RECORD_EXPIRY)


@mutant("purges-in-silence", "CMB-INS-006", "router/a-dead-letter-that-nobody-asked-for*")
class PurgesInSilence(Router):
    """Nobody hears how many dead letters were purged by their age."""

    def health(self):
        health = super().health()
        health.ClearField("expired_dead_letters")
        return health


@mutant("dead-letters-are-records", "CMB-DLQ-012", "router/dead-letters-take-no-room-of-records*")
class DeadLettersAreRecords(Router):
    """Dead letters take the room of the messages that come."""

    def has_room(self, target, source):
        return super().has_room(target, source) and len(self.records) < self.settings.most_records


@mutant("dead-letters-without-a-bound", "CMB-DLQ-012", "router/dead-letters-of-one-source*")
class DeadLettersWithoutABound(Router):
    """One source may fill the store with dead letters."""

    def has_room_for_letter(self, source):
        return True


@mutant("dead-letters-of-one-refuse-all", "CMB-DLQ-012", "router/dead-letters-of-one-source*")
class DeadLettersOfOneRefuseAll(Router):
    """Where the dead letters of one source have filled their part, everybody is refused."""

    def has_room_for_letter(self, source):
        return super().has_room_for_letter("sender")
