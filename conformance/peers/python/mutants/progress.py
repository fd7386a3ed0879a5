"""Who is wrong in one thing each: progress, held work, refusals."""

from generated import AckType, Feature, State, Timer
from mutants.registry import mutant
from sender import Sender
from target import Target


class TargetThatPlans(Target):
    """Helps the mutants to change what the handler does."""

    def act(self, work):
        if work.acts and not getattr(work, "is_changed", False):
            work.is_changed = True
            work.acts = self.changed(work.acts)
        super().act(work)

    def changed(self, acts):
        return acts


@mutant("starts-without-a-word", "CMB-PRG-004", "target/announces-its-start*")
class StartsWithoutAWord(TargetThatPlans):
    """A start that is announced is not said."""

    def changed(self, acts):
        for act in acts:
            act.value = act.value if act.what != "start" else False
        return acts


@mutant("announces-to-the-first", "CMB-PRG-004", "target/progress-goes-to-every-attached-message*",
        "target/announces-its-start*")
class AnnouncesToTheFirst(Target):
    """Of several messages one hears that the work has started."""

    def say(self, work, ack_type, **fields):
        messages, work.messages = work.messages, work.messages[:1]
        super().say(work, ack_type, **fields)
        work.messages = messages


@mutant("progress-has-one-number", "CMB-PRG-010", "target/progress-is-*")
class ProgressHasOneNumber(Target):
    """Every PROGRESS_ACK is number 1."""

    def handler_progress(self, work, act):
        work.progress_number = 0
        super().handler_progress(work, act)


@mutant("numbers-its-progress-alone", "CMB-PRG-010", "target/progress-is-*",
        "target/a-hold-and-its-start-stand-in-one-row*")
class NumbersItsProgressAlone(Target):
    """IN_PROGRESS has no number, and the first PROGRESS_ACK is number 1."""

    def say(self, work, ack_type, **fields):
        super().say(work, ack_type, **fields)
        if ack_type == AckType.EXECUTION_ACK:
            work.progress_number -= 1

    def answer(self, message, ack_type, status, attempt, **fields):
        if ack_type == AckType.EXECUTION_ACK:
            fields.pop("progress_number", None)
        super().answer(message, ack_type, status, attempt, **fields)


@mutant("keeps-its-progress-to-itself", "CMB-PRG-005", "target/progress-is-*")
class KeepsItsProgressToItself(TargetThatPlans):
    """What the handler tells of its progress goes nowhere."""

    def changed(self, acts):
        return [act for act in acts if act.what != "progress"]


@mutant("a-copy-hears-nothing", "CMB-PRG-006", "target/a-copy-hears-the-stage-that-was-reached*",
        "target/an-attached-message-hears-the-stage*")
class ACopyHearsNothing(Target):
    """A copy of work that runs gets its RECEIPT alone."""

    def take_copy(self, message, header):
        said, message.work.said = message.work.said, None
        super().take_copy(message, header)
        message.work.said = message.work.said or said


@mutant("a-copy-is-progress", "CMB-PRG-006", "target/a-copy-hears-the-stage-that-was-reached*")
class ACopyIsProgress(Target):
    """What a copy hears again has a number of its own."""

    def take_copy(self, message, header):
        work = message.work
        if work.said and work.said[0] == AckType.PROGRESS_ACK and not work.is_terminal:
            work.progress_number += 1
            work.said[1]["progress_number"] = work.progress_number
        super().take_copy(message, header)


@mutant("a-hold-starts-anew", "CMB-PRG-006", "target/what-remains-of-a-hold*")
class AHoldStartsAnew(Target):
    """A copy of held work hears the whole hold again."""

    def say_to(self, message, attempt):
        work = message.work
        ends_ms = work.hold_ends_ms
        work.hold_ends_ms += self.now_ms - work.begun_ms
        super().say_to(message, attempt)
        work.hold_ends_ms = ends_ms


@mutant("holds-in-silence", "CMB-PRG-007", "target/hold-is-said-and-kept*")
class HoldsInSilence(Target):
    """Nobody hears that the work is held."""

    def handler_hold(self, work, act):
        work.hold_ends_ms = 0


@mutant("a-hold-is-a-start", "CMB-PRG-007", "target/hold-*")
class AHoldIsAStart(TargetThatPlans):
    """Work that is held has started."""

    def changed(self, acts):
        if acts[0].what == "hold":
            acts[1].at_ms = 0
        return acts


@mutant("a-hold-stops-the-life", "CMB-TGT-013", "target/hold-beyond-the-life*")
class AHoldStopsTheLife(Target):
    """The life of a message does not end while it is held."""

    def handler_hold(self, work, act):
        super().handler_hold(work, act)
        self.timers.stop(work.key, Timer.TTL)


@mutant("holds-undeclared", "CMB-TGT-004", "target/undeclared-hold-is-ignored*",
        options=("--without", "conditional_ack"))
class HoldsUndeclared(Target):
    """Work is held although the PICS does not say so."""

    def offer(self, work):
        features, self.claims.features = self.claims.features, [Feature.CONDITIONAL_ACK]
        super().offer(work)
        self.claims.features = features


# ---- refusals and order


@mutant("a-refusal-is-for-ever", "CMB-TGT-010", "target/a-retryable-refusal-is-judged-afresh*")
class ARefusalIsForEver(Target):
    """What was refused for now is refused for good."""

    def take_copy(self, message, header):
        if message.work.state == State.REJECTED:
            self.received(message, header)
            self.answer_copy(message, header)
        else:
            super().take_copy(message, header)


@mutant("no-start-by-in-progress", "CMB-PRG-001", "sender/progress-rearms-the-execution-timer",
        "sender/a-later-hold-prolongs-the-hold")
class NoStartByInProgress(Sender):
    """An IN_PROGRESS is a stage of no meaning."""

    def on_stage(self, rec, ack):
        return None if ack.ack_type == AckType.EXECUTION_ACK else super().on_stage(rec, ack)


@mutant("no-start-by-progress", "CMB-PRG-002", "sender/progress-is-told")
class NoStartByProgress(Sender):
    """A PROGRESS_ACK before any IN_PROGRESS is passed over."""

    def on_stage(self, rec, ack):
        early = ack.ack_type == AckType.PROGRESS_ACK and rec.state != State.EXECUTING
        return None if early else super().on_stage(rec, ack)


@mutant("progress-gives-no-time", "CMB-PRG-011", "sender/progress-rearms-never-beyond-ttl",
        "sender/progress-is-told")
class ProgressGivesNoTime(Sender):
    """The execution timer runs from the first sign alone."""

    def on_stage(self, rec, ack):
        self.was_executing = rec.state == State.EXECUTING
        return super().on_stage(rec, ack)

    def arm_stage(self, rec, state, ack):
        if not self.was_executing:
            super().arm_stage(rec, state, ack)
