"""Who never sends one kind of frame: as `silent.py`, for what leaves by the outbox."""

from generated import AckType, MsgType, Status
from mutants.registry import mutant
from router import Router
from sender import Sender
from target import Target


class NeverSends:
    """Frames of which `is_left_out` holds are made, and never leave."""

    @staticmethod
    def is_left_out(header):
        return False

    def post(self, socket, peer, header, **more):
        if not self.is_left_out(header):
            super().post(socket, peer, header, **more)


class NeverSays(NeverSends):
    """ACKs of one type are never sent, nor passed on."""

    TYPE = 0

    def is_left_out(self, header):
        return header.HasField("ack") and header.ack.ack_type == self.TYPE


class NeverPongs(NeverSends):
    """No PING is answered once the case has begun; those of its end are."""

    @staticmethod
    def is_left_out(header):
        return header.msg_type == MsgType.PONG and not header.correlation_id.startswith(
            ("@open", "@close"))


@mutant("a-sender-never-pongs", "CMB-WIRE-011", "sender/ping-is-answered-on-every-path*")
class ASenderNeverPongs(NeverPongs, Sender):
    """A sender answers no PING."""


@mutant("a-router-never-pongs", "CMB-WIRE-011", "router/ping-on-every-path*")
class ARouterNeverPongs(NeverPongs, Router):
    """A router answers no PING."""


@mutant("a-target-never-pongs", "CMB-WIRE-011", "target/ping-is-answered-on-every-path*")
class ATargetNeverPongs(NeverPongs, Target):
    """A target answers no PING."""


@mutant("never-cancels", "CMB-CXL-001", "sender/cancel-in-every-open-state*")
class NeverCancels(NeverSays, Sender):
    """What the application cancels ends, and nobody hears of it."""

    TYPE = AckType.CANCEL


@mutant("passes-no-cancel-on", "CMB-CXL-002", "router/cancel-passes*")
class PassesNoCancelOn(NeverSays, Router):
    """A CANCEL ends at the router."""

    TYPE = AckType.CANCEL


@mutant("passes-no-execution-ack-on", "CMB-RTR-014", "router/execution-ack-is-passed-untouched*")
class PassesNoExecutionAckOn(NeverSays, Router):
    """An EXECUTION_ACK ends at the router."""

    TYPE = AckType.EXECUTION_ACK


@mutant("passes-no-progress-on", "CMB-RTR-014", "router/execution-acks-pass-after-the-sender-gave-up")
class PassesNoProgressOn(NeverSays, Router):
    """A PROGRESS_ACK ends at the router."""

    TYPE = AckType.PROGRESS_ACK


@mutant("never-replies", "CMB-INS-003", "router/inspection-of-a-record*")
class NeverReplies(NeverSends, Router):
    """Nobody is answered a QUERY."""

    @staticmethod
    def is_left_out(header):
        return header.msg_type == MsgType.REPLY


@mutant("never-says-execution-ack", "CMB-TGT-005", "target/plain-path")
class NeverSaysExecutionAck(NeverSays, Target):
    """A target receives, and says nothing else."""

    TYPE = AckType.EXECUTION_ACK


@mutant("never-says-in-progress", "CMB-PRG-004", "target/announces-its-start*")
class NeverSaysInProgress(NeverSends, Target):
    """Neither a start nor a hold is said."""

    @staticmethod
    def is_left_out(header):
        return header.ack.ack_type == AckType.EXECUTION_ACK and (
            header.ack.status == Status.IN_PROGRESS)


@mutant("never-says-progress", "CMB-PRG-005", "target/progress-goes-to-every-attached-message*")
class NeverSaysProgress(NeverSays, Target):
    """Progress is made, and nobody is told."""

    TYPE = AckType.PROGRESS_ACK


@mutant("forgets-what-it-cannot-stop", "CMB-CXL-010", "target/cancel-overtakes-its-message*")
class ForgetsWhatItCannotStop(Target):
    """A CANCEL that comes before its message leaves no tombstone, and nothing is said of it."""

    def leave_tombstone(self, source, message_id, attempt):
        return None
