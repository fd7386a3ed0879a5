"""Implementations that are wrong in one thing each over a restart."""

from durable import NUMBERS
from generated import Alert, Code, Reason, State, Timer
from harness import Harness
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


@mutant("forgets-what-it-sent", "CMB-DUR-020", "sender/a-message-accepted-before-a-crash-is-kept*")
class ForgetsWhatItSent(Sender):
    """A sender begins with no record, store or not."""

    def restore(self, images):
        super().restore({NUMBERS: images.get(NUMBERS, {})})


@mutant("timers-start-anew", "CMB-DUR-022", "sender/a-restart-keeps-the-timers*")
class TimersStartAnew(Sender):
    """After a restart every phase has its whole time again."""

    def recovered(self):
        for armed in self.timers.all():
            rec = self.records[armed.key]
            if armed.kind < Timer.RECONCILE:
                self.timers.arm(armed.key, armed.kind,
                                armed.deadline_ms + self.now_ms - rec.changed_ms)


@mutant("sends-again-when-it-restarts", "CMB-DUR-010",
        "sender/a-restart-resumes-each-stage@at=sent")
class SendsAgainWhenItRestarts(Sender):
    """Whatever is open is sent once more by the restart itself."""

    def recovered(self):
        for rec in self.records.values():
            if not rec.is_terminal:
                self.transmit(rec)


@mutant("the-budget-starts-anew", "CMB-DUR-010", "sender/two-crashes")
class TheBudgetStartsAnew(Sender):
    """Attempts are counted from 1 again after a restart."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        if not kept.is_terminal:
            kept.attempt = 1


@mutant("forgets-the-start-it-saw", "CMB-LATE-012",
        "sender/a-start-seen-before-a-crash-is-certain*")
class ForgetsTheStartItSaw(Sender):
    """That the work had started is not kept."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        kept.started = False


@mutant("forgets-the-rejections", "CMB-SND-013",
        "sender/rejections-are-remembered-over-a-restart*")
class ForgetsTheRejections(Sender):
    """Which attempts were rejected is not kept, and so their proof is lost."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        kept.rejected.clear()


@mutant("ids-start-anew", "CMB-DUR-011", "sender/ids-are-never-reused*")
class IdsStartAnew(Sender):
    """The counter behind the ids is not kept."""

    def recovered(self):
        self.numbers.clear()


@mutant("alerts-once-a-process", "CMB-DUR-012", "sender/one-alert-over-restarts*")
class AlertsOnceAProcess(Sender):
    """After a restart every failure is reported again."""

    def recovered(self):
        for rec in self.records.values():
            if rec.alert == Alert.RAISED:
                self.alert(rec, Alert.RAISED, rec.note)


# ---- router


@mutant("forgets-what-it-accepted", "CMB-DUR-001", "router/durable-router-survives-a-crash*")
class ForgetsWhatItAccepted(Router):
    """What waits for its target is gone with the process."""

    def restore(self, images):
        super().restore({
            key: image for key, image in images.items()
            if key is NUMBERS or image[0][0] and image[0][0].state != State.FORWARDING})


@mutant("forwards-when-it-restarts", "CMB-DUR-002", "router/a-restart-keeps-the-redelivery*",
        "regressions/a-restart-starts-no-second-loop*")
class ForwardsWhenItRestarts(Router):
    """A restart forwards what is in hand, and starts a phase anew."""

    def recovered(self):
        for rec in self.records.values():
            if rec.state == State.FORWARDING:
                self.start_phase(rec)


@mutant("the-phase-starts-anew", "CMB-DUR-022", "router/a-restart-keeps-the-delivery-phase*")
class ThePhaseStartsAnew(Router):
    """After a restart the delivery phase has its whole time again."""

    def recovered(self):
        for rec in self.records.values():
            if self.timers.deadline(rec.key, Timer.DELIVERY_PHASE):
                self.timers.arm(rec.key, Timer.DELIVERY_PHASE,
                                self.now_ms + rec.policy.delivery_ack_ms * 9 // 10)


@mutant("the-life-starts-anew", "CMB-DUR-022", "router/a-restart-keeps-the-redelivery")
class TheLifeStartsAnew(Router):
    """The time for which a router was down is not taken from the life of its messages."""

    def recovered(self):
        for rec in self.records.values():
            rec.ttl_end_ms = self.now_ms + rec.header.ttl_ms
            if self.timers.deadline(rec.key, Timer.TTL):
                self.timers.arm(rec.key, Timer.TTL, rec.ttl_end_ms)


@mutant("forgets-the-end", "CMB-DUR-003", "router/a-settled-answer-survives*")
class ForgetsTheEnd(Router):
    """Messages that have settled are not kept: a copy of one is a new message."""

    def take_image(self, key, kept):
        rec, closed = kept
        if rec and rec.state != State.SETTLED:
            super().take_image(key, (rec, closed))


@mutant("opens-what-was-closed", "CMB-DUR-003", "router/closed-attempts-survive*")
class OpensWhatWasClosed(Router):
    """Closed marks are not kept."""

    def take_image(self, key, kept):
        if kept[0]:
            super().take_image(key, (kept[0], 0))


@mutant("dead-letters-die-with-it", "CMB-DLQ-001", "router/dead-letters-survive*",
        "router/*dead-letters*")
class DeadLettersDieWithIt(Router):
    """A restart empties the list of dead letters."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        if kept[0]:
            kept[0].dead_letter = False


