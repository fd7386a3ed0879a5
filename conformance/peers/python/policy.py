"""What a sender asked for, with the protocol's defaults filled in."""

from generated import AckType, Code, DeliveryPolicy


class Policy:
    """A DeliveryPolicy with every default filled in (milliseconds)."""

    DEFAULT_RETRYABLE = frozenset({
        Code.BUFFER_FULL, Code.ACK_TIMEOUT, Code.AGENT_UNAVAILABLE, Code.OVERLOADED,
        Code.INTERNAL_ERROR})

    def __init__(self, policy=None):
        p = policy if policy is not None else DeliveryPolicy()
        self.router_ack_ms = p.router_ack_ms or 1000
        self.delivery_ack_ms = p.delivery_ack_ms or 10000
        self.execution_ms = p.execution_ms or 60000
        self.max_retries = p.max_retries if p.HasField("max_retries") else 3
        self.first_ms = p.backoff_first_ms if p.HasField("backoff_first_ms") else 1000
        self.factor = p.backoff_factor if p.HasField("backoff_factor") else 2.0
        self.max_ms = p.backoff_max_ms if p.HasField("backoff_max_ms") else 30000
        self.required_ack = p.required_ack or AckType.EXECUTION_ACK
        self.retryable = frozenset(p.retryable) or self.DEFAULT_RETRYABLE

    def backoff_ms(self, n, jitter):
        """The wait before re-send or redelivery n = 1, 2, …, rounded to a millisecond."""
        wait = self.first_ms
        for _ in range(n - 1):  # Not `**`: a large n would overflow.
            if wait >= self.max_ms:
                break
            wait *= self.factor
        return int(min(self.max_ms, wait) * jitter + 0.5)
