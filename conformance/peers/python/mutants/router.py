"""Routers that are wrong in one thing each."""

from generated import AckType, Anomaly, Code, MsgType, Status, Timer
from machine import EGRESS
from mutants.registry import mutant
from router import Router
from router_acks import OF_SENDER
from wire import ack_header


@mutant("acknowledges-the-unroutable", "CMB-RTR-003", "router/no-route")
class AcknowledgesTheUnroutable(Router):
    """SUCCESS is answered after sending to an identity that nobody has."""

    def first_forward(self, rec):
        super().first_forward(rec)
        return 0


@mutant("reports-execution", "CMB-RTR-021", "router/never-reports-execution-itself",
        "router/plain-path")
class ReportsExecution(Router):
    """The router takes a RECEIPT for the end of the work, and says so to the sender."""

    def tell_delivery(self, rec, ack):
        super().tell_delivery(rec, ack)
        header = ack_header(rec.target, rec.source, AckType.EXECUTION_ACK, Status.SUCCESS,
                            rec.message_id, ack.attempt)
        self.post(EGRESS, rec.source, header)


@mutant("delivery-ack-without-receipt", "CMB-RTR-009", "router/no-delivery-ack-without-receipt")
class DeliveryAckWithoutReceipt(Router):
    """What ZeroMQ took is called delivered."""

    def acknowledge(self, rec, attempt):
        super().acknowledge(rec, attempt)
        self.tell(rec.source, AckType.DELIVERY_ACK, Status.SUCCESS, rec.message_id, attempt)


@mutant("follows-another-target", "CMB-RTR-031", "router/a-copy-is-for-the-same-target*")
class FollowsAnotherTarget(Router):
    """A re-send that names another target is taken, as if a sender could change it."""

    def is_for_another(self, rec, header):
        return False


@mutant("second-redelivery-loop", "CMB-RTR-026", "router/resend-starts-no-second-loop")
class SecondRedeliveryLoop(Router):
    """A re-send is forwarded at once, beside the loop that runs."""

    def resume(self, rec):
        super().resume(rec)
        self.send(rec.channel, rec.target, rec.raw, rec.payload)


@mutant("ttl-not-decremented", "CMB-TMR-006", "router/ttl-loses-the-dwell")
class TtlNotDecremented(Router):
    """A message that waited in the router leaves with the life with which it came."""

    def remaining_ms(self, rec):
        return rec.header.ttl_ms


@mutant("believes-any-module", "CMB-SEC-002", "router/forged-ack-from-a-third-module")
class BelievesAnyModule(Router):
    """A RECEIPT or an EXECUTION_ACK counts whoever sent it."""

    def may_speak(self, source, ack, rec):
        return True


@mutant("passes-on-what-only-it-may-say", "CMB-SEC-002", "router/forged-ack-from-a-third-module*")
class PassesOnWhatOnlyItMaySay(Router):
    """A ROUTER_ACK or DELIVERY_ACK of a module is passed on to the sender."""

    def judge(self, header, ack, frames):
        if self.is_of_router(ack.ack_type):
            self.pass_on(header, frames)
            return None
        return super().judge(header, ack, frames)


@mutant("cancels-by-the-id-alone", "CMB-SEC-002", "router/forged-ack-from-a-third-module*",
        "router/an-overtaken-message-shares-its-id*")
class CancelsByTheIdAlone(Router):
    """Whoever names the message_id may cancel the message or give it up."""

    def key_of(self, header, ack):
        own = super().key_of(header, ack)
        same_id = [key for key in self.records if key[1] == own[1]]
        return same_id[0] if same_id and ack.ack_type in OF_SENDER else own


@mutant("leaves-no-mark-beside-anothers-id", "CMB-RTR-018",
        "router/an-overtaken-message-shares-its-id*")
class LeavesNoMarkBesideAnothersId(Router):
    """A CANCEL is judged by what another source has under its id, and forgotten."""

    def on_sender_ack(self, rec, header, ack, frames):
        if self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        return super().on_sender_ack(rec, header, ack, frames)


@mutant("drops-a-result-beside-anothers-id", "CMB-RTR-023",
        "router/a-result-passes-beside-anothers-id")
class DropsAResultBesideAnothersId(Router):
    """A result without a record is taken for a forgery where another source has that id."""

    def on_target_ack(self, rec, header, ack, frames):
        if self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        return super().on_target_ack(rec, header, ack, frames)


@mutant("takes-any-receipt", "CMB-VER-006", "router/a-status-its-type-does-not-have*")
class TakesAnyReceipt(Router):
    """A RECEIPT with a status that it cannot have is a RECEIPT all the same."""

    def judge(self, header, ack, frames):
        if ack.ack_type == AckType.RECEIPT and ack.status != Status.REJECTED:
            ack.status = Status.SUCCESS
        return super().judge(header, ack, frames)


@mutant("believes-the-source", "CMB-SEC-001", "router/spoofed-source",
        "router/message-with-a-forged-source", "router/a-forged-copy-for-another-target")
class BelievesTheSource(Router):
    """The source in a header is not compared with the connection."""

    def handle(self, socket, peer, header, frames):
        super().handle(socket, header.source, header, frames)


