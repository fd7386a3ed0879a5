"""Targets that are wrong in one thing each about the order in a stream."""

from generated import State, Timer
from mutants.registry import mutant
from target import Target


@mutant("works-side-by-side", "CMB-ORD-002", "target/works-of-a-stream-one-at-a-time@ends=SUCCESS")
class WorksSideBySide(Target):
    """Works of one stream are started as they come."""

    def is_ordered(self, work):
        return False


@mutant("numbers-mean-nothing", "CMB-ORD-003", "target/a-stream-waits-for-*")
class NumbersMeanNothing(Target):
    """Works of a stream are started as they come, whatever their numbers."""

    def come(self, message, header):
        header.sequence = 0
        super().come(message, header)

    def take_new(self, header):
        header.sequence = 0
        super().take_new(header)


@mutant("a-lost-number-stops-its-stream", "CMB-ORD-002", "target/a-stream-waits-for-*")
class ALostNumberStopsItsStream(Target):
    """Who waited in vain is refused, and whoever is behind waits for the same number."""

    def expire(self, work):
        passes, self.streams.passes = self.streams.passes, lambda work: None
        super().expire(work)
        self.streams.passes = passes


@mutant("whoever-comes-first-begins", "CMB-ORD-002", "target/a-stream-begins-with-its-first-number")
class WhoeverComesFirstBegins(Target):
    """A stream begins with number 0 if its first message has none."""

    def come(self, message, header):
        super().come(message, header)
        stream = self.streams._streams.get(message.stream)
        if stream and stream.passed is None:
            stream.passed = 0


@mutant("a-cancel-keeps-the-turn", "CMB-ORD-002", "target/cancel-of-held-work-lets-the-next-begin")
class ACancelKeepsTheTurn(Target):
    """Who is behind work that was cancelled waits for the next that ends, or comes."""

    def cancelled(self, work):
        serve, self.streams.serve = self.streams.serve, lambda key: None
        super().cancelled(work)
        self.streams.serve = serve


@mutant("a-start-passes-nothing", "CMB-ORD-002", "target/a-number-that-comes-again-waits-its-turn")
class AStartPassesNothing(Target):
    """Who comes again with the number of a work that has started goes before the numbers above it."""

    def start(self, work):
        passes, self.streams.passes = self.streams.passes, lambda work: None
        super().start(work)
        self.streams.passes = passes


@mutant("the-last-of-one-number-starts-first", "CMB-ORD-002", "target/works-of-one-number-start-as-they-came")
class TheLastOfOneNumberStartsFirst(Target):
    """Of two works that wait with one number the later one is started before the other."""

    def begin(self, work):
        super().begin(work)
        stream = self.streams._streams.get(work.stream)
        works = stream.works if stream else []
        if work in works:
            works.remove(work)
            works.insert(next((place for place, other in enumerate(works)
                               if other.sequence == work.sequence), len(works)), work)


@mutant("one-stream-for-all", "CMB-ORD-002", "target/streams-do-not-wait-for-each-other*")
class OneStreamForAll(Target):
    """Every work waits for the one before, of whatever stream."""

    def take_new(self, header):
        header.stream_id = "all"
        super().take_new(header)


@mutant("a-failure-blocks-its-stream", "CMB-ORD-002", "target/works-of-a-stream-*",
        "target/*stream*")
class AFailureBlocksItsStream(Target):
    """Nothing of a stream is started after a work that failed."""

    def leave_stream(self, work):
        if work.state != State.FAILED:
            super().leave_stream(work)


@mutant("who-waits-cannot-end", "CMB-TGT-007", "target/a-waiting-work-may-end-before-it-starts*")
class WhoWaitsCannotEnd(Target):
    """A work whose life ended while it waited still takes its turn."""

    def offer(self, work):
        self.timers.stop(work.key, Timer.TTL)
        super().offer(work)

    def expire(self, work):
        if work.acts is None and self.is_ordered(work):
            work.ttl_end_ms = 1 << 60
        else:
            super().expire(work)


@mutant("a-life-that-is-over-gives-the-turn-away", "CMB-TMR-013",
        "regressions/whose-life-is-over-holds-up-no-stream")
class ALifeThatIsOverGivesTheTurnAway(Target):
    """After a restart the end of one life offers who has a timer for that."""

    def offer_in_turn(self, works):
        super().offer_in_turn(works)
        for work in works:
            if self.is_ordered(work) and work.state == State.RECEIVED and not self.life_is_over(work):
                self.streams.leave(work)
                self.streams.join(work)
