"""The deliberate bugs, most of them seen in real systems. --list-mutants prints them."""

from mutants import (batches, certainty, circuit, dead_letters, defaults, harness,  # noqa: F401
                     names, progress, router, router_edges, router_plain, router_tracked, sender, sender_edges, sender_outcomes,
                     sender_plain, sender_tracked, shares, store, target, target_keys, target_plain,
                     target_tracked, telling, timing, versions)
from mutants.registry import ALL, harness_of

__all__ = ["ALL", "harness_of", "lines"]


def lines():
    """One line a mutant: name, requirement, scenarios, what is wrong."""
    return ["\t".join((m.name, m.breaks or "-", " ".join(m.killers), m.what)) for m in ALL.values()]
