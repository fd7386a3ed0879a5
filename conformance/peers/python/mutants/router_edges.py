"""Routers that are wrong where few would look: at the edges of a sentence."""

from generated import AckType, Anomaly, Code, MsgType, State, Status
from history import note
from mutants.registry import mutant
from router import Router
from router_acks import JUDGED_ONCE


@mutant("a-refusal-remembers-its-receipt", "CMB-DUP-002", "router/a-receipt-in-rejected-is-forgotten")
class ARefusalRemembersItsReceipt(Router):
    """What came in REJECTED is a duplicate when it comes again, in whatever state."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        if rec and rec.state == State.REJECTED and ack.ack_type in JUDGED_ONCE:
            self.judged_before(rec, ack)
        return super().judge(header, ack, frames)


@mutant("a-refusal-tells-its-receipt-later", "CMB-INS-001", "router/a-receipt-in-rejected-is-forgotten")
class ARefusalTellsItsReceiptLater(Router):
    """What came in REJECTED is told once the message is forwarded after all."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        if rec and rec.state == State.REJECTED:
            note(rec.history, ack, self.now_ms)
        return super().judge(header, ack, frames)


@mutant("an-older-result-is-no-sign", "CMB-RTR-019", "router/an-older-result-ends-a-re-forwarding")
class AnOlderResultIsNoSign(Router):
    """While it forwards again, only an ACK of the copy that it forwards is a sign of delivery."""

    def settle(self, rec, ack, frames, tell_delivery):
        super().settle(rec, ack, frames, tell_delivery and not (rec.reforwarding and ack.attempt < rec.attempt))


@mutant("forwards-as-the-phase-ends", "CMB-RTR-012", "router/the-phase-ends-before-a-redelivery")
class ForwardsAsThePhaseEnds(Router):
    """Of the two timers of one instant that which was armed first fires, whichever it is."""

    def phase_is_over(self, rec):
        return False


@mutant("a-mark-is-left-by-what-raises-it", "CMB-RTR-032", "router/whatever-closes-prolongs-a-mark*")
class AMarkIsLeftByWhatRaisesIt(Router):
    """A CANCEL or a TIMEOUT of an attempt that is closed already prolongs nothing."""

    def leave_mark(self, key, attempt):
        return attempt <= self.closed.get(key, 0) or super().leave_mark(key, attempt)


@mutant("judges-the-addressee-of-a-timeout", "CMB-RTR-020", "router/the-addressee-of-an-ack-is-not-judged@by=timeout")
class JudgesTheAddresseeOfATimeout(Router):
    """A TIMEOUT that names another than the router is nobody's."""

    def on_sender_ack(self, rec, header, ack, frames):
        if ack.ack_type == AckType.TIMEOUT and header.targets[0] != self.module_id:
            return Anomaly.UNAUTHORIZED_ACK
        return super().on_sender_ack(rec, header, ack, frames)


@mutant("judges-the-addressee-of-a-cancel", "CMB-CXL-002", "router/the-addressee-of-an-ack-is-not-judged@by=cancel")
class JudgesTheAddresseeOfACancel(Router):
    """A CANCEL that names another than the record's target is nobody's."""

    def on_cancel(self, rec, header, ack, frames):
        if rec and header.targets[0] != rec.target:
            return Anomaly.UNAUTHORIZED_ACK
        return super().on_cancel(rec, header, ack, frames)


@mutant("a-refusal-is-nobodys", "CMB-SEC-002", "router/a-refusal-is-a-record-of-its-source")
class ARefusalIsNobodys(Router):
    """Another source's message counts only while it is no refusal."""

    def is_of_another(self, rec, ack):
        others = [r for (_, id_), r in self.records.items() if id_ == ack.correlation_id and r.state != State.REJECTED]
        return rec is None and bool(others)


@mutant("one-anomaly-for-two-faults", "CMB-WIRE-014", "router/a-cancel-without-room-to-nobody")
class OneAnomalyForTwoFaults(Router):
    """A CANCEL that finds no room for its mark goes where it goes, and nobody looks whether it arrives."""

    def on_cancel(self, rec, header, ack, frames):
        verdict = super().on_cancel(rec, header, ack, frames)
        self.unheard = verdict == Anomaly.UNKNOWN_MESSAGE
        return verdict

    def lost(self, socket, header, payload):
        if not self.unheard:
            super().lost(socket, header, payload)


@mutant("an-undeliverable-ack-names-its-author", "CMB-OBS-004", "router/a-cancel-without-room-to-nobody")
class AnUndeliverableAckNamesItsAuthor(Router):
    """UNDELIVERABLE tells who wrote the frame and not whom it does not reach."""

    def header_anomaly(self, kind, header, peer=None):
        super().header_anomaly(kind, header)


@mutant("forwards-count-while-forwarding", "CMB-INS-001", "router/a-record-tells-its-last-phase*")
class ForwardsCountWhileForwarding(Router):
    """The number of forwards is 0 once the phase has ended."""

    def transaction(self, source, message_id):
        found = super().transaction(source, message_id)
        if found and found.state != State.FORWARDING:
            found.delivery_count = 0
        return found


