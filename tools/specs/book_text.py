"""Requirements as boxes with an anchor, and every mention of an id as a link to it."""

import html
import re

_HEAD = re.compile(r"^\*\*(CMB-[A-Z]+-\d{3})\*\*")
# An id and what a sentence strings after it: CMB-SEC-003 to -005, CMB-SND-013, -014.
_MENTION = re.compile(r"\b(CMB-[A-Z]+-)(\d{3})((?:(?:,| to| and|,? or) -\d{3})*)")
_MORE = re.compile(r"-(\d{3})")
_CHOICE = re.compile(r"\bCHO-\d{3}\b")
_ENTRY = re.compile(r"\bR\.\d+\.\d+\b")
_SECTION = re.compile(r"(?<![\d.\w·≥-])(?<!libzmq )(\d{1,2}\.\d{1,2}|R\.\d)(?!\d|\.\d|%)(?! (?:s|ms|to|·|×|up)\b)")
_CHAPTER = re.compile(r"(?<=[Cc]hapter )(\d{1,2})\b(?!\.\d)")
_TAG = re.compile(r"(<[^>]*>)")


def with_boxes(text, book):
    """The lines of a chapter, each requirement in its box."""
    paragraph = []
    for line in [*text.splitlines(), ""]:
        starts = _HEAD.match(line)
        if paragraph and (starts or not line.strip()):
            yield from _box(" ".join(paragraph), book)
            paragraph = []
        if starts or paragraph:
            paragraph.append(line.strip())
        else:
            yield line


def _box(text, book):
    requirement = book.known.get(_HEAD.match(text)[1])
    if requirement is None:  # `tools/spec check` says what is wrong with it.
        yield from (text, "")
        return
    yield from ("", f"::: {{.req .{requirement.level.lower()} #{requirement.id}}}", "")
    yield from ("```{=html}", badges(requirement, book.brief), "```", "", requirement.sentence, "")
    shown = scenarios(requirement, book)
    if shown:
        yield from ("```{=html}", shown, "```", "")
    yield from (":::", "")


def badges(requirement, brief):
    """Its id and, unless all are of one role, whom it binds and how it is verified."""
    if brief:
        return f'<p class="badges"><a class="rid" href="#{requirement.id}">{requirement.id}</a></p>'
    chips = [(requirement.level, "level " + requirement.level.lower())]
    chips += [(role, "role") for role in requirement.roles]
    chips.append((requirement.profile, "profile" if requirement.profile.isupper() else "feature"))
    chips.append((requirement.verified_by(), "by"))
    spans = "".join(f'<span class="chip {kind}">{html.escape(word)}</span>' for word, kind in chips)
    why = f'<span class="why">{html.escape(requirement.why)}</span>' if requirement.why else ""
    return f'<p class="badges"><a class="rid" href="#{requirement.id}">{requirement.id}</a>{spans}{why}</p>'


def scenarios(requirement, book):
    """The scenarios that verify it, each a link to its file."""
    found = book.scenarios.get(requirement.id, [])
    if not found:
        return ""
    items = "".join(f'<li><a href="{html.escape(book.to_root)}/{html.escape(s.path)}">{html.escape(s.id)}</a> '
                    f"{html.escape(s.title)}</li>" for s in found)
    count = "1 scenario" if len(found) == 1 else f"{len(found)} scenarios"
    return f"<details><summary>{count}</summary><ul>{items}</ul></details>"


def linked(body, known, anchors, scenarios, to_root):
    """Links each mention of a requirement, choice, section, entry or scenario that exists, outside links and drawings."""
    paths = {html.escape(s.id): s.path for some in scenarios.values() for s in some}
    sections = {anchor[2:] for anchor in anchors if anchor.startswith("s-")}
    chapters = {match[1].lstrip("0"): match[0] for match in map(re.compile(r"chapter-(\d+)-.*").match, anchors) if match}
    body, choices = _with_choice_anchors(body)
    body, entries = _with_entry_anchors(body)
    parts, skip, code = [], 0, 0
    for part in _TAG.split(body):
        if part.startswith("<"):
            name = part.strip("</>").split(" ")[0].split("\n")[0]
            step = -1 if part.startswith("</") else 0 if part.endswith("/>") else 1
            if name in ("a", "svg", "h1", "h2", "h3", "summary"):
                skip += step
            elif name in ("pre", "code"):
                code += step
        elif not skip:
            part = _MENTION.sub(lambda m: _mention(m, known), part)
            part = _CHOICE.sub(lambda m: _to(m[0], m[0], m[0] in choices), part)
            part = _ENTRY.sub(lambda m: _to(m[0], m[0], m[0] in entries), part)
            if code and part in paths:
                part = f'<a href="{to_root}/{paths[part]}">{part}</a>'
            if not code:
                part = _CHAPTER.sub(lambda m: _to(chapters.get(m[1]), m[0], m[1] in chapters), part)
                part = _SECTION.sub(lambda m: _to(f"s-{m[1]}", m[0], m[1] in sections), part)
        parts.append(part)
    return "".join(parts)


def _to(anchor, words, exists=True):
    return f'<a href="#{anchor}">{words}</a>' if exists else words


def _mention(match, known):
    area, number, more = match.groups()
    rest = _MORE.sub(lambda m: _to(area + m[1], m[0], area + m[1] in known), more)
    return _to(area + number, area + number, area + number in known) + rest


def _with_choice_anchors(body):
    """The row of the register that begins with a choice is where links to it lead."""
    found = set()

    def mark(match):
        found.add(match[1])
        return f'<td id="{match[1]}">{match[1]}</td>'
    return re.sub(r"<td>(CHO-\d{3})</td>", mark, body), found


def _with_entry_anchors(body):
    """Entries of the rationale, `**R.4.1**` at the beginning of a paragraph or item."""
    found = set()

    def mark(match):
        found.add(match[1])
        return f'<strong id="{match[1]}">{match[1]}</strong>'
    return re.sub(r"<strong>(R\.\d+\.\d+)</strong>", mark, body), found
