"""Answers leave at the end of a step: after what they promise was written, some in batches.

Mixed into Machine. Spec: chapters persistence and recovery, batches of ACKs.
"""

from generated import Anomaly, Feature
from wire import LARGEST_HEADER, Malformed, check_ack, without_acks

BYTES_AROUND = 8  # Tag and length of one ACK in a batch, and of the batch.


class Letter:
    """One ACK, PONG or REPLY on its way out. `raw`: its header as it came; `of`: whatever its author wants."""

    def __init__(self, socket, peer, header, raw=None, payload=b"", of=None):
        self.socket = socket
        self.peer = peer
        self.header = header
        self.raw = raw
        self.payload = payload
        self.of = of

    def goes_with(self, other):
        """Whether both may be in one batch: they differ in their ACKs alone."""
        return ((self.socket, self.peer) == (other.socket, other.peer)
                and without_acks(self.header) == without_acks(other.header))


class Outbox:
    """post, and flush at the end of the step."""

    def __init__(self):
        self.waiting = []
        self.takes_batches = {}  # peer -> its last word; of an endpoint's router under None.

    def post(self, socket, peer, header, **more):
        self.waiting.append(Letter(socket, peer, header, **more))

    def flush(self):
        waiting, self.waiting = self.waiting, []
        if waiting:
            self.persist()
        for group in self.groups(waiting):
            self.hand_over(group)

    def groups(self, letters):
        """Neighbours that may be batched together, and the others alone."""
        groups = []
        for letter in letters:
            if (groups and self.may_batch(letter) and self.may_batch(groups[-1][0])
                    and letter.goes_with(groups[-1][0]) and self.fits_into(groups[-1], letter)):
                groups[-1].append(letter)
            else:
                groups.append([letter])
        return groups

    def fits_into(self, group, letter):
        """CMB-BAT-004, CMB-BAT-006: neither the ACKs nor the bytes become too many."""
        parts = [without_acks(letter.header), *(it.header.ack for it in (*group, letter))]
        return (len(group) < self.settings.batch
                and sum(part.ByteSize() + BYTES_AROUND for part in parts) <= LARGEST_HEADER)

    def may_batch(self, letter):
        """An ACK, whose peer takes batches. One with a payload travels alone."""
        return (self.claims.has(Feature.BATCH_ACK) and letter.header.HasField("ack")
                and not letter.payload and self.takes_it(letter.peer))

    def takes_it(self, peer):
        """CMB-BAT-001"""
        return self.takes_batches.get(peer, False)

    def hand_over(self, group):
        first = group[0]
        header, raw = first.header, first.raw
        if len(group) > 1:
            header, raw = without_acks(first.header), None
            header.ack_batch.acks.extend(letter.header.ack for letter in group)
        if raw is None and self.is_too_long(header):
            self.too_long(header)
        elif self.send(first.socket, first.peer, raw or header, first.payload):
            self.lost_batch(first.socket, header, group)
            return
        for letter in group:
            self.left(letter)

    def left(self, letter):
        """The letter was handed to ZeroMQ."""

    @staticmethod
    def is_too_long(header):
        """CMB-WIRE-023"""
        return header.ByteSize() > LARGEST_HEADER

    def too_long(self, header):
        """Its ids alone make it longer than anybody takes (3.7): nobody hears of it."""

    def lost_batch(self, _socket, _header, group):
        """It could not be handed over, and with it none of its letters."""
        for letter in group:
            self.lost(letter.socket, letter.header, letter.payload)

    def lost(self, _socket, header, _payload):
        """It could not be handed over."""
        self.header_anomaly(Anomaly.UNDELIVERABLE, header, peer=header.targets[0])

    # ---- what comes

    def hear(self, peer, header):
        """What a peer said last of batches. CMB-BAT-001."""
        self.takes_batches[peer] = Feature.BATCH_ACK in header.features

    def each_ack(self, header):
        """The ACKs of a frame; a malformed one of a batch is counted by itself. CMB-BAT-002."""
        if header.HasField("ack"):
            yield header.ack
            return
        for ack in header.ack_batch.acks:
            try:
                check_ack(ack)
            except Malformed as error:
                self.malformed_ack(header, ack, str(error))
            else:
                yield ack
