"""Senders that are wrong about what an outcome proves."""

from generated import Certainty
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


@mutant("proof-needs-no-circuit", "CMB-LATE-012", "sender/a-shared-key-meets-an-open-circuit")
class ProofNeedsNoCircuit(Sender):
    """What a circuit refused was not sent, and so is said not to have been executed."""

    def refuse(self, rec):
        rec.own_key = True
        super().refuse(rec)


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


@mutant("forgets-a-lent-key", "CMB-DUR-010", "sender/a-lent-key-over-a-restart")
class ForgetsALentKey(Sender):
    """That another message has the id of this one as key is not kept."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        kept.own_key = True
