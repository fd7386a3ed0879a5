"""The room that a router's records, marks and queues take, who still finds some, and how long.

Spec: chapters router, 5.5 to 5.7; authority and security, 12.3. Mixed into Router.
"""

from generated import State, Timer
from shares import Rooms

# Tables, each with its own bound; a queue is named by its target.
RECORDS, MARKS, LETTERS = "records", "marks", "dead letters"


class RouterRooms:
    """book, and who asks whether there is room."""

    def __init__(self):
        self.rooms = Rooms()

    def book(self, key):
        """Counts the record, or the mark alone, in the tables where it has its place now."""
        rec = self.records.get(key)
        if rec is None:
            tables = (MARKS,) if self.closed.get(key) else ()
        elif rec.state == State.REJECTED:
            tables = (MARKS,)
        elif self.is_letter(rec):
            tables = (LETTERS,)
        else:
            tables = (RECORDS, self.queue_of(rec.target))[:1 + (rec.state == State.FORWARDING)]
        self.rooms.put(key, key[0], tables)

    @staticmethod
    def queue_of(target):
        return "queue of", target

    def have_room(self, table, source, bound):
        return self.rooms.have_room(table, source, bound, self.settings.source_shares)

    def may_mark(self, key):
        """CMB-RTR-030: whether a mark of this message is kept, or finds room."""
        return MARKS in self.rooms.places.get(key, ("", ()))[1] or self.have_room(
            MARKS, key[0], self.settings.most_marks)

    def has_room(self, target, source):
        """CMB-RTR-006: in the target's queue and in the table of records."""
        return (self.have_room(self.queue_of(target), source, self.settings.queue_per_target)
                and self.have_room(RECORDS, source, self.settings.most_records))

    def has_room_for_letter(self, source):
        """CMB-DLQ-012: for the dead letter that a new message may become."""
        return not self.claims.durable or self.have_room(
            LETTERS, source, self.settings.most_dead_letters)

    def is_letter(self, rec):
        return rec.dead_letter and self.claims.durable

    # ---- marks, and how long what is remembered is kept

    def close_attempts(self, key, attempt):
        """Copies up to this attempt are dropped from now on. CMB-RTR-018."""
        self.touched.add(key)
        self.closed[key] = max(self.closed.get(key, 0), attempt)
        if key not in self.records:
            self.book(key)
            self.timers.arm(key, Timer.RECORD_EXPIRY, self.now_ms + self.linger_ms())
        elif self.records[key].state == State.REJECTED:
            self.keep(self.records[key])

    def leave_mark(self, key, attempt):
        """Of a CANCEL or a TIMEOUT; says whether there was room for it."""
        if key not in self.records and not self.may_mark(key):
            return False
        self.close_attempts(key, attempt)
        return True

    def linger_ms(self):
        return 2 * self.settings.max_latency_ms + 1

    def keep(self, rec):
        """CMB-RTR-025: every life received, and the last end, and 2 * MAX_LATENCY more.

        CMB-RTR-032: a refusal is kept 2 * MAX_LATENCY, whatever life its message claimed.
        CMB-DLQ-002: a dead letter of a DURABLE router has an end of its own.
        """
        if rec.state == State.FORWARDING or rec.reforwarding:
            self.timers.stop(rec.key, Timer.RECORD_EXPIRY)
        elif self.is_letter(rec):
            end_ms = rec.changed_ms + self.settings.dead_letter_ms
            self.timers.arm(rec.key, Timer.RECORD_EXPIRY, end_ms + 1)
        else:
            end_ms = max(self.life_to_keep(rec), self.now_ms)
            self.timers.arm(rec.key, Timer.RECORD_EXPIRY, end_ms + self.linger_ms())

    @staticmethod
    def life_to_keep(rec):
        return 0 if rec.state == State.REJECTED else rec.last_life_ms
