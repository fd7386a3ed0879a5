"""Senders whose numbers, names and bytes have edges that the protocol does not have."""

from generated import Anomaly, MsgType
from mutants.registry import mutant
from sender import Sender


def signed(number, bits):
    """What a signed type of so many bits makes of it."""
    return (number + 2 ** (bits - 1)) % 2 ** bits - 2 ** (bits - 1)


@mutant("holds-of-63-bits", "CMB-PRG-003", "sender/holds-of-64-bits*")
class HoldsOf63Bits(Sender):
    """A hold above 2⁶³ is below 0, and none."""

    def arm_stage(self, rec, state, ack):
        if signed(ack.hold_ms, 64) < 0:
            ack.hold_ms = 0
        super().arm_stage(rec, state, ack)


@mutant("progress-of-31-bits", "CMB-DUP-011", "sender/progress-numbers-of-64-bits@number=bits31")
class ProgressOf31Bits(Sender):
    """A progress_number above 2³¹ is below 0."""

    def judge(self, source, ack):
        ack.progress_number = max(0, signed(ack.progress_number, 32))
        return super().judge(source, ack)


@mutant("progress-of-53-bits", "CMB-DUP-011", "sender/progress-numbers-of-64-bits@number=bits53")
class ProgressOf53Bits(Sender):
    """Numbers are doubles."""

    def judge(self, source, ack):
        ack.progress_number = min(2 ** 64 - 1, int(float(ack.progress_number)))
        return super().judge(source, ack)


@mutant("memory-of-63-bits", "CMB-LATE-012", "sender/memory-of-64-bits*")
class MemoryOf63Bits(Sender):
    """A memory above 2⁶³ is below 0, and no proof."""

    def judge(self, source, ack):
        if signed(ack.memory_ms, 64) < 0:
            ack.memory_ms = 0
        return super().judge(source, ack)


@mutant("no-wait-is-the-default", "CMB-RTY-008", "sender/a-backoff-of-0-is-no-wait*")
class NoWaitIsTheDefault(Sender):
    """A backoff_first_ms of 0 is not given."""

    def backoff_ms(self, rec):
        rec.policy.first_ms = rec.policy.first_ms or 1000
        return super().backoff_ms(rec)


@mutant("no-limit-of-0", "CMB-RTY-008", "sender/a-backoff-of-0-is-no-wait*")
class NoLimitOf0(Sender):
    """A backoff_max_ms of 0 is no limit."""

    def backoff_ms(self, rec):
        rec.policy.max_ms = rec.policy.max_ms or 30_000
        return super().backoff_ms(rec)


@mutant("caps-what-was-drawn", "CMB-RTY-008", "sender/jitter-comes-after-the-limit*")
class CapsWhatWasDrawn(Sender):
    """No wait is longer than backoff_max_ms, jitter included."""

    def backoff_ms(self, rec):
        return min(super().backoff_ms(rec), rec.policy.max_ms)


@mutant("names-in-any-case", "CMB-SEC-003", "sender/names-are-compared-byte-by-byte")
class NamesInAnyCase(Sender):
    """TARGET is the module target."""

    def may_say(self, rec, source, ack):
        return super().may_say(rec, source.lower(), ack)


@mutant("names-without-blanks", "CMB-SEC-003", "sender/names-are-compared-byte-by-byte")
class NamesWithoutBlanks(Sender):
    """Blanks at the end of a name do not count."""

    def may_say(self, rec, source, ack):
        return super().may_say(rec, source.strip(), ack)


@mutant("ids-without-blanks", "CMB-SEC-005", "sender/names-are-compared-byte-by-byte")
class IdsWithoutBlanks(Sender):
    """Blanks at the end of an id do not count."""

    def judge(self, source, ack):
        ack.correlation_id = ack.correlation_id.rstrip()
        return super().judge(source, ack)


@mutant("sends-text", "CMB-WIRE-009", "sender/a-payload-is-bytes")
class SendsText(Sender):
    """A payload is UTF-8, and what is not is made so."""

    def submit(self, send):
        send.payload = send.payload.decode(errors="replace").encode()
        return super().submit(send)


@mutant("acks-of-any-version", "CMB-VER-018", "sender/an-ack-of-a-later-version")
class AcksOfAnyVersion(Sender):
    """Only of a MESSAGE the schema_version is looked at."""

    def on_acks(self, header):
        if header.schema_version > 1:
            header.schema_version = 1
        super().on_acks(header)


@mutant("pings-of-any-version", "CMB-VER-018", "sender/an-ack-of-a-later-version")
class PingsOfAnyVersion(Sender):
    """A PING of a later version is answered."""

    def finding(self, socket, header):
        found = super().finding(socket, header)
        return 0 if found == Anomaly.UNKNOWN_VALUE and header.msg_type == MsgType.PING else found


@mutant("answers-pings-for-several", "CMB-SEC-004", "sender/a-ping-of-several")
class AnswersPingsForSeveral(Sender):
    """A PING that names it among others is for it."""

    def may_come(self, socket, header):
        if self.module_id in header.targets:
            del header.targets[:]
            header.targets.append(self.module_id)
        return super().may_come(socket, header)


@mutant("a-pong-is-empty", "CMB-WIRE-011", "sender/a-ping-of-several")
class APongIsEmpty(Sender):
    """The payload of a PING does not come back."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, b"")


@mutant("duplicates-before-authors", "CMB-SEC-003", "sender/what-is-found-first")
class DuplicatesBeforeAuthors(Sender):
    """What was judged before is a duplicate, whoever says it now."""

    def judge(self, source, ack):
        rec = self.records.get(ack.correlation_id)
        if rec and not self.may_say(rec, source, ack) and self.is_duplicate(rec, ack):
            return Anomaly.DUPLICATE_ACK
        return super().judge(source, ack)


@mutant("messages-before-values", "CMB-VER-003", "sender/what-is-found-first")
class MessagesBeforeValues(Sender):
    """An unknown value about an unknown message is about an unknown message."""

    def judge(self, source, ack):
        if ack.correlation_id not in self.records:
            return Anomaly.UNKNOWN_MESSAGE
        return super().judge(source, ack)


@mutant("stale-before-duplicate", "CMB-DUP-001", "sender/stale-news-that-comes-twice*")
class StaleBeforeDuplicate(Sender):
    """Bad news of an old attempt is stale, also where it was judged before."""

    def is_duplicate(self, rec, ack):
        return not self.is_stale(rec, ack) and super().is_duplicate(rec, ack)