@mutant("redrives-what-was-redriven", "CMB-DLQ-005", "router/redriven-then-crashed*")
class RedrivesWhatWasRedriven(Router):
    """A restart makes a dead letter of what was redriven."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        if kept[0]:
            kept[0].dead_letter = kept[0].state == State.DEAD_LETTERED


@mutant("redrives-under-an-old-id", "CMB-DLQ-004", "router/redrives-have-new-ids-over-a-restart*")
class RedrivesUnderAnOldId(Router):
    """The counter behind the ids of redrives is not kept."""

    def recovered(self):
        self.numbers.clear()

    def redrive_id(self, source):
        return f"{self.settings.id_prefix}redrive-{self.next_number('redrives')}"


# ---- target


@mutant("forgets-what-it-received", "CMB-DUR-004", "target/a-restart-offers-what-was-received*")
class ForgetsWhatItReceived(Target):
    """Work that was received and not started is gone with the process."""

    def take_image(self, key, kept):
        if kept.state != State.RECEIVED:
            super().take_image(key, kept)

    def restore(self, images):
        super().restore({key: image for key, image in images.items()
                         if key is NUMBERS or image[0].state != State.RECEIVED})


@mutant("never-takes-it-up-again", "CMB-DUR-019", "target/a-restart-offers-what-was-received*")
class NeverTakesItUpAgain(Target):
    """Received work is remembered, and its handler never hears of it."""

    def recovered(self):
        super().recovered()
        for work in self.works.values():
            self.timers.stop(work.key, Timer.HANDLER)


@mutant("does-not-say-that-it-broke-off", "CMB-DUR-006", "target/restart-announces-its-stage*",
        "target/interrupted-*")
class DoesNotSayThatItBrokeOff(Target):
    """Work that a restart interrupted stays EXECUTING for ever."""

    def end(self, work, state, reason, error=Code.UNSPECIFIED):
        if reason != Reason.INTERRUPTED:
            super().end(work, state, reason, error)


@mutant("tells-one-that-it-broke-off", "CMB-DUR-006",
        "target/interrupted-work-is-told-to-everybody*")
class TellsOneThatItBrokeOff(Target):
    """Of several messages one hears that their work was interrupted."""

    def recovered(self):
        kept = {work.key: work.messages for work in self.works.values()}
        for work in self.works.values():
            work.messages = work.messages[:1]
        super().recovered()
        for work in self.works.values():
            work.messages = kept[work.key]


@mutant("starts-over", "CMB-DUR-006", "target/two-crashes", "target/restart-announces-its-stage")
class StartsOver(Target):
    """Work that was interrupted is done once more."""

    def take_image(self, key, kept):
        if kept.state == State.EXECUTING:
            kept.state = State.RECEIVED
        super().take_image(key, kept)


@mutant("forgets-what-it-did", "CMB-DUR-009",
        "target/ended-work-is-remembered-over-a-restart@ends=SUCCESS",
        "target/ended-work-is-remembered-over-a-restart@ends=FAILURE-TOOL_TIMEOUT")
class ForgetsWhatItDid(Target):
    """Ended work is not kept, and so a copy is executed."""

    def restore(self, images):
        super().restore({key: image for key, image in images.items()
                         if key is NUMBERS or not image[0].is_terminal})


@mutant("refuses-without-proof", "CMB-DUR-007",
        "target/a-refusal-of-a-durable-target-tells-its-memory*")
class RefusesWithoutProof(Target):
    """A refusal does not say how far the target remembers."""

    def answer(self, message, ack_type, status, attempt, **fields):
        if message.work.state == State.REJECTED:
            fields.pop("memory_ms", None)
        super().answer(message, ack_type, status, attempt, **fields)


@mutant("a-tombstone-dies-with-it", "CMB-CXL-010", "target/a-tombstone-survives*")
class ATombstoneDiesWithIt(Target):
    """A CANCEL that came before its message is not kept."""

    def restore(self, images):
        super().restore({key: image for key, image in images.items()
                         if key is NUMBERS or not image[0].is_tombstone})


# ---- the harness


@mutant("timers-follow-the-wall", "CMB-TMR-001", "*/wall-clock-jumps*")
class TimersFollowTheWall(Harness):
    """Timers run on the wall clock: a jump moves them."""

    def _on_wall_jump(self, jump, _):
        timers = self._machine.timers
        for armed in timers.all():
            timers.arm(armed.key, armed.kind,
                       max(armed.deadline_ms - jump.by_ms, self._machine.now_ms))
