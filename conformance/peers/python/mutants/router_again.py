"""Routers that take what comes again, late or in another state for something else."""

from generated import AckType, Anomaly, Code, Reason, State, Status
from mutants.registry import mutant
from router import Router
from router_rooms import MARKS
from wire import LEGAL_STATUS


@mutant("an-older-receipt-ends-it", "CMB-RTR-019", "router/an-older-receipt-ends-no-re-forwarding")
class AnOlderReceiptEndsIt(Router):
    """Any RECEIPT ends re-forwarding, whichever attempt it answers."""

    @staticmethod
    def answers(rec, ack):
        return rec.reforwarding


@mutant("a-full-target-is-late", "CMB-RTR-011", "router/a-negative-receipt-in-every-state*")
class AFullTargetIsLate(Router):
    """A RECEIPT/REJECTED outside FORWARDING is out of order."""

    def on_receipt(self, rec, ack):
        verdict = super().on_receipt(rec, ack)
        late = rec and ack.status == Status.REJECTED and rec.state != State.FORWARDING
        return Anomaly.OUT_OF_ORDER_ACK if late else verdict


@mutant("a-full-target-wakes-the-dead", "CMB-RTR-011", "router/a-negative-receipt-in-every-state@state=DEAD_LETTERED")
class AFullTargetWakesTheDead(Router):
    """A RECEIPT/REJECTED for a dead letter begins its delivery again."""

    def on_receipt(self, rec, ack):
        if rec and rec.state == State.DEAD_LETTERED and ack.status == Status.REJECTED:
            self.move(rec, State.FORWARDING, Reason.RESEND)
            self.start_phase(rec)
            return None
        return super().on_receipt(rec, ack)


@mutant("an-end-opens-again", "CMB-RTR-018", "router/a-cancelled-message-that-settles-stays-closed*")
class AnEndOpensAgain(Router):
    """What has settled answers every copy, closed or not."""

    def settle(self, rec, ack, frames, tell_delivery):
        super().settle(rec, ack, frames, tell_delivery)
        self.closed.pop(rec.key, None)


@mutant("the-last-mark-counts", "CMB-RTR-018", "router/a-mark-is-never-lowered*")
class TheLastMarkCounts(Router):
    """A CANCEL or a TIMEOUT closes the attempts up to its own, and opens the others."""

    def close_attempts(self, key, attempt):
        self.closed.pop(key, None)
        super().close_attempts(key, attempt)


@mutant("a-mark-needs-new-room", "CMB-CXL-002", "router/a-mark-is-left-anew-without-room@ack=cancel")
class AMarkNeedsNewRoom(Router):
    """A mark that is raised needs room for another one."""

    def leave_mark(self, key, attempt):
        room = self.have_room(MARKS, key[0], self.settings.most_marks)
        return super().leave_mark(key, attempt) and (key in self.records or room)


@mutant("whatever-is-unknown-is-the-senders", "CMB-VER-014", "router/a-result-passes-beside-anothers-id@type=unknown")
class WhateverIsUnknownIsTheSenders(Router):
    """An ACK of unknown type that finds no record is nobody's where another source has a message of its id."""

    def on_unknown(self, rec, header, ack, frames):
        if self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        return super().on_unknown(rec, header, ack, frames)


@mutant("adopts-a-lower-attempt", "CMB-INS-001", "router/a-lower-attempt-is-only-acknowledged*")
class AdoptsALowerAttempt(Router):
    """A copy of a lower attempt is forwarded from now on."""

    def on_copy(self, rec, copy):
        if copy.attempt < rec.attempt and rec.state == State.FORWARDING:
            rec.adopt(copy, self.now_ms)
        super().on_copy(rec, copy)


@mutant("acknowledges-the-highest", "CMB-WIRE-001", "router/a-lower-attempt-is-only-acknowledged*")
class AcknowledgesTheHighest(Router):
    """A ROUTER_ACK names the attempt of the record, whichever copy came."""

    def acknowledge(self, rec, attempt):
        super().acknowledge(rec, rec.attempt)


@mutant("looks-before-it-reads", "CMB-VER-006", "router/a-status-that-a-receipt-without-a-record-does-not-have*")
class LooksBeforeItReads(Router):
    """An ACK for the router itself that finds no record is about an unknown message, whatever it says."""

    def judge(self, header, ack, frames):
        illegal = ack.ack_type in LEGAL_STATUS and ack.status not in LEGAL_STATUS[ack.ack_type]
        if illegal and self.key_of(header, ack) not in self.records and ack.ack_type != AckType.EXECUTION_ACK:
            return Anomaly.UNKNOWN_MESSAGE
        return super().judge(header, ack, frames)


@mutant("a-phase-has-some-time", "CMB-RTR-012", "router/a-phase-of-no-time")
class APhaseHasSomeTime(Router):
    """A delivery phase has at least a millisecond."""

    def count_anew(self, rec):
        rec.policy.delivery_ack_ms = max(rec.policy.delivery_ack_ms, 2)
        super().count_anew(rec)


@mutant("a-dead-letter-hears-receipts-only", "CMB-RTR-008", "router/a-sign-for-a-dead-letter*")
class ADeadLetterHearsReceiptsOnly(Router):
    """What the target says of a dead letter short of its end is passed on and shows nothing."""

    def imply_receipt(self, rec, ack, frames):
        if rec.state != State.DEAD_LETTERED or self.is_terminal(ack):
            super().imply_receipt(rec, ack, frames)


@mutant("a-refusal-for-now-settles", "CMB-RTR-008", "router/a-sign-for-a-dead-letter@sign=refused_for_now")
class ARefusalForNowSettles(Router):
    """Every REJECTED of the target is the end."""

    @staticmethod
    def is_terminal(ack):
        return ack.ack_type == AckType.EXECUTION_ACK and ack.status != Status.IN_PROGRESS


@mutant("a-dead-letter-is-past-cancelling", "CMB-CXL-002", "router/a-sign-for-a-dead-letter@sign=cancel")
class ADeadLetterIsPastCancelling(Router):
    """A CANCEL of a dead letter is passed on, and the letter stays."""

    def on_cancel(self, rec, header, ack, frames):
        if rec and rec.state == State.DEAD_LETTERED:
            self.leave_mark(rec.key, ack.attempt)
            self.pass_on(header, frames)
            return None
        return super().on_cancel(rec, header, ack, frames)


@mutant("a-dead-letter-is-open", "CMB-RTR-018", "router/a-dead-letter-closes-its-attempt*")
class ADeadLetterIsOpen(Router):
    """A copy of the attempt that was given up is acknowledged."""

    def move(self, rec, state, reason, error=Code.UNSPECIFIED):
        closed = self.closed.get(rec.key)
        super().move(rec, state, reason, error)
        if state == State.DEAD_LETTERED and reason != Reason.TIMEOUT:
            self.closed[rec.key] = closed or 0
