"""Who is wrong in one thing about batches of ACKs."""

from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


@mutant("batches-for-everybody", "CMB-BAT-001", "router/batch-only-to-those-who-take-it*")
class BatchesForEverybody(Router):
    """Nobody is asked whether he takes batches."""

    def takes_it(self, peer):
        return True


@mutant("a-yes-is-for-ever", "CMB-BAT-001", "router/batch-acceptance-can-be-taken-back*")
class AYesIsForEver(Router):
    """Who took batches once is sent them for good."""

    def hear(self, peer, header):
        if header.features:
            super().hear(peer, header)


@mutant("one-yes-for-all", "CMB-BAT-001", "router/batch-acceptance-of-another*",
        "router/batch-only-to-those-who-take-it*")
class OneYesForAll(Router):
    """If one module takes batches, all do."""

    def takes_it(self, peer):
        return any(self.takes_batches.values())


class Boundless:
    """The limit of a batch is not kept."""

    def fits_into(self, group, letter):
        return True


class OfAnySize:
    """A batch ends by its count alone, and leaves however long it is."""

    def fits_into(self, group, letter):
        return len(group) < self.settings.batch

    @staticmethod
    def is_too_long(_):
        return False


@mutant("batches-of-any-size", "CMB-BAT-006", "router/batches-of-long-ids")
class RouterOfAnySize(OfAnySize, Router):
    """A router's batch ends by its count alone."""


@mutant("target-batches-of-any-size", "CMB-BAT-006", "target/batches-of-long-ids")
class TargetOfAnySize(OfAnySize, Target):
    """A target's batch ends by its count alone."""


@mutant("sender-batches-of-any-size", "CMB-BAT-006", "sender/batches-of-long-ids")
class SenderOfAnySize(OfAnySize, Sender):
    """A sender's batch ends by its count alone."""


@mutant("lists-of-any-size", "CMB-INS-010", "router/inspection-of-long-ids")
class ListsOfAnySize(Router):
    """A list has as many entries as were asked for, whatever their length."""

    @staticmethod
    def fits(size):
        return True

    @staticmethod
    def is_too_long(_):
        return False


@mutant("batches-without-bound", "CMB-BAT-004", "router/batches-keep-their-bound*")
class RouterWithoutBound(Boundless, Router):
    """The limit of a batch is not kept."""


@mutant("target-batches-without-bound", "CMB-BAT-004", "target/batches-keep-their-bound*")
class TargetWithoutBound(Boundless, Target):
    """The limit of a batch is not kept by a target."""


@mutant("sender-batches-without-bound", "CMB-BAT-004", "sender/batches-keep-their-bound*")
class SenderWithoutBound(Boundless, Sender):
    """The limit of a batch is not kept by a sender."""


@mutant("passes-the-first-of-a-batch", "CMB-BAT-003", "router/batch-is-passed-on*")
class PassesTheFirstOfABatch(Router):
    """Of a batch one ACK arrives."""

    def pass_on(self, header, frames):
        if not self.waiting:
            super().pass_on(header, frames)


@mutant("passes-a-batch-backwards", "CMB-BAT-003", "router/batches-pass-in-order*")
class PassesABatchBackwards(Router):
    """What is gathered for a peer leaves last first."""

    def groups(self, letters):
        return [group[::-1] for group in super().groups(letters)]


@mutant("passes-the-last-ack-first", "CMB-BAT-003", "router/batches-pass-in-order*")
class PassesTheLastAckFirst(Router):
    """Single ACKs of a batch leave by urgency: terminal ones before the others."""

    def groups(self, letters):
        return super().groups(sorted(letters, key=lambda it: not self.is_terminal(it.header.ack)))


@mutant("believes-the-head-of-a-batch", "CMB-SEC-002", "security/batch-of-forged-receipts*",
        "security/forged-acks-in-a-batch*")
class BelievesTheHeadOfABatch(Router):
    """If the first ACK of a batch may be said, the others are believed."""

    def on_acks(self, header, frames):
        self.is_trusted = False
        super().on_acks(header, frames)
        self.is_trusted = False

    def on_ack(self, header, ack, frames):
        super().on_ack(header, ack, frames)
        self.is_trusted = True

    def may_speak(self, source, ack, rec):
        return getattr(self, "is_trusted", False) or super().may_speak(source, ack, rec)


@mutant("timeouts-in-any-batch", "CMB-BAT-001", "sender/no-batch-unless-asked")
class TimeoutsInAnyBatch(Sender):
    """A sender does not ask whether its router takes batches."""

    def takes_it(self, peer):
        return True
