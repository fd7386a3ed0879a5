"""Routers that break a clear sentence in one corner, where little else goes."""

from generated import AckType, Anomaly, MsgType, State
from history import note
from machine import Machine
from mutants.registry import mutant
from router import Router
from router_acks import FIRST_OF_ROUTER
from sender import Sender
from target import Target
from wire import Malformed

# ---- what is judged first


@mutant("the-cancelled-have-no-target", "CMB-RTR-031", "router/a-copy-is-for-the-same-target@state=CANCELLED*")
class TheCancelledHaveNoTarget(Router):
    """A copy of a cancelled message is closed, whomever it is for."""

    def is_for_another(self, rec, header):
        return super().is_for_another(rec, header) and rec.state != State.CANCELLED


@mutant("a-mark-makes-it-ones-own", "CMB-SEC-002", "router/an-overtaken-message-shares-its-id*")
class AMarkMakesItOnesOwn(Router):
    """Whoever left a mark has a message of that id."""

    was_marked = False

    def on_sender_ack(self, rec, header, ack, frames):
        self.was_marked = (header.source, ack.correlation_id) in self.closed
        return super().on_sender_ack(rec, header, ack, frames)

    def is_of_another(self, rec, ack):
        return not self.was_marked and super().is_of_another(rec, ack)


@mutant("the-140th-type-is-the-senders", "CMB-VER-016", "router/acks-of-the-future@way=of_router_140")
class The140thTypeIsTheSenders(Router):
    """The first type that only routers say counts among those of a sender."""

    def judge(self, header, ack, frames):
        came = ack.ack_type
        ack.ack_type -= came == FIRST_OF_ROUTER
        verdict = super().judge(header, ack, frames)
        ack.ack_type = came
        return verdict


@mutant("the-author-before-the-version", "CMB-VER-006",
        "router/an-ack-of-another-version-is-that-first@ack=*ROUTER_ACK*",
        "router/an-ack-of-another-version-is-that-first@ack=*DELIVERY_ACK*")
class TheAuthorBeforeTheVersion(Router):
    """What only a router says is that, of whatever version it is."""

    def on_acks(self, header, frames):
        if header.HasField("ack") and self.is_of_router(header.ack.ack_type):
            self.header_anomaly(Anomaly.UNAUTHORIZED_ACK, header)
        else:
            super().on_acks(header, frames)


@mutant("a-reply-needs-an-id", "CMB-OBS-004", "malformed/replies-at-a-router")
class AReplyNeedsAnId(Router):
    """A REPLY without message_id is malformed."""

    def check_more(self, header):
        super().check_more(header)
        if header.msg_type == MsgType.REPLY and not header.message_id:
            raise Malformed("no message_id")


# ---- what is malformed


class TakesAnyPong:
    """A PONG may be as long as it likes."""

    def check_ping(self, header, payload):
        if header.msg_type != MsgType.PONG:
            super().check_ping(header, payload)


@mutant("a-router-takes-any-pong", "CMB-WIRE-017", "malformed/pings-at-a-router*")
class ARouterTakesAnyPong(TakesAnyPong, Router):
    __doc__ = TakesAnyPong.__doc__


@mutant("a-sender-takes-any-pong", "CMB-WIRE-017", "malformed/pings-at-a-sender*")
class ASenderTakesAnyPong(TakesAnyPong, Sender):
    __doc__ = TakesAnyPong.__doc__


@mutant("a-target-takes-any-pong", "CMB-WIRE-017", "malformed/pings-at-a-target*")
class ATargetTakesAnyPong(TakesAnyPong, Target):
    __doc__ = TakesAnyPong.__doc__


class OneOfBoth:
    """Of an ack and a full batch beside it the ack counts."""

    def decode(self, frames):
        header = super().decode(frames)
        if header.HasField("ack") and header.ack_batch.acks:
            header.ClearField("ack_batch")
        return header


@mutant("a-router-takes-one-of-both", "CMB-WIRE-017", "malformed/batch-as-a-whole-at-a-router@harm=both_filled")
class ARouterTakesOneOfBoth(OneOfBoth, Router):
    __doc__ = OneOfBoth.__doc__


@mutant("a-sender-takes-one-of-both", "CMB-WIRE-017", "malformed/batch-as-a-whole-at-a-sender@harm=both_filled")
class ASenderTakesOneOfBoth(OneOfBoth, Sender):
    __doc__ = OneOfBoth.__doc__


@mutant("a-target-takes-one-of-both", "CMB-WIRE-017", "malformed/batch-as-a-whole-at-a-target@harm=both_filled")
class ATargetTakesOneOfBoth(OneOfBoth, Target):
    __doc__ = OneOfBoth.__doc__


class FirstAddressee(Router):
    """Of several addressees of such a frame the first counts."""

    KIND = None

    def check_more(self, header):
        if header.msg_type != self.KIND or not header.targets:
            super().check_more(header)


