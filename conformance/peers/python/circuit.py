"""The circuit to one target: to who keeps failing nothing is sent for a while.

It has no timer: it is asked when the application sends. Spec: chapter circuit breaker.
"""

from generated import Code, Reason, State, control

# Codes of a COMPLETED_FAILURE that speak of the target's trouble, not of the message.
TROUBLE = frozenset({Code.AGENT_UNAVAILABLE, Code.AGENT_SHUTDOWN, Code.OVERLOADED, Code.BUFFER_FULL,
                     Code.NO_ROUTE, Code.ACK_TIMEOUT, Code.TOOL_TIMEOUT, Code.INTERNAL_ERROR,
                     Code.INTERRUPTED, Code.PARTIAL_DELIVERY})


class CircuitSettings:
    """With the defaults of the spec."""

    def __init__(self, settings=None):
        given = settings or control.CircuitSettings()

        def value(name, default):
            return getattr(given, name) if given.HasField(name) else default

        self.outcomes = value("outcomes", 10)
        self.failures = value("failures", 5)
        self.window_ms = value("window_ms", 60_000)
        self.open_ms = value("open_ms", 30_000)
        self.slow_ms = value("slow_ms", None)  # None: no success is too slow.
        self.failure_codes = frozenset(given.failure_codes) or TROUBLE


class Circuit:
    """Closed, open for a while, then half-open: probes decide."""

    def __init__(self, settings=None):
        self.settings = settings or CircuitSettings()
        self.outcomes = []     # (instant, failed)
        self.opened_ms = None  # None: closed.
        self.probes = {}       # message_id of each that is under way -> when it was sent.

    def lets_pass(self, message_id, now_ms):
        """Whether a message may be sent; in a half-open circuit it is a probe. CMB-CBR-004"""
        if self.opened_ms is None:
            return True
        if not self.is_half_open(now_ms) or self.is_probed(now_ms):
            return False
        self.probes[message_id] = now_ms
        return True

    def is_half_open(self, now_ms):
        return now_ms >= self.opened_ms + self.settings.open_ms

    def is_probed(self, now_ms):
        """A probe that stays open for long is not waited for."""
        return any(now_ms < sent_ms + self.settings.open_ms for sent_ms in self.probes.values())

    def outcome_of(self, rec, now_ms):
        """True: a failure. False: a success. None: it says nothing of the target."""
        if not rec.attempt or rec.reason == Reason.CANCEL:
            return None
        if rec.state == State.COMPLETED_FAILURE:
            return rec.error in self.settings.failure_codes
        return rec.state == State.TIMEOUT_ABORT or self.was_slow(rec, now_ms)

    def was_slow(self, rec, now_ms):
        slow_ms = self.settings.slow_ms
        return slow_ms is not None and now_ms - rec.created_ms > slow_ms

    def works(self, rec):
        """The target says that it is at work on a message: CMB-CBR-005."""
        if rec.message_id in self.probes:
            self.close()

    def ended(self, rec, now_ms):
        """A message to the target became terminal."""
        failed = self.outcome_of(rec, now_ms)
        is_probe = self.probes.pop(rec.message_id, None) is not None
        if failed is None or self.opened_ms is not None and not is_probe:  # CMB-CBR-009
            return
        if is_probe and failed:  # CMB-CBR-006
            self.open(now_ms)
            return
        if is_probe:
            self.close()
        self.outcomes = [*self.outcomes, (now_ms, failed)][-self.settings.outcomes:]
        if failed and self.is_enough(rec, now_ms):
            self.open(now_ms)

    def open(self, now_ms):
        self.opened_ms = now_ms
        self.probes = {}

    def close(self):
        """What was before is forgotten."""
        self.opened_ms = None
        self.outcomes, self.probes = [], {}

    def is_enough(self, rec, now_ms):
        """CMB-CBR-001, and one shutdown is enough: CMB-CBR-002."""
        recent = [failed for at_ms, failed in self.outcomes
                  if now_ms - at_ms <= self.settings.window_ms]
        failures = sum(recent)
        return rec.error == Code.AGENT_SHUTDOWN or (
            failures >= self.settings.failures and 2 * failures >= len(recent))
