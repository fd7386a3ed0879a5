"""Targets that take a thing that comes again, or in another way, for something else."""

from generated import AckType, Anomaly, Code, Reason, State, Status
from mutants.registry import mutant
from shares import may_take
from target import Target
from wire import Malformed, is_of_this_version

HOUR_MS = 3_600_000


@mutant("batches-of-255", "CMB-BAT-002", "target/a-batch-of-256-cancels")
class BatchesOf255(Target):
    """A batch of 256 is one too long."""

    def check_more(self, header):
        if len(header.ack_batch.acks) > 255:
            raise Malformed("a long batch")


@mutant("an-old-cancel-is-stale", "CMB-CXL-007", "target/a-cancel-of-an-earlier-attempt*")
class AnOldCancelIsStale(Target):
    """A CANCEL for another attempt than the highest stops nothing."""

    def on_cancel(self, header, ack):
        message = self.messages.get((header.source, ack.correlation_id))
        if message and message.attempt and ack.attempt < message.attempt:
            return Anomaly.STALE_ATTEMPT
        return super().on_cancel(header, ack)


@mutant("a-copy-goes-by-its-key", "CMB-TGT-001", "target/a-copy-with-another-key*")
class ACopyGoesByItsKey(Target):
    """A copy that brings the key of other work is answered by that."""

    def find(self, header):
        message = super().find(header)
        other = self.bearers.get((header.source, header.idempotency_key))
        if message and other and other is not message.work:
            moved = other.messages[0]
            header.message_id = moved.message_id
            return moved
        return message


@mutant("a-full-table-stays-full", "CMB-TGT-001", "target/a-full-table-empties")
class AFullTableStaysFull(Target):
    """A place that was taken once is taken for good."""

    def has_room(self, source):
        self.most = max(getattr(self, "most", 0), len(self.messages))
        return self.most < self.settings.dedup and super().has_room(source)


@mutant("known-work-needs-no-room", "CMB-TGT-008", "target/each-message-id-takes-a-place*")
class KnownWorkNeedsNoRoom(Target):
    """A full table takes every new message_id of work that it knows."""

    def on_message(self, header):
        self.known = self.find_work(self.find(header), header)
        super().on_message(header)
        self.known = None

    def has_room(self, source):
        return self.known or super().has_room(source)


@mutant("a-work-takes-one-place", "CMB-SEC-014", "target/a-source-has-its-share*")
class AWorkTakesOnePlace(Target):
    """A table counts works, whatever message_ids are attached to them."""

    def has_room(self, source):
        own = sum(work.source == source for work in self.works.values())
        return may_take(len(self.works), own, self.settings.dedup, self.settings.source_shares)


@mutant("reopened-work-goes-first", "CMB-ORD-004", "target/reopened-work-waits-behind-the-others")
class ReopenedWorkGoesFirst(Target):
    """Work that is reopened has the place in its stream that it had."""

    def begin(self, work):
        super().begin(work)
        stream = self.streams._streams.get(work.stream)
        if stream and work in stream.works:
            stream.works.remove(work)
            stream.works.insert(1 if stream.current else 0, work)


@mutant("a-hold-is-said-for-ever", "CMB-PRG-006", "target/reopened-work-waits-behind-the-others")
class AHoldIsSaidForEver(Target):
    """A copy of reopened work hears what was said before the refusal."""

    def reopen(self, work, header):
        said = work.said
        super().reopen(work, header)
        work.said = work.said or said


@mutant("the-last-attempt-is-the-highest", "CMB-INS-001", "target/the-highest-attempt-stays-on-record")
class TheLastAttemptIsTheHighest(Target):
    """A record tells the attempt of the copy that came last."""

    def received(self, message, header):
        super().received(message, header)
        message.attempt = header.attempt


@mutant("progress-at-the-end", "CMB-WIRE-019", "target/no-progress-after-the-end")
class ProgressAtTheEnd(Target):
    """Whoever succeeds says that it is at 100 percent, after the end."""

    def handler_end(self, work, act):
        super().handler_end(work, act)
        if self.claims.tracked:
            self.say(work, AckType.PROGRESS_ACK, percent=100)


