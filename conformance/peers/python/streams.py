"""Order in a stream: one work at a time, by number, else as they came. CMB-ORD-002, CMB-ORD-003"""


class Stream:
    """What is known of one (source, stream_id) while a record of a message of it is held."""

    def __init__(self):
        self.works = []       # That have not ended, in the order in which they took their places.
        self.current = None   # Whose turn it is.
        self.passed = None    # No number up to this one is waited for; None: none has come.
        self.come = set()     # The numbers that have come.
        self.held = 0         # Messages of it that are remembered.
        self.is_serving = False

    def is_free(self, work):
        """Nobody is waited for before it."""
        return work.sequence <= (self.passed or 0)

    def is_next_number(self, work):
        """Every lower number has come, and none of them waits."""
        if self.is_free(work) or any(not self.is_free(other) and other.sequence < work.sequence
                                     for other in self.works):
            return False
        below = sum(self.passed < number < work.sequence for number in self.come)
        return below == work.sequence - self.passed - 1

    def next(self):
        return next((work for work in self.works
                     if self.is_free(work) or self.is_next_number(work)), None)


class Streams:
    """`offer` is called with each work when it is its turn."""

    def __init__(self, offer):
        self._offer = offer
        self._streams = {}

    def came(self, key, number):
        """A message of the stream is remembered from now on."""
        stream = self._streams.setdefault(key, Stream())
        stream.held += 1
        if number:
            stream.come.add(number)
            if stream.passed is None:
                stream.passed = number - 1

    def forget(self, key):
        """One of them is not any more."""
        stream = self._streams[key]
        stream.held -= 1
        if not stream.held:
            del self._streams[key]

    def passes(self, work):
        """It starts, or its life ended before that."""
        stream = self._streams[work.stream]
        if work.sequence:
            stream.passed = max(stream.passed, work.sequence)

    def join(self, work):
        """Takes a place at the end."""
        self._streams[work.stream].works.append(work)

    def take_turn(self, key):
        """Whose turn it is now; None: it has been somebody's, or nobody may."""
        stream = self._streams.get(key)
        if not stream or stream.current:
            return None
        stream.current = stream.next()
        return stream.current

    def leave(self, work):
        """It has ended, or ended while it waited."""
        stream = self._streams.get(work.stream)
        if stream and work in stream.works:
            stream.works.remove(work)
            if stream.current is work:
                stream.current = None

    def serve(self, key):
        """Offers what may be offered; a work that ends while it is offered goes on here."""
        stream = self._streams.get(key)
        if not stream or stream.is_serving:
            return
        stream.is_serving = True
        while work := self.take_turn(key):
            self._offer(work)
        stream.is_serving = False
