"""Circuit breakers that are wrong in one thing each."""

import circuit
from circuit import Circuit, OPEN_MS
from generated import Code, State
from mutants.registry import mutant
from sender import Sender


class SenderWith(Sender):
    """A sender with other circuits."""

    CIRCUIT = Circuit

    def circuit_to(self, target):
        return self.circuits.setdefault(target, self.CIRCUIT())


def circuits(make):
    """The sender whose circuits are all of this class."""
    return type(make.__name__ + "Sender", (SenderWith,), {"CIRCUIT": make, "__doc__": make.__doc__})


def circuit_mutant(name, breaks, *killers):
    """As mutant, for a subclass of Circuit."""
    def register(make):
        mutant(name, breaks, *killers)(circuits(make))
        return make
    return register


@circuit_mutant("never-opens", "CMB-CBR-001", "sender/circuit-opens*")
class NeverOpens(Circuit):
    """A target that keeps failing is sent to for ever."""

    def open(self, now_ms):
        pass


@circuit_mutant("opens-at-four", "CMB-CBR-001", "sender/circuit-needs-five*")
class OpensAtFour(Circuit):
    """Four failures are enough."""

    def is_enough(self, rec, now_ms):
        return sum(failed for _, failed in self.outcomes) >= 4


@circuit_mutant("failures-never-age", "CMB-CBR-001", "sender/circuit-forgets-after-a-minute*")
class FailuresNeverAge(Circuit):
    """A failure of an hour ago counts like one of now."""

    def is_enough(self, rec, now_ms):
        self.outcomes = type(self.outcomes)([(now_ms, failed) for _, failed in self.outcomes],
                                            self.outcomes.maxlen)
        return super().is_enough(rec, now_ms)


@circuit_mutant("counts-failures-alone", "CMB-CBR-001", "sender/circuit-counts-the-last-ten*")
class CountsFailuresAlone(Circuit):
    """Successes between the failures make no difference."""

    def ended(self, rec, now_ms):
        if circuit.outcome_of(rec) is not False or rec.message_id == self.probe:
            super().ended(rec, now_ms)


@circuit_mutant("blames-the-target-for-the-message", "CMB-CBR-001",
                "sender/circuit-codes-that-do-not-count*")
class BlamesTheTargetForTheMessage(Circuit):
    """Every refusal counts as a failure of the target, whatever its code."""

    def ended(self, rec, now_ms):
        error = rec.error
        if rec.state == State.COMPLETED_FAILURE:
            rec.error = Code.INTERNAL_ERROR
        super().ended(rec, now_ms)
        rec.error = error


@circuit_mutant("counts-what-was-cancelled", "CMB-CBR-001",
                "sender/circuit-cancelled-counts-as-neither*")
class CountsWhatWasCancelled(Circuit):
    """A message that the application gave up is a failure of its target."""

    def ended(self, rec, now_ms):
        reason, rec.reason = rec.reason, 0
        super().ended(rec, now_ms)
        rec.reason = reason


@circuit_mutant("a-shutdown-is-like-any-other", "CMB-CBR-002",
                "sender/circuit-opened-by-a-shutdown*")
class AShutdownIsLikeAnyOther(Circuit):
    """A target that says it goes is sent to five times more."""

    def is_enough(self, rec, now_ms):
        error, rec.error = rec.error, 0
        enough = super().is_enough(rec, now_ms)
        rec.error = error
        return enough


@circuit_mutant("opens-for-a-second-less", "CMB-CBR-003", "sender/circuit-half-open*",
                "sender/circuit-probe*")
class OpensForASecondLess(Circuit):
    """The probe goes out a second early."""

    def is_half_open(self, now_ms):
        return now_ms >= self.opened_ms + OPEN_MS - 1000


@circuit_mutant("everything-is-a-probe", "CMB-CBR-004", "sender/circuit-half-open*")
class EverythingIsAProbe(Circuit):
    """A half-open circuit lets all pass at once."""

    def lets_pass(self, message_id, now_ms):
        self.probe = None
        return super().lets_pass(message_id, now_ms)


@circuit_mutant("a-probe-proves-nothing", "CMB-CBR-005", "sender/circuit-probe-succeeds*")
class AProbeProvesNothing(Circuit):
    """After a probe that succeeded the next message is a probe again, and the others wait."""

    def close(self, now_ms):
        pass


@circuit_mutant("a-failed-probe-is-forgiven", "CMB-CBR-005", "sender/circuit-probe-fails*")
class AFailedProbeIsForgiven(Circuit):
    """A probe that failed is followed by another at once."""

    def open(self, now_ms):
        if self.opened_ms is None:
            super().open(now_ms)


@circuit_mutant("opens-for-good", "CMB-CBR-004", "sender/circuit-half-open*",
                "sender/circuit-probe*")
class OpensForGood(Circuit):
    """A circuit that has opened is never tried again."""

    def is_half_open(self, now_ms):
        return False


@mutant("one-circuit-for-all", "CMB-CBR-003", "sender/circuit-of-one-target*")
class OneCircuitForAll(Sender):
    """One target that fails cuts off all the others."""

    def circuit_to(self, target):
        return super().circuit_to("")


@mutant("refuses-in-silence", "CMB-CBR-003", "sender/circuit-opens*")
class RefusesInSilence(Sender):
    """A message that meets an open circuit fails without an alert."""

    def report_failure(self, rec, exhausted):
        if rec.error != Code.CIRCUIT_OPEN:
            super().report_failure(rec, exhausted)


@mutant("sends-by-an-open-circuit", "CMB-CBR-003", "sender/circuit-opens*")
class SendsByAnOpenCircuit(Sender):
    """What is refused leaves all the same."""

    def refuse(self, rec):
        self.transmit(rec)
        super().refuse(rec)


@mutant("drops-what-is-under-way", "CMB-CBR-003", "sender/circuit-leaves-what-is-under-way*")
class DropsWhatIsUnderWay(Sender):
    """An open circuit ends the messages that wait for a retry."""

    def transmit(self, rec):
        if rec.attempt and self.circuit_to(rec.target).opened_ms is not None:
            self.refuse(rec)
        else:
            super().transmit(rec)


@mutant("breaks-undeclared", "CMB-SND-001", "sender/no-breaker-refuses-nothing*",
        options=("--without", "circuit_breaker"))
class BreaksUndeclared(SenderWith):
    """Circuits open although the PICS does not say so."""
