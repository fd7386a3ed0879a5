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


@mutant("a-refusal-keeps-its-messages", "CMB-DUP-010",
        "target/who-comes-back-joins-the-work-that-took-its-key")
class ARefusalKeepsItsMessages(Target):
    """A refused work is judged afresh although another message has brought it meanwhile."""

    def follow_the_key(self, message, header):
        pass


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
