"""The scenarios as the book and the table of mechanisms name them: id, title, file, requirements."""

import dataclasses

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclasses.dataclass(frozen=True)
class Scenario:
    id: str
    title: str
    path: str          # From the top of the project.
    requirements: tuple


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
                                      path.relative_to(root).as_posix(), tuple(sorted(set(_named(document))))))
    return found


def by_requirement(root):
    """Id of a requirement -> its scenarios."""
    found = {}
    for scenario in read(root):
        for id_ in scenario.requirements:
            found.setdefault(id_, []).append(scenario)
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
