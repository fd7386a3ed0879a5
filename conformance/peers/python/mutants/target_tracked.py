"""Targets that are wrong in one thing each: cancelling, progress, held work, order."""

from generated import AckType, Anomaly, Code, State, Status, Timer
from mutants.registry import mutant
from target import Target


@mutant("cancels-nothing-that-waits", "CMB-CXL-006", "target/cancel-before-the-start*")
class CancelsNothingThatWaits(Target):
    """A CANCEL before the start is answered, and the work is started all the same."""

    def cancelled(self, work):
        if work.state == State.RECEIVED:
            for message in work.messages:
                self.answer(message, AckType.EXECUTION_ACK, Status.FAILURE, message.attempt,
                            error_code=Code.CANCELLED, started=False, memory_ms=self.memory_ms())
        else:
            super().cancelled(work)


@mutant("drops-without-a-word", "CMB-CXL-006", "target/cancel-before-the-start*")
class DropsWithoutAWord(Target):
    """Work that waits is dropped on a CANCEL, and nobody is told."""

    def cancelled(self, work):
        waited = work.state == State.RECEIVED
        before = list(self.waiting)
        super().cancelled(work)
        if waited:
            self.waiting = before


@mutant("says-that-it-had-not-started", "CMB-CXL-007", "target/cancel-of-running-work*")
class SaysThatItHadNotStarted(Target):
    """Work that was stopped is told as never started."""

    def cancelled(self, work):
        work.started = False
        super().cancelled(work)


@mutant("cancels-one-of-all", "CMB-CXL-007", "target/cancel-of-one-is-cancel-of-all@work=running")
class CancelsOneOfAll(Target):
    """Only the first message of a work hears that it was stopped."""

    def cancelled(self, work):
        messages, work.messages = work.messages, work.messages[:1]
        super().cancelled(work)
        work.messages = messages


@mutant("claims-to-have-stopped", "CMB-CXL-008", "target/cancel-of-work-that-does-not-stop*")
class ClaimsToHaveStopped(Target):
    """A handler that goes on is reported as stopped."""

    def ask_to_stop(self, work):
        if not work.asked_to_stop:
            work.asked_to_stop = True
            self.cancelled(work)
            return None
        return Anomaly.DUPLICATE_ACK


@mutant("asks-again-and-again", "CMB-CXL-008", "target/cancel-of-work-that-does-not-stop*")
class AsksAgainAndAgain(Target):
    """Every CANCEL of running work is taken for the first."""

    def ask_to_stop(self, work):
        work.asked_to_stop = False
        return super().ask_to_stop(work)


@mutant("does-not-answer-a-late-cancel", "CMB-CXL-009", "target/cancel-of-ended-work*")
class DoesNotAnswerALateCancel(Target):
    """A CANCEL of ended work is not answered."""

    def cancel_work(self, message):
        return None if message.work.is_terminal else super().cancel_work(message)


@mutant("a-refusal-outlives-its-cancel", "CMB-CXL-016", "target/cancel-of-*refus*",
        "target/cancel-of-ended-work*")
class ARefusalOutlivesItsCancel(Target):
    """Work that was refused for now is answered with its refusal: a later copy runs."""

    def cancel_work(self, message):
        if message.work.state == State.REJECTED:
            self.tell_end(message, message.attempt)
            return None
        return super().cancel_work(message)


@mutant("leaves-no-tombstone", "CMB-CXL-010", "target/cancel-overtakes-its-message*")
class LeavesNoTombstone(Target):
    """A CANCEL that comes before its message is forgotten."""

    def leave_tombstone(self, source, message_id, attempt):
        return Anomaly.UNKNOWN_MESSAGE


@mutant("a-tombstone-takes-no-place", "CMB-CXL-010", "target/a-tombstone-*")
class ATombstoneTakesNoPlace(Target):
    """A tombstone takes no place in the table."""

    def has_room(self, source):
        return sum(not message.work.is_tombstone for message in self.messages.values()) < self.settings.dedup


@mutant("a-tombstone-ends-early", "CMB-CXL-010", "target/a-tombstone-lives-its-time*")
class ATombstoneEndsEarly(Target):
    """A tombstone lives for one latency, not for two."""

    def leave_tombstone(self, source, message_id, attempt):
        verdict = super().leave_tombstone(source, message_id, attempt)
        key = source, message_id
        if not verdict:
            self.timers.arm(key, Timer.RECORD_EXPIRY, self.now_ms + self.settings.max_latency_ms + 1)
        return verdict


@mutant("buries-the-key-with-it", "CMB-CXL-010", "target/cancel-overtakes-a-message-of-ended-work")
class BuriesTheKeyWithIt(Target):
    """A tombstone answers its message, although the work is known by its key."""

    def meet_tombstone(self, message, header):
        header.idempotency_key = ""
        super().meet_tombstone(message, header)


@mutant("remembers-more-than-it-can", "CMB-TGT-012", "target/a-cancelled-answer-tells-its-memory*",
        options=("--profile", "TRACKED"))
class RemembersMoreThanItCan(Target):
    """A target that forgets with its process claims to forget nothing."""

    def memory_ms(self):
        return (1 << 64) - 1


@mutant("does-not-tell-its-memory", "CMB-CXL-017", "target/a-cancelled-answer-tells-its-memory*")
class DoesNotTellItsMemory(Target):
    """FAILURE CANCELLED says nothing of the memory, so that it never proves anything."""

    def answer(self, message, ack_type, status, attempt, **fields):
        fields.pop("memory_ms", None)
        super().answer(message, ack_type, status, attempt, **fields)


# ---- batches


@mutant("a-batch-for-any-router", "CMB-BAT-001", "target/batch-only-if-the-router-takes-it*",
        "target/batch-*")
class ABatchForAnyRouter(Target):
    """The router is not asked whether it takes batches."""

    def takes_it(self, peer):
        return True


@mutant("reads-one-cancel-of-a-batch", "CMB-BAT-002", "target/batch-of-cancels*")
class ReadsOneCancelOfABatch(Target):
    """Of a batch of CANCELs the first counts."""

    def each_ack(self, header):
        yield next(iter(super().each_ack(header)))
