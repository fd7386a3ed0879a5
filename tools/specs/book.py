"""The specification, or one role's part of it, as one HTML document that needs nothing else: no network, no second file.

Pandoc turns the chapters into HTML, Graphviz draws the machines, `book_text` knows requirements, ids and links.
"""

import dataclasses
import html
import os
import pathlib
import re
import subprocess

from specs import book_text, diagrams, marks, roles, scenarios_of, sequences

HERE = pathlib.Path(__file__).resolve().parent
FRONT = ("README", "picture")
BACK = ("rationale", "traces")
# These are for whoever changes the specification: files beside the document.
OUT = ("mechanisms", "readers-test", "index")
_HEADING = re.compile(r"^(#{1,3}) (.+?)\s*$")
_FENCE = re.compile(r"^(```|~~~)")
_GENERATED = re.compile(r"^<!-- generated: (\w+) -->$")
_TABLE = re.compile(r"<table>.*?</table>", re.S)


class Missing(Exception):
    """A program of tools/packages.txt is not there."""


def files(root):
    """The chapters in reading order."""
    spec = root / "spec"
    found = {path.stem: path for path in sorted(spec.glob("*.md"))}
    numbered = [stem for stem in found if stem[0].isdigit()]
    rest = [stem for stem in found if stem not in (*numbered, *FRONT, *BACK, *OUT)]
    order = [*FRONT, *numbered, *BACK, *rest]
    return [found[stem] for stem in order if stem in found]


@dataclasses.dataclass
class Content:
    """What a document is made of."""
    title: str
    says: str
    counts: str
    texts: list      # (path, Markdown) of each chapter.
    known: dict      # The requirements by id.
    machines: list
    scenarios: dict  # By requirement; {} where they are not to be told.


def whole(root, known, machines):
    """Everything, for who wants to know the protocol."""
    found = scenarios_of.by_requirement(root)
    counts = (f"{len(known)} requirements, {len({s.id for some in found.values() for s in some})} scenarios "
              f"that verify them, {len(machines)} machines")
    return Content("CMB-ACK", "How a sender learns what became of its message", counts,
                   [(path, path.read_text()) for path in files(root)], known, machines, found)


def of_role(document):
    """What the implementer of one role needs."""
    text = roles.markdown(document)
    counts = f"{len(document.requirements)} requirements, {roles.count_words(text)} words"
    front = pathlib.Path("front.md"), "\n\n".join(document.front()[1:])
    return Content(document.title.split(" ")[0], document.title.partition(" ")[2], counts,
                   [front, *document.texts()], document.requirements,
                   [document.machine] if document.machine else [], {})


class Book:
    """What is known while the text is put together."""

    def __init__(self, root, out, content):
        self.root, self.known, self.scenarios = root, content.known, content.scenarios
        self.brief = not content.scenarios
        self.to_root = os.path.relpath(root, out.resolve().parent)
        self.machines = {machine.name: machine for machine in content.machines}
        self.headings = []  # (level, anchor, title)
        self.chapters = [path for path, _ in content.texts]

    def figure(self, name):
        machine = self.machines[name]
        return raw(f'<figure class="machine" id="machine-{name}">{diagrams.of_machine(machine)}'
                   f"<figcaption>The {name}: every way from state to state. A double line ends a record; dashed "
                   f"ways lead back.{diagrams.legend_of(machine)}</figcaption></figure>")

    def link(self, target, chapter):
        """What a link of a chapter leads to inside the document, or from it into the project; of a page of the
        specification that the document leaves out, nothing."""
        if re.match(r"[a-z]+:|#", target):
            return target
        path, _, _ = target.partition("#")
        place = (chapter.parent / path).resolve()
        if place in self.chapters:
            return f"#{anchor_of(place.stem)}"
        if place.suffix == ".md" and place.is_relative_to((self.root / "spec").resolve()):
            return ""
        return os.path.join(self.to_root, os.path.relpath(place, self.root.resolve()))

    def linked(self, match, chapter):
        """A link of Markdown, or its words alone."""
        target = self.link(match[2], chapter)
        return f"[{match[1]}]({target})" if target else match[1]


def anchor_of(stem):
    return f"chapter-{stem}"


def raw(text):
    return f"\n```{{=html}}\n{text}\n```\n"


