"""Routers that have the rule, and one word of it wrong."""

from generated import Anomaly, Code, Reason, State, Timer
from mutants.registry import mutant
from router import Router
from router_checks import MOST_PAIRS

ROWS = "router/the-first-row-that-fails-is-told@first="


class SwappedRows(Router):
    """Of two rows of the checks that both apply the later one is told."""

    def refusal(self, socket, header, frames):
        code = super().refusal(socket, header, frames)
        return self.LATER if code == self.EARLIER and self.fails_later(socket, header, frames) else code


@mutant("names-before-the-version", "CMB-RTR-003", ROWS + "version")
class NamesBeforeTheVersion(SwappedRows):
    """Looks at the names of a message before it looks at its version."""
    EARLIER, LATER = Code.UNSUPPORTED_VERSION, Code.VALIDATION_ERROR

    def fails_later(self, socket, header, frames):
        return len(header.targets) != 1


@mutant("metadata-before-the-life", "CMB-RTR-003", ROWS + "life")
class MetadataBeforeTheLife(SwappedRows):
    """Counts the metadata of a message before it looks at its life."""
    EARLIER, LATER = Code.TTL_EXPIRED, Code.VALIDATION_ERROR

    def fails_later(self, socket, header, frames):
        return len(header.metadata) > MOST_PAIRS


@mutant("payload-before-the-life", "CMB-RTR-003", ROWS + "life")
class PayloadBeforeTheLife(SwappedRows):
    """Weighs the payload of a message before it looks at its life."""
    EARLIER, LATER = Code.TTL_EXPIRED, Code.OVERSIZE_PAYLOAD

    def fails_later(self, socket, header, frames):
        return len(frames[1]) > self.settings.payload_bytes


@mutant("channel-before-the-payload", "CMB-RTR-003", ROWS + "payload")
class ChannelBeforeThePayload(SwappedRows):
    """Looks at the channel of a message before it weighs its payload."""
    EARLIER, LATER = Code.OVERSIZE_PAYLOAD, Code.CHANNEL_MISMATCH

    def fails_later(self, socket, header, frames):
        return header.channel != socket


@mutant("room-before-the-channel", "CMB-RTR-003", ROWS + "channel")
class RoomBeforeTheChannel(SwappedRows):
    """Looks for room before it looks at the channel of a message."""
    EARLIER, LATER = Code.CHANNEL_MISMATCH, Code.BUFFER_FULL

    def fails_later(self, socket, header, frames):
        return not self.has_room(header.targets[0], header.source)


@mutant("route-before-the-room", "CMB-RTR-006", ROWS + "room")
class RouteBeforeTheRoom(SwappedRows):
    """Forwards, to see whether there is a route, before it looks for room."""
    EARLIER, LATER = Code.BUFFER_FULL, Code.NO_ROUTE

    def fails_later(self, socket, header, frames):
        return self.send(socket, header.targets[0], frames[0], frames[1]) == Code.NO_ROUTE


@mutant("an-older-sign-ends-it", "CMB-RTR-019", "router/an-older-sign-ends-no-re-forwarding*")
class AnOlderSignEndsIt(Router):
    """While it forwards again, whatever the target says but a RECEIPT is the sign, of whichever attempt."""

    def imply_receipt(self, rec, ack, frames):
        if rec.reforwarding and not self.is_terminal(ack):
            self.delivered(rec, ack, Reason.EXECUTION_ACK)
        else:
            super().imply_receipt(rec, ack, frames)


@mutant("forwards-again-for-nobody", "CMB-RTR-020", "router/timeout-from-the-sender-ends-a-re-forwarding")
class ForwardsAgainForNobody(Router):
    """A TIMEOUT of the sender ends what was never delivered, and no re-forwarding."""

    def sender_gave_up(self, rec, code):
        if rec.state == State.FORWARDING:
            super().sender_gave_up(rec, code)


@mutant("a-resend-makes-receipts-new", "CMB-DUP-002", "router/a-resend-makes-no-receipt-new*")
class AResendMakesReceiptsNew(Router):
    """With a higher attempt it forgets what it has judged."""

    def on_copy(self, rec, copy):
        if copy.attempt > rec.attempt:
            rec.judged.clear()
        super().on_copy(rec, copy)


@mutant("knows-receipts-by-their-attempt", "CMB-DUP-002", "router/a-receipt-of-another-status-is-no-duplicate")
class KnowsReceiptsByTheirAttempt(Router):
    """Takes a RECEIPT of another status for one that it has judged."""

    @staticmethod
    def judged_before(rec, ack):
        known = (ack.ack_type, ack.attempt) in rec.judged
        rec.judged.add((ack.ack_type, ack.attempt))
        return known


