"""What the router knows of one message."""

from generated import Certainty, State
from policy import Policy


class RouterRecord:
    """What the router knows of one message."""

    certainty = Certainty.UNSPECIFIED

    def __init__(self, header, raw, payload, now_ms):
        self.message_id = header.message_id
        self.source = header.source
        self.state = State.REJECTED  # Until it is accepted.
        self.reason = self.error = 0
        self.attempt = 0
        self.refused = set()       # Attempts that came and were rejected.
        self.dead_letter = False   # In DEAD_LETTERED, neither redriven nor purged.
        self.forwards = 0          # Since the phase began or was counted anew.
        self.place = 0             # In the backoff: number of the running wait.
        self.wait_ms = 0           # The running wait,
        self.wait_end_ms = 0       # and when it ends.
        self.ttl_end_ms = 0
        self.forwarded_ms = None   # When ZeroMQ first took the work, as this message or another.
        self.reforwarding = False  # DELIVERED, and a copy awaits its RECEIPT.
        self.judged = set()        # (type, status, attempt) of RECEIPT, TIMEOUT.
        self.history = []          # ACKs that came and were no anomaly.
        self.terminal = None       # Frames of the target's terminal ACK.
        self.created_ms = self.changed_ms = now_ms
        self.adopt(header, raw, payload, now_ms)

    def adopt(self, header, raw, payload, now_ms):
        """Takes a copy: its attempt, and the life it says is left."""
        self.header, self.raw, self.payload = header, raw, payload
        self.target = header.targets[0] if header.targets else ""
        self.channel = header.channel
        self.policy = Policy(header.policy)
        self.attempt = header.attempt
        self.came_ttl_ms = header.ttl_ms  # A forward takes from the header's.
        self.ttl_end_ms = max(self.ttl_end_ms, now_ms + header.ttl_ms)

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def key(self):
        return self.source, self.message_id
