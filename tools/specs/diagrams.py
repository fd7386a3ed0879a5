"""State diagrams as SVG: laid out by Graphviz, coloured by the style sheet of the book."""

import html
import re
import subprocess

# Class of an edge by what it says; the first that matches counts.
_RETRY, _FAIL, _GOOD, _PLAIN = "retry", "fail", "good", "plain"
_FAILED = {"COMPLETED_FAILURE", "TIMEOUT_ABORT", "FAILED", "REJECTED", "DEAD_LETTERED", "CANCELLED"}
_ENDED_WELL = {"COMPLETED_SUCCESS", "SETTLED", "SUCCEEDED"}
_WAYS = {"COMPLETED_SUCCESS": "done", "COMPLETED_FAILURE": "failed", "TIMEOUT_ABORT": "given up"}
_WORDS = ("forward", "retry", *_WAYS.values(), "late end")
_LEAST_OPEN = 3  # So many states that have not ended stand in one frame, and ways out of all of them are one arrow.
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


class Grouped:
    """A machine with many ways: the states that have not ended stand in a frame, and those of them that a retry leaves
    in one inside it; a way that all of a frame have is one arrow. The arrows bear short words, a legend the reasons."""

    def __init__(self, states, edges, terminal, pseudo):
        entered = {edge.new for edge in edges}
        self.edges, self.terminal = edges, terminal
        self.open = [name for name, _ in states if name in entered - terminal - set(pseudo)]
        self.frames = {"open": self.open, "later": self.open[1:]}

    def applies(self):
        return len(self.open) >= _LEAST_OPEN

    def word(self, edge):
        if edge.old in self.terminal:
            return "late end"
        if _kind_of(edge, self.terminal) == _RETRY:
            return "retry"
        return _WAYS.get(edge.new, "forward")

    def label(self, edge):
        """A way forward says its ACKs, but for one that skips a state: it has those of where it leads."""
        if self.word(edge) != "forward":
            return self.word(edge)
        skips = edge.old in self.open and self.open.index(edge.new) > self.open.index(edge.old) + 1
        return "" if skips else " or\\n".join(dict.fromkeys(reason.split("/")[0] for reason in edge.reasons))

    def frame_of(self, edge):
        """The frame that this way leaves, with all that stand in it."""
        olds = {other.old for other in self.edges if other.new == edge.new}
        return next((name for name, inside in self.frames.items()
                     if edge.old in inside and edge.new not in inside and olds >= set(inside)), None)

    def arrows(self):
        """(edge, label, more attributes)"""
        drawn = set()
        for edge in self.edges:
            frame = self.frame_of(edge)
            if frame is None:
                yield edge, self.label(edge), ""
            elif (frame, edge.new) not in drawn:
                drawn.add((frame, edge.new))
                # A retry is laid out as if it led forward.
                place, end = (0, "lhead") if self.word(edge) == "retry" else (-1, "ltail")
                yield Edge(self.frames[frame][place], edge.new), self.label(edge), f", {end}=cluster_{frame}"

    def frame(self):
        later = "; ".join(f'"{name}"' for name in self.frames["later"])
        return (f'  subgraph cluster_open {{ style="rounded"; margin=14; "{self.open[0]}"; '
                f'subgraph cluster_later {{ style="rounded"; margin=10; {later} }} }}')

    def legend(self):
        """(word, from, to, reasons); states that share a way and its reasons stand together."""
        rows = {}
        for edge in self.edges:
            rows.setdefault((self.word(edge), edge.new, tuple(edge.reasons)), []).append(edge.old)
        return [(word, olds, new, reasons) for (word, new, reasons), olds in
                sorted(rows.items(), key=lambda row: _WORDS.index(row[0][0]))]


def dot_source(name, states, edges, terminal, pseudo, grouped=None):
    """The graph in Graphviz's language. `states` is a list of (name, doc)."""
    lines = [f'digraph "{name}" {{',
             '  graph [rankdir=TB, nodesep=0.25, ranksep=0.36, bgcolor="transparent", pad=0.1, compound=true];',
             '  node [shape=box, style="rounded", fontname="DejaVu Sans", fontsize=13, height=0.42, margin="0.16,0.06"];',
             '  edge [fontname="DejaVu Sans", fontsize=12, arrowsize=0.7];']
    for state, doc in states:
        kind = "pseudo" if state in pseudo else "terminal" if state in terminal else "state"
        shape = {"terminal": ", peripheries=2", "pseudo": ', shape=circle, width=0.2, height=0.2, fixedsize=true, label=""', "state": ""}[kind]
        lines.append(f'  "{state}" [class="{kind}", id="{name}-{state}", tooltip="{doc}"{shape}];')
    neighbours = set(zip([s for s, _ in states], [s for s, _ in states[1:]]))
    if grouped:
        lines.append(grouped.frame())
    arrows = grouped.arrows() if grouped else [(edge, _label(edge), "") for edge in edges]
    for number, (edge, label, more) in enumerate(arrows):
        kind = _kind_of(edge, terminal)
        # A way back is laid out as if it led forward, or it would go around everything.
        ends = f'"{edge.new}" -> "{edge.old}"' if kind == _RETRY else f'"{edge.old}" -> "{edge.new}"'
        extra = more + (", style=dashed, dir=back" if kind == _RETRY else "")
        if (edge.old, edge.new) in neighbours and kind == _PLAIN:
            extra += ", weight=9"
        lines.append(f'  {ends} [class="{kind}", id="{name}-e{number}", label="{label}"{extra}];')
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


def _parts(machine):
    states = [(s["name"], s["doc"]) for s in machine.data["states"]]
    terminal = {s["name"] for s in machine.data["states"] if s["terminal"]}
    return states, edges_of(machine), terminal, machine.pseudo


def _grouped(machine):
    grouped = Grouped(*_parts(machine))
    return grouped if grouped.applies() else None


def of_machine(machine):
    return svg(dot_source(machine.name, *_parts(machine), _grouped(machine)), f"States of the {machine.name}")


def legend_of(machine):
    """A table of what the short words of its diagram mean, or nothing where the arrows say all."""
    grouped = _grouped(machine)
    rows = "".join(f"<tr><td>{word}</td><td>{', '.join(olds)}</td><td>{new}</td><td>{', '.join(reasons)}</td></tr>"
                   for word, olds, new, reasons in (grouped.legend() if grouped else ()))
    if not rows:
        return ""
    return (" A way out of a frame is one of every state in it; one without a word skips stages."
            f"<table><tr><th>way</th><th>from</th><th>to</th><th>by</th></tr>{rows}</table>")
