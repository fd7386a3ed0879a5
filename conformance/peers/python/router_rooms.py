"""The room that a router's records, marks and queues take, and who still finds some.

Spec: chapter authority and security, 12.3. Mixed into Router.
"""

from generated import State
from shares import Rooms

# Tables, each with its own bound; a queue is named by its target.
RECORDS, MARKS = "records", "marks"


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
