"""What was once blamed on another sentence than the one it breaks, or blamed though it was right."""

from generated import AckType, Code, MsgType, Reason
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


@mutant("counts-each-wait-as-an-attempt", "CMB-OBS-001", "sender/a-wait-that-was-ended-begins-again")
class CountsEachWaitAsAnAttempt(Sender):
    """A retry whose wait a late ACK ended has used its number all the same."""

    def retry(self, rec, reason, error):
        rec.attempt += getattr(rec, "has_waited", False)
        rec.has_waited = True
        super().retry(rec, reason, error)

    def transmit(self, rec):
        rec.has_waited = False
        super().transmit(rec)


@mutant("remembers-what-it-refused", "CMB-TGT-008", "target/what-a-full-table-refused-is-forgotten")
class RemembersWhatItRefused(Target):
    """The attempt that found no room is the highest once there is room."""

    def on_message(self, header):
        if not self.find(header) and not self.has_room(header.source):
            self.__dict__.setdefault("refused", {})[header.message_id] = header.attempt
        super().on_message(header)

    def attach(self, work, header):
        message = super().attach(work, header)
        message.attempt = self.__dict__.get("refused", {}).get(header.message_id, 0)
        return message


@mutant("a-dropped-copy-raises-the-attempt", "CMB-INS-001", "target/a-dropped-copy-is-none*")
class ADroppedCopyRaisesTheAttempt(Target):
    """A copy that may not come so is dropped, and its attempt kept."""

    def may_come(self, socket, header):
        may = super().may_come(socket, header)
        message = self.find(header) if header.msg_type == MsgType.MESSAGE and not may else None
        if message:
            message.attempt = max(message.attempt, header.attempt)
            self.touch(message.work)
        return may


@mutant("knows-its-signs", "CMB-RTR-008", "router/an-ack-of-unknown-type-is-a-sign")
class KnowsItsSigns(Router):
    """An ACK of unknown type is passed on, and says nothing of the target."""

    def on_target_ack(self, rec, header, ack, frames):
        if ack.ack_type not in set(AckType.names):
            self.pass_on(header, frames)
            return None
        return super().on_target_ack(rec, header, ack, frames)


@mutant("the-last-forward-ends-the-phase", "CMB-RTR-012", "router/waits-of-0-end-no-phase*")
class TheLastForwardEndsThePhase(Router):
    """After max_deliveries forwards without a wait the router gives up at once."""

    def redeliver(self, rec):
        super().redeliver(rec)
        if rec.forwards == self.settings.max_deliveries and not rec.wait_ms:
            self.give_up(rec, Reason.DELIVERY_PHASE_ENDED, Code.ACK_TIMEOUT)


@mutant("counts-its-forwards-anew", "CMB-DUR-002", "router/a-restart-keeps-the-redelivery*")
class CountsItsForwardsAnew(Router):
    """The number of forwards begins again after a restart; the waits go on."""

    def recovered(self):
        super().recovered()
        for rec in self.records.values():
            rec.forwards = 0


@mutant("a-record-counts-its-sends", "CMB-INS-001", "sender/a-retry-tells-its-code*")
class ARecordCountsItsSends(Sender):
    """retry_count of a record is the number of sends."""

    def transaction(self, source, message_id):
        made = super().transaction(source, message_id)
        if made:
            made.retry_count = made.attempt
        return made


class WrongNonce:
    """A PONG has another nonce than its PING once the case has begun."""

    def answer_ping(self, socket, peer, ping, payload):
        if not ping.message_id.startswith("@open"):
            ping.message_id += "x"
        super().answer_ping(socket, peer, ping, payload)


@mutant("a-sender-answers-another-ping", "CMB-WIRE-011", "sender/pings-move-nothing*")
class ASenderAnswersAnotherPing(WrongNonce, Sender):
    """A sender's PONG has another nonce than its PING."""


@mutant("a-target-answers-another-ping", "CMB-WIRE-011", "target/a-ping-gets-its-payload-back*")
class ATargetAnswersAnotherPing(WrongNonce, Target):
    """A target's PONG has another nonce than its PING."""


@mutant("a-router-answers-another-ping", "CMB-WIRE-011", "router/ping-on-every-path*")
class ARouterAnswersAnotherPing(WrongNonce, Router):
    """A router's PONG has another nonce than its PING."""
