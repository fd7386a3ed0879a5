"""Who may take room in a table that several sources share (CMB-SEC-014)."""

from collections import Counter


def may_take(taken, own, bound, shares):
    """Up to three quarters for anybody; above that for who is below its share."""
    return taken < bound and (4 * taken < 3 * bound or own < max(1, -(-bound // shares)))


class Rooms:
    """Which entries have a place in which tables, and whose they are."""

    def __init__(self):
        self.places = {}        # Entry -> (its source, the tables in which it has a place).
        self.taken = Counter()  # (table,) and (table, source) -> places taken.

    def put(self, entry, source, tables):
        """The entry has its places in these tables now, and in no others."""
        self.count(*self.places.pop(entry, (source, ())), -1)
        if tables:
            self.places[entry] = source, tables
            self.count(source, tables, 1)

    def count(self, source, tables, by):
        for table in tables:
            for place in ((table,), (table, source)):
                self.taken[place] += by
                if not self.taken[place]:
                    del self.taken[place]

    def have_room(self, table, source, bound, shares):
        return may_take(self.taken[table,], self.taken[table, source], bound, shares)
