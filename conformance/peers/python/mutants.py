"""The deliberate bugs: each is the peer with one named override of a few lines.

Each names the requirement it breaks and the scenarios expected to catch it; the
suite's self-test (conformance/selftest) holds the suite to that.
"""

import harness as plain
from generated import Role
from router import Router
from sender import Sender
from target import Target

ROLES = {Role.SENDER: Sender, Role.ROUTER: Router, Role.TARGET: Target}


class Mutant:
    """One bug. `make` is a class that replaces its role, or a Harness."""

    def __init__(self, name, make, breaks, killers):
        self.name = name
        self.make = make
        self.breaks = breaks    # Requirement id that a failure must blame.
        self.killers = killers  # Globs of scenarios, one of which must fail so.


ALL = {}


def mutant(name, breaks, *killers):
    """Registers the decorated class as a mutant; its docstring says what is wrong."""
    def register(make):
        ALL[name] = Mutant(name, make, breaks, killers)
        return make
    return register


def lines():
    return [f"{m.name}\t{m.breaks}\t{' '.join(m.killers)}\t{m.make.__doc__}" for m in ALL.values()]


def harness(name):
    """The harness with all three roles, one of them mutated."""
    if name is None:
        return plain.Harness(ROLES)
    make = ALL[name].make
    if issubclass(make, plain.Harness):
        return make(ROLES)
    return plain.Harness({**ROLES, make.ROLE: make}, name=f"python-peer+{name}")
