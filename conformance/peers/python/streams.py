"""Order in a stream: one work at a time, in the order in which they came. CMB-ORD-002"""

from collections import deque


class Stream:
    """The works of one (source, stream_id) that have not ended; the first is being offered."""

    def __init__(self):
        self.works = deque()
        self.is_serving = False


class Streams:
    """`offer` is called with each work when it is its turn."""

    def __init__(self, offer):
        self._offer = offer
        self._streams = {}

    def join(self, work, is_ordered):
        self.rejoin(work, is_ordered)
        self.serve(work)

    def rejoin(self, work, is_ordered):
        """Takes a place at the end. Says whether it is the first."""
        if not is_ordered:
            return True
        stream = self._streams.setdefault(work.stream, Stream())
        stream.works.append(work)
        return stream.works[0] is work

    def leave(self, work):
        """It has ended, or ended while it waited; the next one's turn is now."""
        stream = self._streams.get(work.stream)
        if stream and work in stream.works:
            stream.works.remove(work)
            self._serve(stream)
            if not stream.works:
                self._streams.pop(work.stream, None)

    def serve(self, work):
        """Offers a work without stream, or the first of its stream."""
        stream = self._streams.get(work.stream)
        if stream and work in stream.works:
            self._serve(stream)
        else:
            self._offer(work)

    @staticmethod
    def _next(stream):
        first = stream.works[0] if stream.works else None
        return first if first and first.acts is None else None

    def _serve(self, stream):
        if stream.is_serving:  # A work has ended while it was offered: the loop goes on.
            return
        stream.is_serving = True
        while work := self._next(stream):
            self._offer(work)
        stream.is_serving = False
