"""Routers that take a bound, a name or an order for a little other than it is."""

from generated import Anomaly, MsgType
from harness import Harness
from mutants.registry import mutant
from router import Router
from router_rooms import MARKS
from sender import Sender
from target import Target
from wire import is_reserved

# ---- names


class OtherNames(Router):
    """The ids and names of a message are checked as if they were others."""

    def refusal(self, socket, header, frames):
        taken = type(header)()
        taken.CopyFrom(header)
        taken.message_id = self.taken_for(header.message_id)
        taken.targets[:] = [self.taken_for(name) for name in header.targets]
        return super().refusal(socket, taken, frames)


@mutant("names-of-256-bytes", "CMB-RTR-003", "router/the-bounds-of-names@name=id_of_256", "router/the-bounds-of-names@name=target_of_256")
class NamesOf256Bytes(OtherNames):
    """A name of 256 bytes is one."""

    @staticmethod
    def taken_for(name):
        return name[:-1] if len(name.encode()) == 256 else name


@mutant("names-have-letters", "CMB-RTR-003", "router/the-bounds-of-names@name=*128_letters")
class NamesHaveLetters(OtherNames):
    """The length of a name is the number of its letters."""

    @staticmethod
    def taken_for(name):
        return name if name.isascii() else "x" * len(name)


@mutant("a-name-begins-with-any-byte", "CMB-RTR-003", "router/the-bounds-of-names@name=zero_first")
class ANameBeginsWithAnyByte(OtherNames):
    """A name may begin with a zero byte."""

    @staticmethod
    def taken_for(name):
        return name.lstrip("\0")


@mutant("no-name-is-a-name", "CMB-RTR-003", "router/the-bounds-of-names@name=no_name")
class NoNameIsAName(OtherNames):
    """A target without a name is one to whom there is no route."""

    @staticmethod
    def taken_for(name):
        return name or "x"


NOBODYS_PING = "router/a-ping-to-a-name-of-nobody*"


@mutant("a-ping-to-a-reserved-name-is-dropped", "CMB-WIRE-013", NOBODYS_PING)
class APingToAReservedNameIsDropped(Router):
    """A PING to a name that nobody may have is not answered."""

    def on_ping_pong(self, socket, peer, header, frames):
        is_own = header.targets[0] == self.module_id
        if is_own or header.msg_type != MsgType.PING or not is_reserved(header.targets[0]):
            super().on_ping_pong(socket, peer, header, frames)


@mutant("a-pong-to-nobody-is-dropped", "CMB-WIRE-014", NOBODYS_PING)
class APongToNobodyIsDropped(Router):
    """A PONG that reaches nobody is dropped without a word."""

    def header_anomaly(self, kind, header, peer=None):
        if kind != Anomaly.UNDELIVERABLE or header.msg_type != MsgType.PONG:
            super().header_anomaly(kind, header, peer)


# ---- room


@mutant("a-refusal-without-a-mark-is-of-the-first", "CMB-WIRE-001", "router/no-room-for-a-refusal")
class ARefusalWithoutAMarkIsOfTheFirst(Router):
    """The TIMEOUT in place of a refusal names attempt 1."""

    def refuse_without_a_mark(self, rec):
        rec.attempt = 1
        super().refuse_without_a_mark(rec)


@mutant("a-refusal-needs-new-room", "CMB-RTR-003", "router/a-refusal-with-a-mark-needs-no-room")
class ARefusalNeedsNewRoom(Router):
    """A refusal needs room for its mark, also where a CANCEL has left one."""

    def reject(self, rec, code):
        has_room = self.have_room(MARKS, rec.source, self.settings.most_marks)
        if self.closed.get(rec.key) and not rec.refused and not has_room:
            self.stop(rec)
            self.refuse_without_a_mark(rec)
        else:
            super().reject(rec, code)


@mutant("a-queue-outlives-its-connection", "CMB-RTR-001", "router/zeromq-is-full-for-a-connection")
class AQueueOutlivesItsConnection(Harness):
    """Whose queues are full finds them so when it connects anew."""

    def _on_connection(self, connection, _):
        full = set(self._told()._full)
        super()._on_connection(connection, _)
        self._told()._full = full


# ---- waits


class Unbounded(Router):
    """A value of the policy counts as it came."""

    FIELD = OF = ""

    def count_anew(self, rec):
        setattr(rec.policy, self.OF, getattr(rec.header.policy, self.FIELD) or getattr(rec.policy, self.OF))
        super().count_anew(rec)


@mutant("a-phase-of-weeks", "CMB-RTR-037", "router/waits-beyond-a-week")
class APhaseOfWeeks(Unbounded):
    """A delivery phase lasts as long as the policy says."""

    FIELD = OF = "delivery_ack_ms"


@mutant("waits-of-weeks", "CMB-RTR-037", "router/waits-beyond-a-week")
class WaitsOfWeeks(Unbounded):
    """A wait is as long as the policy allows."""

    FIELD, OF = "backoff_max_ms", "max_ms"


# ---- what is told


@mutant("nobody-sent-what-cannot-be-read", "CMB-OBS-004", "router/malformed-message-frames*")
class NobodySentWhatCannotBeRead(Router):
    """Of a frame that cannot be read it is not told who sent it."""

    def anomaly(self, kind, **fields):
        if kind == Anomaly.MALFORMED and "message_id" not in fields:
            fields["peer"] = ""
        super().anomaly(kind, **fields)


class TellsTheHeader:
    """Of what is no ACK the id of the header is told, whatever stands in its ack."""

    def header_anomaly(self, kind, header, peer=None):
        plain = type(header)()
        plain.CopyFrom(header)
        if header.msg_type != MsgType.ACK:
            plain.ClearField("ack")
        super().header_anomaly(kind, plain, peer)


WHATEVER = "an-anomaly-tells-the-ack-whatever-the-type"


@mutant("a-router-tells-the-header", "CMB-OBS-004", f"router/{WHATEVER}")
class ARouterTellsTheHeader(TellsTheHeader, Router):
    __doc__ = TellsTheHeader.__doc__


@mutant("a-sender-tells-the-header", "CMB-OBS-004", f"sender/{WHATEVER}*")
class ASenderTellsTheHeader(TellsTheHeader, Sender):
    __doc__ = TellsTheHeader.__doc__


@mutant("a-target-tells-the-header", "CMB-OBS-004", f"target/{WHATEVER}*")
class ATargetTellsTheHeader(TellsTheHeader, Target):
    __doc__ = TellsTheHeader.__doc__


@mutant("undeliverable-before-it-moves", "CMB-OBS-011", "router/a-cancel-that-finds-nobody*")
class UndeliverableBeforeItMoves(Router):
    """That a CANCEL reaches nobody is told before the change that it makes."""

    def on_cancel(self, rec, header, ack, frames):
        at = len(self.events)
        verdict = super().on_cancel(rec, header, ack, frames)
        self.flush()
        told = sorted(self.events[at:], key=lambda event: not event.HasField("anomaly"))
        for number, event in enumerate(told, self.event_number - len(told) + 1):
            event.number = number
        self.events[at:] = told
        return verdict
