"""Targets that are wrong in one thing each of the plain path: receipts, ends, refusals, memory."""

from generated import AckType, Anomaly, Code, State, Status, Timer
from mutants.registry import mutant
from mutants.timing import Backwards
from target import Target

BASIC = ("--profile", "BASIC")


@mutant("takes-no-copy-of-what-runs", "CMB-DUP-005", "target/duplicate-while-it-runs")
class TakesNoCopyOfWhatRuns(Target):
    """A copy of running work gets no RECEIPT."""

    def take_copy(self, message, header):
        if message.work.state != State.EXECUTING:
            super().take_copy(message, header)


@mutant("a-copy-hears-where-it-stands", "CMB-TGT-009", "target/duplicate-while-it-runs",
        options=("--profile", "BASIC"))
class ACopyHearsWhereItStands(Target):
    """A copy of running work is answered IN_PROGRESS, whether anything was said or not."""

    def say_to(self, message, attempt):
        self.answer(message, AckType.EXECUTION_ACK, Status.IN_PROGRESS, attempt, progress_number=1)


@mutant("fails-without-a-code", "CMB-TGT-005", "target/work-that-fails*")
class FailsWithoutACode(Target):
    """Whatever failed, the code is INTERNAL_ERROR."""

    def end(self, work, state, reason, error=Code.UNSPECIFIED):
        super().end(work, state, reason, Code.INTERNAL_ERROR if state == State.FAILED else error)


@mutant("refuses-without-a-code", "CMB-TGT-006", "target/refuses-by-policy*")
class RefusesWithoutACode(Target):
    """Whatever its handler refuses, the code is INTERNAL_ERROR."""

    def handler_refuse(self, work, act):
        work.script.error_code = Code.INTERNAL_ERROR
        super().handler_refuse(work, act)


@mutant("a-full-table-is-deaf", "CMB-TGT-008", "target/dedup-window-edge", "target/a-source-has-its-share*")
class AFullTableIsDeaf(Target):
    """What finds no room gets no RECEIPT."""

    def receipt(self, header, status=Status.SUCCESS, code=Code.UNSPECIFIED):
        if status == Status.SUCCESS:
            super().receipt(header, status, code)


@mutant("forged-acks-are-strangers", "CMB-TGT-011", "target/an-ack-nobody-owes-it*")
class ForgedAcksAreStrangers(Target):
    """An ACK that names a message of its own is counted as that of an unknown one."""

    def judge(self, header, ack):
        verdict = super().judge(header, ack)
        return Anomaly.UNKNOWN_MESSAGE if verdict == Anomaly.UNAUTHORIZED_ACK else verdict


@mutant("boasts-of-its-memory", "CMB-TGT-012", "target/a-cancelled-answer-tells-its-memory*")
class BoastsOfItsMemory(Target):
    """It says to remember an hour more than it does."""

    def memory_ms(self):
        return super().memory_ms() + 3_600_000


@mutant("starts-what-was-cancelled", "CMB-TGT-017", "target/cancel-before-the-start")
class StartsWhatWasCancelled(Target):
    """The handler of work that was cancelled before its start is not told, and starts."""

    def cancelled(self, work):
        acts, has_started = work.acts, work.started
        super().cancelled(work)
        if acts and not has_started:
            work.acts = acts
            self.timers.arm(work.key, Timer.HANDLER, work.begun_ms + acts[0].at_ms)


@mutant("starts-what-is-dead", "CMB-TGT-017", "target/never-executes-expired-work*")
class StartsWhatIsDead(Target):
    """Work whose life is over is started all the same."""

    def life_is_over(self, work):
        return False


@mutant("whoever-attaches-arms-anew", "CMB-TMR-013", "target/a-shorter-life-arms-nothing-anew")
class WhoeverAttachesArmsAnew(Target):
    """The timer of a work's life is armed anew with each message that attaches, longer or not."""

    def attach(self, known, header):
        message = super().attach(known, header)
        if known.state == State.RECEIVED:
            self.timers.arm(known.key, Timer.TTL, known.ttl_end_ms)
        return message


@mutant("the-last-armed-fires-first-at-a-target", "CMB-TMR-013", "target/timers-of-one-instant*")
class TheLastArmedFiresFirstAtATarget(Target):
    """Timers of one instant fire against the order in which they were armed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timers = Backwards()


@mutant("an-undeclared-cancel-is-nothing", "CMB-CXL-004", "target/undeclared-cancel-is-counted*",
        "target/forged-cancel*", options=BASIC)
class AnUndeclaredCancelIsNothing(Target):
    """A CANCEL that it does not act on is dropped without a count."""

    def judge(self, header, ack):
        verdict = super().judge(header, ack)
        return None if verdict == Anomaly.UNSUPPORTED else verdict


@mutant("one-name-one-message", "CMB-SND-003", "target/a-cancel-of-another-source-stops-nothing*")
class OneNameOneMessage(Target):
    """A CANCEL stops the message of that name, whoever sent it."""

    def on_cancel(self, header, ack):
        header.source = next((source for source, message_id in self.messages
                              if message_id == ack.correlation_id), header.source)
        return super().on_cancel(header, ack)


@mutant("says-the-end-twice", "CMB-TGT-005", "target/plain-path")
class SaysTheEndTwice(Target):
    """The end of work is told twice, to be sure."""

    def leave_stream(self, work):
        super().leave_stream(work)
        for message in work.messages:
            self.tell_end(message, message.attempt)


@mutant("says-the-end-again", "CMB-WIRE-019", "target/never-speaks-twice-of-the-end*")
class SaysTheEndAgain(Target):
    """The end of work is told again after a while, since nobody answers."""

    def end(self, work, *args, **named):
        super().end(work, *args, **named)
        self.timers.arm(work.key, Timer.HANDLER, self.now_ms + 60_000)

    def fire(self, key, kind):
        work = self.works[key]
        if kind == Timer.HANDLER and work.is_terminal:
            for message in work.messages:
                self.tell_end(message, message.attempt)
        else:
            super().fire(key, kind)


@mutant("an-unknown-kind-is-no-kind", "CMB-VER-008", "target/an-unknown-msg-type*")
class AnUnknownKindIsNoKind(Target):
    """A msg_type that nobody knows is counted as a feature that it lacks."""

    def finding(self, socket, header):
        found = super().finding(socket, header)
        return Anomaly.UNSUPPORTED if found == Anomaly.UNKNOWN_TYPE else found


@mutant("works-by-any-socket", "CMB-SEC-004", "target/a-message-on-an-ack-socket*")
class WorksByAnySocket(Target):
    """A MESSAGE is taken by whichever socket it comes."""

    def may_come(self, socket, header):
        return True
