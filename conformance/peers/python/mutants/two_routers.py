"""Endpoints that are wrong where their channels lead to two routers. Systems find them."""

from mutants.registry import mutant
from sender import Sender
from target import Target


@mutant("leaves-in-silence", "CMB-FBK-004", "system/fallback-when-a-router-dies")
class LeavesInSilence(Sender):
    """The router that an attempt leaves is not told."""

    def leave_router(self, router, rec):
        pass


@mutant("gives-up-at-one-router", "CMB-FBK-005", "system/fallback-and-giving-up*")
class GivesUpAtOneRouter(Sender):
    """Only the router of the last attempt hears that the sender gives up."""

    def tell_router(self, rec, reason):
        routers, rec.routers = rec.routers, rec.routers[-1:]
        super().tell_router(rec, reason)
        rec.routers = routers


@mutant("answers-by-the-first-way", "CMB-FBK-006", "system/fallback-over-two-routers*")
class AnswersByTheFirstWay(Target):
    """A RECEIPT goes to the first router, whichever brought the copy."""

    def send_receipt(self, routers, *args, **fields):
        super().send_receipt([None], *args, **fields)


@mutant("answers-a-cancel-by-one-way", "CMB-FBK-007", "system/fallback-and-a-cancel*")
class AnswersACancelByOneWay(Target):
    """What is no answer to a copy goes through the router of the last one alone."""

    def routers_of(self, message):
        return super().routers_of(message)[-1:]
