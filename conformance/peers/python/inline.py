"""Data sockets that are none: frames come with Advance and leave with the reply.

Spec: chapter control channel, without data sockets. In the place of DataSockets.
"""

from generated import Binding, Code, control

NO_PARTS = [b""]  # Stands for what is no header and payload.


class InlineFrames:
    """What was sent is kept until the reply takes it."""

    def __init__(self, configure, router):
        self._router = router
        self._headers = configure.binding == Binding.INLINE_HEADERS
        self._connected = set(configure.connected)
        self.sockets = {}
        self.zero()

    def zero(self):
        self.undeliverable = 0
        self._full = set()
        self.sent = []

    def change(self, module, connected):
        (self._connected.add if connected else self._connected.discard)(module)
        self._full.discard(module)

    def fill(self, module, full):
        """CMB-CTL-046: whether ZeroMQ's queues to the module are full."""
        (self._full.add if full else self._full.discard)(module)

    def send(self, socket, peer, header, payload):
        """As DataSockets.send."""
        if self._router and peer not in self._connected:
            self.undeliverable += 1
            return Code.NO_ROUTE
        if peer in self._full:
            return Code.BUFFER_FULL
        frame = control.InlineFrame(socket=socket, peer=peer if self._router else "")
        if not self._headers:
            frame.parts.extend([header if isinstance(header, bytes) else header.SerializeToString(),
                                payload])
        elif isinstance(header, bytes):
            frame.header.ParseFromString(header)
            frame.payload = payload
        else:
            frame.header.CopyFrom(header)
            frame.payload = payload
        self.sent.append(frame)
        return 0

    @staticmethod
    def read_now():
        """Nothing comes by itself."""
        return []

    def read(self, frames):
        """(socket, peer, parts) of each, in their order."""
        return [(frame.socket, frame.peer, self._parts(frame)) for frame in frames]

    @staticmethod
    def _parts(frame):
        if frame.HasField("header"):
            return [frame.header.SerializeToString(), frame.payload]
        return list(frame.parts) or NO_PARTS

    def report(self, reply):
        """What a reply says of traffic."""
        reply.undeliverable = self.undeliverable
        reply.frames.extend(self.sent)
        self.sent = []
