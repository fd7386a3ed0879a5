"""Senders that are wrong about what an outcome proves."""

from generated import AckType, Alert, Anomaly, Certainty, Code, State, Status
from mutants.registry import mutant
from sender import Sender


@mutant("proves-whatever-the-key", "CMB-LATE-012", "sender/a-shared-key-proves-nothing*",
        "sender/a-shared-key-and-a-cancel*")
class ProvesWhateverTheKey(Sender):
    """That no copy was executed is taken for proof also where another message has the same key."""

    def borrow_key(self, rec):
        rec.own_key = True


@mutant("knows-its-own-key-only", "CMB-LATE-012", "sender/a-lent-key-proves-nothing*")
class KnowsItsOwnKeyOnly(Sender):
    """Who set no key thinks it is alone with its work, though another has its id as key."""

    def borrow_key(self, rec):
        pass


@mutant("lends-to-every-target", "CMB-LATE-012", "sender/a-lent-key-proves-nothing*")
class LendsToEveryTarget(Sender):
    """A message to another target is thought to bring the same work."""

    def borrow_key(self, rec):
        owner = self.records.get(rec.header.idempotency_key, rec)
        owner.own_key = owner.own_key and owner is rec


@mutant("a-code-is-a-failure", "CMB-LATE-012", "sender/a-success-is-one-whatever-its-code*")
class ACodeIsAFailure(Sender):
    """A success with the code of an interruption or a cancellation attests no start."""

    def finish_record(self, rec, state, reason, certainty, error=0, **kwargs):
        if state == State.COMPLETED_SUCCESS and error in (Code.CANCELLED, Code.INTERRUPTED):
            certainty = Certainty.UNKNOWN
        super().finish_record(rec, state, reason, certainty, error, **kwargs)


@mutant("proof-needs-no-circuit", "CMB-LATE-012", "sender/a-shared-key-meets-an-open-circuit")
class ProofNeedsNoCircuit(Sender):
    """What a circuit refused was not sent, and so is said not to have been executed."""

    def refuse(self, rec):
        rec.own_key = True
        super().refuse(rec)


@mutant("believes-unlimited-memory-only", "CMB-LATE-012", "sender/refusal-by-the-target-is-final*")
class BelievesUnlimitedMemoryOnly(Sender):
    """A refusal is proof only from a target that says it forgets nothing."""

    def judge(self, source, ack):
        if ack.status == Status.REJECTED and ack.memory_ms < 2**64 - 1:
            ack.ClearField("memory_ms")
        return super().judge(source, ack)


@mutant("believes-every-refusal", "CMB-LATE-012", "sender/refusal-by-the-target-is-final*")
class BelievesEveryRefusal(Sender):
    """That the target has executed nothing is believed, however little it remembers."""

    def judge(self, source, ack):
        if ack.status == Status.REJECTED and ack.HasField("memory_ms"):
            ack.memory_ms = 2**64 - 1
        return super().judge(source, ack)


@mutant("the-router-has-the-last-word", "CMB-LATE-015",
        "sender/a-success-after-the-router-failed-it@*at=last_instant")
class TheRouterHasTheLastWord(Sender):
    """COMPLETED_FAILURE stands, though the router alone said so."""

    def may_be_reconciled(self, state, reason):
        return state == State.TIMEOUT_ABORT


@mutant("an-open-circuit-is-provisional", "CMB-LATE-008", "sender/a-success-that-reconciles-nothing*")
class AnOpenCircuitIsProvisional(Sender):
    """Whatever ended in COMPLETED_FAILURE is reconciled by a success."""

    def may_be_reconciled(self, state, reason):
        return state in (State.TIMEOUT_ABORT, State.COMPLETED_FAILURE)


@mutant("agreeing-settles-nothing", "CMB-LATE-005", "sender/a-failure-that-agrees-settles-it")
class AgreeingSettlesNothing(Sender):
    """After the target has failed the message too, its success still reconciles."""

    def second_terminal(self, rec, ack):
        was_provisional = rec.is_provisional
        verdict = super().second_terminal(rec, ack)
        rec.is_provisional = was_provisional
        return verdict


@mutant("fails-late-in-silence", "CMB-LATE-018", "sender/a-late-failure-is-told*")
class FailsLateInSilence(Sender):
    """What fails after completion by required_ack is an anomaly and nothing more."""

    def late_failure(self, rec, ack):
        return Anomaly.LATE_FAILURE


@mutant("tells-every-late-failure", "CMB-LATE-018", "sender/a-late-failure-is-told-once")
class TellsEveryLateFailure(Sender):
    """Each further LATE_FAILURE raises the alert again."""

    def late_failure(self, rec, ack):
        rec.alert = Alert.UNSPECIFIED
        return super().late_failure(rec, ack)


