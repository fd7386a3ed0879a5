"""What a sender asked for, with the protocol's defaults filled in."""

from generated import AckType, Code, DeliveryPolicy

WEEK_MS = 604_800_000
RETRYABLE = frozenset({Code.BUFFER_FULL, Code.ACK_TIMEOUT, Code.AGENT_UNAVAILABLE, Code.OVERLOADED,
                       Code.INTERNAL_ERROR})


class Policy:
    """A DeliveryPolicy (milliseconds). A value outside its range becomes the nearest bound (CMB-RTR-037).

    NaN is outside and has no nearest bound: it becomes the default. CMB-TMR-002
    """

    def __init__(self, policy=None):
        p = policy if policy is not None else DeliveryPolicy()
        self.in_range = (len(p.retryable) <= 32 and len(p.channels) <= 8
                         and p.required_ack <= AckType.EXECUTION_ACK)

        def value(name, default, low, high):
            optional = DeliveryPolicy.DESCRIPTOR.fields_by_name[name].has_presence
            given = getattr(p, name)
            if not (p.HasField(name) if optional else given):
                return default
            if given != given:
                self.in_range = False
                return default
            bounded = max(low, min(given, high))
            self.in_range = self.in_range and bounded == given
            return bounded

        self.router_ack_ms = value("router_ack_ms", 1000, 1, WEEK_MS)
        self.delivery_ack_ms = value("delivery_ack_ms", 10_000, 1, WEEK_MS)
        self.execution_ms = value("execution_ms", 60_000, 1, WEEK_MS)
        self.max_retries = value("max_retries", 3, 0, 100)
        self.first_ms = value("backoff_first_ms", 1000, 0, WEEK_MS)
        self.factor = value("backoff_factor", 2.0, 1.0, 10.0)
        self.max_ms = value("backoff_max_ms", 30_000, 0, WEEK_MS)
        self.required_ack = p.required_ack or AckType.EXECUTION_ACK
        self.cancel_on_timeout = p.cancel_on_timeout
        # What is not in the vocabulary is never retried, whatever the list says. CMB-VER-005
        self.retryable = (frozenset(code for code in p.retryable if code and code in Code.names)
                          if p.retryable else RETRYABLE)

    def backoff_ms(self, n, jitter):
        """The wait before re-send or redelivery n = 1, 2, …, rounded to a millisecond."""
        wait = self.first_ms
        for _ in range(n - 1):  # Not `**`: a large n would overflow.
            if wait >= self.max_ms:
                break
            wait *= self.factor
        return int(min(self.max_ms, wait) * jitter + 0.5)
