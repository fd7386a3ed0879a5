"""Targets that are wrong in one thing each."""

from generated import AckType, Code, MsgType, Status, Timer
from machine import INGRESS
from mutants.registry import mutant
from target import Target
from wire import ack_header, parse


class TargetThatTells(Target):
    """Helps the mutants to say what no target may say."""

    def tell(self, source, status, message_id, attempt, code=Code.UNSPECIFIED):
        header = ack_header(self.module_id, source, AckType.EXECUTION_ACK, status, message_id,
                            attempt, error_code=code)
        self.post(INGRESS, None, header)


@mutant("no-dedup", "CMB-DUP-003", "target/duplicate-*", "target/each-ack-lost-once")
class NoDedup(Target):
    """A copy is new work: nothing is looked up."""

    def find(self, header):
        return None

    def find_work(self, message, header):
        return None


@mutant("forgets-the-key", "CMB-DUP-007", "target/idempotency-key-under-a-new-id")
class ForgetsTheKey(Target):
    """A new message_id is new work, whatever its idempotency key."""

    def find_work(self, message, header):
        return message and message.work


@mutant("executes-expired-work", "CMB-TGT-017", "target/never-executes-expired-work")
class ExecutesExpiredWork(Target):
    """The life of a message is not looked at."""

    def life_is_over(self, work):
        return False


@mutant("evicts-when-full", "CMB-DUP-009", "target/a-full-table-forgets-nothing")
class EvictsWhenFull(Target):
    """A full table forgets its oldest record to make room."""

    def has_room(self, source):
        if not super().has_room(source):
            self.forget(next(iter(self.works.values())))
        return True


@mutant("forgets-early", "CMB-DUP-008", "target/dedup-window-edge", "target/the-key-window-ends")
class ForgetsEarly(Target):
    """A record is forgotten as soon as the life of its message is over."""

    def keep_until(self, work, instant_ms):
        early_ms = 2 * self.settings.max_latency_ms
        self.settings.key_window_ms = 0
        super().keep_until(work, instant_ms - early_ms)


@mutant("forgets-what-runs", "CMB-DUP-012", "target/running-work-is-never-forgotten")
class ForgetsWhatRuns(Target):
    """A record goes at its time, whether its work has ended or not."""

    def keep_until(self, work, instant_ms):
        super().keep_until(work, instant_ms)
        self.timers.arm(work.key, Timer.RECORD_EXPIRY, work.life_ends_ms + 1)


@mutant("does-not-answer-copies", "CMB-DUP-004", "target/duplicate-answered-from-the-record",
        "target/each-ack-lost-once")
class DoesNotAnswerCopies(Target):
    """The end is told once; if that ACK is lost, nobody ever hears it."""

    def answer_copy(self, message, header):
        pass


@mutant("one-receipt", "CMB-TGT-001", "target/every-copy-gets-its-receipt")
class OneReceipt(Target):
    """Only the first copy gets a RECEIPT."""

    def receipt(self, header, *args):
        message = self.find(header)
        if not message or message.attempt <= 1:  # A full table has no record of what it refuses.
            super().receipt(header, *args)


@mutant("says-duplicate", "CMB-DUP-006", "target/never-says-duplicate")
class SaysDuplicate(TargetThatTells):
    """A copy is refused as a duplicate: the sender takes that for the end of the work."""

    def answer_copy(self, message, header):
        self.tell(header.source, Status.REJECTED, header.message_id, header.attempt,
                  Code.DUPLICATE_DETECTED)


@mutant("says-in-progress", "CMB-TGT-009", "target/basic-targets-do-not-report-progress",
        options=("--profile", "BASIC"))
class SaysInProgress(TargetThatTells):
    """A BASIC target says IN_PROGRESS all the same."""

    def start(self, work):
        self.tell(work.source, Status.IN_PROGRESS, work.message_id, work.attempt)
        super().start(work)


@mutant("cancels-in-word-only", "CMB-TGT-009", "target/undeclared-cancel-is-counted",
        options=("--profile", "BASIC"))
class CancelsInWordOnly(TargetThatTells):
    """A CANCEL is answered as if the work had been stopped, and the work goes on."""

    def on_ack(self, header, ack):
        super().on_ack(header, ack)
        if ack.ack_type == AckType.CANCEL:
            self.tell(header.source, Status.FAILURE, ack.correlation_id, ack.attempt, Code.CANCELLED)


@mutant("answers-attempt-one", "CMB-WIRE-001", "target/duplicate-*", "target/last-copy-*")
class AnswersAttemptOne(Target):
    """Every answer says attempt 1, whichever copy it answers."""

    def receipt(self, header, *args):
        header.attempt = 1
        super().receipt(header, *args)


@mutant("receipt-after-the-work", "CMB-TGT-002", "target/receipt-comes-first")
class ReceiptAfterTheWork(Target):
    """The RECEIPT is sent when the message has been dealt with."""

    def on_message(self, header):
        self.late = None
        super().on_message(header)
        super().receipt(*self.late)

    def receipt(self, *args):
        self.late = args


@mutant("takes-any-version", "CMB-VER-018", "target/a-higher-version-is-refused")
class TakesAnyVersion(Target):
    """A message of a later schema is read as if it were one of this."""

    def finding(self, socket, header):
        if header.msg_type == MsgType.MESSAGE:
            header.schema_version = 1
        return super().finding(socket, header)


@mutant("takes-wrong-wire-types", "CMB-WIRE-017", "target/malformed-and-unknown-messages")
class TakesWrongWireTypes(Target):
    """The Protobuf library is trusted to find what is malformed."""

    def decode(self, frames):
        return parse(frames[0]) if len(frames) == 2 and frames[0] else super().decode(frames)
