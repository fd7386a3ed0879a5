"""Who takes a reserved name for a module's, or the id of a PING for a message's."""

from curve import Impostor
from generated import Code
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target
from wire import LARGEST_PING, ROUTER_ID


@mutant("hears-reserved-names", "CMB-SEC-011", "security/reserved-routing-ids")
class HearsReservedNames(Router):
    """Whoever connects as @router is heard like any module."""

    @staticmethod
    def is_genuine(peer, header):
        return header.source == peer and not isinstance(peer, Impostor)


@mutant("sends-to-reserved-names", "CMB-WIRE-021",
        "security/nothing-is-sent-to-a-reserved-name")
class SendsToReservedNames(Router):
    """What ZeroMQ can route is sent, whatever the name."""

    @staticmethod
    def is_somebody(peer):
        return True


@mutant("routes-to-reserved-names", "CMB-RTR-003", "security/nothing-is-sent-to-a-reserved-name",
        "malformed/message-with-the-id-of-a-ping")
class RoutesToReservedNames(Router):
    """A name like @other is as good a target as any, and an id like @m1 as good an id."""

    def refusal(self, socket, header, frames):
        code = super().refusal(socket, header, frames)
        plain = type(header)()
        plain.CopyFrom(header)
        plain.message_id = header.message_id.lstrip("@")
        plain.targets[:] = [name.lstrip("@") for name in header.targets]
        return super().refusal(socket, plain, frames) if code == Code.VALIDATION_ERROR else code


@mutant("takes-work-of-the-router", "CMB-SEC-012", "security/message-of-a-reserved-name*")
class TakesWorkOfTheRouter(Target):
    """A message is work whoever is its source."""

    @staticmethod
    def is_of_nobody(header):
        return False


class TakesAnyPing:
    """A PING is answered whatever its id and its length."""

    def check_ping(self, header, payload):
        pass


@mutant("router-takes-any-ping", "CMB-WIRE-017", "malformed/pings-at-a-router*")
class RouterTakesAnyPing(TakesAnyPing, Router):
    """A router answers a PING whatever its id and its length."""


@mutant("sender-takes-any-ping", "CMB-WIRE-017", "malformed/pings-at-a-sender*")
class SenderTakesAnyPing(TakesAnyPing, Sender):
    """A sender answers a PING whatever its id and its length."""


@mutant("target-takes-any-ping", "CMB-WIRE-017", "malformed/pings-at-a-target*")
class TargetTakesAnyPing(TakesAnyPing, Target):
    """A target answers a PING whatever its id and its length."""


@mutant("ids-like-those-of-pings", "CMB-WIRE-022", "sender/ids-of-messages-are-no-ids-of-pings")
class IdsLikeThoseOfPings(Sender):
    """The ids of its messages begin with @."""

    def new_id(self):
        return "@" + super().new_id()


@mutant("counts-the-answer-to-a-ping", "CMB-WIRE-026", "sender/a-ping-that-found-nobody")
class CountsTheAnswerToAPing(Sender):
    """That a PING found nobody is taken for an ACK of an unknown message."""

    @staticmethod
    def answers_ping(header, ack):
        return False


@mutant("hears-itself-from-anybody", "CMB-SEC-011", "security/curve-the-routers-name")
class HearsItselfFromAnybody(Router):
    """What comes in the router's own name is heard by whatever connection it comes."""

    @staticmethod
    def is_genuine(peer, header):
        return Router.is_genuine(peer, header) or header.source == ROUTER_ID


class CutsAPing:
    """Of a PING's payload the PONG brings back what is below 64 KiB."""

    def answer_ping(self, socket, peer, ping, payload):
        super().answer_ping(socket, peer, ping, payload[:LARGEST_PING - 1])


@mutant("router-cuts-a-ping", "CMB-WIRE-011", "router/a-ping-of-the-largest-payload")
class RouterCutsAPing(CutsAPing, Router):
    """A router's PONG lacks the last byte of the longest payload."""


@mutant("sender-cuts-a-ping", "CMB-WIRE-011", "sender/a-ping-of-the-largest-payload")
class SenderCutsAPing(CutsAPing, Sender):
    """A sender's PONG lacks the last byte of the longest payload."""


@mutant("target-cuts-a-ping", "CMB-WIRE-011", "target/a-ping-of-the-largest-payload")
class TargetCutsAPing(CutsAPing, Target):
    """A target's PONG lacks the last byte of the longest payload."""
