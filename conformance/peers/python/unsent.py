"""What an endpoint cannot hand over waits in its memory, and a message's life runs on.

Spec: chapter wire, 3.1 (CMB-WIRE-005). Used by Endpoint.
"""

from collections import deque

from generated import CognitiveMessage, MsgType

MOST_WAITING = 10_000  # Frames of one socket; beyond it the oldest is dropped.


class Unsent:
    """Frames that found no connection, by socket and in their order."""

    def __init__(self, hand_over):
        self.hand_over = hand_over  # (socket, peer, header, payload) -> why ZeroMQ does not take it, or 0.
        self._queues = {}

    def keep(self, socket, header, payload, now_ms):
        """Of a message's copies only the latest waits."""
        kept = CognitiveMessage()
        kept.CopyFrom(header)
        queue = self._queues.setdefault(socket, deque(maxlen=MOST_WAITING))
        if header.msg_type == MsgType.MESSAGE:
            for older in [item for item in queue if item[0].message_id == header.message_id]:
                queue.remove(older)
        queue.append((kept, payload, now_ms + header.ttl_ms))

    def release(self, socket, now_ms):
        """Hands over what it can; True if nothing waits any more."""
        queue = self._queues.get(socket, ())
        while queue:
            header, payload, end_ms = queue[0]
            is_message = header.msg_type == MsgType.MESSAGE
            if is_message and end_ms > now_ms:
                header.ttl_ms = end_ms - now_ms
            has_ended = is_message and end_ms <= now_ms
            if not has_ended and self.hand_over(socket, None, header, payload):
                return False
            queue.popleft()
        return True

    def forget(self):
        self._queues.clear()

    def release_all(self, now_ms):
        for socket in self._queues:
            self.release(socket, now_ms)