@mutant("a-ping-has-two-addressees", "CMB-WIRE-017", "malformed/addressees-at-a-router@targets=two")
class APingHasTwoAddressees(FirstAddressee):
    """A PING to two goes to the first."""

    KIND = MsgType.PING


@mutant("a-pong-has-two-addressees", "CMB-WIRE-017", "malformed/addressees-at-a-router@targets=two")
class APongHasTwoAddressees(FirstAddressee):
    """A PONG to two goes to the first."""

    KIND = MsgType.PONG


@mutant("an-ack-has-two-addressees", "CMB-WIRE-017", "malformed/addressees-at-a-router@targets=two")
class AnAckHasTwoAddressees(FirstAddressee):
    """An ACK to two goes to the first."""

    KIND = MsgType.ACK


# ---- how long what it says may be


class AcksHaveNoBound:
    """An ACK is sent however long its header is."""

    @staticmethod
    def is_too_long(header):
        return header.msg_type != MsgType.ACK and Machine.is_too_long(header)


@mutant("a-routers-acks-have-no-bound", "CMB-WIRE-023", "router/an-ack-of-its-own-is-bounded")
class ARoutersAcksHaveNoBound(AcksHaveNoBound, Router):
    __doc__ = AcksHaveNoBound.__doc__


@mutant("a-targets-acks-have-no-bound", "CMB-WIRE-023", "target/an-ack-of-its-own-is-bounded")
class ATargetsAcksHaveNoBound(AcksHaveNoBound, Target):
    __doc__ = AcksHaveNoBound.__doc__


# ---- what is remembered


@mutant("a-stale-timeout-is-forgotten", "CMB-DUP-002", "router/a-stale-timeout-comes-again")
class AStaleTimeoutIsForgotten(Router):
    """A TIMEOUT of a lower attempt is not remembered."""

    def on_sender_ack(self, rec, header, ack, frames):
        verdict = super().on_sender_ack(rec, header, ack, frames)
        if verdict == Anomaly.STALE_ATTEMPT:
            rec.judged.discard((ack.ack_type, ack.status, ack.attempt))
        return verdict


@mutant("a-resend-forgets-what-was-judged", "CMB-DUP-002", "router/what-was-judged-before-a-resend")
class AResendForgetsWhatWasJudged(Router):
    """What was judged before a dead letter was reopened is judged anew."""

    def move(self, rec, state, *args):
        if state == State.FORWARDING:
            rec.judged.clear()
        super().move(rec, state, *args)


@mutant("a-refusal-tells-its-results-later", "CMB-INS-001", "router/a-receipt-in-rejected-is-forgotten")
class ARefusalTellsItsResultsLater(Router):
    """What passed in REJECTED is told as the last ACK once the message is forwarded after all."""

    def on_target_ack(self, rec, header, ack, frames):
        verdict = super().on_target_ack(rec, header, ack, frames)
        if rec and rec.state == State.REJECTED and not verdict:
            note(rec.history, ack, self.now_ms)
        return verdict


@mutant("a-refusal-begins-anew", "CMB-INS-001", "router/what-a-refusal-tells")
class ARefusalBeginsAnew(Router):
    """The record of a message that was refused begins when it is forwarded after all."""

    def on_unheld(self, rec, copy):
        if rec:
            rec.created_ms = self.now_ms
        super().on_unheld(rec, copy)


@mutant("the-first-payload-counts", "CMB-WIRE-007", "router/a-copy-brings-its-payload")
class TheFirstPayloadCounts(Router):
    """Of a re-send the header is forwarded, and the payload that came first."""

    def resume(self, rec):
        rec.payload = getattr(rec, "first_payload", rec.payload)
        super().resume(rec)

    def accept(self, rec, is_new):
        rec.first_payload = rec.payload
        super().accept(rec, is_new)


# ---- a header of exactly the limit


class TakesLess:
    """A header of exactly the limit is too long."""

    def decode(self, frames):
        if frames and len(frames[0]) == self.settings.header_bytes:
            raise Malformed("the header reaches the limit")
        return super().decode(frames)


@mutant("a-router-takes-less", "CMB-WIRE-017", "malformed/a-header-beyond-its-limit@trace=limit")
class ARouterTakesLess(TakesLess, Router):
    __doc__ = TakesLess.__doc__


@mutant("a-sender-takes-less", "CMB-WIRE-017", "malformed/a-header-beyond-its-limit-at-a-sender*")
class ASenderTakesLess(TakesLess, Sender):
    __doc__ = TakesLess.__doc__


@mutant("a-target-takes-less", "CMB-WIRE-017", "malformed/a-header-beyond-its-limit-at-a-target*")
class ATargetTakesLess(TakesLess, Target):
    __doc__ = TakesLess.__doc__
