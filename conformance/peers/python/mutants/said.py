"""What only a language that can say it finds: bytes, numbers and scripts of every kind."""

from generated import Code, CognitiveMessage
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


@mutant("keeps-its-refusal", "CMB-TGT-010", "target/a-refusal-is-not-kept-for-later")
class KeepsItsRefusal(Target):
    """Work that comes again after a refusal for now is refused again, and no handler is asked."""

    def script_of(self, work):
        return work.script or super().script_of(work)


@mutant("a-failure-needs-no-code", "CMB-TGT-005", "target/a-handler-that-gives-no-code*")
class AFailureNeedsNoCode(Target):
    """Who fails without a code has timed out."""

    def handler_end(self, work, act):
        work.script.error_code = work.script.error_code or Code.TOOL_TIMEOUT
        super().handler_end(work, act)


@mutant("a-refusal-needs-no-code", "CMB-TGT-006", "target/a-handler-that-gives-no-code*")
class ARefusalNeedsNoCode(Target):
    """Who refuses without a code may not do it."""

    def handler_refuse(self, work, act):
        work.script.error_code = work.script.error_code or Code.PERMISSION_DENIED
        super().handler_refuse(work, act)


@mutant("retries-what-the-policy-names", "CMB-VER-005", "sender/an-unknown-code-in-the-policy*")
class RetriesWhatThePolicyNames(Sender):
    """A number in the policy's list is a code."""

    def submit(self, send):
        message_id = super().submit(send)
        policy = self.records[message_id].policy
        policy.retryable = frozenset(send.policy.retryable) or policy.retryable
        return message_id


@mutant("sequences-of-32-bits", "CMB-WIRE-009",
        "sender/a-place-in-a-stream-is-the-applications@number=18446744073709551615")
class SequencesOf32Bits(Sender):
    """A number in a stream loses its upper half."""

    def submit(self, send):
        send.sequence %= 1 << 32
        return super().submit(send)


@mutant("an-empty-ack-ends-the-batch", "CMB-BAT-002", "malformed/batch-with-bytes-for-an-ack*")
class AnEmptyAckEndsTheBatch(Sender):
    """What follows an ACK of no bytes in a batch is not read."""

    def on_acks(self, header, *args):
        acks = list(header.ack_batch.acks)
        empty = [at for at, ack in enumerate(acks) if not ack.ByteSize()]
        if empty:
            del header.ack_batch.acks[empty[0] + 1:]
        super().on_acks(header, *args)


@mutant("an-ack-is-what-it-knows", "CMB-VER-004", "router/unknown-fields-of-an-ack*")
class AnAckIsWhatItKnows(Router):
    """Of the ACK in a header the router passes on what it knows."""

    def pass_on(self, header, frames):
        known = CognitiveMessage()
        known.CopyFrom(header)
        known.ack.DiscardUnknownFields()
        super().pass_on(header, [known.SerializeToString(), frames[1]])


@mutant("names-are-ascii", "CMB-RTR-001", "router/names-of-any-bytes")
class NamesAreAscii(Router):
    """There is no route to a name with other letters."""

    def send_to_module(self, socket, peer, header, payload):
        if isinstance(header, bytes) and not str(peer).isascii():
            return Code.NO_ROUTE
        return super().send_to_module(socket, peer, header, payload)
