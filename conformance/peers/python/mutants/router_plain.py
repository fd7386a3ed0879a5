"""Routers that are wrong in one thing each of the plain path, of its re-sends and of what is passed on."""

from generated import AckType, Anomaly, Code, MsgType, Reason, State
from mutants.registry import mutant
from router import Router
from wire import ROUTER_ID


@mutant("accepts-in-silence", "CMB-RTR-001", "router/plain-path")
class AcceptsInSilence(Router):
    """Nobody hears that the router has the message."""

    def acknowledge(self, rec, attempt):
        pass


@mutant("one-channel-for-all", "CMB-RTR-002", "router/each-channel-carries-its-own")
class OneChannelForAll(Router):
    """Whatever comes is forwarded by the first channel."""

    def forward(self, rec):
        came_by, rec.channel = rec.channel, self.channels[0]
        code = super().forward(rec)
        rec.channel = came_by
        return code


@mutant("the-limit-is-too-much", "CMB-RTR-005", "router/largest-payload-passes")
class TheLimitIsTooMuch(Router):
    """A payload of exactly the limit is refused."""

    def refusal(self, socket, header, frames):
        too_long = len(frames[1]) >= self.settings.payload_bytes
        return Code.OVERSIZE_PAYLOAD if too_long else super().refusal(socket, header, frames)


@mutant("a-receipt-says-nothing", "CMB-RTR-007", "router/receipt-of-the-last-forward",
        "router/each-answer-late")
class AReceiptSaysNothing(Router):
    """The RECEIPT ends redelivery, and the sender does not hear of it."""

    def tell_delivery(self, rec, ack):
        if ack.ack_type != AckType.RECEIPT:
            super().tell_delivery(rec, ack)


@mutant("delivered-after-the-fact", "CMB-RTR-008", "router/execution-ack-before-receipt")
class DeliveredAfterTheFact(Router):
    """What the target says goes on first, and that the message was delivered comes after it."""

    def on_target_ack(self, rec, header, ack, frames):
        if ack.ack_type == AckType.RECEIPT or not rec:
            return super().on_target_ack(rec, header, ack, frames)
        self.pass_on(header, frames)
        self.imply_receipt(rec, ack, frames)
        return None


@mutant("redelivers-once", "CMB-RTR-010", "router/redeliveries-are-told",
        "router/tries-without-a-route-count", "router/each-frame-lost-once*")
class RedeliversOnce(Router):
    """After the second forward it waits for the end of the phase."""

    def plan_redelivery(self, rec):
        if rec.forwards < 2:
            super().plan_redelivery(rec)


@mutant("a-life-ends-in-silence", "CMB-RTR-013", "router/ttl-runs-out",
        "router/life-ends-before-a-redelivery")
class ALifeEndsInSilence(Router):
    """A message whose life ends at the router becomes a dead letter without a word to its sender."""

    def tell(self, source, ack_type, *args, **fields):
        if fields.get("error_code") != Code.TTL_EXPIRED:
            super().tell(source, ack_type, *args, **fields)


@mutant("every-copy-is-forwarded", "CMB-RTR-017", "router/a-copy-of-the-same-attempt")
class EveryCopyIsForwarded(Router):
    """A copy of an attempt that it has goes to the target once more."""

    def on_copy(self, rec, copy):
        is_known = copy.attempt <= rec.attempt
        super().on_copy(rec, copy)
        if is_known:
            self.send(rec.channel, rec.target, rec.raw, rec.payload)


class RouterThatRests(Router):
    """Helps: a higher attempt sets nothing in motion in one state."""

    RESTS_IN = None

    def resume(self, rec):
        if rec.state != self.RESTS_IN:
            super().resume(rec)


@mutant("delivered-is-delivered", "CMB-RTR-019", "router/a-resend-after-delivery-is-forwarded")
class DeliveredIsDelivered(RouterThatRests):
    """A re-send of a message that the target has is acknowledged and goes nowhere."""

    RESTS_IN = State.DELIVERED


@mutant("dead-is-dead", "CMB-RTR-028", "router/a-higher-attempt-reopens-a-dead-letter")
class DeadIsDead(RouterThatRests):
    """A re-send of a dead letter is acknowledged and goes nowhere."""

    RESTS_IN = State.DEAD_LETTERED


@mutant("goes-on-for-who-gave-up", "CMB-RTR-020", "router/timeout-from-the-sender-stops-redelivery")
class GoesOnForWhoGaveUp(Router):
    """A TIMEOUT of the sender stops no redelivery."""

    def sender_gave_up(self, rec, code):
        pass


@mutant("passes-receipts-on", "CMB-RTR-022", "router/receipts-stay-at-the-router")
class PassesReceiptsOn(Router):
    """A RECEIPT goes on to the sender as every ACK of the target does."""

    def on_target_ack(self, rec, header, ack, frames):
        if ack.ack_type == AckType.RECEIPT:
            self.pass_on(header, frames)
        return super().on_target_ack(rec, header, ack, frames)


@mutant("too-late-to-say", "CMB-RTR-024", "router/late-receipt-empties-the-dead-letter")
class TooLateToSay(Router):
    """A RECEIPT for a dead letter is believed, and the sender does not hear of it."""

    def delivered(self, rec, ack, reason):
        if reason != Reason.LATE_RECEIPT:
            super().delivered(rec, ack, reason)
        else:
            self.stop(rec)
            self.move(rec, State.DELIVERED, reason)


