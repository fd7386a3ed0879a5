"""Timers as values: what is armed, what is due, in which order."""

import heapq

from generated import Timer

# Housekeeping never changes a state and never stops the clock.
FIRST_HOUSEKEEPING = Timer.RECONCILE


class Armed:
    """One armed timer. `order` rises with each arming."""

    __slots__ = ("key", "kind", "deadline_ms", "order")

    def __init__(self, key, kind, deadline_ms, order):
        self.key = key
        self.kind = kind
        self.deadline_ms = deadline_ms
        self.order = order


class Timers:
    """At most one timer per (record key, kind); arming again moves it."""

    def __init__(self):
        self._armed = {}
        self._kinds = {}         # key -> kinds that are armed for it.
        self.changed = set()     # Keys whose timers changed; who keeps them clears it.
        self._protocol = []      # Heaps of (deadline, TTL first, order, armed);
        self._housekeeping = []  # what was stopped is dropped when it comes up.
        self._order = 0

    def arm(self, key, kind, deadline_ms):
        self._order += 1
        armed = Armed(key, kind, deadline_ms, self._order)
        self._armed[key, kind] = armed
        self._kinds.setdefault(key, set()).add(kind)
        self.changed.add(key)
        heap = self._housekeeping if kind >= FIRST_HOUSEKEEPING else self._protocol
        # At one instant the TTL fires before any phase timer, then arming order.
        heapq.heappush(heap, (deadline_ms, kind != Timer.TTL, armed.order, armed))

    def stop(self, key, *kinds):
        for kind in kinds:
            if self._armed.pop((key, kind), None):
                self._disarmed(key, kind)

    def stop_all(self, key):
        self.stop(key, *self._kinds.get(key, set()).copy())

    def _disarmed(self, key, kind):
        self.changed.add(key)
        self._kinds[key].discard(kind)
        if not self._kinds[key]:
            del self._kinds[key]

    def of(self, key):
        """(kind, deadline, order of arming) of each timer of one record."""
        armed = [self._armed[key, kind] for kind in sorted(self._kinds.get(key, ()))]
        return [(item.kind, item.deadline_ms, item.order) for item in armed]

    def deadline(self, key, kind):
        armed = self._armed.get((key, kind))
        return armed.deadline_ms if armed else None

    def _head(self, heap):
        while heap and self._armed.get((heap[0][3].key, heap[0][3].kind)) is not heap[0][3]:
            heapq.heappop(heap)
        return heap[0][3] if heap else None

    def next_protocol(self):
        return self._head(self._protocol)

    def next_housekeeping(self):
        return self._head(self._housekeeping)

    def pop_due(self, now_ms, housekeeping=False):
        """Takes the first timer that is due at now_ms, or None."""
        due = self._head(self._housekeeping if housekeeping else self._protocol)
        if not due or due.deadline_ms > now_ms:
            return None
        del self._armed[due.key, due.kind]
        self._disarmed(due.key, due.kind)
        return due

    def all(self):
        """Every armed timer, earliest first."""
        return sorted(self._armed.values(), key=lambda a: (a.deadline_ms, a.order))
