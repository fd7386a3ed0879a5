"""One document for each role and profile: of all chapters only what its implementer needs.

`marks` says whom each piece of a chapter is for; here the pieces are chosen and put together again. What a document
leaves out it does not mention either: a parenthesis that leads nowhere goes, and any other such mention is a fault.
"""

import dataclasses
import re
import textwrap

from specs import machines as machines_module
from specs import marks, render
from specs import requirements as requirements_module

WIDTH = 112
# Words that a document may have, those of its tables too, by role, profile and features; a harness has data sockets, or
# all ways in.
_SOCKETS = ("ordered", "batch_ack", "fallback", "circuit_breaker", "conditional_ack", "curve", "virtual_clock", "metrics")
MOST_WORDS = {("target", "BASIC", ()): 6000, ("sender", "BASIC", ()): 8000, ("router", "BASIC", ()): 9000,
              ("harness", "BASIC", ()): 3000, ("harness", "DURABLE", _SOCKETS): 3000, ("harness", "DURABLE", ()): 3400,
              ("router", "DURABLE", ()): 12000}
_ID, _CHOICE = r"CMB-[A-Z]+-\d{3}", r"CHO-\d{3}"
_SECTION = r"(?<![\d.\w·≥-])(?<!libzmq )\d{1,2}\.\d{1,2}(?!\d|\.\d|%)(?! (?:s|ms|to|·|×|up)\b)"
_MENTION = re.compile(rf"({_ID})|({_CHOICE})|[Cc]hapters? (\d\d?)\b(?!\.\d)|({_SECTION})")
_REFERENCE = rf"(?:see )?(?:{_ID}|{_CHOICE}|chapters? \d\d?|\d\d?(?:\.\d\d?)?)"
_ASIDE = re.compile(rf"\s?\(({_REFERENCE}(?:(?:,|;| and| or) {_REFERENCE})*)\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")
_NAME = rf"{_ID}|{_CHOICE}|\d\d?(?:\.\d\d?)?"
_BULLET = re.compile(r"^(?:[-+*>#|]|\d+[.)])(?:\s|$)")
_SEAM = re.compile(r" (?=[,;.:)]+(?:\s|$))")  # Where a mark stood before what goes with the word in front of it.
_WHO = re.compile(r"^(?:(?:all|endpoints?|sender|router|target)\b,? ?)+")
# Columns that say whom a row is for. A sender needs every code that somebody sends, since it receives them all.
_BY_COLUMN = ("who", "sent by, in")
_ALL_ROWS = {"sender": "sent by, in"}

FRONT = """# {title}

CMB-ACK is a protocol by which a *sender* learns, through a *router*, what became of a message to a *target*. {what} It
keeps the numbers of the specification's chapters, so some are missing. A *requirement* is one sentence behind its id.

{beside}
"""
WHAT = "This document is all that binds a {kind}."
BESIDE = ("Beside it you need the schemas (`.proto` files) and byte vectors (`wire/vectors/`) in `proto/`, and for the tests "
          "the document of the harness, which is chapter 10.")
WHAT_HARNESS = "This document is all that binds the harness, the program which makes an implementation testable."
BESIDE_HARNESS = ("Beside it you need the schemas, the `.proto` files in `proto/`, and the document of the role that your "
                  "implementation plays: it has every section that is mentioned here and not of chapter 10.")
# What a harness declares that the suite writes.
SCAFFOLD = ("virtual_clock", "inline_frames", "inline_headers")
LACKS_SCAFFOLD = (" Virtual time, frames in the control channel, and standard input and output, which a harness that the "
                  "suite writes has, are left out; with them: `tools/spec role --role harness --profile BASIC --features "
                  f"{','.join(SCAFFOLD)}`.")


@dataclasses.dataclass
class Piece:
    """A block as one reader gets it: each row, item, paragraph or requirement is one line."""
    block: object
    lines: list