def markdown_of(book, chapter, text):
    """A chapter as Pandoc shall read it: anchors, boxes, drawings and links in place."""
    lines, block = [], None  # `block` is the code block that is open.
    for line in book_text.with_boxes(marks.MARK.sub("", text), book):
        if block is not None:
            block.append(line)
            if _FENCE.match(line):
                lines += _code(block, chapter)
                block = None
        elif _FENCE.match(line):
            block = [line]
        elif match := _HEADING.match(line):
            lines.append(heading(book, chapter, len(match[1]), match[2]))
        elif (match := _GENERATED.match(line)) and match[1] in book.machines:
            lines.append(book.figure(match[1]))
        elif not line.startswith("<!--"):
            line = re.sub(r"\[(CMB-[A-Z]+-\d{3})\]\([^)]*\)", r"[\1](#\1)", line)
            lines.append(re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", lambda m: book.linked(m, chapter), line))
    return "\n".join(lines)


def _code(block, chapter):
    """A block of code as it stands, or what it draws."""
    if block[0].strip() != "```mermaid":
        return block
    return [raw("<figure>" + sequences.draw("\n".join(block[1:-1]), chapter.stem) + "</figure>")]


def heading(book, chapter, level, title):
    number = title.split(" ")[0]
    if level == 1:
        anchor = anchor_of(chapter.stem)
    elif re.fullmatch(r"[A-Z\d]+\.\d+", number):
        anchor = f"s-{number}"
    else:
        anchor = f"{chapter.stem}-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    book.headings.append((level, anchor, title))
    return f"{'#' * level} {title} {{#{anchor}}}"


def contents(headings):
    """The table of contents: chapters, and in each its sections."""
    parts, is_open = [], False
    for level, anchor, title in headings:
        if level > 2:
            continue
        number, _, words = title.partition(" ")
        words = html.escape(words if re.match(r"[A-Z]?\.?\d", number) else title)
        shown = f'<b>{html.escape(number)}</b>{words}' if re.match(r"[A-Z]?\.?\d", number) else words
        link = f'<a href="#{anchor}">{shown.replace("`", "")}</a>'
        if level == 1:
            parts.append(("</ol></li>" if is_open else "") + f"<li>{link}<ol>")
            is_open = True
        else:
            parts.append(f"<li>{link}</li>")
    made = "<ol>" + "".join(parts) + ("</ol></li>" if is_open else "") + "</ol>"
    return made.replace("<ol></ol>", "")


def pandoc(text):
    command = ["pandoc", "--from", "commonmark_x-smart", "--to", "html5", "--wrap=none"]
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=True)
    except FileNotFoundError as error:
        raise Missing(error.filename) from error
    return done.stdout


def wrap_table(match):
    """A table scrolls in its own box, and those of the machines are told from the others."""
    table = re.sub(r"<colgroup>.*?</colgroup>\n?", "", match[0], flags=re.S)
    table = re.sub(r' style="text-align: \w+;"', "", table)
    cells = len(re.findall(r"<th>", table))
    kind = "table wide" if cells >= 7 else "table"
    if re.search(r"<th>event</th>", table) and cells >= 6:
        kind += " grid"
        table = re.sub(r"<td>(→|\+) ", r'<td class="go">\1&nbsp;', table)
        table = re.sub(r"<td>(—|·|×)</td>", r'<td class="calm">\1</td>', table)
    # Long names may break at their joints.
    table = re.sub(r"(?<=\w)([_/])(?=\w)(?![^<]*>)", r"\1<wbr>", table)
    return f'<div class="{kind}">{table}</div>'


def render(root, out, content):
    """The document as text; Missing if Pandoc or Graphviz is."""
    book = Book(root, out, content)
    try:
        text = "\n\n".join(raw("<section>") + markdown_of(book, path, text) + raw("</section>")
                           for path, text in content.texts)
    except FileNotFoundError as error:
        raise Missing(error.filename) from error
    body = book_text.linked(pandoc(text), content.known, [anchor for _, anchor, _ in book.headings], book.scenarios,
                            book.to_root)
    body = _TABLE.sub(wrap_table, body)
    page = (HERE / "book.html").read_text()
    parts = {"STYLE": (HERE / "book.css").read_text(), "SCRIPT": (HERE / "book.js").read_text(),
             "CONTENTS": contents(book.headings), "COUNTS": content.counts, "BODY": body,
             "TITLE": html.escape(content.title), "SAYS": html.escape(content.says)}
    for name, value in parts.items():
        page = page.replace(f"@{name}@", value)
    return page
