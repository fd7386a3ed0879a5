"""The ACKs that a record has seen and that were no anomaly. CMB-INS-011."""

from generated import record

FIRST = LAST = 16


def note(history, ack, now_ms):
    """Keeps the first ones and the last ones."""
    if len(history) == FIRST + LAST:
        del history[FIRST]
    history.append((ack.ack_type, ack.status, ack.attempt, now_ms))


def told(history):
    return [record.AckSeen(ack_type=ack_type, status=status, attempt=attempt, at_ms=at_ms)
            for ack_type, status, attempt, at_ms in history]
