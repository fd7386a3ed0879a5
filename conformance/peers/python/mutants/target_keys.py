"""Targets that are wrong in one thing each: keys, lives, memory."""

from generated import Status
from mutants.registry import mutant
from target import Target


@mutant("a-key-is-bound-for-ever", "CMB-DUP-010", "target/work-that-never-started-frees-its-key*",
        "target/a-cancel-before-the-start-frees-the-key*")
class AKeyIsBoundForEver(Target):
    """A message whose key brought work that never started is answered with how that ended."""

    def rekey(self, work):
        if not work.is_tombstone:
            self.bearers.setdefault((work.source, work.idempotency_key), work)

    def follow_the_key(self, message, header):
        work = message.work
        if self.bearer(work.source, work.idempotency_key) is not work:  # It would follow itself for ever.
            super().follow_the_key(message, header)


@mutant("a-refusal-keeps-its-messages", "CMB-DUP-013",
        "target/who-comes-back-joins-the-work-that-took-its-key")
class ARefusalKeepsItsMessages(Target):
    """A refused work is judged afresh although another message has brought it meanwhile."""

    def follow_the_key(self, message, header):
        pass


@mutant("a-freed-key-stays-free", "CMB-DUP-014", "target/who-comes-back-takes-its-key-back")
class AFreedKeyStaysFree(Target):
    """Work that is reopened does not bear its key again."""

    def reopen(self, work, header):
        super().reopen(work, header)
        self.bearers.pop((work.source, work.idempotency_key), None)


@mutant("the-first-life-counts", "CMB-TGT-013", "target/shared-work-lives-as-long-as-*")
class TheFirstLifeCounts(Target):
    """Shared work dies with the message that brought it first."""

    def live(self, message, header):
        if message is message.work.messages[0]:
            super().live(message, header)


@mutant("its-handler-hears-nothing", "CMB-TGT-014", "target/the-handler-hears-*")
class ItsHandlerHearsNothing(Target):
    """Once it has started, nobody tells the handler that its sender has given up."""

    def life_ended(self, work):
        pass


@mutant("refuses-as-if-it-had-a-store", "CMB-TGT-015", "target/a-refusal-without-a-store",
        options=("--profile", "TRACKED"))
class RefusesAsIfItHadAStore(Target):
    """A refusal says how old the process is, though the next process knows nothing of it."""

    def answer(self, message, ack_type, status, attempt, **fields):
        if status == Status.REJECTED:
            fields["memory_ms"] = self.memory_ms()
        super().answer(message, ack_type, status, attempt, **fields)


@mutant("reaches-back-without-end", "CMB-DUR-007",
        "target/a-refusal-of-a-durable-target-tells-its-memory*")
class ReachesBackWithoutEnd(Target):
    """A store is said to know of all time, also of that before it began."""

    def memory_ms(self):
        return 2**64 - 1 if self.claims.durable else super().memory_ms()


@mutant("a-store-begins-with-its-process", "CMB-DUR-007",
        "target/a-refusal-of-a-durable-target-tells-its-memory*")
class AStoreBeginsWithItsProcess(Target):
    """After a restart the store is as young as the process."""

    def memory_ms(self):
        return self.now_ms - self.began_ms


@mutant("says-nothing-of-what-it-holds", "CMB-DUR-017", "target/a-restart-announces-what-it-holds")
class SaysNothingOfWhatItHolds(Target):
    """After a restart nobody hears of work that waits, until a copy comes."""

    def announce(self, work):
        pass


@mutant("the-end-keeps-its-attempt", "CMB-WIRE-001", "target/an-earlier-copy-of-ended-work-*")
class TheEndKeepsItsAttempt(Target):
    """A late copy of a lower attempt is answered with the highest one that ever came."""

    def answer_copy(self, message, header):
        self.tell_end(message, message.attempt)


@mutant("attaches-to-work-whose-life-is-over", "CMB-TGT-018", "target/a-key-whose-life-has-ended-*",
        "target/expired-work-ends-before-*")
class AttachesToWorkWhoseLifeIsOver(Target):
    """Until its timer has fired, expired work takes whatever brings its key."""

    def bearer(self, source, key):
        return self.bearers.get((source, key))


@mutant("who-was-refused-with-it-is-lost", "CMB-DUP-013", "target/all-of-a-refused-record-*")
class WhoWasRefusedWithItIsLost(Target):
    """Of a refused record only the message that comes back joins the work that took the key."""

    def follow_the_key(self, message, header):
        others = [each for each in message.work.messages if each is not message]
        super().follow_the_key(message, header)
        for other in others if message.work.messages[0] is not message else []:
            message.work.messages.remove(other)
            del self.messages[message.work.source, other.message_id]


@mutant("a-reopened-work-has-one-life", "CMB-TGT-013", "target/the-lives-of-all-messages-count@how=reopened")
class AReopenedWorkHasOneLife(Target):
    """The copy that reopens a refusal takes from the other messages what life they have."""

    def reopen(self, work, header):
        for message in work.messages:
            message.ttl_end_ms = self.now_ms
        super().reopen(work, header)


@mutant("a-life-that-ends-now-ended-before", "CMB-TGT-013",
        "target/running-work-lives-again-by-*")
class ALifeThatEndsNowEndedBefore(Target):
    """Running work whose life is over does not end once more by a message that has none left."""

    def live(self, message, header):
        if message.work.ttl_end_ms >= self.now_ms or header.ttl_ms:
            super().live(message, header)
