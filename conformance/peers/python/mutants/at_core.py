"""Peers that claim CORE and are wrong in what CORE asks for."""

from core import CoreRouter, CoreSender, CoreTarget
from generated import Certainty, Code
from harness import Harness
from mutants.registry import mutant
from roles import ROLES
from target_work import Work

CORE = ("--profile", "CORE")


@mutant("core-knows-no-copies", "CMB-DUP-003", "target/core-copies*", options=CORE)
class CoreKnowsNoCopies(CoreTarget):
    """Each copy is new work."""

    def take_copy(self, message, header):
        work = Work(header.source, self.module_id, header.message_id, self.now_ms)
        work.comes_by(header, self.now_ms)
        self.works[work.key] = message.work = work
        work.messages.append(message)
        self.live(message, header)
        self.received(message, header)
        self.begin(work)


@mutant("core-says-the-end-once", "CMB-DUP-004", "target/core-copies*", options=CORE)
class CoreSaysTheEndOnce(CoreTarget):
    """A copy of ended work is not answered."""

    def answer_copy(self, message, header):
        pass


@mutant("core-says-the-end-twice", "CMB-TGT-005", "target/core-plain-path@work=done", options=CORE)
class CoreSaysTheEndTwice(CoreTarget):
    """Each terminal ACK leaves twice."""

    def tell_end(self, message, attempt):
        super().tell_end(message, attempt)
        super().tell_end(message, attempt)


@mutant("core-starts-what-is-dead", "CMB-TGT-007", "target/core-no-life-is-left*", options=CORE)
class CoreStartsWhatIsDead(CoreTarget):
    """A life that ends before the start refuses nothing."""

    def expire(self, work):
        pass


@mutant("core-accepts-in-silence", "CMB-RTR-001", "router/core-plain-path*", options=CORE)
class CoreAcceptsInSilence(CoreRouter):
    """No ROUTER_ACK."""

    def acknowledge(self, rec, attempt):
        pass


@mutant("core-keeps-resends", "CMB-RTR-036", "router/core-copies*", options=CORE)
class CoreKeepsResends(CoreRouter):
    """A higher attempt is acknowledged and not forwarded."""

    def resume(self, rec):
        pass


@mutant("core-forwards-each-copy", "CMB-RTR-017", "router/core-copies*", options=CORE)
class CoreForwardsEachCopy(CoreRouter):
    """A copy of an attempt that it has goes to the target once more."""

    def on_copy(self, rec, copy):
        is_known = copy.attempt <= rec.attempt
        super().on_copy(rec, copy)
        if is_known:
            self.send(rec.channel, rec.target, rec.raw, rec.payload)


@mutant("core-forgets-the-end", "CMB-RTR-027", "router/core-copies*", options=CORE)
class CoreForgetsTheEnd(CoreRouter):
    """A re-send of a settled message hears no end."""

    def answer_settled(self, rec):
        pass


@mutant("core-never-tries-again", "CMB-RTY-001", "sender/core-the-end-does-not-come", options=CORE)
class CoreNeverTriesAgain(CoreSender):
    """The first expiry of a timer ends the message."""

    def may_retry(self, rec):
        return False


@mutant("core-tries-for-ever", "CMB-RTY-003", "sender/core-retries*", options=CORE)
class CoreTriesForEver(CoreSender):
    """It never gives up."""

    def may_retry(self, rec):
        return True


@mutant("core-hears-no-end", "CMB-SND-008", "sender/core-plain-path*", options=CORE)
class CoreHearsNoEnd(CoreSender):
    """A success is for nobody."""

    def on_terminal(self, rec, ack):
        return None


@mutant("core-fails-what-succeeded", "CMB-LATE-008", "sender/core-plain-path*", options=CORE)
class CoreFailsWhatSucceeded(CoreSender):
    """A second copy of the end fails the message."""

    def is_duplicate(self, rec, ack):
        return False

    def second_terminal(self, rec, ack):
        self.fail(rec, rec.reason, Certainty.UNKNOWN, Code.INTERNAL_ERROR)


@mutant("core-does-more", "", "*/core-*", options=CORE)
class CoreDoesMore(Harness):
    """No bug: it claims CORE and does what BASIC asks for."""

    def __init__(self, _, claims, **more):
        super().__init__(ROLES, claims, **more)


@mutant("core-runs-what-is-not-its-own", "CMB-WIRE-028", "target/core-what-is-dropped*",
        options=CORE)
class CoreRunsWhatIsNotItsOwn(CoreTarget):
    """Neither the channel nor the addressee of a message is looked at."""

    def may_come(self, socket, header):
        return True

    @staticmethod
    def is_of_nobody(header):
        return False
