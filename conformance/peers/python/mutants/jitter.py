"""Jitter of its own that leaves its bounds, or is not drawn evenly or anew."""

import itertools
import random

from mutants.registry import mutant
from harness import Harness


class OwnJitter(Harness):
    """Another source of jitter where the control channel gives no factors."""

    @staticmethod
    def source():
        raise NotImplementedError

    def _make_machine(self, settings):
        super()._make_machine(settings)
        if not settings.jitter_factors:
            self._machine.jitter = self.source()


@mutant("draws-beyond-the-bounds", "CMB-RTY-009", "sender/backoff-stays-inside-the-jitter-bounds",
        "router/redelivery-keeps-the-jitter-bounds")
class DrawsBeyondTheBounds(OwnJitter):
    """Factors are from 0.5 to 2.5."""

    @staticmethod
    def source():
        return lambda draws=itertools.cycle((0.5, 2.5)): next(draws)


@mutant("cancels-beyond-the-bounds", "CMB-CXL-015",
        "sender/a-cancel-is-repeated-with-jitter-of-its-own")
class CancelsBeyondTheBounds(DrawsBeyondTheBounds):
    """Factors are from 0.5 to 2.5, also of the waits of a CANCEL."""


@mutant("draws-its-jitter-once", "CMB-RTY-009", "*/own-jitter-is-even")
class DrawsItsJitterOnce(OwnJitter):
    """One factor is drawn and used for every wait."""

    @staticmethod
    def source():
        return lambda factor=random.uniform(0.5, 1.5): factor


@mutant("draws-its-jitter-in-the-middle", "CMB-RTY-009", "*/own-jitter-is-even")
class DrawsItsJitterInTheMiddle(OwnJitter):
    """Factors near 1 come more often than others."""

    @staticmethod
    def source():
        return lambda: 0.5 + (random.random() + random.random() + random.random()) / 3


@mutant("jitter-makes-nothing-shorter", "CMB-RTY-009", "*/own-jitter-is-even")
class JitterMakesNothingShorter(OwnJitter):
    """Factors are from 1 to 1.5."""

    @staticmethod
    def source():
        return lambda: random.uniform(1.0, 1.5)
