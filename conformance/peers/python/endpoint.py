"""What sender and target share: which kinds of frame may come by which socket."""

from generated import Anomaly, MsgType
from machine import EGRESS, INGRESS, Machine
from wire import acks_of


class Endpoint(Machine):
    """An endpoint hears PING, PONG, MESSAGE and REPLY on channels, ACKs on the egress."""

    def handle(self, socket, _, header, frames):
        kind = header.msg_type
        if kind not in MsgType.names:
            self.header_anomaly(Anomaly.UNKNOWN_TYPE, header)
        elif not self.may_come(socket, kind):
            self.header_anomaly(Anomaly.CHANNEL_MISMATCH, header)
        elif kind == MsgType.PING:
            self.answer_ping(INGRESS if socket == EGRESS else socket, None, header, frames[1])
        elif kind == MsgType.ACK:
            for ack in acks_of(header):
                self.on_ack(header, ack)
        elif kind == MsgType.MESSAGE:
            self.on_message(socket, header, frames[1])
        elif kind == MsgType.QUERY:
            self.header_anomaly(Anomaly.UNSUPPORTED, header)

    @staticmethod
    def may_come(socket, kind):
        if kind in (MsgType.PING, MsgType.PONG):
            return socket != INGRESS
        return (kind == MsgType.ACK) == (socket == EGRESS) and socket != INGRESS

    def on_message(self, _socket, header, _payload):
        """Only a target takes messages."""
        self.header_anomaly(Anomaly.UNSUPPORTED, header)

    def header_anomaly(self, kind, header):
        """Counts a whole frame; of one ack it tells what it spoke of."""
        if header.HasField("ack"):
            self.ack_anomaly(kind, header.source, header.ack)
        else:
            self.anomaly(kind, peer=header.source, message_id=header.message_id)
