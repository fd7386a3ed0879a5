#!/usr/bin/python3
"""tools/spec html: what the document holds. Needs Pandoc and Graphviz, as tools/packages.txt says; without them it fails."""

import collections
import html.parser
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs import diagrams, machines, requirements, sequences, vocabulary  # noqa: E402
from specs.little_project import ROOT, TOOLS, LittleProject  # noqa: E402

PICTURE = """# The picture

```mermaid
sequenceDiagram
    participant S as sender
    participant R as router
    S->>R: MESSAGE attempt 1
    R-xS: ROUTER_ACK lost
    Note over S: TIMEOUT_ABORT
```

See CMB-SND-001 to -002, 4.1, chapter 4, CHO-001 and `CMB-SND-002`; [the sender](04-sender.md), [tables](machines/sender.yaml), [index](index.md).
"""


class Document(LittleProject):
    def holds(self, part, page):
        self.assertTrue(part in page, f"the document has no {part}")

    def render(self):
        self.write("spec/picture.md", PICTURE)
        self.edit("spec/04-sender.md", "**CMB-SND-001**", "# 4 Sender\n\n## 4.1 Sending\n\n**CMB-SND-001**")
        self.write("spec/13-choices.md", "# 13 Choices\n\n<!-- generated: choices -->\n<!-- end -->\n")
        self.assertEqual(self.run_spec("generate")[0], 0)
        code, output = self.run_spec("html")
        self.assertEqual(code, 0, output)
        return (self.root / "build/spec/cmb-ack.html").read_text()

    def test_a_requirement_has_its_box_and_its_scenarios(self):
        page = self.render()
        box = page[page.index('id="CMB-SND-001"'):page.index('id="CMB-SND-002"')]
        for part in ('class="chip level must">MUST<', 'class="chip role">router<', 'class="chip profile">BASIC<',
                     'class="chip by">wire<', "A sender MUST do one thing.",
                     'href="../../scenarios/sender/plain-path.yaml">sender/plain-path</a>'):
            self.holds(part, box)

    def test_every_mention_leads_to_its_place(self):
        page = self.render()
        picture = page[page.index("See <a"):]
        for link in ('<a href="#CMB-SND-001">CMB-SND-001</a> to <a href="#CMB-SND-002">-002</a>',
                     '<a href="#s-4.1">4.1</a>', 'chapter <a href="#chapter-04-sender">4</a>', '<a href="#CHO-001">CHO-001</a>',
                     '<code><a href="#CMB-SND-002">CMB-SND-002</a></code>', '<a href="#chapter-04-sender">the sender</a>',
                     '<a href="../../spec/machines/sender.yaml">tables</a>, index.'):
            self.holds(link, picture)
        self.write("spec/picture.md", PICTURE + "`sender/plain-path`\n")
        self.assertEqual(self.run_spec("html")[0], 0)
        self.holds('<code><a href="../../scenarios/sender/plain-path.yaml">', (self.root / "build/spec/cmb-ack.html").read_text())

    def test_every_link_inside_has_its_anchor(self):
        page = self.render()
        anchors = set(re.findall(r' id="([^"]+)"', page))
        self.assertEqual({a for a in re.findall(r'href="#([^"]+)"', page)} - anchors, set())

    def test_no_anchor_stands_twice(self):
        anchors = re.findall(r' id="([^"]+)"', self.render())
        self.assertEqual(sorted(anchors), sorted(set(anchors)))

    def test_it_needs_nothing_else(self):
        page = self.render()
        self.assertEqual(re.findall(r'(?:src|href)="https?:|url\(|@import|<link|@STYLE@|```', page), [])

    def test_the_machines_and_sequences_are_drawn(self):
        page = self.render()
        self.holds('id="machine-sender"', page)
        self.holds(">ROUTER_ACK lost</text>", page)
        self.assertFalse("sequenceDiagram" in page)

    def test_another_place_has_other_ways_to_the_project(self):
        self.write("spec/picture.md", PICTURE)
        out = self.root / "a.html"
        self.assertEqual(self.run_spec("html", "--out", str(out))[0], 0)
        self.holds('href="./scenarios/sender/plain-path.yaml"', out.read_text())

    def test_broken_sources_make_no_document(self):
        self.edit("spec/04-sender.md", "MUST do one", "does one")
        self.assertEqual(self.run_spec("html")[0], 1)
        self.assertFalse((self.root / "build").exists())

    def test_a_missing_program_is_named(self):
        done = subprocess.run([sys.executable, TOOLS / "spec", "--root", self.root, "html"], capture_output=True, text=True,
                              env={**os.environ, "PATH": "/nowhere"}, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "the program (pandoc|dot) is not installed; tools/packages.txt")


