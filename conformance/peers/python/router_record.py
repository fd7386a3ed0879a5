"""What the router knows of one message."""

from generated import Certainty, State
from policy import Policy


class Copy:
    """A MESSAGE as it came."""

    def __init__(self, header, frames, channel, longest_ms):
        self.header = header
        self.frames = self.raw, self.payload = frames
        self.channel = channel
        self.attempt = header.attempt or 1
        self.life_ms = min(header.ttl_ms, longest_ms)


class RouterRecord:
    """What the router knows of one message."""

    certainty = Certainty.UNSPECIFIED

    def __init__(self, copy, now_ms):
        self.message_id = copy.header.message_id
        self.source = copy.header.source
        self.state = State.REJECTED  # Until it is accepted.
        self.reason = self.error = 0
        self.attempt = 0
        self.refused = set()       # Attempts that came and were rejected.
        self.dead_letter = False   # In DEAD_LETTERED, neither redriven nor purged.
        self.forwards = 0          # Since the phase began or was counted anew.
        self.place = 0             # In the backoff: number of the running wait.
        self.wait_ms = 0           # The running wait,
        self.wait_end_ms = 0       # and when it ends.
        self.ttl_end_ms = 0        # Of the copies that were adopted,
        self.last_life_ms = 0      # and of all that came.
        self.came_ttl_ms = 0
        self.redrive_of = ""       # The dead letter that a REDRIVE made it of.
        self.forwarded_ms = None   # When ZeroMQ first took the work, as this message or another.
        self.reforwarding = False  # DELIVERED, and a copy awaits its RECEIPT.
        self.judged = set()        # (type, status, attempt) of RECEIPT, TIMEOUT.
        self.history = []          # ACKs that came and were no anomaly.
        self.last_retry_ms = None
        self.terminal = None       # Frames of the target's terminal ACK.
        self.created_ms = self.changed_ms = now_ms
        self.adopt(copy, now_ms)

    def adopt(self, copy, now_ms):
        """Takes a copy: its attempt, and the life it says is left."""
        header = copy.header
        self.header, self.raw, self.payload = header, copy.raw, copy.payload
        self.target = header.targets[0] if header.targets else ""
        self.channel = copy.channel
        self.policy = Policy(header.policy)
        self.attempt = copy.attempt
        self.came_ttl_ms = header.ttl_ms or self.came_ttl_ms  # A forward takes from the header's.
        if self.state == State.REJECTED:  # The life of what was refused is no more.
            self.ttl_end_ms = self.last_life_ms = 0
        self.ttl_end_ms = max(self.ttl_end_ms, now_ms + copy.life_ms)
        self.lives(copy, now_ms)

    def lives(self, copy, now_ms):
        """CMB-RTR-025: of every copy that comes."""
        self.last_life_ms = max(self.last_life_ms, now_ms + copy.life_ms)

    @property
    def last_ack(self):
        """Type and status of the last one that was no anomaly."""
        return self.history[-1][:2] if self.history else (0, 0)

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def key(self):
        return self.source, self.message_id
