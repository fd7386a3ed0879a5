"""A small tester for the peer's own tests: one IUT process, its control channel, its wire.

It is no conformance suite: it only starts the peer, moves its clock in lock-step
and plays the other roles by hand. Every wait has a deadline.
"""

import os
import subprocess
import sys

import zmq

from generated import CognitiveMessage, Fire, MsgType, Role, control
from wire import ROUTER_ID, ack_header, decode

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py")
PATIENCE_MS = 5000
SOCKETS = ("main", "ack_ingress", "ack_egress")


class Driver:
    """Use as a context manager. `peers` are the modules beside the IUT."""

    def __init__(self, role, peers=("sender", "target"), options=(), store="", **settings):
        self.role = role
        self.is_router = role == Role.ROUTER
        self.module = {Role.SENDER: "sender", Role.ROUTER: ROUTER_ID, Role.TARGET: "target"}[role]
        self.context = zmq.Context()
        self.control = self.context.socket(zmq.ROUTER)
        port = self.control.bind_to_random_port("tcp://127.0.0.1")
        command = [sys.executable, PEER, *options]
        environment = {**os.environ, "CMB_CONTROL": f"tcp://127.0.0.1:{port}", "CMB_INCARNATION": "1"}
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
        self.iut, hello = self._receive(self.control)
        self.hello = control.FromHarness.FromString(hello).hello
        self.seq = self.epoch = self.injected = 0
        self.settings = self._settings(settings)
        self.now = self.settings.now_ms
        self._connect(peers, store)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()  # It exits when its stdin closes.
        try:
            self.process.wait(PATIENCE_MS / 1000)
        finally:
            self.crash()

    def crash(self):
        """Ends the process without a word."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.context.destroy(linger=0)

    @staticmethod
    def _settings(settings):
        limits = settings.pop("limits", {})
        return control.Settings(limits=control.Limits(**limits),
                                jitter_factors=settings.pop("jitter", [1.0]),
                                id_prefix=settings.pop("id_prefix", "t-"), **settings)

    @staticmethod
    def _receive(socket):
        if not socket.poll(PATIENCE_MS):
            raise TimeoutError("nothing came")
        return socket.recv_multipart()

    # ---- set-up

    def _connect(self, peers, store):
        self.wire = {}  # Socket of the tester by (peer, name); an endpoint IUT has no peer.
        anywhere = "tcp://127.0.0.1:*"
        addresses = dict.fromkeys(SOCKETS, anywhere)
        if not self.is_router:
            for name in SOCKETS:
                self.wire[None, name] = self._socket(zmq.ROUTER)
                self.wire[None, name].bind(anywhere)
                addresses[name] = self.wire[None, name].last_endpoint.decode()
        reply = self.ask("configure", control.Configure(
            role=self.role, module_id=self.module, ack_ingress=addresses["ack_ingress"],
            ack_egress=addresses["ack_egress"], settings=self.settings, store=store,
            channels=[control.Channel(name="main", address=addresses["main"])]))
        if self.is_router:
            bound = reply.configured
            at = (bound.channels[0].address, bound.ack_ingress, bound.ack_egress)
            for peer in peers:
                for name, address in zip(SOCKETS, at):
                    self.wire[peer, name] = self._socket(zmq.DEALER)
                    self.wire[peer, name].setsockopt(zmq.ROUTING_ID, peer.encode())
                    self.wire[peer, name].connect(address)
        for peer in peers if self.is_router else (None,):
            self._open_path(peer, "main", "main")
            self._open_path(peer, *SOCKETS[1:] if self.is_router else SOCKETS[:0:-1])
        self.begun = self.ask("begin", control.Begin())

    def _socket(self, kind):
        socket = self.context.socket(kind)
        if kind == zmq.ROUTER:
            socket.router_mandatory = True
        return socket

    def _open_path(self, peer, out, back):
        """PINGs until the last one is answered: the first ones may find no connection."""
        for nonce in range(PATIENCE_MS // 5):
            ping = CognitiveMessage(
                schema_version=1, msg_type=MsgType.PING, message_id=f"@{nonce}",
                source=peer or ROUTER_ID, targets=[self.module])
            try:
                self._put(peer, out, [ping.SerializeToString(), b""])
            except zmq.ZMQError:
                pass  # No connection yet.
            while self.wire[peer, back].poll(5):
                if self.take(back, peer).correlation_id == f"@{nonce}":
                    return
        raise TimeoutError(f"no PONG on {back}")

    # ---- control

    def ask(self, kind, request, error=None):
        """One request and its reply; fails on an error that was not expected."""
        self.seq += 1
        message = control.Request(seq=self.seq, incarnation="1", epoch=self.epoch, **{kind: request})
        self.control.send_multipart([self.iut, message.SerializeToString()])
        reply = control.FromHarness.FromString(self._receive(self.control)[1]).reply
        assert reply.seq == self.seq, reply
        assert (reply.error.kind or None) == error, reply.error
        self.last = reply
        return reply

    def advance(self, to_ms=None, fire=Fire.AFTER_FRAMES, error=None):
        to_ms = self.now if to_ms is None else to_ms
        reply = self.ask("advance", control.Advance(
            to_ms=to_ms, after_received=self.injected, fire=fire), error)
        self.now = reply.now_ms
        return reply

    def reset(self, **settings):
        reply = self.ask("reset", control.Reset(
            after_received=self.injected, settings=self._settings(settings)))
        self.epoch += 1
        self.injected = self.now = 0
        return reply

    # ---- wire

    def _put(self, peer, name, frames):
        socket = self.wire[peer, name]
        head = [] if self.is_router else [self.module.encode()]
        socket.send_multipart(head + frames)

    def put(self, name, frames, peer=None, fire=Fire.AFTER_FRAMES):
        """Frames on the wire, and the IUT handles them at this instant."""
        self._put(peer, name, frames)
        self.injected += 1
        return self.advance(fire=fire)

    def ack(self, ack_type, status, message_id, attempt=1, source=ROUTER_ID, target=None,
            peer=None, **fields):
        """An ACK toward the IUT, on the socket where ACKs come to it."""
        header = ack_header(source, target or self.module, ack_type, status, message_id, attempt,
                            **fields)
        name = "ack_ingress" if self.is_router else "ack_egress"
        return self.put(name, [header.SerializeToString(), b""], peer)

    def message(self, message_id="m1", source="sender", target="target", peer=None, **fields):
        """A MESSAGE toward the IUT."""
        fields = {"attempt": 1, "ttl_ms": 300_000, "channel": "main", **fields}
        header = CognitiveMessage(schema_version=1, msg_type=MsgType.MESSAGE, source=source,
                                  message_id=message_id, targets=[target], **fields)
        return self.put("main", [header.SerializeToString(), b"payload"], peer)

    def take(self, name, peer=None):
        """The next frame that the IUT sent there."""
        frames = self._receive(self.wire[peer, name])
        return decode(frames if self.is_router else frames[1:])

    # ---- what was reported in the last reply

    def transitions(self):
        return [(e.transition.old_state, e.transition.new_state, e.transition.reason)
                for e in self.last.events if e.HasField("transition")]

    def kinds(self, name):
        return [getattr(e, name) for e in self.last.events if e.HasField(name)]

    def anomalies(self):
        return [anomaly.kind for anomaly in self.kinds("anomaly")]

    def state(self, message_id="m1", source="sender"):
        return self.ask("get_transaction", control.GetTransaction(
            source=source, message_id=message_id)).transaction.record
