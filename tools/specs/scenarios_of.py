"""The scenarios as the book and the table of mechanisms name them: id, title, file, requirements."""

import dataclasses

import yaml

ALL_ROLES = {"sender", "router", "target"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclasses.dataclass(frozen=True)
class Scenario:
    id: str
    title: str
    path: str          # From the top of the project.
    requirements: tuple
    role: str = ""     # Under test; `system`: all three.


def read(root):
    """Every scenario that can be read, in the order of files; `tools/spec check` tells of the others."""
    found = []
    for path in sorted((root / "scenarios").rglob("*.yaml")):
        try:
            documents = list(yaml.load_all(path.read_text(), Loader=_Loader))
        except yaml.YAMLError:
            continue
        for document in documents:
            if isinstance(document, dict) and "id" in document:
                found.append(Scenario(str(document["id"]), str(document.get("title", "")),
                                      path.relative_to(root).as_posix(), tuple(sorted(set(_named(document)))),
                                      str(document.get("role", str(document["id"]).split("/")[0]))))
    return found


def by_requirement(root):
    """Id of a requirement -> its scenarios."""
    found = {}
    for scenario in read(root):
        for id_ in scenario.requirements:
            found.setdefault(id_, []).append(scenario)
    return found


def roles_by_requirement(root):
    """Id of a requirement -> the roles under test in the scenarios that name it."""
    found = {}
    for scenario in read(root):
        for id_ in scenario.requirements:
            found.setdefault(id_, set()).update(ALL_ROLES if scenario.role == "system" else {scenario.role})
    return found


def _named(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "requirements" and isinstance(value, list):
                yield from (str(v) for v in value)
            elif key == "req":
                yield from ([str(v) for v in value] if isinstance(value, list) else [str(value)])
            else:
                yield from _named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value)