@mutant("the-router-cannot-fail-late", "CMB-LATE-006", "sender/a-late-failure-is-told*")
class TheRouterCannotFailLate(Sender):
    """What the router says of a record that required_ack completed is counted as unexpected."""

    def late_failure(self, rec, ack):
        if ack.ack_type == AckType.EXECUTION_ACK:
            return super().late_failure(rec, ack)
        return Anomaly.UNEXPECTED_ACK


@mutant("fails-after-the-success", "CMB-LATE-005",
        "sender/a-failure-after-the-target-told-its-success@then=failure",
        "sender/a-failure-after-the-target-told-its-success@then=refusal")
class FailsAfterTheSuccess(Sender):
    """What required_ack completed may fail late, whatever the target has told of its success."""

    def late_success(self, rec, ack):
        super().late_success(rec, ack)
        rec.stage = State.EXECUTING


@mutant("leaves-the-alarm-on", "CMB-LATE-007", "sender/a-late-failure-is-told-once")
class LeavesTheAlarmOn(Sender):
    """The success that comes after a LATE_FAILURE resolves no alert."""

    def late_success(self, rec, ack):
        rec.stage = State.COMPLETED_SUCCESS


@mutant("learns-nothing-from-what-it-drops", "CMB-LATE-014",
        "sender/what-is-dropped-raises-certainty*")
class LearnsNothingFromWhatItDrops(Sender):
    """A terminal that finds the outcome settled is not read for what it tells of the start."""

    def raise_certainty(self, rec, ack):
        pass


@mutant("a-refusal-for-now-is-never-final", "CMB-LATE-001", "sender/a-late-refusal-for-now-is-final")
class ARefusalForNowIsNeverFinal(Sender):
    """A retryable refusal reconciles nothing."""

    def reconcile(self, rec, ack):
        return Anomaly.UNEXPECTED_ACK if ack.retryable else super().reconcile(rec, ack)


@mutant("a-spent-refusal-is-any-failure", "CMB-OBS-009", "sender/the-alert-of-a-spent-refusal")
class ASpentRefusalIsAnyFailure(Sender):
    """The text does not say that the budget was spent where a refusal met it."""

    def complete(self, rec, ack, skipped, exhausted):
        super().complete(rec, ack, skipped, False)


@mutant("keeps-a-wrong-proof", "CMB-LATE-014", "sender/a-proof-that-was-wrong*")
class KeepsAWrongProof(Sender):
    """NOT_EXECUTED stands, whatever the target says afterwards."""

    def attest_start(self, rec):
        if rec.certainty != Certainty.NOT_EXECUTED:
            super().attest_start(rec)


@mutant("a-wrong-proof-is-late", "CMB-LATE-016", "sender/a-proof-that-was-wrong*")
class AWrongProofIsLate(Sender):
    """A start that disproves NOT_EXECUTED is counted as what it would be otherwise."""

    def judge(self, source, ack):
        verdict = super().judge(source, ack)
        if verdict == Anomaly.CONFLICT and self.records[ack.correlation_id].disproved:
            return Anomaly.OUT_OF_ORDER_ACK if ack.status == Status.IN_PROGRESS else None
        return verdict


@mutant("a-wrong-proof-in-silence", "CMB-LATE-017", "sender/a-proof-that-was-wrong*")
class AWrongProofInSilence(Sender):
    """Nobody is told that what was proven was not so."""

    def tell_wrong_proof(self, rec, *_, **__):
        rec.disproved = True


@mutant("resolves-a-wrong-proof", "CMB-LATE-003", "sender/a-wrong-proof-is-not-resolved")
class ResolvesAWrongProof(Sender):
    """The success makes the alert void, though it was of a proof that was wrong."""

    def revise_alert(self, rec, resolved):
        super().revise_alert(rec, rec.state == State.COMPLETED_SUCCESS)


@mutant("takes-back-a-proof", "CMB-LATE-013", "sender/a-proof-stands-when-the-key-is-lent")
class TakesBackAProof(Sender):
    """A late terminal that proves nothing makes NOT_EXECUTED UNKNOWN again."""

    def reconcile(self, rec, ack):
        rec.certainty = Certainty.EXECUTED if rec.started else Certainty.UNKNOWN
        return super().reconcile(rec, ack)


@mutant("rejected-so-never-started", "CMB-LATE-012", "sender/a-start-before-the-last-rejection")
class RejectedSoNeverStarted(Sender):
    """When every attempt was rejected, a start that was attested is forgotten."""

    def on_router_rejection(self, rec, ack):
        rec.started = False
        return super().on_router_rejection(rec, ack)


@mutant("forgets-that-the-target-agreed", "CMB-LATE-005", "sender/a-wrong-proof-over-a-restart")
class ForgetsThatTheTargetAgreed(Sender):
    """A failure that the target has confirmed is provisional again after a restart."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        kept.is_provisional = kept.is_terminal


@mutant("forgets-a-lent-key", "CMB-LATE-012", "sender/a-lent-key-over-a-restart")
class ForgetsALentKey(Sender):
    """That another message has the id of this one as key is not kept."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        kept.own_key = True
