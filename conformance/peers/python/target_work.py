"""What the target knows: works, and the messages that bring them."""

from generated import Certainty, Reason, State, Status

TERMINAL = {State.SUCCEEDED: Status.SUCCESS, State.FAILED: Status.FAILURE,
            State.REJECTED: Status.REJECTED, State.CANCELLED: Status.FAILURE}


class Work:
    """What is executed at most once; or the tombstone of a message that has not come.

    Its message_id and attempt are of the copy that made or last reopened it.
    """

    certainty = Certainty.UNSPECIFIED

    def __init__(self, source, target, message_id, now_ms):
        self.source = source
        self.target = target
        self.message_id = self.name = message_id
        self.idempotency_key = self.channel = self.stream_id = ""
        self.state = State.RECEIVED
        self.reason = self.error = 0
        self.attempt = 0
        self.created_ms = self.changed_ms = now_ms
        self.first_ms = self.begun_ms = self.ttl_end_ms = now_ms
        self.life_ends_ms = 0      # Not forgotten before.
        self.messages = []         # Every Message attached to it.
        self.place = 0             # Among all works.
        self.sequence = 0          # Its number in its stream; 0: none.
        self.script = None
        self.acts = None           # What its handler will do; None: it was not offered the work.
        self.said = None           # The last IN_PROGRESS or PROGRESS_ACK: (type, fields).
        self.hold_ends_ms = 0
        self.progress_number = 0   # Of the last IN_PROGRESS or PROGRESS_ACK ever said.
        self.asked_to_stop = False
        self.cancel_attempt = 0    # Of a tombstone: that of its CANCEL.
        self.retryable = False     # Of a refusal.
        self.started = False
        self.memory_ms = 0         # When it ended.

    def comes_by(self, header, now_ms):
        """The copy that makes the record, or meets its tombstone."""
        self.idempotency_key = header.idempotency_key or header.message_id
        self.channel, self.stream_id = header.channel, header.stream_id
        self.sequence = header.sequence if header.stream_id else 0
        self.first_ms = now_ms
        self.begins_by(header, now_ms)

    def begins_by(self, header, now_ms):
        """The copy from whose arrival its life and its handler's times count."""
        self.message_id, self.attempt = header.message_id, header.attempt
        self.begun_ms = now_ms
        self.acts = self.said = None

    @property
    def key(self):
        """Of the record: the message that made it is attached to no other."""
        return self.source, self.name

    @property
    def bears_key(self):
        """8.2: not after an end before the start that is not for good."""
        if self.state == State.CANCELLED:
            return self.started and not self.is_tombstone
        return self.state != State.REJECTED or (
            self.reason == Reason.HANDLER_REFUSED and not self.retryable)

    @property
    def stream(self):
        return self.stream_id and (self.source, self.stream_id)

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def made_by(self):
        return self.messages[0].message_id

    @property
    def is_tombstone(self):
        return not self.idempotency_key

    @property
    def is_terminal(self):
        return self.state in TERMINAL

    @property
    def is_refused_for_now(self):
        return (self.state == State.REJECTED and self.reason == Reason.HANDLER_REFUSED
                and self.retryable)

    def may_reopen(self, message, header):
        """Whether a copy is an attempt above all before it, after a refusal for now."""
        return self.is_refused_for_now and 0 < message.attempt < header.attempt


class Message:
    """One message_id: the work it belongs to and the highest attempt received."""

    def __init__(self, message_id, work):
        self.message_id = message_id
        self.work = work
        self.attempt = 0
        self.routers = []    # By which its copies came; None: the first.
        self.executions = 0  # Starts that a copy of it caused.
        self.ttl_end_ms = 0  # Of its own life.
        self.place = 0       # Among all that came, and in its own stream, with its own number.
        self.stream = None
        self.sequence = 0

    def comes_by(self, header, place):
        """Its first copy."""
        self.place = place
        if header.stream_id:
            self.stream, self.sequence = (header.source, header.stream_id), header.sequence
        self.told = False    # Its terminal ACK was handed over.
