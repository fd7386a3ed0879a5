"""Routers that are wrong where only what was drawn at random went before."""

from generated import AckType, Code, State
from mutants.registry import mutant
from router import Router


@mutant("a-late-end-is-forgotten-early", "CMB-RTR-025", "router/a-late-end-keeps-the-record*")
class ALateEndIsForgottenEarly(Router):
    """What ends after its life is kept as long as if it had ended with it."""

    def keep(self, rec):
        is_late = rec.state in (State.DELIVERED, State.SETTLED, State.CANCELLED) and self.now_ms > rec.last_life_ms
        now_ms, self.now_ms = self.now_ms, min(self.now_ms, rec.last_life_ms) if is_late else self.now_ms
        super().keep(rec)
        self.now_ms = now_ms


class LowersMarks(Router):
    """In a record the last ACK that closes attempts says up to which."""

    IN = State.UNSPECIFIED

    def leave_mark(self, key, attempt):
        rec = self.records.get(key)
        if rec and rec.state == self.IN:
            self.closed.pop(key, None)
        return super().leave_mark(key, attempt)


@mutant("a-delivered-message-lowers-its-mark", "CMB-RTR-018", "router/a-mark-of-a-record-is-never-lowered@state=DELIVERED*")
class ADeliveredMessageLowersItsMark(LowersMarks):
    """Of a delivered message the last TIMEOUT counts."""

    IN = State.DELIVERED


@mutant("a-settled-message-lowers-its-mark", "CMB-RTR-018", "router/a-mark-of-a-record-is-never-lowered@state=SETTLED*")
class ASettledMessageLowersItsMark(LowersMarks):
    """Of a settled message the last CANCEL or TIMEOUT counts."""

    IN = State.SETTLED


@mutant("a-dead-letter-lowers-its-mark", "CMB-RTR-018", "router/a-mark-of-a-record-is-never-lowered@state=*")
class ADeadLetterLowersItsMark(LowersMarks):
    """Of a dead letter the last TIMEOUT counts."""

    IN = State.DEAD_LETTERED


@mutant("a-mark-is-a-message", "CMB-OBS-004", "router/a-receipt-that-finds-a-mark*")
class AMarkIsAMessage(Router):
    """A RECEIPT of a message of which there is a mark alone is dropped without a word."""

    def judge(self, header, ack, frames):
        key = self.key_of(header, ack)
        if ack.ack_type == AckType.RECEIPT and key in self.closed and key not in self.records:
            return None
        return super().judge(header, ack, frames)


@mutant("no-dead-letter-is-a-record", "CMB-RTR-006", "router/dead-letters-are-records-of-who-has-no-store",
        options=("--profile", "BASIC"))
class NoDeadLetterIsARecord(Router):
    """Dead letters take no room of the records, stored or not."""

    def book(self, key):
        rec = self.records.get(key)
        if rec and rec.dead_letter:
            self.rooms.put(key, key[0], ())
        else:
            super().book(key)


@mutant("every-timeout-is-of-an-ack", "CMB-OBS-001", "router/a-timeout-tells-its-code*")
class EveryTimeoutIsOfAnAck(Router):
    """What the sender gave up is told with ACK_TIMEOUT, whatever it said."""

    def sender_gave_up(self, rec, code):
        super().sender_gave_up(rec, Code.ACK_TIMEOUT)


class NobodyIsNoForward(Router):
    """Sees the redelivery that finds no route."""

    def forward(self, rec):
        count, place = rec.forwards, rec.place
        code = super().forward(rec)
        if code and rec.state == State.FORWARDING and count:
            self.uncount(rec, count, place)
        return code


@mutant("a-forward-to-nobody-has-no-number", "CMB-OBS-006", "router/forwards-that-found-nobody-count")
class AForwardToNobodyHasNoNumber(NobodyIsNoForward):
    """A forward that found no route is not counted."""

    def uncount(self, rec, count, _):
        rec.forwards = count


@mutant("a-forward-to-nobody-has-no-place", "CMB-RTY-008", "router/forwards-that-found-nobody-count")
class AForwardToNobodyHasNoPlace(NobodyIsNoForward):
    """After a forward that found no route the wait before it begins again."""

    def uncount(self, rec, _, place):
        rec.place = place
        rec.wait_ms = rec.policy.backoff_ms(place, 1)
        rec.wait_end_ms = self.now_ms + rec.wait_ms
        self.arm_redelivery(rec)


@mutant("counting-anew-costs-a-factor", "CMB-RTY-009", "router/counting-anew-uses-no-jitter")
class CountingAnewCostsAFactor(Router):
    """A factor is drawn for a copy that lets the wait run."""

    def resume(self, rec):
        if rec.state == State.FORWARDING and self.waits(rec):
            self.jitter()
        super().resume(rec)


@mutant("no-attempt-is-the-second", "CMB-WIRE-001", "router/a-copy-without-an-attempt*")
class NoAttemptIsTheSecond(Router):
    """A copy without an attempt is answered as one more than the first."""

    def on_copy(self, rec, copy):
        copy.attempt += not copy.header.attempt
        super().on_copy(rec, copy)


@mutant("a-refusal-keeps-its-code", "CMB-RTR-040", "router/a-refusal-is-judged-afresh")
class ARefusalKeepsItsCode(Router):
    """What is wrong with a higher attempt is what was wrong with the first."""

    def reject(self, rec, code):
        super().reject(rec, rec.error or code)


@mutant("a-higher-attempt-is-no-news", "CMB-RTR-016", "router/a-higher-attempt-is-taken-over")
class AHigherAttemptIsNoNews(Router):
    """A re-send of what is held is taken over, and not acknowledged."""

    def on_copy(self, rec, copy):
        self.is_known = copy.attempt > rec.attempt
        super().on_copy(rec, copy)
        self.is_known = False

    def acknowledge(self, rec, attempt):
        if not getattr(self, "is_known", False):
            super().acknowledge(rec, attempt)
