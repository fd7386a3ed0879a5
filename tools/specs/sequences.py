"""The sequence and state diagrams that chapters hold as Mermaid text, drawn as SVG without Mermaid.

Only what the chapters use is understood: participants, arrows, notes; states and labelled arrows in composite
states. Anything else is an error that names the line.
"""

import html
import re

from specs import diagrams

_COLUMN, _ROW, _LEFT, _TOP = 250, 34, 110, 50
_PARTICIPANT = re.compile(r"participant (\w+)(?: as (.+))?$")
_ARROW = re.compile(r"(\w+)(->>|-->>|-x|--x)(\w+): (.+)$")
_NOTE = re.compile(r"Note over (\w+)(?:,\s*(\w+))?: (.+)$")
_COMPOSITE = re.compile(r'state "([^"]+)" as \w+ \{$')
_WAY = re.compile(r"(\S+) --> (\S+): (.+)$")


def draw(source, name):
    """SVG of one Mermaid block; ValueError says which line is not understood."""
    lines = [line.strip() for line in source.strip().splitlines() if line.strip()]
    if lines[0] == "sequenceDiagram":
        return _sequence(lines[1:], name)
    if lines[0] == "stateDiagram-v2":
        return _states(lines[1:], name)
    raise ValueError(f"no diagram that can be drawn begins with {lines[0]!r}")


def _text(x, y, words, kind, anchor="middle"):
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{html.escape(words)}</text>'


def _arrow(y, start, end, head, words):
    lost = head.endswith("x")
    dashed = ' stroke-dasharray="6 4"' if head.startswith("--") else ""
    kind = "lost" if lost else "hop"
    stop = start + (end - start) * (0.85 if lost else 1)
    tip = -7 if end > start else 7
    parts = [f'<path class="{kind}" d="M{start} {y}H{stop}"{dashed}/>']
    if lost:
        parts.append(f'<path class="{kind}" d="M{stop - 6} {y - 6}l12 12m0 -12l-12 12"/>')
    else:
        parts.append(f'<path class="tip" d="M{stop} {y}l{tip} -4v8z"/>')
    return parts + [_text((start + end) / 2, y - 6, words, kind + "-words")]


def _note_width(first, last, words):
    return max(abs(last - first) + 60, 7 * len(words) + 20)


def _note(y, first, last, words):
    middle = (first + last) / 2
    width = _note_width(first, last, words)
    return [f'<rect class="note" x="{middle - width / 2:.0f}" y="{y - 16}" width="{width:.0f}" height="24" rx="4"/>',
            _text(middle, y, words, "note-words")]


def _sequence(lines, name):
    # As wide as the longest words between two neighbours.
    spans = [6.6 * len(m[4]) + 36 for m in map(_ARROW.match, lines) if m]
    column = min(max([_COLUMN, *spans]), 560)
    places, rows, y, left, right = {}, [], _TOP + 40, 0, 0
    for line in lines:
        if match := _PARTICIPANT.match(line):
            places[match[1]] = (_LEFT + column * len(places), match[2] or match[1])
        elif match := _ARROW.match(line):
            rows += _arrow(y, places[match[1]][0], places[match[3]][0], match[2], match[4])
            y += _ROW
        elif match := _NOTE.match(line):
            first, last, words = places[match[1]][0], places[match[2] or match[1]][0], match[3]
            half = _note_width(first, last, words) / 2 + 4
            left, right = min(left, (first + last) / 2 - half), max(right, (first + last) / 2 + half)
            rows += _note(y, first, last, words)
            y += _ROW
        else:
            raise ValueError(f"cannot draw {line!r}")
    width = max(right, 2 * _LEFT + column * (len(places) - 1)) - left
    heads = []
    for x, label in places.values():
        half = 4.6 * len(label) + 22
        heads += [f'<path class="lifeline" d="M{x} {_TOP}V{y}"/>',
                  f'<rect class="actor" x="{x - half}" y="{_TOP - 34}" width="{2 * half}" height="34" rx="6"/>',
                  _text(x, _TOP - 12, label, "actor-words")]
    return (f'<svg class="sequence" role="img" aria-label="{html.escape(name)}" '
            f'viewBox="{left:.0f} 0 {width:.0f} {y + 6}" style="max-width:{width:.0f}px" xmlns="http://www.w3.org/2000/svg">{"".join(heads + rows)}</svg>')


def _states(lines, name):
    drawn, title, edges = [], name, []
    for line in lines:
        if match := _COMPOSITE.match(line):
            title, edges = match[1], []
        elif line == "}":
            drawn.append(_one_machine(f"overview-{title}", title, edges))
        elif match := _WAY.match(line):
            edge = diagrams.Edge(*(re.sub(r"^[RT]_", "", end) for end in match.groups()[:2]))
            edge.add(match[3])
            edges.append(edge)
        else:
            raise ValueError(f"cannot draw {line!r}")
    return '<div class="machines">' + "".join(drawn) + "</div>"


def _one_machine(name, title, edges):
    names = list(dict.fromkeys(end for edge in edges for end in (edge.old, edge.new)))
    terminal = {n for n in names if not any(e.old == n for e in edges)} | {"TIMEOUT_ABORT", "DEAD_LETTERED"}
    source = diagrams.dot_source(name, [(n, n) for n in names], edges, terminal & set(names), {"[*]"})
    return f"<figure>{diagrams.svg(source, title, 0.95)}<figcaption>{html.escape(title)}</figcaption></figure>"