@mutant("forgets-with-the-life", "CMB-RTR-025", "router/records-live-past-the-life",
        "router/every-copy-prolongs-the-record")
class ForgetsWithTheLife(Router):
    """A record goes when the life of its message is over, whatever may still be under way."""

    def linger_ms(self):
        return 1


@mutant("marks-fade", "CMB-RTR-032", "router/a-mark-is-kept-two-latencies*")
class MarksFade(Router):
    """A mark is kept for one latency."""

    def linger_ms(self):
        return self.settings.max_latency_ms


@mutant("says-the-end-once", "CMB-RTR-027", "router/a-resend-after-the-end-is-answered")
class SaysTheEndOnce(Router):
    """A re-send of a message that is settled hears no end."""

    def answer_settled(self, rec):
        pass


@mutant("an-end-buries-nothing", "CMB-LATE-011", "router/late-execution-ack-empties-the-dead-letter")
class AnEndBuriesNothing(Router):
    """The end of work whose message became a dead letter is taken for a sign of delivery."""

    def settle(self, rec, ack, frames, tell_delivery):
        if rec.state == State.DEAD_LETTERED:
            self.delivered(rec, ack, Reason.EXECUTION_ACK)
        else:
            super().settle(rec, ack, frames, tell_delivery)


@mutant("drops-what-it-does-not-know", "CMB-VER-014", "router/acks-of-the-future*")
class DropsWhatItDoesNotKnow(Router):
    """An ACK of a type that is not defined yet goes nowhere, whoever says it."""

    def judge(self, header, ack, frames):
        if 100 <= ack.ack_type < 120:
            return Anomaly.UNKNOWN_VALUE
        return super().judge(header, ack, frames)


@mutant("adds-to-the-payload", "CMB-WIRE-007", "router/forwards-what-it-accepts*")
class AddsToThePayload(Router):
    """A zero is added to each payload that is forwarded."""

    def forward(self, rec):
        rec.payload = rec.payload + b"\0"
        return super().forward(rec)


@mutant("signs-what-it-passes-on", "CMB-WIRE-008", "router/execution-ack-is-passed-untouched*")
class SignsWhatItPassesOn(Router):
    """Its own name goes into the note of every ACK that is passed on."""

    def pass_on(self, header, frames):
        header.ack.note += " by " + self.module_id
        super().pass_on(header, [header.SerializeToString(), frames[1]])


@mutant("answers-for-everybody", "CMB-WIRE-012", "router/ping-is-passed-between-modules*")
class AnswersForEverybody(Router):
    """A PING for a module is answered by the router."""

    def on_ping_pong(self, socket, peer, header, frames):
        header.targets[:] = [ROUTER_ID]
        super().on_ping_pong(socket, peer, header, frames)


@mutant("a-ping-to-nobody-is-nothing", "CMB-WIRE-013", "router/ping-to-nobody*")
class APingToNobodyIsNothing(Router):
    """Who pings somebody who is not there waits for ever."""

    def tell(self, source, ack_type, status, message_id, *args, **fields):
        if not message_id.startswith("@"):
            super().tell(source, ack_type, status, message_id, *args, **fields)


@mutant("loses-without-a-count", "CMB-WIRE-014", "router/an-ack-to-nobody*",
        "router/undeliverable-acks-are-counted*")
class LosesWithoutACount(Router):
    """An ACK that finds nobody is dropped, and nobody knows."""

    def lost(self, _socket, header, _payload):
        pass


@mutant("a-lost-batch-is-one", "CMB-WIRE-014", "router/a-batch-to-nobody")
class ALostBatchIsOne(Router):
    """Of a batch that finds nobody the batch is counted, and not its ACKs."""

    def lost_batch(self, socket, header, group):
        self.lost(socket, header, b"")


@mutant("tells-the-target-too", "CMB-WIRE-020", "router/plain-path")
class TellsTheTargetToo(Router):
    """An ACK of the router goes to the target as well."""

    def acknowledge(self, rec, attempt):
        super().acknowledge(rec, attempt)
        letter = self.waiting[-1]
        self.post(letter.socket, rec.target, letter.header)


@mutant("overtakes-in-the-stream", "CMB-ORD-001", "router/fifo-per-stream")
class OvertakesInTheStream(Router):
    """What came in one step is forwarded from its end."""

    held = ()

    def forward(self, rec):
        if rec.state != State.REJECTED:
            return super().forward(rec)
        self.held = (rec, *self.held)
        return 0

    def finish(self):
        held, self.held = self.held, ()
        for rec in held:
            super().forward(rec)
        super().finish()


@mutant("a-question-is-nothing", "CMB-OBS-004", "router/nothing-moves-without-a-cause@odd=same_stage")
class AQuestionIsNothing(Router):
    """An ACK that changes nothing is dropped without a count."""

    def ack_anomaly(self, kind, source, ack, note=""):
        if kind not in (Anomaly.DUPLICATE_ACK, Anomaly.OUT_OF_ORDER_ACK):
            super().ack_anomaly(kind, source, ack, note)


@mutant("listens-where-it-speaks", "CMB-SEC-004", "router/ack-on-the-wrong-socket*")
class ListensWhereItSpeaks(Router):
    """An ACK is believed by whichever socket it comes."""

    @staticmethod
    def may_come(socket, kind):
        return kind == MsgType.ACK or Router.may_come(socket, kind)
