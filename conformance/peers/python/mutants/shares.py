"""Tables that one module can fill, and marks that are not what they should be."""

from generated import AckType, Anomaly, Code, Reason, State, Status
from mutants.registry import mutant
from router import Router
from router_rooms import MARKS, RECORDS
from target import Target


class SharedByNobody(Router):
    """One source may have the whole of a table."""

    table = ""

    def have_room(self, table, source, bound):
        if table == self.table or table[0] == self.table:
            return self.rooms.taken[table,] < bound
        return super().have_room(table, source, bound)


@mutant("one-source-fills-the-records", "CMB-SEC-014", "router/a-source-has-its-share*table=records*")
class OneSourceFillsTheRecords(SharedByNobody):
    """A router's records are for whoever comes first."""

    table = RECORDS


@mutant("one-source-fills-a-queue", "CMB-SEC-014", "router/a-source-has-its-share*table=queue*")
class OneSourceFillsAQueue(SharedByNobody):
    """A target's queue is for whoever comes first."""

    table = Router.queue_of("")[0]


@mutant("one-source-fills-the-marks", "CMB-SEC-014", "router/one-module-does-not-silence-others*")
class OneSourceFillsTheMarks(SharedByNobody):
    """A router's marks are for whoever comes first."""

    table = MARKS


@mutant("keeps-a-refusal-for-its-life", "CMB-RTR-039", "router/a-mark-is-kept-two-latencies*")
class KeepsARefusalForItsLife(Router):
    """A refusal takes room for as long as its message claimed to live."""

    @staticmethod
    def life_to_keep(rec):
        return rec.ttl_end_ms


@mutant("silent-without-room-for-a-mark", "CMB-RTR-033", "router/no-room-for-a-refusal")
class SilentWithoutRoomForAMark(Router):
    """A message that is refused without room for the refusal is dropped as closed."""

    def refuse_without_a_mark(self, rec):
        self.header_anomaly(Anomaly.CLOSED_ATTEMPT, rec.header)
        self.forget(rec.key)


@mutant("refuses-without-a-mark", "CMB-RTR-030", "router/no-room-for-a-refusal")
class RefusesWithoutAMark(Router):
    """A refusal is said although nothing will remember it."""

    def refuse_without_a_mark(self, rec):
        self.tell(rec.source, AckType.ROUTER_ACK, Status.REJECTED, rec.message_id, rec.attempt,
                  error_code=Code.BUFFER_FULL)
        self.forget(rec.key)


@mutant("silent-without-room-for-a-cancel", "CMB-RTR-034", "router/no-room-for-a-mark*")
class SilentWithoutRoomForACancel(Router):
    """Of a CANCEL or TIMEOUT whose mark finds no room nothing is said."""

    def leave_mark(self, key, attempt):
        super().leave_mark(key, attempt)
        return True


@mutant("one-source-fills-the-target", "CMB-SEC-014", "target/a-source-has-its-share-of-tombstones")
class OneSourceFillsTheTarget(Target):
    """A target's records are for whoever comes first."""

    def has_room(self, source):
        return len(self.messages) < self.settings.dedup


@mutant("a-refusal-keeps-a-result", "CMB-RTR-015", "router/a-refusal-keeps-no-result")
class ARefusalKeepsAResult(Router):
    """What the target says of a refused message makes a record of the refusal."""

    def settle(self, rec, ack, frames, tell_delivery):
        if rec.state != State.REJECTED:
            super().settle(rec, ack, frames, tell_delivery)
            return
        rec.terminal = frames
        self.move(rec, State.SETTLED, Reason.EXECUTION_ACK, ack.error_code)


@mutant("remembers-what-a-refusal-was-told", "CMB-DUP-002", "router/a-refusal-is-only-a-mark")
class RemembersWhatARefusalWasTold(Router):
    """A TIMEOUT for a refused message counts once."""

    def judge(self, header, ack, frames):
        rec = self.records.get(self.key_of(header, ack))
        if rec and rec.state == State.REJECTED and self.judged_before(rec, ack):
            return Anomaly.DUPLICATE_ACK
        return super().judge(header, ack, frames)


@mutant("makes-room-for-who-comes", "CMB-RTR-038", "router/queue-full-is-said")
class MakesRoomForWhoComes(Router):
    """Where a message is refused for want of room, what was accepted is let go."""

    def reject(self, rec, code):
        super().reject(rec, code)
        if code == Code.BUFFER_FULL:
            for other in self.records.values():
                self.stop(other)


@mutant("redrives-whatever-its-length", "CMB-DLQ-013", "router/redrive-of-a-long-header*")
class RedrivesWhateverItsLength(Router):
    """A redrive leaves though its header is longer than its target takes."""

    @staticmethod
    def may_be_as_long(raw):
        return True