@mutant("an-attempt-is-the-works", "CMB-TGT-010", "target/reopened-by-the-other-message")
class AnAttemptIsTheWorks(Target):
    """Only an attempt above those of every message of the work reopens it."""

    def take_copy(self, message, header):
        highest = max(other.attempt for other in message.work.messages)
        if header.attempt <= highest and message.attempt:
            message.attempt = max(message.attempt, header.attempt)
        super().take_copy(message, header)


@mutant("the-first-name-stays", "CMB-OBS-001", "target/reopened-by-the-other-message")
class TheFirstNameStays(Target):
    """Reopened work goes by the message that made the record, whichever came."""

    def reopen(self, work, header):
        alias = type(header)()
        alias.CopyFrom(header)
        alias.message_id = work.made_by
        super().reopen(work, alias)


@mutant("reopened-work-keeps-its-life", "CMB-TGT-013", "target/the-life-of-the-copy-that-reopens@life=longer")
class ReopenedWorkKeepsItsLife(Target):
    """The copy that reopens a work brings no life."""

    def live(self, message, header):
        if message.attempt > 1 and message.ttl_end_ms:
            header.ttl_ms = max(0, message.ttl_end_ms - self.now_ms)
        super().live(message, header)


@mutant("only-a-ping-is-a-word", "CMB-BAT-001", "target/the-router-takes-its-word-back@last=pong")
class OnlyAPingIsAWord(Target):
    """What a PONG says of batches is not heard."""

    def hear(self, peer, header):
        if not self.takes_batches.get(peer) or header.HasField("ack") or header.message_id:
            super().hear(peer, header)


@mutant("one-receipt-for-each-attempt", "CMB-TGT-001", "target/repeats-of-one-attempt")
class OneReceiptForEachAttempt(Target):
    """A repeat of an attempt is not received again."""

    def receipt(self, header, status=Status.SUCCESS, code=0):
        heard = self.__dict__.setdefault("heard", set())
        name = header.source, header.message_id, header.attempt
        if name not in heard:
            super().receipt(header, status, code)
        heard.add(name)


@mutant("reopens-once", "CMB-TGT-010", "target/refused-for-now-again-and-again")
class ReopensOnce(Target):
    """A second refusal for now is one for good."""

    def reopen(self, work, header):
        super().reopen(work, header)
        work.was_reopened = True

    def handler_refuse(self, work, act):
        if getattr(work, "was_reopened", False):
            work.script.retryable = False
        super().handler_refuse(work, act)


@mutant("by-any-channel", "CMB-SEC-004", "target/a-copy-by-another-channel")
class ByAnyChannel(Target):
    """A message is taken by whichever channel it comes."""

    def may_come(self, socket, header):
        if header.channel and socket in self.channels:
            header.channel = socket
        return super().may_come(socket, header)


@mutant("messages-before-values-at-a-target", "CMB-VER-003", "target/what-is-found-first")
class MessagesBeforeValuesAtATarget(Target):
    """An unknown value about an unknown message is about an unknown message."""

    def judge(self, header, ack):
        if (header.source, ack.correlation_id) not in self.messages and ack.status:
            return Anomaly.UNKNOWN_MESSAGE
        return super().judge(header, ack)


@mutant("cancels-of-any-version", "CMB-VER-018", "target/what-is-found-first")
class CancelsOfAnyVersion(Target):
    """Only of a MESSAGE the schema_version is looked at."""

    def on_acks(self, header):
        if not is_of_this_version(header):
            header.schema_version = 1
        super().on_acks(header)


@mutant("an-hour-is-too-long", "CMB-DUP-012", "target/running-work-is-never-forgotten")
class AnHourIsTooLong(Target):
    """Work that has run for an hour is thought to be stalled, and let go."""

    def on_message(self, header):
        message = self.find(header)
        if message and message.work.state == State.EXECUTING and self.now_ms > message.work.begun_ms + HOUR_MS:
            self.forget(message.work)
        super().on_message(header)


@mutant("no-life-passes-no-number", "CMB-ORD-002", "target/a-message-without-life-passes-its-number*")
class NoLifePassesNoNumber(Target):
    """Only work that had a life passes its number when that ends."""

    def expire(self, work):
        if work.created_ms < work.ttl_end_ms:
            return super().expire(work)
        return self.end(work, State.REJECTED, Reason.TTL_EXPIRED, Code.TTL_EXPIRED)
