"""A router that does the wrong thing where ZeroMQ's own queue to a module is full (EAGAIN).

Their scenarios fill queues, so they are run without data sockets.
"""

from generated import AckType, Code, State, Timer
from harness import Harness
from inline import InlineFrames
from mutants.registry import mutant
from router import Router
from wire import is_reserved

MESSAGE, PING = "router/zeromq-is-full-for-a-message", "router/zeromq-is-full-for-a-ping*"
REDRIVE, REDELIVERY = "router/zeromq-is-full-for-a-redrive", "router/zeromq-is-full-for-a-redelivery"


class FirstForward(Router):
    """Sees the first forward of a message, or of a redrive, that finds the queue full."""

    of_redrives = False

    def first_forward(self, rec):
        code = super().first_forward(rec)
        is_mine = code == Code.BUFFER_FULL and bool(rec.redrive_of) == self.of_redrives
        return self.on_full(rec) if is_mine else code

    def on_full(self, _rec):
        return Code.NO_ROUTE

    def redeliver_later(self, rec):
        """As if it had been accepted long ago."""
        rec.forwards = rec.place = 1
        self.plan_redelivery(rec)
        return 0


@mutant("full-is-no-route", "CMB-RTR-003", MESSAGE)
class FullIsNoRoute(FirstForward):
    """A new message that finds the queue full is refused as if nobody were there."""


@mutant("full-is-accepted", "CMB-RTR-003", MESSAGE)
class FullIsAccepted(FirstForward):
    """A new message that finds the queue full is accepted, and redelivered."""

    def on_full(self, rec):
        return self.redeliver_later(rec)


@mutant("full-is-silent", "CMB-RTR-003", MESSAGE)
class FullIsSilent(FirstForward):
    """Of a new message that finds the queue full nothing is said."""

    silent = False

    def on_full(self, _rec):
        self.silent = True
        return Code.BUFFER_FULL

    def tell(self, source, ack_type, status, *what, **fields):
        if not (self.silent and ack_type == AckType.ROUTER_ACK):
            super().tell(source, ack_type, status, *what, **fields)
        self.silent = False


@mutant("redrive-into-zmq-full-is-no-route", "CMB-DLQ-007", REDRIVE)
class RedriveIntoFullIsNoRoute(FirstForward):
    """A redrive that finds the queue full is refused as if nobody were there."""

    of_redrives = True


@mutant("redrive-into-zmq-full", "CMB-DLQ-007", REDRIVE)
class RedriveIntoFull(FirstForward):
    """A redrive that finds the queue full is done, and redelivered."""

    of_redrives = True

    def on_full(self, rec):
        return self.redeliver_later(rec)


@mutant("ping-to-a-full-queue-is-no-route", "CMB-WIRE-013", PING)
class PingToAFullQueueIsNoRoute(Router):
    """A PING that finds the queue full is refused as if nobody were there."""

    def tell(self, source, ack_type, status, message_id, *what, **fields):
        if is_reserved(message_id):
            fields["error_code"] = Code.NO_ROUTE
        super().tell(source, ack_type, status, message_id, *what, **fields)


@mutant("ping-to-a-full-queue-is-lost", "CMB-WIRE-013", PING)
class PingToAFullQueueIsLost(Router):
    """A PING that finds the queue full is not answered."""

    def tell(self, source, ack_type, status, message_id, *what, **fields):
        if not is_reserved(message_id):
            super().tell(source, ack_type, status, message_id, *what, **fields)


@mutant("a-full-queue-ends-redelivery", "CMB-RTR-010", REDELIVERY)
class AFullQueueEndsRedelivery(Router):
    """After a forward that found the queue full no other is made."""

    def forward(self, rec):
        code = super().forward(rec)
        if code == Code.BUFFER_FULL and rec.state != State.REJECTED:
            self.timers.stop(rec.key, Timer.REDELIVERY)
        return code


@mutant("what-finds-a-full-queue-is-forgotten", "CMB-WIRE-014", "router/zeromq-is-full-for-an-ack")
class WhatFindsAFullQueueIsForgotten(Router):
    """An ACK, a PONG or a REPLY that finds the queue full is dropped without a word."""

    full = False

    def send_to_module(self, socket, peer, header, payload):
        code = super().send_to_module(socket, peer, header, payload)
        self.full = code == Code.BUFFER_FULL
        return code

    def lost(self, *what):
        if not self.full:
            super().lost(*what)


@mutant("knows-no-queue", "", "router/zeromq-is-full-for-*")
class KnowsNoQueue(Harness):
    """Older than the request Queue: as one that reads JSON, it cannot even tell its seq."""

    def _answer(self, request, fault):
        if request.HasField("queue"):
            request.Clear()
            fault = "a field that is not in the schema"
        super()._answer(request, fault)


@mutant("hands-over-to-a-full-queue", "", "router/zeromq-is-full-for-*")
class HandsOverToAFullQueue(Harness):
    """Queue is answered, and nothing is done."""

    def _on_queue(self, queue, _):
        assert isinstance(self._data, InlineFrames)