@mutant("validates-before-it-looks", "CMB-RTR-004", "router/never-rejects-what-it-holds")
class ValidatesBeforeItLooks(Router):
    """A copy of a message that is held is checked again, and may be refused."""

    def on_message(self, socket, header, frames):
        code = self.refusal(socket, header, frames)
        if code and (header.source, header.message_id) in self.records:
            self.tell(header.source, AckType.ROUTER_ACK, Status.REJECTED, header.message_id,
                      header.attempt, error_code=code)
        else:
            super().on_message(socket, header, frames)


@mutant("never-stops-redelivering", "CMB-RTR-012", "router/no-backoff-ends-no-phase*",
        "router/each-frame-always-lost")
class NeverStopsRedelivering(Router):
    """The delivery phase has no end but the life of the message."""

    def arm_redelivery(self, rec):
        self.timers.stop(rec.key, Timer.DELIVERY_PHASE)
        self.timers.arm(rec.key, Timer.REDELIVERY, rec.wait_end_ms)

    def phase_is_over(self, rec):
        return False


@mutant("receipt-does-not-stop-it", "CMB-RTR-041", "router/receipt-stops-redelivery",
        "router/receipt-of-the-last-forward")
class ReceiptDoesNotStopIt(Router):
    """The message is forwarded again although the target has it."""

    def delivered(self, rec, ack, reason):
        super().delivered(rec, ack, reason)
        self.timers.arm(rec.key, Timer.DELIVERY_PHASE, rec.ttl_end_ms)
        self.timers.arm(rec.key, Timer.REDELIVERY, rec.wait_end_ms)


@mutant("full-target-is-delivered", "CMB-RTR-011", "router/full-target-is-no-delivery")
class FullTargetIsDelivered(Router):
    """A RECEIPT/REJECTED is taken for a RECEIPT."""

    def on_receipt(self, rec, ack):
        ack.status = Status.SUCCESS
        return super().on_receipt(rec, ack)


@mutant("drops-unknown-fields", "CMB-VER-004", "router/unknown-fields-pass")
class DropsUnknownFields(Router):
    """Headers are written anew from what the router knows of them."""

    def handle(self, socket, peer, header, frames):
        header.DiscardUnknownFields()
        super().handle(socket, peer, header, [header.SerializeToString(), frames[1]])


@mutant("passes-one-terminal", "CMB-RTR-014", "router/conflicting-*")
class PassesOneTerminal(Router):
    """Only the first terminal of the target is passed on."""

    def on_target_ack(self, rec, header, ack, frames):
        if rec and rec.terminal:
            return Anomaly.DUPLICATE_ACK
        return super().on_target_ack(rec, header, ack, frames)


@mutant("crosses-the-channels", "CMB-WIRE-011", "router/ping-on-every-path")
class CrossesTheChannels(Router):
    """A PING by the ACK ingress is answered on the message channel."""

    def on_ping_pong(self, socket, peer, header, frames):
        nonce_of_a_case = header.message_id.startswith("@" + self.settings.id_prefix)
        if header.msg_type == MsgType.PING and socket not in self.channels and nonce_of_a_case:
            self.answer_ping(self.channels[0], peer, header, frames[1])
        else:
            super().on_ping_pong(socket, peer, header, frames)


@mutant("drops-beyond-the-queue", "CMB-RTR-006", "router/queue-full-is-said")
class DropsBeyondTheQueue(Router):
    """What does not fit into a target's queue is acknowledged and dropped."""

    def reject(self, rec, code):
        if code == Code.BUFFER_FULL:
            self.acknowledge(rec, rec.attempt)
        else:
            super().reject(rec, code)


@mutant("answers-closed-attempts", "CMB-RTR-018", "router/a-rejection-closes-its-attempt",
        "router/timeout-closes-its-attempts", "router/attempt-zero-is-refused-as-one")
class AnswersClosedAttempts(Router):
    """A refusal or a TIMEOUT closes nothing: an old copy that comes late is taken up again."""

    def close_attempts(self, key, attempt):
        pass


@mutant("opens-what-is-higher", "CMB-RTR-018", "router/a-closed-attempt-is-dropped-in-every-state*")
class OpensWhatIsHigher(Router):
    """A copy with a higher attempt is taken although its sender gave that attempt up."""

    def on_message(self, socket, header, frames):
        key = (header.source, header.message_id)
        rec = self.records.get(key)
        if rec and header.attempt > rec.attempt:
            self.closed.pop(key, None)
        super().on_message(socket, header, frames)


@mutant("acknowledges-attempt-one", "CMB-WIRE-001", "router/a-higher-attempt-is-taken-over")
class AcknowledgesAttemptOne(Router):
    """Whichever attempt comes, the first is acknowledged."""

    def acknowledge(self, rec, attempt):
        super().acknowledge(rec, 1)


@mutant("takes-what-it-refused", "CMB-RTR-040", "router/a-refusal-is-only-a-mark")
class TakesWhatItRefused(Router):
    """A message that was refused is acknowledged when it comes again, as if it were held."""

    def on_unheld(self, rec, copy):
        if rec is None:
            super().on_unheld(rec, copy)
        else:
            self.acknowledge(rec, copy.attempt)
