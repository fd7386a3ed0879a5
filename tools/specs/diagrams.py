"""State diagrams as SVG: laid out by Graphviz, coloured by the style sheet of the book."""

import html
import re
import subprocess

# Class of an edge by what it says; the first that matches counts.
_RETRY, _FAIL, _GOOD, _PLAIN = "retry", "fail", "good", "plain"
_FAILED = {"COMPLETED_FAILURE", "TIMEOUT_ABORT", "FAILED", "REJECTED", "DEAD_LETTERED", "CANCELLED"}
_ENDED_WELL = {"COMPLETED_SUCCESS", "SETTLED", "SUCCEEDED"}
_COLOURS = re.compile(r' (?:fill|stroke)="(?:black|white|none|transparent|#000000|#ffffff)"')


class Edge:
    """One arrow for each (from, to), with every reason for it."""

    def __init__(self, old, new):
        self.old, self.new, self.reasons = old, new, []

    def add(self, reason):
        if reason not in self.reasons:
            self.reasons.append(reason)


def edges_of(machine):
    """The arrows of a state table, in the order of the file."""
    found = {}
    phases = {"SEND_PENDING": "ROUTER_ACK_TIMEOUT", "ROUTED": "DELIVERY_ACK_TIMEOUT"}
    for pair in machine.pairs():
        if pair["kind"] not in ("go", "create"):
            continue
        reason = pair["reason"] or _event(pair["event"])
        if reason == "phase":
            reason = phases.get(pair["state"], "EXECUTION_TIMEOUT")
        if reason == "type":
            reason = "sign of the target"
        key = (pair["state"], pair["new_state"])
        found.setdefault(key, Edge(*key)).add(_with_status(reason, pair["event"]))
    return list(found.values())


def _event(event):
    return re.sub(r" \[[^\]]*\]", "", event)


def _with_status(reason, event):
    """EXECUTION_ACK alone says too little: the status comes from the event."""
    name = _event(event)
    if name.startswith(reason + "/"):
        return name
    if reason == "LATE_EXECUTION_ACK":
        return "late " + name.removeprefix("EXECUTION_ACK/")
    return reason


def _kind_of(edge, terminal):
    if edge.new == "SEND_PENDING" and edge.old not in ("IDLE", "[*]"):
        return _RETRY
    if edge.old in terminal and edge.new not in terminal:
        return _RETRY
    if edge.new in _FAILED:
        return _FAIL
    return _GOOD if edge.new in _ENDED_WELL else _PLAIN


def _label(edge):
    """A line for each reason; those of one ACK stand together: EXECUTION_ACK/FAILURE, then /REJECTED."""
    lines, family = [], None
    for reason in edge.reasons:
        head, _, status = reason.partition("/")
        lines.append(f"     /{status}" if status and head == family else reason)
        family = head if status else None
    return "".join(f" {line}\\l" for line in lines)


def dot_source(name, states, edges, terminal, pseudo):
    """The graph in Graphviz's language. `states` is a list of (name, doc)."""
    lines = [f'digraph "{name}" {{',
             '  graph [rankdir=TB, nodesep=0.25, ranksep=0.36, bgcolor="transparent", pad=0.1];',
             '  node [shape=box, style="rounded", fontname="DejaVu Sans", fontsize=13, height=0.42, margin="0.16,0.06"];',
             '  edge [fontname="DejaVu Sans", fontsize=12, arrowsize=0.7];']
    for state, doc in states:
        kind = "pseudo" if state in pseudo else "terminal" if state in terminal else "state"
        shape = {"terminal": ", peripheries=2", "pseudo": ', shape=circle, width=0.2, height=0.2, fixedsize=true, label=""', "state": ""}[kind]
        lines.append(f'  "{state}" [class="{kind}", id="{name}-{state}", tooltip="{doc}"{shape}];')
    neighbours = set(zip([s for s, _ in states], [s for s, _ in states[1:]]))
    for number, edge in enumerate(edges):
        kind = _kind_of(edge, terminal)
        # A way back is laid out as if it led forward, or it would go around everything.
        ends = f'"{edge.new}" -> "{edge.old}"' if kind == _RETRY else f'"{edge.old}" -> "{edge.new}"'
        extra = ", style=dashed, dir=back" if kind == _RETRY else ""
        if (edge.old, edge.new) in neighbours and kind == _PLAIN:
            extra += ", weight=9"
        lines.append(f'  {ends} [class="{kind}", id="{name}-e{number}", label="{_label(edge)}"{extra}];')
    return "\n".join(lines) + "\n}\n"


def svg(source, title, scale=1.15):
    """What Graphviz draws, as an element that a page can hold and style."""
    drawn = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True, timeout=60, check=True).stdout
    drawn = drawn[drawn.index("<svg"):]
    drawn = re.sub(r"<!--.*?-->\n?", "", drawn, flags=re.S)
    drawn = re.sub(r"<title>.*?</title>\n?", "", drawn, flags=re.S)
    drawn = re.sub(r' (?:xlink:title|xmlns:xlink)="[^"]*"', "", drawn)
    drawn = _COLOURS.sub("", drawn.replace(' id="graph0"', ""))
    width, height = (float(v) for v in re.search(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"', drawn).groups())
    head = (f'<svg class="states" role="img" aria-label="{html.escape(title)}" '
            f'style="width:{width * scale:.0f}px;min-width:min(76rem,{width * scale:.0f}px)" ')
    return re.sub(r'<svg width="[^"]*" height="[^"]*"\s*', head, drawn, count=1)


def of_machine(machine):
    states = [(s["name"], s["doc"]) for s in machine.data["states"]]
    terminal = {s["name"] for s in machine.data["states"] if s["terminal"]}
    source = dot_source(machine.name, states, edges_of(machine), terminal, machine.pseudo)
    return svg(source, f"States of the {machine.name}")
