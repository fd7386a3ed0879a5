"""Who cites a requirement: scenarios that test it, and any file that names its id."""

import os
import re

import yaml

from specs import scenarios_of
from specs.requirements import FIRST_FAKE, ID

FOLDERS = ("spec", "scenarios", "conformance", "reference", "tools", "proto")
SUFFIXES = {".md", ".yaml", ".yml", ".json", ".cc", ".h", ".py", ".proto", ".txt", ".sh", ".cmake", ""}
CHOICE = re.compile(r"CHO-(?!000)\d{3}\b")
COMMENT = re.compile(r"//.*")


def files(root):
    """Text files that may cite, as paths from the root."""
    for folder in FOLDERS:
        for base, folders, names in os.walk(root / folder):
            # Test data may name ids of its own.
            folders[:] = sorted(f for f in folders if f not in ("__pycache__", "build", "testdata"))
            for name in sorted(names):
                if os.path.splitext(name)[1] in SUFFIXES:
                    yield os.path.relpath(os.path.join(base, name), root)


def check_ids(root, requirements, choices, report):
    known_choices = {choice["id"] for choice in choices}
    for name in files(root):
        try:
            text = (root / name).read_text()
        except (UnicodeDecodeError, OSError):
            continue
        if "CMB-" not in text and "CHO-" not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for id_ in ID.findall(line):
                if id_ not in requirements and int(id_[-3:]) < FIRST_FAKE:
                    report(name, number, f"cites {id_}, which is no requirement; correct the id "
                                         f"(a test of an unknown id uses a number from {FIRST_FAKE} on)")
            for id_ in CHOICE.findall(line):
                if id_ not in known_choices and int(id_[-3:]) < FIRST_FAKE:
                    report(name, number, f"cites {id_}, which is not in spec/choices.yaml; correct or register it")


def scenarios_by_requirement(root, report):
    """Id -> ids of the scenarios that name it in `requirements` or in a step's `req`."""
    found = {}
    for path in sorted((root / "scenarios").rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            documents = list(yaml.safe_load_all(path.read_text()))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            report(name, mark.line + 1 if mark else 1, "is not YAML; mend it")
            continue
        for document in documents:
            if isinstance(document, dict) and "id" in document:
                for id_ in sorted(set(_named(document))):
                    found.setdefault(id_, []).append(document["id"])
    return found


def _named(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "requirements" and isinstance(value, list):
                yield from (str(v) for v in value)
            elif key == "req":
                yield str(value)
            else:
                yield from _named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value)


def _cited_by_suite(root):
    """Ids that the suite's own sources name, its tests and its Python peer left out."""
    cited = set()
    for name in files(root):
        if name.startswith("conformance/") and name.endswith((".cc", ".h")) and "_test." not in name:
            cited.update(ID.findall((root / name).read_text(errors="replace")))
    return cited


def _cited_by_reference(root):
    """Ids that a comment of the reference names, its tests left out."""
    cited = set()
    for name in files(root):
        is_test = "_test" in name or "/testing/" in name
        if name.startswith("reference/") and name.endswith((".cc", ".h")) and not is_test:
            for comment in COMMENT.findall((root / name).read_text(errors="replace")):
                cited.update(ID.findall(comment))
    return cited


def check_reference(root, requirements, report):
    if not (root / "reference").is_dir():
        return  # The specification and the suite also live without it.
    cited = _cited_by_reference(root)
    for r in requirements.values():
        if r.binds_a_role() and r.id not in cited:
            report(r.chapter, r.line, f"{r.id} is named by no comment of reference/; name it at the line that fulfils "
                                      "it, or where something absent does, in one clause that says what")


def check_coverage(root, requirements, by_requirement, report):
    """Who binds several roles is shown in each: what one implementation does says nothing of the others."""
    cited = _cited_by_suite(root)
    roles = scenarios_of.roles_by_requirement(root)
    for r in requirements.values():
        if r.needs_scenario() and r.id not in by_requirement:
            report(r.chapter, r.line, f"{r.id} is a MUST of {r.profile} that no scenario names; write one under "
                                      "scenarios/, or say here why none can exist (inspection: …)")
        elif r.needs_scenario():
            for role in r.roles:
                if role not in roles[r.id]:
                    report(r.chapter, r.line, f"{r.id} binds the {role}, and no scenario of that role names it; write "
                                              f"one, or take {role} out of the parentheses")
        if r.needs_check_in_every_case() and r.id not in cited:
            report(r.chapter, r.line, f"{r.id} is to be checked in every case and no source of conformance/ names "
                                      "it; name it in the rule that checks it")