@mutant("no-type-is-no-ack", "CMB-VER-006", "router/a-type-of-zero-is-passed-on")
class NoTypeIsNoAck(Router):
    """An ACK without a type is dropped."""

    def on_target_ack(self, rec, header, ack, frames):
        return super().on_target_ack(rec, header, ack, frames) if ack.ack_type else Anomaly.UNKNOWN_VALUE


@mutant("the-last-life-counts", "CMB-TMR-006", "router/a-shorter-life-shortens-nothing")
class TheLastLifeCounts(Router):
    """A forward has the life that the last copy brought, whatever the message has."""

    def on_copy(self, rec, copy):
        super().on_copy(rec, copy)
        self.last_end_ms = self.now_ms + copy.life_ms

    def remaining_ms(self, rec):
        life_ms = super().remaining_ms(rec)
        return min(life_ms, max(1, getattr(self, "last_end_ms", rec.ttl_end_ms) - self.now_ms))


@mutant("pings-have-a-version", "CMB-WIRE-011", "router/a-ping-of-another-version-is-answered*")
class PingsHaveAVersion(Router):
    """A PING of another version is dropped, as at an endpoint."""

    def on_ping_pong(self, socket, peer, header, frames):
        if header.schema_version != 1 or header.critical:
            self.header_anomaly(Anomaly.UNKNOWN_VALUE, header)
        else:
            super().on_ping_pong(socket, peer, header, frames)


@mutant("asks-who-before-where", "CMB-SEC-004", "router/the-socket-is-judged-before-the-source")
class AsksWhoBeforeWhere(Router):
    """The source is judged before the socket."""

    def handle(self, socket, peer, header, frames):
        if self.is_genuine(peer, header):
            super().handle(socket, peer, header, frames)
        else:
            self.header_anomaly(Anomaly.UNAUTHORIZED_ACK, header)


@mutant("asks-which-before-whom", "CMB-RTR-031", "router/the-target-is-judged-before-the-attempt")
class AsksWhichBeforeWhom(Router):
    """A closed attempt is that, whomever the copy is for."""

    def is_for_another(self, rec, header):
        closed = self.closed.get((header.source, header.message_id), 0)
        return max(header.attempt, 1) > closed and super().is_for_another(rec, header)


@mutant("a-refusal-has-a-target", "CMB-RTR-040", "router/what-was-refused-may-go-to-another-target")
class ARefusalHasATarget(Router):
    """A message that was refused is for the target to which it could not go."""

    def is_for_another(self, rec, header):
        return rec is not None and list(header.targets) != [rec.target]


@mutant("a-query-is-no-copy", "CMB-RTR-031", "router/a-query-with-the-id-of-a-message*", options=("--profile", "BASIC"))
class AQueryIsNoCopy(Router):
    """What is no MESSAGE is refused without a look at what it names."""

    def on_message(self, socket, header, frames):
        if header.msg_type == MsgType.MESSAGE:
            super().on_message(socket, header, frames)
        else:
            self.tell(header.source, AckType.ROUTER_ACK, Status.REJECTED, header.message_id, max(header.attempt, 1),
                      error_code=Code.UNSUPPORTED_MESSAGE_TYPE)


@mutant("a-refusal-costs-a-factor", "CMB-RTY-009", "router/a-refused-message-uses-no-jitter")
class ARefusalCostsAFactor(Router):
    """The wait is planned before ZeroMQ is asked."""

    def reject(self, rec, code):
        self.jitter()
        super().reject(rec, code)


@mutant("a-closed-copy-prolongs-nothing", "CMB-RTR-025", "router/a-closed-copy-prolongs-the-record")
class AClosedCopyProlongsNothing(Router):
    """What is dropped as CLOSED_ATTEMPT has no life."""

    def on_message(self, socket, header, frames):
        if header.attempt <= self.closed.get((header.source, header.message_id), 0):
            self.header_anomaly(Anomaly.CLOSED_ATTEMPT, header)
        else:
            super().on_message(socket, header, frames)


@mutant("a-settled-message-stays-where-it-was", "CMB-INS-001", "router/a-settled-message-tells-its-last-channel")
class ASettledMessageStaysWhereItWas(Router):
    """The channel of a record is that of the last copy which was forwarded."""

    def on_copy(self, rec, copy):
        channel = rec.channel
        super().on_copy(rec, copy)
        if rec.state == State.SETTLED:
            rec.channel = channel


@mutant("the-first-policy-counts", "CMB-RTY-008", "router/a-copy-brings-its-policy")
class TheFirstPolicyCounts(Router):
    """A re-send is forwarded with the waits that the first copy asked for."""

    def on_copy(self, rec, copy):
        policy, adopt = rec.policy, rec.adopt

        def keeping(*args):
            adopt(*args)
            rec.policy = policy
        rec.adopt = keeping
        super().on_copy(rec, copy)
        del rec.adopt
