"""Endpoints, and a router, that find something of a frame that is not judged so, or not yet."""

from generated import AckType, Anomaly, MsgType
from mutants.registry import mutant
from router import Router
from router_acks import OF_KNOWN_STATUS
from sender import Sender
from target import Target
from wire import LEGAL_STATUS, is_of_this_version


class CountsEachPong:
    """A PONG that nobody asked for is dropped, and counted."""

    def handle(self, socket, peer, header, frames):
        super().handle(socket, peer, header, frames)
        if (header.msg_type == MsgType.PONG and list(header.targets) == [self.module_id]
                and not header.correlation_id.startswith(("@open", "@close"))):
            self.header_anomaly(Anomaly.UNKNOWN_MESSAGE, header)


@mutant("a-target-counts-each-pong", "CMB-OBS-004", "target/pings-move-nothing*")
class ATargetCountsEachPong(CountsEachPong, Target):
    """A target counts a PONG that it did not ask for as UNKNOWN_MESSAGE."""


@mutant("a-sender-counts-each-pong", "CMB-OBS-004", "sender/pings-move-nothing*")
class ASenderCountsEachPong(CountsEachPong, Sender):
    """A sender counts a PONG that it did not ask for as UNKNOWN_MESSAGE."""


@mutant("a-router-counts-each-pong", "CMB-OBS-004", "router/pings-move-nothing")
class ARouterCountsEachPong(CountsEachPong, Router):
    """A router counts a PONG for itself as UNKNOWN_MESSAGE."""


class TargetsOfAll:
    """Whose frame it is is asked of everything but ACKs and PONGs."""

    def may_come(self, socket, header):
        return super().may_come(socket, header) and (
            header.msg_type in (MsgType.ACK, MsgType.PONG)
            or list(header.targets) == [self.module_id])


@mutant("a-target-judges-the-targets-of-all", "CMB-OBS-004",
        "malformed/what-is-found-first-of-a-query-at-a-target@harm=another")
class ATargetJudgesTheTargetsOfAll(TargetsOfAll, Target):
    """At a target a QUERY for another module is a CHANNEL_MISMATCH."""


@mutant("a-sender-judges-the-targets-of-all", "CMB-OBS-004",
        "malformed/what-is-found-first-of-a-query-at-a-sender@harm=another")
class ASenderJudgesTheTargetsOfAll(TargetsOfAll, Sender):
    """At a sender a QUERY for another module is a CHANNEL_MISMATCH."""


class VersionsFirst:
    """The version of a header is looked at before anything else of it."""

    def finding(self, socket, header):
        if not is_of_this_version(header):
            return Anomaly.UNKNOWN_VALUE
        return super().finding(socket, header)


@mutant("a-target-looks-at-versions-first", "CMB-OBS-004",
        "malformed/what-is-found-first-of-a-query-at-a-target@harm=version")
class ATargetLooksAtVersionsFirst(VersionsFirst, Target):
    """At a target a QUERY of a later version is an UNKNOWN_VALUE."""


@mutant("a-sender-looks-at-versions-first", "CMB-OBS-004",
        "malformed/what-is-found-first-of-a-query-at-a-sender@harm=version")
class ASenderLooksAtVersionsFirst(VersionsFirst, Sender):
    """At a sender a QUERY of a later version is an UNKNOWN_VALUE."""


class BatchesAreOfOneVersion:
    """A batch of another version is judged as a whole."""

    def on_acks(self, header):
        if is_of_this_version(header):
            super().on_acks(header)
        else:
            self.header_anomaly(Anomaly.UNKNOWN_VALUE, header)


@mutant("batches-are-of-one-version-to-a-target", "CMB-VER-018",
        "malformed/batch-of-another-version-at-a-target@field=schema_version")
class BatchesAreOfOneVersionToATarget(BatchesAreOfOneVersion, Target):
    """A batch of a later version is one UNKNOWN_VALUE to a target."""


@mutant("batches-are-of-one-version-to-a-sender", "CMB-VER-018",
        "malformed/batch-of-another-version-at-a-sender@field=schema_version")
class BatchesAreOfOneVersionToASender(BatchesAreOfOneVersion, Sender):
    """A batch of a later version is one UNKNOWN_VALUE to a sender."""


@mutant("an-undeclared-batch-has-a-version", "CMB-VER-009",
        "malformed/batch-of-another-version-at-a-target*", options=("--without", "batch_ack"))
class AnUndeclaredBatchHasAVersion(VersionsFirst, Target):
    """Whoever takes no batch looks at its version first."""


class AuthorsFirst:
    """Who may not say an ACK is found before its version."""

    def on_acks(self, header):
        if header.HasField("ack") and self.is_forged(header, header.ack):
            self.header_anomaly(Anomaly.UNAUTHORIZED_ACK, header)
        else:
            super().on_acks(header)


@mutant("a-sender-looks-at-authors-first", "CMB-VER-018", "sender/an-ack-of-a-later-version")
class ASenderLooksAtAuthorsFirst(AuthorsFirst, Sender):
    """At a sender an ACK of a later version and of a stranger is an UNAUTHORIZED_ACK."""

    def is_forged(self, header, ack):
        rec = self.records.get(ack.correlation_id)
        return rec and not self.may_say(rec, header.source, ack) and not is_of_this_version(header)


@mutant("a-target-looks-at-authors-first", "CMB-VER-018", "target/what-is-found-first")
class ATargetLooksAtAuthorsFirst(AuthorsFirst, Target):
    """At a target an ACK of a later version that only a router says is an UNAUTHORIZED_ACK."""

    def is_forged(self, header, ack):
        is_known = (header.source, ack.correlation_id) in self.messages
        return is_known and ack.ack_type != AckType.CANCEL and not is_of_this_version(header)


@mutant("a-router-looks-at-authors-first", "CMB-VER-006", "router/a-status-its-type-does-not-have*")
class ARouterLooksAtAuthorsFirst(Router):
    """A stranger's ACK with a status that it cannot have is an UNAUTHORIZED_ACK."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        is_illegal = ack.ack_type in OF_KNOWN_STATUS and ack.status not in LEGAL_STATUS[ack.ack_type]
        if is_illegal and (self.is_of_another(rec, ack) if rec is None else not self.may_speak(header.source, ack, rec)):
            return Anomaly.UNAUTHORIZED_ACK
        return super().judge(header, ack, frames)
