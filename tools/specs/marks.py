"""Whom a piece of a chapter is for: marks in comments, and what belongs to a piece without one.

A mark is `<!-- for: ROLES; CONDITIONS -->`. ROLES are roles by commas, `all` (sender, router, target), `endpoints`
(sender, target) or `background` (no role's document). CONDITIONS, by semicolons, are profiles or features that the
reader declares, or `without X`. ` or ` joins two of these. Where a mark stands says how far it reaches:

  alone on a line before a heading      the prose of that section
  alone on a line before another block  that block
  at the very end of a row or item      that row or item
  elsewhere inside a paragraph or cell  what follows, up to the next mark, `<!-- for end -->` or the end

A requirement is for whom it binds at the profile or feature that it names; one of who `does not declare X`, not for who
does. Prose without a mark of its own belongs to the roles, the profile and the feature of the requirement before it in its
section; before the first one it is for whom the section is marked, or else for whoever one of its requirements binds,
or else for whom the chapter is marked. What belongs to nobody so is a fault.
"""

import dataclasses
import re

from specs import requirements as requirements_module

ROLES = ("sender", "router", "target")
_GROUPS = {"all": ROLES, "endpoints": ("sender", "target"), "background": ()}
MARK = re.compile(r"<!-- for(?:: ([^>]*?)| (end)) -->")
_SPARED = re.compile(r"\bdoes not declare (\w+)")
_HEADING = re.compile(r"^(#{1,3}) (.+?)\s*$")
_FORMS = {"generated": re.compile(r"^<!-- generated: (\w+) -->$"),
          "mark": re.compile(r"^<!-- for: ([^>]*?) -->$"),
          "heading": _HEADING,
          "requirement": re.compile(r"^\*\*(CMB-[A-Z]+-\d{3})\*\*"),
          "table": re.compile(r"^\|"),
          "fence": re.compile(r"^```"),
          "code": re.compile(r"^    \S"),
          "items": re.compile(r"^(?:[-*]|\d+\.) ")}


@dataclasses.dataclass(frozen=True)
class Mark:
    ways: tuple = ()  # Of (roles, conditions), a condition being (profile or feature, whether it is declared).


@dataclasses.dataclass
class Block:
    kind: str     # A key of _FORMS, or paragraph.
    line: int
    lines: list
    section: object = None  # The heading that it stands under.
    inherited: tuple = ()   # The mark of the innermost heading that has one.
    holds: list = dataclasses.field(default_factory=list)  # Of a heading: what stands under it, at whatever depth.
    owners: object = ()     # Marks and requirements: whoever one of them is for reads it; None: not known yet.

    @property
    def text(self):
        return " ".join(line.strip() for line in self.lines)


@dataclasses.dataclass(frozen=True)
class Reader:
    """Who implements what: a role, or the harness, up to a profile, with features."""
    role: str
    profile: str
    features: tuple = ()

    def declares(self, word):
        profiles = requirements_module.PROFILES
        if word in profiles:
            return profiles.index(word) <= profiles.index(self.profile)
        return word in self.features

    def reads(self, owner):
        if isinstance(owner, Mark):
            return any(self.role in roles and all(self.declares(word) == wanted for word, wanted in conditions)
                       for roles, conditions in owner.ways)
        spared = _SPARED.search(owner.sentence)  # `a target that does not declare TRACKED`
        return self.role in owner.roles and self.declares(owner.profile) and not (spared and self.declares(spared[1]))


def parse(text, features):
    """The mark that these words are; ValueError says what is wrong."""
    return Mark(tuple(_way(part, features) for part in text.split(" or ")))


def _way(text, features):
    roles, *conditions = [part.strip() for part in text.split(";")]
    found = []
    for role in (r.strip() for r in roles.split(",")):
        if role not in (*_GROUPS, *requirements_module.ROLES):
            raise ValueError(f"{role!r} is no role; use {', '.join((*requirements_module.ROLES, *_GROUPS))}")
        found += _GROUPS.get(role, (role,))
    return tuple(found), tuple(_condition(c, features) for c in conditions)


def _condition(text, features):
    wanted = not text.startswith("without ")
    word = text.removeprefix("without ")
    if word not in requirements_module.PROFILES and word not in features:
        raise ValueError(f"{word!r} is neither a profile nor a feature")
    return word, wanted


def blocks(text):
    """The blocks of a chapter in order; a mark that stands alone is a block of kind `mark`."""
    lines, at = text.splitlines(), 0
    while at < len(lines):
        kind = _kind(lines[at])
        end = _end(kind, lines, at)
        if kind:
            yield Block(kind, at + 1, lines[at:end])
        at = end


