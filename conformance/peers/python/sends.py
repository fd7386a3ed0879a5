"""What a sender is asked to send: whether it can, by which channels, and under which id.

Spec: chapter sender, 4.1. Mixed into Sender.
"""

from generated import Feature
from policy import Policy
from sender_record import Record
from wire import LARGEST_HEADER


class Sends:
    """Sends as the application asks for them."""

    def check_send(self, send):
        """Refuses what cannot be sent, without a record. CMB-SND-004."""
        if send.channel not in self.channels or not send.target:
            raise ValueError("no such channel, or no target")
        if not set(self.channels_of(send)) <= set(self.channels):
            raise ValueError("the policy names a channel that does not exist")
        if send.ttl_ms > self.settings.max_ttl_ms or not Policy(send.policy).in_range:
            raise ValueError("the life or the policy is out of range")
        if self.longest_header(send) > LARGEST_HEADER:
            raise ValueError("the header would be longer than 65536 bytes")
        if self.open_records >= self.settings.in_flight:
            raise ValueError("too many messages in flight")

    def longest_header(self, send):
        """Bytes of the header of whichever attempt. CMB-WIRE-023."""
        prefix, last = self.settings.id_prefix, self.numbers.get("messages", 0)
        header = Record(f"{prefix}{last + 1}", self.module_id, send, [], self.now_ms).header
        header.channel = max([send.channel, *self.channels_of(send)], key=len)
        header.attempt = send.policy.max_retries + 1
        header.ttl_ms = send.ttl_ms
        header.created_wall_ms = self.wall_ms()
        self.speaking(header)
        return header.ByteSize()

    def new_id(self):
        """CMB-DUR-011: the counter is kept, so that no restart repeats it."""
        return f"{self.settings.id_prefix}{self.next_number('messages')}"

    def channels_of(self, send):
        """Where attempts go, one after another, over and over. CMB-FBK-001."""
        if not self.claims.has(Feature.FALLBACK):
            return [send.channel]
        others = [name for name in self.channels if name != send.channel]
        return list(send.policy.channels) or [send.channel, *others]
