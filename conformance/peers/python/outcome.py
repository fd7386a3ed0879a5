"""What a sender's outcome proves, and how it is told to people."""

from generated import AckType, Certainty, Code, Reason, State, Status, record


def known_so_far(rec):
    """CMB-LATE-013: what is known is never taken back."""
    if rec.started or rec.certainty == Certainty.EXECUTED:
        return Certainty.EXECUTED
    return rec.certainty or Certainty.UNKNOWN


def without_start(rec):
    """What is known once no copy of the message can have been executed."""
    known = known_so_far(rec)
    if known == Certainty.UNKNOWN and rec.own_key:
        return Certainty.NOT_EXECUTED
    return known


def attests_start(ack):
    """Only the target speaks of this; rows 1 to 3 of 9.4."""
    if ack.ack_type == AckType.PROGRESS_ACK or ack.status == Status.IN_PROGRESS:
        return not ack.HasField("hold_ms")
    if ack.ack_type != AckType.EXECUTION_ACK or ack.status == Status.REJECTED:
        return False
    if ack.status == Status.FAILURE and ack.error_code == Code.CANCELLED:
        return ack.started
    return ack.status == Status.SUCCESS or ack.error_code != Code.INTERRUPTED


def certainty_of_terminal(rec, ack, now_ms):
    """What a terminal EXECUTION_ACK proves about the work."""
    if attests_start(ack):
        return Certainty.EXECUTED
    unstarted = ack.status == Status.REJECTED or (
        ack.error_code == Code.CANCELLED and ack.HasField("started"))
    if unstarted and remembers_it_all(rec, ack, now_ms):
        return without_start(rec)
    return known_so_far(rec)


def remembers_it_all(rec, ack, now_ms):
    """The target's record reaches back to the first send."""
    return ack.HasField("memory_ms") and ack.memory_ms >= now_ms - rec.created_ms


def disproves(rec, ack):
    """A start, where a proof had ruled it out."""
    return rec.certainty == Certainty.NOT_EXECUTED and attests_start(ack)


def exhausted_text(rec):
    """The text of the Fleet document, word for word."""
    return (f"Fleet: message {rec.message_id} to {rec.target} failed after {rec.retries} retries.\n"
            f"Check target connectivity. Last channel attempted: {rec.channel}")


def cause_text(rec):
    cause = Reason.name(rec.reason).lower().replace("_", " ")
    code = f" ({Code.name(rec.error)})" if rec.error else ""
    return f"message {rec.message_id} to {rec.target}: {cause}{code}"


def late_failure_text(rec, ack):
    return (f"message {rec.message_id} to {rec.target}: {AckType.name(ack.ack_type)} says that it"
            f" failed ({Code.name(ack.error_code)}), after it was thought done")


def wrong_proof_text(rec):
    return (f"message {rec.message_id} to {rec.target}: it was executed, though a proof said"
            " that it was not")


def circuit_text(rec):
    return f"message {rec.message_id} to {rec.target}: circuit to {rec.target} is open"


_V0 = {State.IDLE: "NEW", State.SEND_PENDING: "AWAIT_ROUTER_ACK", State.COMPLETED_SUCCESS: "DONE",
       State.COMPLETED_FAILURE: "FAILED_NACK", State.TIMEOUT_ABORT: "FAILED_TIMEOUT"}
_SW4RM = {State.IDLE: "-", State.SEND_PENDING: "SENT", State.ROUTED: "SENT",
          State.DELIVERED: "RECEIVED", State.EXECUTING: "READ",
          State.COMPLETED_SUCCESS: "FULFILLED", State.TIMEOUT_ABORT: "TIMED_OUT"}
_FLEET = {State.IDLE: "none", State.SEND_PENDING: "awaiting", State.ROUTED: "awaiting",
          State.DELIVERED: "delivered", State.EXECUTING: "delivered",
          State.COMPLETED_SUCCESS: "processed"}


def views_of(rec):
    """The record in the words of the three older documents."""
    # Completed early: SW4RM and Fleet follow the highest stage seen.
    state = rec.stage if rec.completed_early else rec.state
    sw4rm = _SW4RM.get(state) or ("REJECTED" if rec.refused else "FAILED")
    return record.Views(cmb_v0=_V0.get(rec.state, "AWAIT_EXEC_ACK"), sw4rm=sw4rm,
                        fleet=_FLEET.get(state, "failed"))
