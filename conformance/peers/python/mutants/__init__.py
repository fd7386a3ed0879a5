"""The deliberate bugs, most of them seen in real systems. --list-mutants prints them."""

import importlib
import pkgutil

from mutants.registry import ALL, harness_of

for module in pkgutil.iter_modules(__path__):  # Each registers its own.
    importlib.import_module(f"mutants.{module.name}")

__all__ = ["ALL", "harness_of", "lines"]


def lines():
    """One line a mutant: name, requirement, scenarios, what is wrong, and options of the peer if any.

    Who is found by systems alone is left out: system/interop_test.py runs these.
    """
    return ["\t".join((m.name, m.breaks or "-", " ".join(m.killers), " ".join(m.what.split()), " ".join(m.options)))
            for m in ALL.values() if not m.killers or not m.killers[0].startswith("system/")]
