"""What rests on what: a number for each requirement, from basic to advanced.

The most basic is what a harness owes, then the plain path of spec/order.yaml, without which nothing
else can be seen, then the profiles in their order and after them the features; in each the chapters
in the reading order of spec/README.md, and in a chapter the order of its sentences.
"""

import re

import yaml

from specs import requirements as requirements_module

FILE = "spec/order.yaml"
_CHAPTER = re.compile(r"\]\((\d\d-[\w-]+\.md)\)")


def plain_path(root):
    """The ids of spec/order.yaml, in its order."""
    path = root / FILE
    return yaml.safe_load(path.read_text())["plain_path"] if path.exists() else []


def numbers(root, requirements):
    """Id -> number from 1."""
    readme = root / "spec" / "README.md"
    text = readme.read_text() if readme.exists() else ""
    reading = {name: at for at, name in reversed(list(enumerate(_CHAPTER.findall(text))))}
    path = {id_: at for at, id_ in enumerate(plain_path(root))}

    def key(requirement):
        chapter = requirement.chapter.split("/")[-1]
        profile, profiles = requirement.profile, requirements_module.PROFILES
        return (requirement.binds_a_role(), path.get(requirement.id, len(path)),
                profiles.index(profile) if profile in profiles else len(profiles),
                reading.get(chapter, len(reading)), chapter, requirement.line)

    return {r.id: at for at, r in enumerate(sorted(requirements.values(), key=key), 1)}


def check(root, requirements, report):
    for id_ in plain_path(root):
        if id_ not in requirements:
            report(FILE, 1, f"{id_} is no requirement; correct it")
        elif requirements[id_].profile not in ("CORE", "BASIC"):
            report(FILE, 1, f"{id_} is of {requirements[id_].profile}; the plain path is CORE or BASIC")