class Project(unittest.TestCase):
    """The document of this project, whose text holds more than the little one's."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.place = pathlib.Path(holder.name)
        out = cls.place / "a.html"
        subprocess.run([TOOLS / "spec", "html", "--out", out], check=True, capture_output=True, timeout=60)
        cls.page = out.read_text()

    def test_every_tag_is_closed_where_it_must_be(self):
        self.assertEqual(Nesting.faults(self.page), [])

    def test_every_anchor_stands_once_and_every_link_inside_has_one(self):
        anchors = re.findall(r' id="([^"]+)"', self.page)
        self.assertEqual([a for a, n in collections.Counter(anchors).items() if n > 1], [])
        self.assertEqual(set(re.findall(r'href="#([^"]+)"', self.page)) - set(anchors), set())

    def test_every_way_into_the_project_leads_somewhere(self):
        ways = {way.split("#")[0] for way in re.findall(r'href="([^#"][^"]*)"', self.page) if "://" not in way}
        self.assertGreater(len(ways), 100)
        if not (ROOT / "reference").exists():  # These tests also run where the suite stands alone.
            ways = {way for way in ways if "/reference/" not in way}
        self.assertEqual([way for way in sorted(ways) if not (self.place / way).exists()], [])

    def test_every_requirement_has_its_box_and_no_mention_is_without_a_link(self):
        for id_ in requirements.read(ROOT, vocabulary.features(vocabulary.read(ROOT)), self.fail):
            self.assertTrue(f'<div id="{id_}" class="req ' in self.page, id_)
        body = self.page[self.page.index("<main"):]
        self.assertEqual(re.findall(r'[^#>"\w-](CMB-[A-Z]+-(?!000)\d{3})(?![^<]*</a>)', body), [])


class Role(unittest.TestCase):
    """What an implementer reads: the same checks for a document of each role."""

    def test_pages_of_the_roles(self):
        for role in requirements.ROLES:
            with self.subTest(role), tempfile.TemporaryDirectory() as place:
                out = pathlib.Path(place) / "a.html"
                subprocess.run([TOOLS / "spec", "html", "--role", role, "--out", out], check=True, capture_output=True,
                               timeout=60)
                page = out.read_text()
                anchors = re.findall(r' id="([^"]+)"', page)
                self.assertEqual(Nesting.faults(page), [])
                self.assertEqual([a for a, n in collections.Counter(anchors).items() if n > 1], [])
                self.assertEqual(set(re.findall(r'href="#([^"]+)"', page)) - set(anchors), set())
                self.assertEqual(re.findall(r"<figure", page), ["<figure"] if role != "harness" else [])


class Nesting(html.parser.HTMLParser):
    """Elements that are closed by another's end."""

    VOID = {"meta", "input", "br", "wbr", "hr", "img", "option"}

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    @classmethod
    def faults(cls, page):
        parser = cls()
        parser.feed(page)
        return parser.found + parser.open

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.found.append((tag, self.getpos()))


class Diagrams(unittest.TestCase):
    def test_one_arrow_for_each_pair_of_states_with_every_reason(self):
        for machine in machines.read(ROOT, self.fail):
            with self.subTest(machine.name):
                pairs = {(p["state"], p["new_state"]) for p in machine.pairs() if p["kind"] in ("go", "create")}
                edges = diagrams.edges_of(machine)
                self.assertEqual(sorted((e.old, e.new) for e in edges), sorted(pairs))
                self.assertTrue(all(e.reasons for e in edges))
                drawn = diagrams.of_machine(machine)
                for state in machine.states:
                    if state not in machine.pseudo:
                        self.assertIn(f">{state}</text>", drawn)

    def test_ways_of_a_whole_frame_are_one_arrow_and_the_legend_says_each(self):
        sender = next(m for m in machines.read(ROOT, self.fail) if m.name == "sender")
        drawn, legend = diagrams.of_machine(sender), diagrams.legend_of(sender)
        self.assertEqual([drawn.count(f">{word}</text>") for word in ("retry", "done", "failed", "given up")], [1] * 4)
        rows = re.findall(r"<tr><td>.*?</td><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", legend)
        told = {(old, new, by) for olds, new, by in rows for old in olds.split(", ")}
        self.assertEqual(told, {(e.old, e.new, ", ".join(e.reasons)) for e in diagrams.edges_of(sender)})

    def test_a_terminal_state_has_a_double_line(self):
        edge = diagrams.Edge("A", "B")
        edge.add("WHY")
        source = diagrams.dot_source("x", [("A", ""), ("B", "")], [edge], {"B"}, set())
        self.assertIn('"B" [class="terminal", id="x-B", tooltip="", peripheries=2]', source)
        self.assertNotIn('"A" [class="state", id="x-A", tooltip="", peripheries', source)

    def test_what_cannot_be_drawn_is_named(self):
        with self.assertRaisesRegex(ValueError, "cannot draw 'loop forever'"):
            sequences.draw("sequenceDiagram\nloop forever", "x")
        with self.assertRaisesRegex(ValueError, "no diagram"):
            sequences.draw("pie", "x")


if __name__ == "__main__":
    unittest.main()
