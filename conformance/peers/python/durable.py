"""Keeps records over the end of the process. Mixed into Machine.

Whatever a step changed is written before anything leaves that depends on it, and
once more when the step is over. Without a journal nothing is kept.
Spec: chapter persistence and recovery.
"""

NUMBERS = None  # Key of the counters; no record has it.


class Durable:
    """Needs `timers`; the role gives image_of and take_image."""

    journal = None

    def __init__(self):
        self.numbers = {}     # Counters of ids, by what they count.
        self.touched = set()  # Keys of records that this step may have changed.

    def touch(self, rec):
        self.touched.add(rec.key)

    def next_number(self, of):
        self.numbers[of] = self.numbers.get(of, 0) + 1
        self.touched.add(NUMBERS)
        return self.numbers[of]

    def persist(self):
        """CMB-DUR-013: returns when what this step changed is on the medium."""
        self.touched |= self.timers.changed
        self.timers.changed.clear()
        if self.journal:
            self.journal.write({key: self.image(key) for key in self.touched})

    def image(self, key):
        if key is NUMBERS:
            return self.numbers
        kept = self.image_of(key)
        return kept and (kept, self.timers.of(key))

    def image_of(self, key):
        """What shall be kept of a record besides its timers, or None."""
        raise NotImplementedError

    def take_image(self, key, kept):
        """Puts back what image_of gave."""
        raise NotImplementedError

    def restore(self, images):
        """Begins with what another process left. A deadline that has passed is now."""
        self.numbers = images.pop(NUMBERS, {})
        armed = []
        for key, (kept, timers) in images.items():
            self.take_image(key, kept)
            armed += [(order, key, kind, deadline_ms) for kind, deadline_ms, order in timers]
        for _, key, kind, deadline_ms in sorted(armed, key=lambda item: item[0]):
            self.timers.arm(key, kind, max(deadline_ms, self.now_ms))
        self.begin_memory()
        self.recovered()

    def begin_memory(self):
        """The store begins, or goes on."""

    def recovered(self):
        """What the restart itself causes; most roles have nothing to say."""
