"""The mutants that nobody can notice, and why: equivalent.yaml."""

import yaml


def read(top):
    """{key of the mutant: why}."""
    entries = yaml.safe_load((top / "tools/mutating/equivalent.yaml").read_text())
    return {mutant: entry["why"] for entry in entries for mutant in entry["mutants"]}