class Document:
    """What one reader gets: pieces by chapter. `dangling` tells what it mentions and does not hold."""

    def __init__(self, spec, reader):
        self.spec, self.reader, self.dangling = spec, reader, []
        machine = next((m for m in spec.machines if m.name == reader.role), None)
        self.machine = machine and machines_module.narrowed(machine, reader, spec.requirements)
        found = {path: self._pieces(blocks) for path, blocks in spec.chapters.items()}
        self.chapters = {path: pieces for path, pieces in found.items() if pieces}
        if reader.role != "harness":
            self._tidy_all()
        sentences = {piece.block.owners[0].id: piece.lines[0] for pieces in self.chapters.values() for piece in pieces
                     if piece.block.kind == "requirement"}
        self.requirements = {id_: dataclasses.replace(spec.requirements[id_], sentence=sentence)
                             for id_, sentence in sentences.items()}

    def texts(self):
        """(path, Markdown) of each chapter, with what `book` needs to draw machines and box requirements."""
        for path, pieces in self.chapters.items():
            yield path, "\n\n".join("\n".join(_source(piece)) for piece in pieces)

    @property
    def title(self):
        return f"CMB-ACK for {self._kind()}"

    def _kind(self):
        if self.reader.role == "harness" and file_name(self.reader) == "harness":
            return "a harness"
        features = "".join(f" {'and' if n else 'with'} {f}" for n, f in enumerate(self.reader.features))
        return f"a {self.reader.profile} {self.reader.role}{features}"

    def front(self):
        harness = self.reader.role == "harness"
        lacks = "" if set(SCAFFOLD) & set(self.reader.features) else LACKS_SCAFFOLD
        text = FRONT.format(title=self.title, what=WHAT_HARNESS if harness else WHAT.format(kind=self._kind()[2:]),
                            beside=BESIDE_HARNESS + lacks if harness else BESIDE)
        return [part.replace("\n", " ") for part in text.strip().split("\n\n")]

    def _pieces(self, blocks):
        kept = [Piece(block, lines) for block in blocks if (lines := self._lines(block))]
        held = {id(piece.block) for piece in kept if piece.block.kind != "heading"}
        return [p for p in kept if p.block.kind != "heading" or any(id(b) in held for b in p.block.holds)]

    def _lines(self, block):
        if block.kind == "heading":
            return block.lines
        if block.kind == "generated":
            return self._generated(block)
        if not any(self.reader.reads(owner) for owner in block.owners):
            return []
        if block.kind in ("code", "fence"):
            return block.lines
        if block.kind == "table":
            return self._table(block.lines)
        if block.kind == "items":
            return [line for item in marks.items(block.lines) for line in self._unit(item)]
        if block.kind == "requirement":
            return [block.owners[0].sentence]
        return [line] if (line := self._words(block.text)) else []

    def _generated(self, block):
        name = block.lines[0].split()[2]
        if name == self.reader.role:
            return [block.lines[0], *self._machine_table(), block.lines[-1]]
        mine = {id_ for id_, r in self.spec.requirements.items() if self.reader.reads(r)}
        chosen = [{**c, "req": [id_ for id_ in c["req"] if id_ in mine]} for c in self.spec.choices
                  if mine & set(c.get("req", []))]
        return _inner(render.choices_list(chosen)) if name == "choices" and chosen else []

    def _machine_table(self):
        return [row for line in _inner(render.listing(self.machine))
                for row in (self._row(line, None) if line.startswith("|") else [line])]

    def _words(self, text):
        kept = [words.strip() for mark, words in marks.pieces(text, self.spec.features)
                if mark is None or self.reader.reads(mark)]
        return _SEAM.sub("", " ".join(kept))

    def _unit(self, text):
        """An item or row, if it is not marked as somebody else's."""
        mark, text = marks.end_mark(text, self.spec.features)
        return [self._words(text)] if mark is None or self.reader.reads(mark) else []

    def _table(self, lines):
        head, rule, *rows = lines
        name = next((name for name in marks.cells(head) if name in _BY_COLUMN), None)
        column = marks.cells(head).index(name) if name and self.reader.role != "harness" else None
        kept = [row for line in rows for row in self._row(line, column, name)]
        return [*self._row(head, None), rule, *kept] if kept else []

    def _row(self, line, column, name=None):
        mark, line = marks.end_mark(line, self.spec.features)
        if mark and not self.reader.reads(mark):
            return []
        cells = [self._words(cell) for cell in marks.cells(line)]
        if column is not None:
            whole, cells[column] = cells[column], self._own(cells[column])
            if not cells[column] and (name != _ALL_ROWS.get(self.reader.role) or whole.startswith("nobody")):
                return []
        return ["| " + " | ".join(cells) + " |"]

    def _own(self, cell):
        """Of `router X; target Y` what is the reader's."""
        groups = {"all": marks.ROLES, "endpoint": ("sender", "target"), "endpoints": ("sender", "target")}
        kept = []
        for part in cell.split("; "):
            who = _WHO.match(part)
            names = re.findall(r"\w+", who[0]) if who else []
            if any(self.reader.role in groups.get(name, (name,)) for name in names):
                kept.append(part)
        return "; ".join(kept)

    def _tidy_all(self):
        places = self._places()
        for path, pieces in self.chapters.items():
            for piece in pieces:
                if piece.block.kind not in ("code", "fence", "heading"):
                    piece.lines = [self._tidy(line, places, path, piece.block) for line in piece.lines]

    def _places(self):
        """The ids, choices, sections and chapters that a mention may lead to; the harness has its own document."""
        lines = [line for pieces in self.chapters.values() for piece in pieces for line in piece.lines]
        found = {id_ for id_, r in self.spec.requirements.items() if self.reader.reads(r) or "harness" in r.roles}
        for path, blocks in self.spec.chapters.items():
            if path in self.chapters or path.name.startswith("10-"):
                found.add(str(int(path.name[:2])))
            if path.name.startswith("10-"):
                lines += [block.lines[0] for block in blocks]
        for line in lines:
            match = re.match(r"#+ (\d+(?:\.\d+)?) |\| (CHO-\d{3}) ", line)
            found |= {match[1] or match[2]} if match else set()
        return found

    def _tidy(self, line, places, path, block):
        """The line without asides that lead nowhere; a mention that does so is noted."""
        line = _ASIDE.sub(lambda m: _aside(m, places), line)
        for match in _MENTION.finditer(line):
            place = next(group for group in match.groups() if group)
            if place not in places and (place != match[4] or place in self.spec.sections):
                self.dangling.append((path, block.line, place))
        return line


