"""Senders that are wrong about what has ended: reconciliation, memory, alerts, and what is told of it."""

from durable import NUMBERS
from generated import Anomaly, Reason, State, Timer
from mutants.registry import mutant
from sender import Sender


@mutant("a-dead-letter-for-ever", "CMB-LATE-002", "sender/an-alert-is-resolved-once*")
class ADeadLetterForEver(Sender):
    """What was reconciled is still a dead letter."""

    def reconcile(self, rec, ack):
        was_dead = rec.dead_letter
        verdict = super().reconcile(rec, ack)
        rec.dead_letter = was_dead
        return verdict


@mutant("changes-its-mind-twice", "CMB-LATE-005", "sender/outcome-changes-once@order=failure_first")
class ChangesItsMindTwice(Sender):
    """What was reconciled may be so again."""

    @staticmethod
    def may_be_reconciled(state, reason):
        return True


@mutant("forgets-with-the-window", "CMB-LATE-009", "sender/records-live-past-the-window*")
class ForgetsWithTheWindow(Sender):
    """A record goes with its reconcile window."""

    def finish_record(self, rec, *args, **named):
        super().finish_record(rec, *args, **named)
        self.timers.arm(rec.message_id, Timer.RECORD_EXPIRY, self.window_end_ms(rec) + 1)


@mutant("skips-in-silence", "CMB-OBS-007", "sender/a-skipped-stage-is-listed*")
class SkipsInSilence(Sender):
    """Which stages were skipped is not told."""

    def transition(self, rec, new_state, reason, skipped=(), note=""):
        super().transition(rec, new_state, reason, (), note)


@mutant("alerts-without-a-cause", "CMB-OBS-010", "sender/other-alerts-say-their-cause*")
class AlertsWithoutACause(Sender):
    """An alert says that something has failed."""

    def alert(self, rec, state, text, *args, **named):
        super().alert(rec, state, f"message {rec.message_id} has failed", *args, **named)


@mutant("comes-from-nowhere", "CMB-OBS-012", "sender/plain-path")
class ComesFromNowhere(Sender):
    """Each transition is told as if it began in SEND_PENDING."""

    def emit(self, **event):
        if "transition" in event and event["transition"].old_state > State.SEND_PENDING:
            event["transition"].old_state = State.SEND_PENDING
        super().emit(**event)


@mutant("goes-back-a-stage", "CMB-OBS-013", "sender/nothing-moves-without-a-cause*")
class GoesBackAStage(Sender):
    """An ACK of an earlier stage takes the record back there."""

    def act_on(self, rec, ack):
        verdict = super().act_on(rec, ack)
        if verdict == Anomaly.OUT_OF_ORDER_ACK and rec.state == State.DELIVERED:
            self.transition(rec, State.ROUTED, Reason.ROUTER_ACK)
        return verdict


@mutant("drops-in-silence", "CMB-LATE-010", "sender/nothing-moves-without-a-cause@odd=stale")
class DropsInSilence(Sender):
    """Bad news of an earlier attempt is dropped without a count."""

    def ack_anomaly(self, kind, source, ack, note=""):
        if kind != Anomaly.STALE_ATTEMPT:
            super().ack_anomaly(kind, source, ack, note)


@mutant("knows-no-code", "CMB-INS-001", "sender/a-retry-tells-its-code*")
class KnowsNoCode(Sender):
    """A record tells no error_code before its end."""

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        if told and not self.records[message_id].is_terminal:
            told.error_code = 0
        return told


@mutant("tells-the-reason-before", "CMB-OBS-015", "sender/a-record-tells-its-events")
class TellsTheReasonBefore(Sender):
    """A record tells the reason of the transition before its last."""

    def transition(self, rec, *args, **named):
        rec.reason_before = rec.reason
        super().transition(rec, *args, **named)

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        if told:
            told.reason = self.records[message_id].reason_before
        return told


@mutant("a-circuit-outlives-its-process", "CMB-CBR-008", "sender/a-circuit-ends-with-its-process*")
class ACircuitOutlivesItsProcess(Sender):
    """A circuit that was open is open after a restart."""

    def finish_record(self, rec, *args, **named):
        super().finish_record(rec, *args, **named)
        if self.circuit_to(rec.target).opened_ms is not None:
            self.numbers["open to"] = rec.target
            self.touched.add(NUMBERS)

    def recovered(self):
        if "open to" in self.numbers:
            self.circuit_to(self.numbers["open to"]).open(self.now_ms)
