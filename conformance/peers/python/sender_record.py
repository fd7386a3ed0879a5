"""What the sender knows of one message."""

from generated import AckType, Alert, Certainty, CognitiveMessage, MsgType, State
from policy import Policy
from wire import LONGEST_MS, SCHEMA_VERSION


class Record:
    """What the sender knows of one message."""

    def __init__(self, message_id, source, send, channels, now_ms):
        self.message_id = message_id
        self.source = source
        self.target = send.target
        self.channel = send.channel    # The one that was used last.
        self.channels = channels       # Those of the attempts.
        self.first_place = channels.index(send.channel) if send.channel in channels else -1
        self.payload = send.payload
        self.policy = Policy(send.policy)
        self.reconcile_window_ms = (
            send.reconcile_window_ms if send.HasField("reconcile_window_ms") else None)
        self.header = CognitiveMessage(
            schema_version=SCHEMA_VERSION, msg_type=MsgType.MESSAGE, message_id=message_id,
            source=source, targets=[send.target], channel=send.channel,
            stream_id=send.stream_id, sequence=send.sequence,
            idempotency_key=send.idempotency_key, policy=send.policy)
        self.state = State.IDLE
        self.attempt = 0               # The last one sent.
        self.routers = []              # By which attempts went; None: the first.
        self.ttl_end_ms = now_ms + min(send.ttl_ms, LONGEST_MS)
        self.created_ms = self.changed_ms = now_ms
        self.reason = self.error = 0
        self.certainty = Certainty.UNSPECIFIED
        self.judged = set()            # What identity() gives of every ACK judged.
        self.row_place = (0, 0)        # What row_place() gave at most.
        self.rejected = set()          # Attempts that the router rejected.
        self.cancels = 0               # CANCELs sent, the repeated ones too.
        self.started = False           # The handler's start was attested.
        # No other message of this sender brings the same work. 9.4
        self.own_key = send.idempotency_key in ("", message_id)
        self.is_provisional = False    # A late terminal may still change the outcome. 9.1
        self.abort_ms = None           # Since when it is.
        self.disproved = False         # A start was attested after NOT_EXECUTED.
        self.refused = False           # Ended by a REJECTED.
        self.alert = Alert.UNSPECIFIED
        self.note = ""
        self.last_ack = (0, 0)
        self.history = []              # ACKs that came and were no anomaly.
        self.last_retry_ms = None
        self.stage = State.SEND_PENDING  # The highest that was seen.
        self.completed_early = False   # At required_ack, below EXECUTION_ACK.
        self.dead_letter = False
        self.required_state = {AckType.ROUTER_ACK: State.ROUTED,
                               AckType.DELIVERY_ACK: State.DELIVERED}.get(
                                   self.policy.required_ack, State.COMPLETED_SUCCESS)

    @property
    def key(self):
        return self.message_id

    @property
    def retries(self):
        return max(self.attempt - 1, 0)

    @property
    def is_terminal(self):
        return self.state >= State.COMPLETED_SUCCESS

    @property
    def may_fail_late(self):
        """CMB-LATE-006: completed early, and the target has not told its success."""
        return self.completed_early and self.stage != State.COMPLETED_SUCCESS