def readers(features):
    """Everybody who may ask for a document: each role and profile, without features and, from BASIC on, with all."""
    return [marks.Reader(role, profile, some) for role in marks.ROLES for profile in requirements_module.PROFILES
            for some in ((), tuple(features))[:1 if profile == requirements_module.PROFILES[0] else 2]]


def check(spec):
    """What a document of some role mentions and does not hold."""
    found = {}
    for reader in readers(spec.features):
        for path, line, place in Document(spec, reader).dangling:
            found.setdefault((path, line, place), f"a {reader.profile} {reader.role}")
    for (path, line, place), who in found.items():
        spec.report(path.relative_to(spec.root).as_posix(), line,
                    f"mentions {place}, which is not in the document of {who}; put it in parentheses, or mark it")


def _aside(match, places):
    """The parenthesis with those of its references that lead somewhere; nothing if none does."""
    kept = [part for part in re.split(r", |; | and | or ", match[1]) if re.search(_NAME, part)[0] in places]
    whole = len(kept) == len(re.findall(_NAME, match[1]))
    return match[0] if whole else f"{match[0][:match[0].index('(')]}({', '.join(kept)})" if kept else ""


def _inner(text):
    return text.replace(render.NOTE, "").strip().splitlines()


def wrapped(text, indent=""):
    """Lines of at most WIDTH, none of which begins like an item or a heading."""
    lines = textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    found = lines[:1]
    for line in lines[1:]:
        if _BULLET.match(line.strip()):
            found[-1] += " " + line.strip()
        else:
            found.append(line)
    return found


def markdown(document):
    """The whole as Markdown."""
    parts = [line if line.startswith("#") else "\n".join(wrapped(line)) for line in document.front()]
    for pieces in document.chapters.values():
        parts += ["\n".join(_printed(piece)) for piece in pieces]
    return "\n\n".join(parts) + "\n"


def _source(piece):
    if piece.block.kind == "requirement":
        return [f"**{piece.block.owners[0].id}** {piece.lines[0]}"]
    return [_LINK.sub(r"\1", line) for line in piece.lines]


def _printed(piece):
    kind, lines = piece.block.kind, piece.lines
    if kind == "requirement":
        return wrapped(f"**{piece.block.owners[0].id}** {lines[0]}")
    lines = [_LINK.sub(r"\1", line) for line in lines if not line.startswith("<!--")]
    if kind == "items":
        return [part for line in lines for part in wrapped(line, " " * (line.index(" ") + 1))]
    return [part for line in lines for part in wrapped(line)] if kind == "paragraph" else lines


def count_words(text):
    """All words of a document; the bars, rules and empty cells of tables are none."""
    return sum(not re.fullmatch(r"[|:–—-]+", word) for word in text.split())


def harness(features, profile=None, declared=()):
    """All that any harness may be asked, or what it is asked whose implementation declares no more than this."""
    whole = profile in (None, "DURABLE") and not declared
    return marks.Reader("harness", profile or "DURABLE", tuple(features if whole else declared))


def file_name(reader):
    whole = reader.role == "harness" and len(reader.features) > 0 and reader.profile == "DURABLE"
    return reader.role if whole else "-".join((reader.role, reader.profile, *reader.features))
