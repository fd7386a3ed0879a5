"""Breaches of one clear sentence each, by somebody who implemented the document and then changed one line."""

from generated import AckType, Anomaly, MsgType, Status, Timer
from machine import EGRESS, INGRESS, Machine
from mutants.registry import mutant
from router import Router
from sender import Sender
from sender_acks import identity
from target import Target

# ---- what an ACK does


@mutant("a-late-refusal-is-a-late-failure", "CMB-SND-012", "sender/a-router-that-refuses-what-is-done*")
class ALateRefusalIsALateFailure(Sender):
    """A refusal of the router is a late failure too, and raises an alert."""

    def on_router_rejection(self, rec, ack):
        return self.late_failure(rec, ack) if rec.may_fail_late else super().on_router_rejection(rec, ack)


@mutant("remembers-a-thousand-acks", "CMB-DUP-001", "sender/the-first-of-1024-acks-is-remembered")
class RemembersAThousandAcks(Sender):
    """Of each message the last 1000 ACKs are remembered."""

    def remember(self, rec, ack):
        super().remember(rec, ack)
        rec.order = [*getattr(rec, "order", ()), identity(ack)][-1000:]
        rec.judged &= set(rec.order)


@mutant("remembers-three-receipts", "CMB-DUP-002", "router/receipts-of-many-attempts-are-remembered")
class RemembersThreeReceipts(Router):
    """Of each message the last three RECEIPTs and TIMEOUTs are remembered."""

    @staticmethod
    def judged_before(rec, ack):
        known = Router.judged_before(rec, ack)
        rec.order = [*getattr(rec, "order", ()), (ack.ack_type, ack.status, ack.attempt)][-3:]
        rec.judged &= set(rec.order)
        return known


@mutant("a-refusal-for-now-agrees-with-nothing", "CMB-LATE-005",
        "sender/a-failure-that-agrees-settles-it@with=refusal_for_now")
class ARefusalForNowAgreesWithNothing(Sender):
    """After a refusal that calls itself retryable the router's failure is provisional still."""

    def second_terminal(self, rec, ack):
        was = rec.is_provisional
        verdict = super().second_terminal(rec, ack)
        rec.is_provisional = was and ack.retryable
        return verdict


class AgreesBefore(Sender):
    """What a finding before the last drops has agreed all the same."""

    dropped_as = None

    def judge(self, source, ack):
        rec, verdict = self.records.get(ack.correlation_id), super().judge(source, ack)
        if rec and verdict == self.dropped_as and (ack.ack_type, ack.status) == (AckType.EXECUTION_ACK, Status.REJECTED):
            rec.is_provisional = False
        return verdict


@mutant("a-duplicate-agrees", "CMB-LATE-015", "sender/an-ack-before-its-turn-agrees-with-nothing@refusal=again*")
class ADuplicateAgrees(AgreesBefore):
    """A refusal of the target settles the router's failure though it was judged before."""

    dropped_as = Anomaly.DUPLICATE_ACK


@mutant("stale-news-agrees", "CMB-LATE-015", "sender/an-ack-before-its-turn-agrees-with-nothing@refusal=of_another*")
class StaleNewsAgrees(AgreesBefore):
    """A retryable refusal settles the router's failure though its attempt is not the current one."""

    dropped_as = Anomaly.STALE_ATTEMPT


@mutant("a-hold-of-nothing-is-none", "CMB-LATE-012", "sender/a-hold-of-nothing-is-a-hold*")
class AHoldOfNothingIsNone(Sender):
    """A `hold_ms` of 0 is as an absent one."""

    def on_stage(self, rec, ack):
        if ack.HasField("hold_ms") and not ack.hold_ms:
            ack.ClearField("hold_ms")
        return super().on_stage(rec, ack)


@mutant("holds-for-centuries", "CMB-PRG-003", "sender/holds-of-64-bits*")
class HoldsForCenturies(Sender):
    """A hold has no bound."""

    def arm_stage(self, rec, state, ack):
        super().arm_stage(rec, state, ack)
        if ack.HasField("hold_ms"):
            self.arm_phase(rec, Timer.EXECUTION, rec.policy.execution_ms + ack.hold_ms)


@mutant("knows-what-somebody-sends", "CMB-RTY-002", "sender/a-code-that-nobody-sends-is-known*")
class KnowsWhatSomebodySends(Sender):
    """A code that nobody sends in version 1 is unknown."""

    def on_router_rejection(self, rec, ack):
        rec.policy.retryable -= {15, 20, 45}
        return super().on_router_rejection(rec, ack)


# ---- what an application gives


@mutant("a-header-may-not-reach-the-bound", "CMB-SND-004", "sender/a-header-of-the-longest-length-is-sent")
class AHeaderMayNotReachTheBound(Sender):
    """A header of exactly 65536 bytes is refused."""

    def longest_header(self, send):
        return super().longest_header(send) + 1


@mutant("a-life-of-zero-takes-no-place", "CMB-SND-004", "sender/a-send-beyond-*@what=a_place_for_an_instant")
class ALifeOfZeroTakesNoPlace(Sender):
    """A message without life is taken though the bound of messages in flight is reached."""

    def check_send(self, send):
        held, self.open_records = self.open_records, self.open_records if send.ttl_ms else 0
        super().check_send(send)
        self.open_records = held