@mutant("keeps-the-last-end", "CMB-RTR-027", "router/conflicting-terminals-pass")
class KeepsTheLastEnd(Router):
    """Of two ends of one work the later one is stored."""

    def settle(self, rec, ack, frames, tell_delivery):
        super().settle(rec, ack, frames, tell_delivery)
        if rec.state == State.SETTLED:
            rec.terminal = frames


@mutant("the-last-forward-draws-too", "CMB-RTY-009", "router/the-last-forward-uses-no-jitter")
class TheLastForwardDrawsToo(Router):
    """Draws a factor for the wait that does not follow the last forward."""

    def plan_redelivery(self, rec):
        super().plan_redelivery(rec)
        if rec.forwards >= self.settings.max_deliveries:
            self.jitter()


@mutant("a-copy-lives-as-it-says", "CMB-TMR-006", "router/the-life-of-a-copy-above-the-maximum")
class ACopyLivesAsItSays(Router):
    """Takes any life of a copy that it does not check."""

    def on_copy(self, rec, copy):
        copy.life_ms = copy.header.ttl_ms
        super().on_copy(rec, copy)


@mutant("a-refusal-has-its-room", "CMB-RTR-040", "router/a-refusal-comes-again-without-room")
class ARefusalHasItsRoom(Router):
    """What was refused and comes again has a record, and needs no room for one."""

    def refusal(self, socket, header, frames):
        code = super().refusal(socket, header, frames)
        known = (header.source, header.message_id) in self.records
        return 0 if known and code == Code.BUFFER_FULL else code


@mutant("rounds-half-to-even", "CMB-RTY-008", "router/half-a-millisecond-is-rounded-up@wait=even")
class RoundsHalfToEven(Router):
    """Rounds a wait as Python's round does."""

    def plan_redelivery(self, rec):
        if rec.forwards < self.settings.max_deliveries:
            rec.wait_ms = round(rec.policy.backoff_ms(rec.place, 1) * self.jitter())
            rec.wait_end_ms = self.now_ms + rec.wait_ms
            self.arm_redelivery(rec)


@mutant("a-refusal-is-left-once", "CMB-RTR-032", "router/whatever-closes-prolongs-a-refusal*")
class ARefusalIsLeftOnce(Router):
    """A CANCEL or a TIMEOUT of an attempt that was refused leaves no mark anew."""

    def leave_mark(self, key, attempt):
        rec = self.records.get(key)
        is_refused = rec and rec.state == State.REJECTED and attempt <= self.closed.get(key, 0)
        return is_refused or super().leave_mark(key, attempt)


@mutant("a-stale-timeout-prolongs", "CMB-RTR-039", "router/a-stale-timeout-prolongs-no-refusal")
class AStaleTimeoutProlongs(Router):
    """A TIMEOUT that is stale keeps a refusal all the same."""

    def on_sender_ack(self, rec, header, ack, frames):
        verdict = super().on_sender_ack(rec, header, ack, frames)
        if verdict == Anomaly.STALE_ATTEMPT and rec.state == State.REJECTED:
            self.keep(rec)
        return verdict


@mutant("a-mark-is-of-its-id", "CMB-SND-003", "router/a-mark-alone-is-of-its-source*")
class AMarkIsOfItsId(Router):
    """A mark without a record closes the message of that id, whoever sends it."""

    def on_message(self, socket, header, frames):
        alone = [mark for key, mark in self.closed.items()
                 if key[1] == header.message_id and key not in self.records]
        if any(header.attempt <= mark for mark in alone):
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
        else:
            super().on_message(socket, header, frames)


@mutant("a-refused-life-runs-on", "CMB-RTR-013", "router/a-refused-life-is-no-life")
class ARefusedLifeRunsOn(Router):
    """The life that a refused copy claimed ends the message that is accepted later, if it is longer."""

    def on_unheld(self, rec, copy):
        refused_ms = rec.ttl_end_ms if rec else 0
        super().on_unheld(rec, copy)
        if rec and rec.state == State.FORWARDING and refused_ms > rec.ttl_end_ms:
            self.timers.arm(rec.key, Timer.TTL, refused_ms)


@mutant("a-refused-life-is-forwarded", "CMB-TMR-006", "router/a-refused-life-is-no-life")
class ARefusedLifeIsForwarded(Router):
    """A redelivery says what remains of the life that a refused copy claimed, if it is longer."""

    def on_unheld(self, rec, copy):
        refused_ms = rec.ttl_end_ms if rec else 0
        super().on_unheld(rec, copy)
        if rec and rec.state == State.FORWARDING:
            rec.ttl_end_ms = max(refused_ms, rec.ttl_end_ms)
