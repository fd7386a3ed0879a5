"""What sender and target share: which kinds of frame may come by which socket."""

from generated import AckType, Anomaly, Code, MsgType, Status
from machine import Machine
from unsent import Unsent
from wire import ROUTER_ID, is_of_this_version, is_reserved


class Endpoint(Machine):
    """Judges a frame up to the point where the roles differ; spec chapter wire, 3.6."""

    def __init__(self, *args):
        super().__init__(*args)
        self.unsent = Unsent(self.send)
        self.send = self.send_in_order

    def handle(self, socket, _, header, frames):
        kind = header.msg_type
        found = self.finding(socket, header)
        if found:
            self.header_anomaly(found, header)
        elif kind == MsgType.ACK:
            self.on_acks(header)
        elif kind == MsgType.MESSAGE:
            self.on_message(header)
        else:  # PING or PONG.
            if header.source == ROUTER_ID:
                self.hear(self.ways.router_of(socket), header)
            if kind == MsgType.PING:
                self.answer_ping(self.back_from(socket), None, header, frames[1])

    def back_from(self, socket):
        """By which socket the answer to what came by this one leaves."""
        return self.ways.ingress(self.ways.router_of(socket)) if self.ways.is_egress(socket) else socket

    def post_to(self, router, header, **more):
        """An ACK for the ingress of that router. Of batches it speaks for itself (18.1)."""
        self.post(self.ways.ingress(router), router, header, **more)

    def on_acks(self, header):
        for ack in self.each_ack(header):
            if not is_of_this_version(header):
                self.ack_anomaly(Anomaly.UNKNOWN_VALUE, header.source, ack)
            elif not self.answers_ping(header, ack):
                self.on_ack(header, ack)

    @staticmethod
    def answers_ping(header, ack):
        """A router says that a PING found nobody: it is about no message. CMB-WIRE-026"""
        return (header.source == ROUTER_ID and ack.ack_type == AckType.ROUTER_ACK
                and ack.status == Status.REJECTED and is_reserved(ack.correlation_id))

    def finding(self, socket, header):
        """The first anomaly that a whole frame has, or 0."""
        kind = header.msg_type
        if not self.may_come(socket, header):
            return Anomaly.CHANNEL_MISMATCH
        if not kind or kind not in MsgType.names:
            return Anomaly.UNKNOWN_TYPE
        if kind in (MsgType.QUERY, MsgType.REPLY) or self.is_undeclared_batch(header) or (
                kind == MsgType.MESSAGE and not self.takes_messages):
            return Anomaly.UNSUPPORTED
        if not is_of_this_version(header) and kind != MsgType.ACK:
            return Anomaly.UNKNOWN_VALUE
        if kind == MsgType.MESSAGE and self.is_of_nobody(header):
            return Anomaly.UNAUTHORIZED_ACK
        return 0

    @staticmethod
    def is_of_nobody(header):
        """CMB-SEC-012"""
        return is_reserved(header.source)

    # ---- what cannot be handed over: CMB-WIRE-005

    def send_in_order(self, socket, peer, header, payload):
        """A code: there is no connection, or something older waits for it still."""
        if not self.unsent.release(socket, self.now_ms):
            return Code.NO_ROUTE
        return self.unsent.hand_over(socket, peer, header, payload)

    def finish(self):
        self.unsent.release_all(self.now_ms)
        super().finish()

    def forget_the_open_phase(self):
        super().forget_the_open_phase()
        self.unsent.forget()

    def lost_batch(self, socket, header, group):
        self.lost(socket, header, group[0].payload)

    def lost(self, socket, header, payload):
        self.unsent.keep(socket, header, payload, self.now_ms)

    takes_messages = False

    def may_come(self, socket, header):
        if self.ways.is_ingress(socket):  # There an endpoint only speaks.
            return False
        if header.msg_type == MsgType.PING and list(header.targets) != [self.module_id]:
            return False
        if self.ways.is_egress(socket):
            return header.msg_type in (MsgType.ACK, MsgType.PING, MsgType.PONG)
        return header.msg_type != MsgType.ACK
