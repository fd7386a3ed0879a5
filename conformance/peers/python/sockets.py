"""The data sockets: of each router one per message channel, the ACK ingress, the ACK egress.

Reads and writes only when told to, and counts what passes: in virtual time the
tester waits for exactly as many messages as were counted here.
"""

import time

import zmq

from curve import name_of, secure
from generated import Code


class DataSockets:
    """Sockets of one role. `router` binds ROUTERs, an endpoint connects DEALERs."""

    def __init__(self, context, router, module_id, places, curve=None, doorkeeper=None):
        """`places`: name and address of each socket, in Configure order."""
        self._context = context
        self._router = router
        self._module_id = module_id
        self._curve = curve
        self._doorkeeper = doorkeeper
        self.names = [name for name, _ in places]
        self.sockets = {}
        self.addresses = []
        self.counting = False
        self.zero()
        for name, address in places:
            self.sockets[name] = self._open(address)
        self._name_of = {socket: name for name, socket in self.sockets.items()}
        self._poller = zmq.Poller()
        for socket in self.sockets.values():
            self._poller.register(socket, zmq.POLLIN)
        if doorkeeper:
            self._poller.register(doorkeeper.socket, zmq.POLLIN)

    def _open(self, address):
        socket = self._context.socket(zmq.ROUTER if self._router else zmq.DEALER)
        socket.linger = 0
        socket.sndhwm = socket.rcvhwm = 0  # A burst must not meet the default of 1000.
        if self._curve:
            secure(socket, self._curve, self._router)
        if self._doorkeeper:
            self._doorkeeper.watch(socket)
        if self._router:
            socket.router_mandatory = True  # An unroutable target is NO_ROUTE, never a silent drop.
            socket.setsockopt(zmq.ROUTER_HANDOVER, 1)
            socket.bind(address)
        else:
            socket.setsockopt(zmq.ROUTING_ID, self._module_id.encode())
            socket.reconnect_ivl = 1
            socket.immediate = True  # Nothing waits inside libzmq, where no TTL runs.
            socket.connect(address)
        self.addresses.append(socket.last_endpoint.decode())
        return socket

    def zero(self):
        self.received = 0
        self.undeliverable = 0
        self.sent_by_socket = dict.fromkeys(self.names, 0)

    def send(self, socket, peer, header, payload):
        """Hands over one message; 0, or the code why ZeroMQ does not take it."""
        frames = [header if isinstance(header, bytes) else header.SerializeToString(), payload]
        out = self.sockets[socket]
        if self._router:
            frames.insert(0, peer.encode("utf-8", "surrogateescape"))
            out.getsockopt(zmq.EVENTS)  # Lets a peer that has just connected become routable.
        try:
            out.send_multipart(frames, zmq.DONTWAIT)
        except zmq.Again:  # The queue to that peer is full; at an endpoint, where it waits, nobody is there.
            return Code.BUFFER_FULL
        except zmq.ZMQError:  # EHOSTUNREACH at a router.
            self.undeliverable += self.counting and self._router
            return Code.NO_ROUTE
        self.sent_by_socket[socket] += self.counting
        return 0

    def report(self, reply):
        """What a reply says of traffic."""
        reply.received, reply.undeliverable = self.received, self.undeliverable
        reply.sent_by_socket.extend(self.sent_by_socket.values())
        reply.sent = sum(self.sent_by_socket.values())

    def read_until(self, total, guard_s):
        """Reads until `total` messages were received, at most guard_s.

        Returns them as (socket, peer, frames) in the order of the contract:
        socket in Configure order, routing id bytes, first-in first-out.
        """
        batches = {name: [] for name in self.names}
        deadline = time.monotonic() + guard_s
        while self.received < total:
            left_ms = int((deadline - time.monotonic()) * 1000)
            ready = self._poller.poll(left_ms) if left_ms > 0 else []
            if not ready:
                break
            for socket, _ in ready:
                if self._doorkeeper and socket is self._doorkeeper.socket:
                    self._doorkeeper.serve()
                    continue
                self._drain(socket, batches[self._name_of[socket]], total)
        return [(name, peer, frames) for name in self.names
                for _, peer, frames in sorted(batches[name], key=lambda item: item[0])]

    def read_now(self):
        """What has come, in the order of `read_until`."""
        if self._doorkeeper:
            self._doorkeeper.serve()
        came = []
        for name, socket in self.sockets.items():
            batch = []
            self._drain(socket, batch, float("inf"))
            came += [(name, peer, frames)
                     for _, peer, frames in sorted(batch, key=lambda item: item[0])]
        return came

    def _drain(self, socket, batch, total):
        while self.received < total:
            message = self._receive(socket)
            if not message:
                return
            self.received += 1
            batch.append(message)

    def _receive(self, socket):
        """(routing id, the same as a name, frames), or None; of an endpoint without a name."""
        try:
            parts = socket.recv_multipart(zmq.DONTWAIT, copy=False)
        except zmq.Again:
            return None
        frames = [part.bytes for part in parts]
        rid = frames.pop(0) if self._router else b""
        return rid, name_of(rid, parts[-1]) if self._router else "", frames

    def read_open(self, socket):
        """One message of the open phase, uncounted, or None."""
        message = self._receive(socket)
        return message and (self._name_of[socket], *message[1:])

    def close(self):
        for socket in self.sockets.values():
            socket.close()
