"""The deliberate bugs, most of them seen in real systems. --list-mutants prints them."""

import mutants_of_the_harness  # noqa: F401  pylint: disable=unused-import
import mutants_of_the_router  # noqa: F401  pylint: disable=unused-import
import mutants_of_the_sender  # noqa: F401  pylint: disable=unused-import
import mutants_of_the_target  # noqa: F401  pylint: disable=unused-import
from mutant_registry import ALL, harness

__all__ = ["ALL", "harness", "lines"]


def lines():
    """One line a mutant: name, requirement, scenarios, what is wrong."""
    return ["\t".join((m.name, m.breaks or "-", " ".join(m.killers), m.what)) for m in ALL.values()]
