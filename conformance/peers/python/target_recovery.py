"""What a target keeps over a restart, and what it does with it.

Spec: chapter persistence and recovery. Mixed into Target.
"""

from durable import NUMBERS
from generated import Code, Reason, State, Timer


class TargetRecovery:
    """image_of, take_image, recovered."""

    def begin_memory(self):
        """It begins empty, unless a store says when it did."""
        self.numbers.setdefault("began_ms", self.now_ms)
        self.touched.add(NUMBERS)

    def image_of(self, key):
        return self.works.get(key)

    def take_image(self, key, kept):
        kept.script = kept.acts = None  # A script does not outlive the process.
        self.works[key] = kept
        self.rekey(kept)
        for message in kept.messages:
            self.messages[kept.source, message.message_id] = message

    def recovered(self):
        """What broke off is told; what was not begun is offered by a timer that is due now."""
        works = sorted(self.works.values(), key=lambda work: work.place)
        self.recover_streams(works)
        for work in works:
            if work.state == State.EXECUTING:  # CMB-DUR-006
                self.end(work, State.FAILED, Reason.INTERRUPTED, Code.INTERRUPTED)
            elif work.is_terminal and not work.is_tombstone:
                self.tell_what_was_not_told(work)
            elif not work.is_terminal:
                self.announce(work)
        self.offer_in_turn(works)

    def offer_in_turn(self, works):
        """In the order in which they came, of each stream the first: 10.7."""
        waiting = [work for work in works
                   if work.state == State.RECEIVED and not self.life_is_over(work)]
        for work in works:
            self.timers.stop(work.key, Timer.HANDLER)  # Of a script that is gone.
        for work in filter(self.is_ordered, waiting):
            self.streams.join(work)
        streams = dict.fromkeys(work.stream for work in works if self.is_ordered(work))
        first = [self.streams.take_turn(stream) for stream in streams]
        for work in waiting:
            if not self.is_ordered(work) or work in first:
                self.timers.arm(work.key, Timer.HANDLER, self.now_ms)

    def recover_streams(self, works):
        """What has come and what is passed, by the records that are left."""
        messages = [message for work in works for message in work.messages]
        for message in sorted(messages, key=lambda each: each.place):
            if self.is_ordered(message):
                self.streams.came(message.stream, message.sequence)
        for work in works:
            if self.is_ordered(work) and (work.started or work.reason == Reason.TTL_EXPIRED):
                self.streams.passes(work)

    def announce(self, work):
        """CMB-DUR-017: it is still here."""
        for message in work.messages:
            self.send_receipt(message.routers, work.source, message.message_id, message.attempt)

    def tell_what_was_not_told(self, work):
        """CMB-DUR-008"""
        for message in work.messages:
            if not message.told:
                self.tell_end(message, message.attempt)