def _kind(line):
    return next((kind for kind, form in _FORMS.items() if form.match(line)), "paragraph") if line.strip() else ""


def _end(kind, lines, at):
    """The first line after the block of this kind that begins at `at`."""
    rest = range(at + 1, len(lines))
    if kind in ("", "heading", "mark"):
        return at + 1
    if kind in ("generated", "fence"):
        last = "<!-- end -->" if kind == "generated" else "```"
        return next((n + 1 for n in rest if lines[n].strip() == last), len(lines))
    if kind == "code":
        return next((n for n in rest if lines[n].strip() and not lines[n].startswith("    ")), len(lines))
    stops = ("requirement", "mark", "heading")
    return next((n for n in rest if not lines[n].strip() or _kind(lines[n]) in stops
                 or (kind == "table") != (_kind(lines[n]) == "table")), len(lines))


def owned(text, known, features, report):
    """The blocks of a chapter without the marks, each with its owners; what is wrong goes to `report(line, text)`."""
    found, waiting, sections = [], None, []
    for block in blocks(text):
        if block.kind == "mark":
            if waiting:
                report(block.line, "two marks stand before one block; remove one")
            waiting = _marked(block, features, report)
            continue
        if block.kind == "heading":
            level = len(_HEADING.match(block.lines[0])[1])
            sections = [s for s in sections if s[0] < level] + [(level, block, waiting)]
        else:
            block.section = sections[-1][1] if sections else None
            block.inherited = tuple(s[2] for s in sections if s[2])[-1:]
            block.owners = _owners(block, waiting, sections, found, known)
            for _, heading, _ in sections:
                heading.holds.append(block)
        waiting = None
        found.append(block)
    _give_to_all(found)
    return found


def _marked(block, features, report):
    try:
        return parse(_FORMS["mark"].match(block.lines[0])[1], features)
    except ValueError as error:
        report(block.line, f"is no mark: {error}")
        return Mark()


def _owners(block, mark, sections, before, known):
    if block.kind == "requirement":
        requirement = known.get(_FORMS["requirement"].match(block.lines[0])[1])
        return (requirement,) if requirement else ()
    if mark:
        return (mark,)
    last = next((b for b in reversed(before) if b.kind == "requirement" and b.section is block.section), None)
    if last:
        return last.owners
    return (sections[-1][2],) if sections and sections[-1][2] else None


def _give_to_all(found):
    """Prose before the first requirement is for whoever reads one of the section, or else for whom the chapter is."""
    for block in found:
        if block.owners is None:
            bound = (b.owners for b in found if b.kind == "requirement" and b.section is block.section)
            block.owners = tuple(owner for owners in bound for owner in owners) or block.inherited


def check(blocks_, features, report):
    """Prose that is in nobody's document, and marks that no reader would understand."""
    for block in blocks_:
        if block.kind in ("heading", "generated"):
            continue
        if not block.owners:
            report(block.line, "belongs to no role: no requirement stands before it in its section; mark whom it is for, or "
                               "as background (tools/specs/marks.py)")
        for number, line in enumerate(block.lines, block.line):
            if line.startswith("<!-- for"):
                report(number, "a mark inside a paragraph begins a line, which ends the paragraph; put it behind a word")
        try:
            pieces(block.text, features)
        except ValueError as error:
            report(block.line, f"holds no mark: {error}")
        if len(MARK.findall(block.text)) != block.text.count("<!-- for"):
            report(block.line, "holds a mark without `: ROLES`; write <!-- for: ROLES; CONDITIONS -->")


def pieces(text, features):
    """(mark or None, words) of a paragraph or cell, cut where a mark inside it stands."""
    at, mark, found = 0, None, []
    for match in MARK.finditer(text):
        found.append((mark, text[at:match.start()]))
        mark = None if match[2] else parse(match[1], features)
        at = match.end()
    return [piece for piece in [*found, (mark, text[at:])] if piece[1].strip()]


def end_mark(text, features):
    """(mark or None, the text without it) of a row or item that ends with a mark."""
    text = text.rstrip()
    row = text.startswith("|")
    inner = text.removesuffix("|").rstrip() if row else text
    match = re.search(MARK.pattern + "$", inner)
    if not match or match[2]:
        return None, text
    return parse(match[1], features), inner[:match.start()].rstrip() + (" |" if row else "")


def cells(row):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip())[1:-1]]


def items(lines):
    """The items of a list, each on one line."""
    found = []
    for line in lines:
        if _FORMS["items"].match(line):
            found.append(line)
        else:
            found[-1] += " " + line.strip()
    return found
