"""Who overlooks what a later version would say."""

from mutants.registry import mutant
from router import Router
from router_acks import OF_SENDER
from sender import Sender
from target import Target


class OverlooksWhatIsCritical:
    """A number in critical means nothing."""

    def decode(self, frames):
        header = super().decode(frames)
        header.ClearField("critical")
        return header


@mutant("router-overlooks-what-is-critical", "CMB-VER-013", "router/critical-extensions*")
class RouterOverlooksWhatIsCritical(OverlooksWhatIsCritical, Router):
    """A router takes what needs an extension that it does not know."""


@mutant("sender-overlooks-what-is-critical", "CMB-VER-013", "sender/critical-extensions")
class SenderOverlooksWhatIsCritical(OverlooksWhatIsCritical, Sender):
    """A sender takes what needs an extension that it does not know."""


@mutant("target-overlooks-what-is-critical", "CMB-VER-013", "target/critical-extensions")
class TargetOverlooksWhatIsCritical(OverlooksWhatIsCritical, Target):
    """A target takes what needs an extension that it does not know."""


@mutant("every-unknown-ack-is-a-sign", "CMB-VER-017", "router/acks-of-the-future*")
class EveryUnknownAckIsASign(Router):
    """An ACK of a type that it does not know shows that the target has the message."""

    @staticmethod
    def is_only_passed_on(ack_type):
        return ack_type in OF_SENDER and Router.is_only_passed_on(ack_type)


@mutant("every-unknown-ack-is-the-targets", "CMB-VER-015", "router/acks-of-the-future*")
class EveryUnknownAckIsTheTargets(Router):
    """Only the target says what a router does not know."""

    @staticmethod
    def key_of(header, ack):
        unknown = Router.is_only_passed_on(ack.ack_type)
        return (header.targets[0] if unknown else Router.key_of(header, ack)[0],
                ack.correlation_id)

    def may_speak(self, source, ack, rec):
        if self.is_only_passed_on(ack.ack_type):
            return source == rec.target
        return super().may_speak(source, ack, rec)

    def on_unknown(self, rec, header, ack, frames):
        if ack.ack_type in OF_SENDER:
            return None
        return super().on_unknown(rec, header, ack, frames)


@mutant("passes-on-words-of-a-router", "CMB-VER-016", "router/acks-of-the-future*")
class PassesOnWordsOfARouter(Router):
    """Only the two ACKs that it makes itself are the router's alone."""

    @staticmethod
    def is_of_router(ack_type):
        return ack_type < 100 and Router.is_of_router(ack_type)
