"""CURVE on the data sockets, and who is let in.

libzmq asks about each client's key over ZAP, a small protocol inside the process;
what it is answered names the connection, and comes with every frame as User-Id.
Spec: chapter authority and security, 12.2.
"""

import os
import secrets
import struct

import zmq
from zmq.utils import z85

ZAP_ADDRESS = "inproc://zeromq.zap.01"
KEY_TEXT_LENGTH = 40
TURN_MS = 1000  # A turn of libzmq's thread takes microseconds.
# AUTH: the key is not on the list. The others: the client speaks no CURVE, or not this server's.
REFUSALS = (zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
            | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)


class Impostor(str):
    """A routing id that is not the module of its connection's key. CMB-SEC-008"""


def check(curve, router):
    """Raises ValueError where a key is missing."""
    needed = ([curve.server_public, curve.server_secret, *(k.public_key for k in curve.allowed)]
              if router else [curve.server_public, curve.own_public, curve.own_secret])
    if any(len(key) != KEY_TEXT_LENGTH for key in needed):
        raise ValueError("a CURVE key is missing, or is none")


def secure(socket, curve, router):
    """Before the socket is bound or connected."""
    if router:
        socket.curve_server = True
        socket.curve_secretkey = curve.server_secret.encode()
    else:
        socket.curve_serverkey = curve.server_public.encode()
        socket.curve_publickey = curve.own_public.encode()
        socket.curve_secretkey = curve.own_secret.encode()


class Doorkeeper:
    """Lets in the keys of a list, each as its module, and counts who is refused."""

    def __init__(self, context, allowed):
        self._modules = {z85.decode(entry.public_key.encode()): entry.module_id for entry in allowed}
        self._monitors = []
        self._refused = 0
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ZAP_ADDRESS)
        self._turn = [context.socket(zmq.PAIR) for _ in range(2)]
        address = f"ipc://@cmb.peer.{os.getpid()}.{secrets.token_hex(8)}"
        for end, join in zip(self._turn, (zmq.Socket.bind, zmq.Socket.connect)):
            end.linger = 0
            join(end, address)

    def serve(self):
        """Answers everybody who waits at the door."""
        while self.socket.poll(0):
            version, request, _domain, _address, _identity, mechanism, *keys = \
                self.socket.recv_multipart()
            module = self.module_of(mechanism, keys)
            verdict = [b"400", b"not on the list", b"", b""] if module is None else \
                [b"200", b"", module.encode(), self.name_given(module)]
            self.wait_a_turn()
            self.socket.send_multipart([version, request, *verdict])

    @staticmethod
    def name_given(module):
        """CMB-SEC-013: the connection's routing id, whatever the client calls itself."""
        value = module.encode()
        return b"\x08Identity" + struct.pack(">I", len(value)) + value

    def wait_a_turn(self):
        """Until libzmq's thread has read the name that the client claims: the later one stands."""
        self._turn[1].send(b"")
        if self._turn[0].poll(TURN_MS):
            self._turn[0].recv()

    def watch(self, socket):
        """Before the socket is bound: whoever is refused by it counts."""
        self._monitors.append(socket.get_monitor_socket(REFUSALS))

    def refused(self):
        """CMB-SEC-009: handshakes since the process began, or the case."""
        for monitor in self._monitors:
            while monitor.poll(0):
                from zmq.utils.monitor import recv_monitor_message  # It takes asyncio: late.
                recv_monitor_message(monitor)
                self._refused += 1
        return self._refused

    def forget(self):
        self.refused()
        self._refused = 0

    def module_of(self, mechanism, keys):
        """The module that a key belongs to, or None. CMB-SEC-006"""
        return self._modules.get(keys[0]) if mechanism == b"CURVE" and keys else None


def name_of(rid, frame):
    """The routing id as it shall be judged: with CURVE the key's module vouches for it."""
    peer = rid.decode("utf-8", "surrogateescape")
    try:
        module = frame.get("User-Id")
    except zmq.ZMQError:  # Without CURVE there is none.
        return peer
    return peer if module == peer else Impostor(peer)
