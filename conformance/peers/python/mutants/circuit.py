"""Circuit breakers that are wrong in one thing each."""

from circuit import Circuit
from generated import Code, State
from mutants.registry import mutant
from sender import Sender


class SenderWith(Sender):
    """A sender with other circuits."""

    CIRCUIT = Circuit

    def circuit_to(self, target):
        return self.circuits.setdefault(target, self.CIRCUIT(self.settings.circuit))


def circuits(make):
    """The sender whose circuits are all of this class."""
    return type(make.__name__ + "Sender", (SenderWith,), {"CIRCUIT": make, "__doc__": make.__doc__})


def circuit_mutant(name, breaks, *killers):
    """As mutant, for a subclass of Circuit."""
    def register(make):
        mutant(name, breaks, *killers)(circuits(make))
        return make
    return register


@circuit_mutant("hears-everybody", "CMB-CBR-009", "sender/circuit-hears-probes-alone@*")
class HearsEverybody(Circuit):
    """While it is open, how any message ends opens or closes the circuit."""

    def ended(self, rec, now_ms):
        if self.opened_ms is not None:
            self.probes.setdefault(rec.message_id, now_ms)
        super().ended(rec, now_ms)


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
        self.outcomes = [(now_ms, failed) for _, failed in self.outcomes]
        return super().is_enough(rec, now_ms)


@circuit_mutant("counts-failures-alone", "CMB-CBR-001", "sender/circuit-counts-the-last-ten*")
class CountsFailuresAlone(Circuit):
    """Successes between the failures make no difference."""

    def ended(self, rec, now_ms):
        if self.outcome_of(rec, now_ms) is not False or rec.message_id in self.probes:
            super().ended(rec, now_ms)


@circuit_mutant("counts-the-last-nine", "CMB-CBR-001", "sender/circuit-counts-the-last-ten@between=five")
class CountsTheLastNine(Circuit):
    """One outcome fewer is looked at than is set."""

    def ended(self, rec, now_ms):
        del self.outcomes[:-(self.settings.outcomes - 2)]
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


@circuit_mutant("a-shutdown-is-no-setting", "CMB-CBR-001",
                "sender/circuit-settings@circuit=a_shutdown_by_another_code")
class AShutdownIsNoSetting(Circuit):
    """A target that says it goes has failed, whatever the codes of a failure are."""

    def outcome_of(self, rec, now_ms):
        return rec.error == Code.AGENT_SHUTDOWN or super().outcome_of(rec, now_ms)


@circuit_mutant("opens-for-a-second-less", "CMB-CBR-003", "sender/circuit-half-open*")
class OpensForASecondLess(Circuit):
    """The probe goes out a second early."""

    def is_half_open(self, now_ms):
        return now_ms >= self.opened_ms + self.settings.open_ms - 1000


@circuit_mutant("everything-is-a-probe", "CMB-CBR-007", "sender/circuit-half-open*")
class EverythingIsAProbe(Circuit):
    """A half-open circuit lets all pass at once."""

    def is_probed(self, now_ms):
        return False


@circuit_mutant("a-probe-proves-nothing", "CMB-CBR-005", "sender/circuit-probe-succeeds*")
class AProbeProvesNothing(Circuit):
    """After a probe that succeeded the next message is a probe again, and the others wait."""

    def close(self):
        self.probes = {}


@circuit_mutant("waits-for-the-end-of-the-probe", "CMB-CBR-005", "sender/circuit-probe-works*")
class WaitsForTheEndOfTheProbe(Circuit):
    """As long as the probe runs, nothing else is sent to a target that works."""

    def works(self, rec):
        pass


@circuit_mutant("one-probe-for-ever", "CMB-CBR-004", "sender/circuit-probe-in-silence*")
class OneProbeForEver(Circuit):
    """Until a probe has ended no other is sent, however long that takes."""

    def is_probed(self, now_ms):
        return bool(self.probes)


@circuit_mutant("a-failed-probe-is-forgiven", "CMB-CBR-006", "sender/circuit-probe-fails*")
class AFailedProbeIsForgiven(Circuit):
    """A probe that failed is followed by another at once."""

    def open(self, now_ms):
        self.probes = {}
        if self.opened_ms is None:
            super().open(now_ms)


@circuit_mutant("forgives-half-done-work", "CMB-CBR-001", "sender/circuit-codes-that-count*")
class ForgivesHalfDoneWork(Circuit):
    """Work that was interrupted or done in part is a success of its target."""

    def outcome_of(self, rec, now_ms):
        failed = super().outcome_of(rec, now_ms)
        return failed and rec.error not in (Code.INTERRUPTED, Code.PARTIAL_DELIVERY)


@circuit_mutant("has-its-own-numbers", "CMB-CBR-001", "sender/circuit-settings*")
class HasItsOwnNumbers(Circuit):
    """What the settings say of circuits does not matter."""

    def __init__(self, _=None):
        super().__init__()


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


@mutant("refuses-in-silence", "CMB-OBS-008", "sender/circuit-opens*")
class RefusesInSilence(Sender):
    """A message that meets an open circuit fails without an alert."""

    def report_failure(self, rec, exhausted):
        if rec.error != Code.CIRCUIT_OPEN:
            super().report_failure(rec, exhausted)


@mutant("sends-by-an-open-circuit", "CMB-CBR-010", "sender/circuit-opens*")
class SendsByAnOpenCircuit(Sender):
    """What is refused leaves all the same."""

    def refuse(self, rec):
        attempt = rec.attempt
        self.transmit(rec)
        rec.attempt = attempt
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


@mutant("circuits-outlive-the-process", "CMB-CBR-008", "sender/a-circuit-ends-with-its-process")
class CircuitsOutliveTheProcess(Sender):
    """After a restart the outcomes in the store count for the circuits."""

    def take_image(self, key, kept):
        super().take_image(key, kept)
        if kept.is_terminal:
            self.circuit_to(kept.target).ended(kept, self.now_ms)