@mutant("a-refused-send-uses-an-id", "CMB-CTL-010", "sender/a-refused-send-uses-no-id*")
class ARefusedSendUsesAnId(Sender):
    """The counter of ids goes on also where a send is refused."""

    def check_send(self, send):
        try:
            super().check_send(send)
        except ValueError:
            self.new_id()
            raise


# ---- what is judged before


class CallsItUndeclared:
    """A batch that is malformed as a whole is UNSUPPORTED where batches are not declared."""

    def anomaly(self, kind, **fields):
        if fields.get("note", "").startswith("an ack_batch of"):
            kind = Anomaly.UNSUPPORTED
        super().anomaly(kind, **fields)


def calls_it_undeclared(role):
    return mutant(f"undeclared-before-malformed-at-a-{role}", "CMB-WIRE-017",
                  f"malformed/batch-as-a-whole-at-a-{role}*", options=("--without", "batch_ack"))


@calls_it_undeclared("sender")
class CallsItUndeclaredAtASender(CallsItUndeclared, Sender):
    __doc__ = CallsItUndeclared.__doc__


@calls_it_undeclared("router")
class CallsItUndeclaredAtARouter(CallsItUndeclared, Router):
    __doc__ = CallsItUndeclared.__doc__


@calls_it_undeclared("target")
class CallsItUndeclaredAtATarget(CallsItUndeclared, Target):
    __doc__ = CallsItUndeclared.__doc__


class HearsAtItsIngress:
    """A PING is answered on the ACK ingress by which it came."""

    def may_come(self, socket, header):
        return socket == INGRESS and header.msg_type == MsgType.PING or super().may_come(socket, header)


@mutant("a-sender-hears-at-its-ingress", "CMB-SEC-004", "sender/what-comes-by-the-ack-ingress-is-dropped")
class ASenderHearsAtItsIngress(HearsAtItsIngress, Sender):
    __doc__ = HearsAtItsIngress.__doc__


@mutant("a-target-hears-at-its-ingress", "CMB-SEC-004", "target/what-comes-by-the-ack-ingress-is-dropped")
class ATargetHearsAtItsIngress(HearsAtItsIngress, Target):
    __doc__ = HearsAtItsIngress.__doc__


@mutant("a-router-hears-at-its-egress", "CMB-SEC-004", "router/a-ping-by-the-ack-egress-is-dropped*")
class ARouterHearsAtItsEgress(Router):
    """A PING by the ACK egress is answered there."""

    @staticmethod
    def may_come(socket, kind):
        return socket == EGRESS and kind == MsgType.PING or Router.may_come(socket, kind)


class AnybodyAnswersPings:
    """Whoever names the id of a PING in a refusal answers that PING."""

    @staticmethod
    def answers_ping(header, ack):
        return ack.status == Status.REJECTED and ack.correlation_id.startswith("@")


@mutant("anybody-answers-a-senders-pings", "CMB-SEC-005", "sender/only-the-router-answers-a-ping*")
class AnybodyAnswersASendersPings(AnybodyAnswersPings, Sender):
    __doc__ = AnybodyAnswersPings.__doc__


@mutant("anybody-answers-a-targets-pings", "CMB-TGT-011", "target/only-the-router-answers-a-ping*")
class AnybodyAnswersATargetsPings(AnybodyAnswersPings, Target):
    __doc__ = AnybodyAnswersPings.__doc__


class TellsAnyAttempt:
    """Whatever stands in `attempt` of a header is told, as of a MESSAGE."""

    def header_anomaly(self, kind, header, peer=None):
        if header.HasField("ack"):
            super().header_anomaly(kind, header, peer)
        else:
            self.anomaly(kind, peer=peer or header.source, message_id=header.message_id, attempt=header.attempt)


@mutant("a-sender-tells-any-attempt", "CMB-OBS-004", "sender/an-anomaly-tells-the-attempt-of-a-message-alone*")
class ASenderTellsAnyAttempt(TellsAnyAttempt, Sender):
    __doc__ = TellsAnyAttempt.__doc__


@mutant("a-target-tells-any-attempt", "CMB-OBS-004", "target/an-anomaly-tells-the-attempt-of-a-message-alone*")
class ATargetTellsAnyAttempt(TellsAnyAttempt, Target):
    __doc__ = TellsAnyAttempt.__doc__


@mutant("a-router-tells-any-attempt", "CMB-OBS-004", "router/an-anomaly-tells-the-attempt-of-a-message-alone*")
class ARouterTellsAnyAttempt(TellsAnyAttempt, Router):
    __doc__ = TellsAnyAttempt.__doc__


class PongsHaveNoBound:
    """A PONG is sent however long its header is."""

    @staticmethod
    def is_too_long(header):
        return header.msg_type != MsgType.PONG and Machine.is_too_long(header)


@mutant("a-senders-pongs-have-no-bound", "CMB-WIRE-023", "sender/an-answer-to-a-ping-is-bounded")
class ASendersPongsHaveNoBound(PongsHaveNoBound, Sender):
    __doc__ = PongsHaveNoBound.__doc__


@mutant("a-routers-pongs-have-no-bound", "CMB-WIRE-023", "router/an-answer-to-a-ping-is-bounded")
class ARoutersPongsHaveNoBound(PongsHaveNoBound, Router):
    __doc__ = PongsHaveNoBound.__doc__


@mutant("a-targets-pongs-have-no-bound", "CMB-WIRE-023", "target/an-answer-to-a-ping-is-bounded")
class ATargetsPongsHaveNoBound(PongsHaveNoBound, Target):
    __doc__ = PongsHaveNoBound.__doc__
