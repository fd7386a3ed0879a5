"""The circuit to one target: to who keeps failing nothing is sent for a while.

It has no timer: it is asked when the application sends. Spec: chapter circuit breaker.
"""

from collections import deque

from generated import Code, Reason, State

OPEN_MS = 30_000
WINDOW_MS = 60_000
LAST_OUTCOMES = 10
FEWEST_FAILURES = 5
# Codes of a COMPLETED_FAILURE that speak of the target's trouble, not of the message.
TROUBLE = frozenset({Code.AGENT_UNAVAILABLE, Code.AGENT_SHUTDOWN, Code.OVERLOADED, Code.BUFFER_FULL,
                     Code.NO_ROUTE, Code.ACK_TIMEOUT, Code.TOOL_TIMEOUT, Code.INTERNAL_ERROR})


def outcome_of(rec):
    """True: a failure. False: a success. None: it says nothing of the target."""
    if not rec.attempt or rec.reason == Reason.CANCEL:
        return None
    if rec.state == State.COMPLETED_FAILURE:
        return rec.error in TROUBLE
    return rec.state == State.TIMEOUT_ABORT


class Circuit:
    """Closed, open for OPEN_MS, then half-open: one probe decides."""

    def __init__(self):
        self.outcomes = deque(maxlen=LAST_OUTCOMES)  # (instant, failed)
        self.opened_ms = None  # None: closed.
        self.probe = None      # message_id of the one that is under way.

    def lets_pass(self, message_id, now_ms):
        """Whether a message may be sent; in a half-open circuit the first is the probe."""
        if self.opened_ms is None:
            return True
        if not self.is_half_open(now_ms) or self.probe:
            return False
        self.probe = message_id
        return True

    def is_half_open(self, now_ms):
        return now_ms >= self.opened_ms + OPEN_MS

    def ended(self, rec, now_ms):
        """A message to the target became terminal."""
        failed = outcome_of(rec)
        if self.opened_ms is None:
            if failed is not None:
                self.outcomes.append((now_ms, failed))
            if failed and self.is_enough(rec, now_ms):
                self.open(now_ms)
        elif rec.message_id == self.probe:
            self.probe = None
            if failed:
                self.open(now_ms)
            elif failed is False:
                self.close(now_ms)

    def open(self, now_ms):
        self.opened_ms = now_ms

    def close(self, now_ms):
        """CMB-CBR-005: what was before the probe is forgotten."""
        self.opened_ms = None
        self.outcomes.clear()
        self.outcomes.append((now_ms, False))

    def is_enough(self, rec, now_ms):
        """CMB-CBR-001, and one shutdown is enough: CMB-CBR-002."""
        recent = [failed for at_ms, failed in self.outcomes if now_ms - at_ms <= WINDOW_MS]
        failures = sum(recent)
        return rec.error == Code.AGENT_SHUTDOWN or (
            failures >= FEWEST_FAILURES and 2 * failures >= len(recent))
