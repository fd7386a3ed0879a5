"""Which work a message brings, how long that lives, and what has come of its stream.

Spec: chapters target, deduplication, order. Mixed into Target.
"""

from generated import State, Timer


class TargetKeys:
    """The works and messages by name."""

    def find(self, header):
        """The record of this message, if it came before."""
        return self.messages.get((header.source, header.message_id))

    def find_work(self, message, header):
        """The work that it brings, if it is known: the key names it. CMB-DUP-007."""
        if message:
            return message.work
        return self.bearer(header.source, header.idempotency_key or header.message_id)

    def bearer(self, source, key):
        """CMB-DUP-010; work whose life is over ends here, and bears its key no more."""
        work = self.bearers.get((source, key))
        if work and work.state == State.RECEIVED and self.life_is_over(work):
            self.expire(work)
        return self.bearers.get((source, key))

    def rekey(self, work):
        name = work.source, work.idempotency_key
        if work.bears_key:
            self.bearers[name] = work
        elif self.bearers.get(name) is work:
            del self.bearers[name]

    def follow_the_key(self, message, header):
        """CMB-DUP-013: its refused work was brought anew, and all its messages go over to that."""
        refused = message.work
        work = self.bearer(refused.source, refused.idempotency_key)
        if not work:
            return
        self.remember_streams(refused)
        self.forget(refused)
        for moved in refused.messages:
            moved.work = work
            self.join_message(moved)
        work.life_ends_ms = max(work.life_ends_ms, refused.life_ends_ms)
        self.touch(work)
        self.live(message, header)

    def live(self, message, header):
        """CMB-TGT-013: the work lives as long as the longest of its messages."""
        work = message.work
        message.ttl_end_ms = self.now_ms + header.ttl_ms
        before_ms = work.ttl_end_ms
        work.ttl_end_ms = max(each.ttl_end_ms for each in work.messages)
        if not work.is_terminal and work.ttl_end_ms > before_ms:
            self.timers.arm(work.key, Timer.TTL, work.ttl_end_ms)

    def come(self, message, header):
        """CMB-ORD-003: its number has come, whatever becomes of it."""
        message.comes_by(header, self.next_number("places"))
        if self.is_ordered(message):
            self.streams.came(message.stream, message.sequence)

    def remember_streams(self, work):
        for message in work.messages:
            if self.is_ordered(message):
                self.streams.came(message.stream, message.sequence)
