"""What an ACK does to a router's record, and where it goes.

Spec: chapter router. Mixed into Router. The router believes a target about its
receipt and passes on what it says of execution; it never says that itself.
"""

from generated import AckType, Anomaly, Code, Reason, State, Status
from history import note
from machine import EGRESS
from wire import LEGAL_STATUS, is_of_this_version, without_acks

# Numbers of types that nobody knows yet say who says them (chapter 11).
ONLY_PASSED_ON = range(100, 140)
OF_SENDER = (AckType.CANCEL, AckType.TIMEOUT, *range(120, 140))
FIRST_OF_ROUTER = 140
# Their status is for the router itself (CMB-VER-006).
OF_KNOWN_STATUS = (AckType.RECEIPT, AckType.TIMEOUT, AckType.CANCEL)
# Judged once for each attempt; the target's other ACKs are passed on however often they come.
JUDGED_ONCE = (AckType.RECEIPT, AckType.TIMEOUT)


class RouterAcks:
    """on_acks and what follows from it."""

    def on_acks(self, header, frames):
        """CMB-BAT-003: each ACK of a batch goes on as if it had come alone."""
        rest = without_acks(header)
        for ack in self.each_ack(header):
            if not is_of_this_version(header):
                self.ack_anomaly(Anomaly.UNKNOWN_VALUE, header.source, ack)
            elif header.HasField("ack"):
                self.on_ack(header, ack, frames)
            else:
                rest.ack.CopyFrom(ack)
                alone = type(rest)()
                alone.CopyFrom(rest)
                self.on_ack(alone, ack, [alone.SerializeToString(), b""])

    def malformed_ack(self, header, ack, note):
        self.anomaly(Anomaly.MALFORMED, peer=header.source, message_id=ack.correlation_id, note=note)

    def on_ack(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        verdict = self.judge(header, ack, frames)
        if verdict:
            self.ack_anomaly(verdict, header.source, ack)
        elif rec and rec.state != State.REJECTED:  # A refusal is a mark, and tells none.
            note(rec.history, ack, self.now_ms)

    def judge(self, header, ack, frames):
        """Does what the ACK says; returns the one anomaly if it is dropped."""
        if self.is_of_router(ack.ack_type):
            return Anomaly.UNAUTHORIZED_ACK
        if ack.ack_type in OF_KNOWN_STATUS and ack.status not in LEGAL_STATUS[ack.ack_type]:
            return Anomaly.UNKNOWN_VALUE
        key = self.key_of(header, ack)
        rec = self.records.get(key)
        if rec and not self.may_speak(header.source, ack, rec):
            return Anomaly.UNAUTHORIZED_ACK
        if self.is_only_passed_on(ack.ack_type):
            return self.on_unknown(rec, header, ack, frames)
        self.touched.add(key)
        if rec and rec.state != State.REJECTED and ack.ack_type in JUDGED_ONCE and (
                self.judged_before(rec, ack)):
            return Anomaly.DUPLICATE_ACK
        if ack.ack_type in OF_SENDER:
            return self.on_sender_ack(rec, header, ack, frames)
        return self.on_target_ack(rec, header, ack, frames)

    @staticmethod
    def is_of_router(ack_type):
        """Only @router says these. CMB-SEC-002, CMB-VER-016"""
        return (ack_type in (AckType.ROUTER_ACK, AckType.DELIVERY_ACK)
                or ack_type >= FIRST_OF_ROUTER)

    @staticmethod
    def is_only_passed_on(ack_type):
        """CMB-VER-014, CMB-VER-015"""
        return ack_type in ONLY_PASSED_ON

    def on_unknown(self, rec, header, ack, frames):
        if ack.ack_type in OF_SENDER and self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        self.pass_on(header, frames)
        return None

    @staticmethod
    def key_of(header, ack):
        """Sources choose their ids alone: what a target says is addressed to the source."""
        source = header.source if ack.ack_type in OF_SENDER else header.targets[0]
        return source, ack.correlation_id

    def may_speak(self, source, ack, rec):
        return ack.ack_type in OF_SENDER or source == rec.target

    def is_of_another(self, rec, ack):
        """CMB-SEC-002: its author has no such message, but somebody else has."""
        return rec is None and self.ids[ack.correlation_id] > 0

    @staticmethod
    def judged_before(rec, ack):
        item = (ack.ack_type, ack.status, ack.attempt)
        known = item in rec.judged
        rec.judged.add(item)
        return known

    # ---- from the sender

    def on_sender_ack(self, rec, header, ack, frames):
        if ack.ack_type == AckType.CANCEL:
            return self.on_cancel(rec, header, ack, frames)
        if rec and ack.attempt < rec.attempt:
            return Anomaly.STALE_ATTEMPT
        was_marked = self.leave_mark((header.source, ack.correlation_id), ack.attempt)
        if self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        if rec:
            self.sender_gave_up(rec, ack.error_code)
        return None if was_marked else Anomaly.UNKNOWN_MESSAGE  # CMB-RTR-034.

    def on_cancel(self, rec, header, ack, frames):
        """CMB-CXL-002: passed on in every state, and without a record."""
        was_marked = self.leave_mark((header.source, ack.correlation_id), ack.attempt)
        if self.is_of_another(rec, ack):
            return Anomaly.UNAUTHORIZED_ACK
        if rec and rec.state in (State.FORWARDING, State.DELIVERED, State.DEAD_LETTERED):
            self.stop(rec)
            self.move(rec, State.CANCELLED, Reason.CANCEL, Code.CANCELLED)
        self.pass_on(header, frames)
        if self.claims.tracked and rec and self.was_never_forwarded(rec, ack.attempt):
            self.tell(rec.source, AckType.DELIVERY_ACK, Status.FAILURE, rec.message_id, ack.attempt,
                      error_code=Code.CANCELLED, never_forwarded=True)
        return None if was_marked else Anomaly.UNKNOWN_MESSAGE  # CMB-RTR-034.

    @staticmethod
    def was_never_forwarded(rec, attempt):
        """CMB-CXL-012: all that the sender may have sent came here, and was refused."""
        return rec.state == State.REJECTED and rec.refused.issuperset(range(1, attempt + 1))

    def sender_gave_up(self, rec, code):
        if rec.state == State.FORWARDING:
            self.stop(rec)
            self.move(rec, State.DEAD_LETTERED, Reason.TIMEOUT, code)
        elif rec.state == State.DELIVERED:
            self.stop(rec)

    # ---- from the target

    def on_target_ack(self, rec, header, ack, frames):
        if ack.ack_type == AckType.RECEIPT:
            return self.on_receipt(rec, ack)
        if rec:
            self.imply_receipt(rec, ack, frames)
        self.pass_on(header, frames)
        return None

    def on_receipt(self, rec, ack):
        """Hop-local: never passed on, never acknowledged."""
        if rec is None:
            return Anomaly.UNKNOWN_MESSAGE
        if ack.status == Status.REJECTED:  # A full table is no evidence of delivery.
            return None
        if rec.state not in (State.FORWARDING, State.DEAD_LETTERED) and not self.answers(rec, ack):
            return Anomaly.OUT_OF_ORDER_ACK
        late = rec.state == State.DEAD_LETTERED
        self.delivered(rec, ack, Reason.LATE_RECEIPT if late else Reason.RECEIPT)
        return None

    @staticmethod
    def answers(rec, ack):
        """Whether an ACK is the sign of the copy that is being forwarded again."""
        return rec.reforwarding and ack.attempt >= rec.attempt

    def delivered(self, rec, ack, reason):
        """The target has it: DELIVERY_ACK, and redelivery ends."""
        self.stop(rec)
        if rec.state != State.DELIVERED:
            self.move(rec, State.DELIVERED, reason)
        self.tell_delivery(rec, ack)

    def tell_delivery(self, rec, ack):
        self.tell(rec.source, AckType.DELIVERY_ACK, Status.SUCCESS, rec.message_id, ack.attempt)

    def imply_receipt(self, rec, ack, frames):
        """Any ACK of the target implies its RECEIPT; DELIVERY_ACK goes first."""
        first_sign = rec.state in (State.FORWARDING, State.DEAD_LETTERED)
        if self.is_terminal(ack):
            self.settle(rec, ack, frames, first_sign or rec.reforwarding)
        elif first_sign or self.answers(rec, ack):
            reason = (Reason.EXECUTION_ACK if ack.ack_type == AckType.EXECUTION_ACK
                      else Reason.PROGRESS_ACK if ack.ack_type == AckType.PROGRESS_ACK
                      else Reason.RECEIPT)
            self.delivered(rec, ack, reason)

    @staticmethod
    def is_terminal(ack):
        return ack.ack_type == AckType.EXECUTION_ACK and (
            ack.status in (Status.SUCCESS, Status.FAILURE)
            or ack.status == Status.REJECTED and not ack.retryable)

    def settle(self, rec, ack, frames, tell_delivery):
        if rec.state in (State.SETTLED, State.REJECTED):
            return  # The first terminal stays stored; a refusal stores none.
        self.stop(rec)
        rec.terminal = frames
        self.move(rec, State.SETTLED, Reason.EXECUTION_ACK, ack.error_code)
        if tell_delivery:
            self.tell_delivery(rec, ack)

    def pass_on(self, header, frames):
        """As it came, to whom it names; what cannot be delivered is dropped and counted."""
        self.post(EGRESS, header.targets[0], header, raw=frames[0], payload=frames[1])
