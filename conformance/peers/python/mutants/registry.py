"""How a deliberate bug is written down: a class, its requirement, its killers.

A mutant is the peer with one named override of a few lines. It names the
requirement it breaks and globs of the scenarios that must catch it; the suite's
self-test (conformance/selftest) holds the suite to that.
"""

import harness as plain
from roles import roles_of

ALL = {}


class Mutant:
    """One bug. `make` replaces the class of its role, or the harness."""

    def __init__(self, name, make, breaks, killers, options):
        self.name = name
        self.make = make
        self.breaks = breaks    # The requirement that a failure must blame; "": none is expected.
        self.killers = killers  # Globs of scenarios; one of them must fail so.
        self.options = options  # Of the peer, where it breaks a rule for who declares less.
        self.what = make.__doc__


def mutant(name, breaks, *killers, options=()):
    """Registers the decorated class; its docstring says what is wrong."""
    def register(make):
        assert name not in ALL, name
        ALL[name] = Mutant(name, make, breaks, killers, options)
        return make
    return register


def harness_of(claims, name):
    """The harness with all three roles, one of them mutated."""
    make = ALL[name].make
    if issubclass(make, plain.Harness):
        return make(roles_of(claims), claims, name=f"python-peer+{name}")
    return plain.Harness({**roles_of(claims), make.ROLE: make}, claims, name=f"python-peer+{name}")
