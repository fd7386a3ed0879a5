#!/usr/bin/python3
"""tools/spec role: what each role's document holds, and how long it is."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs import machines, marks, render, roles  # noqa: E402
from specs.little_project import LINE, TOOLS, LittleProject  # noqa: E402

CHAPTER = f"""<!-- for: all -->
# 4 Sender

For every role.

<!-- for: background -->
## 4.1 History

For nobody.

## 4.2 Sending

For whom the section binds.

{LINE}
Explained to all. <!-- for: router --> Besides a router. <!-- for end --> Again all (4.1, 4.2). Never (4.1).
Section (4.2<!-- for: router --> to 4.2<!-- for end -->).

<!-- for: sender; TRACKED -->
Of a higher profile.

| of <!-- for: router --> whom <!-- for end --> | is |
|---|---|
| anybody | one |
| a target | two <!-- for: target --> |

| code | sent by, in |
|---|---|
| ONE | router FRAME; target OTHER |
| TWO | nobody |

- first <!-- for: sender, router -->
- second

**CMB-SND-002** (MUST; sender; BASIC; upper tester) A sender MUST do
another thing.

To a sender alone.

## 4.3 The table

<!-- generated: sender -->
<!-- end -->
"""


class Little(LittleProject):
    def setUp(self):
        super().setUp()
        self.write("spec/04-sender.md", CHAPTER)
        self.assertEqual(self.run_spec("generate")[0], 0)

    def document(self, *arguments):
        code, output = self.run_spec("role", *arguments, "--out", str(self.root / "a.md"))
        self.assertEqual(code, 0, output)
        return (self.root / "a.md").read_text()

    def test_each_role_has_its_own(self):
        self.assertEqual(self.run_spec("check")[1].splitlines()[-1][-13:], "nothing found")
        sender, target = self.document("--role", "sender"), self.document("--role", "target")
        for text in ("For every role.", "For whom the section binds.", "| anybody | one |", "- second", "CMB-SND-001"):
            self.assertIn(text, sender)
            self.assertIn(text, target)
        for text in ("- first", "**CMB-SND-002** A sender MUST do another thing.", "To a sender alone.", "| TTL ends |"):
            self.assertIn(text, sender)
            self.assertNotIn(text, target)
        self.assertIn("| a target | two |", target)
        self.assertIn("| of | is |", target)
        self.assertIn("| of whom | is |", self.document("--role", "router"))
        self.assertNotIn("| a target", sender)
        self.assertIn("| ONE |  |", sender)  # It may hear it.
        self.assertIn("| ONE | target OTHER |", target)
        self.assertNotIn("| TWO", sender + target)
        for text in ("For nobody.", "4.1 History", "Of a higher profile", "<!--", "(MUST;"):
            self.assertNotIn(text, sender + target)
        self.assertIn("Of a higher profile.", self.document("--role", "sender", "--profile", "DURABLE"))

    def test_marks_inside_a_paragraph(self):
        self.assertIn("Explained to all. Again all (4.2). Never. Section (4.2).\n", self.document("--role", "sender"))
        self.assertIn("Explained to all. Besides a router. Again all", self.document("--role", "router"))

    def test_a_table_of_one_profile(self):
        self.edit("spec/machines/sender.yaml", "doc: It ends.", 'doc: "TRACKED: It ends."')
        self.run_spec("generate")
        self.assertNotIn("| TTL ends |", self.document("--role", "sender"))
        self.assertIn("| TTL ends |", self.document("--role", "sender", "--profile", "TRACKED"))
        self.edit("spec/machines/sender.yaml", "TRACKED: It", "without TRACKED: It")
        self.assertNotIn("| TTL ends |", self.document("--role", "sender", "--profile", "TRACKED"))

    def test_a_sentence_about_who_does_not_declare_it(self):
        self.edit("spec/04-sender.md", "A sender MUST do\nanother", "A sender that does not declare TRACKED MUST do\nanother")
        self.assertIn("CMB-SND-002", self.document("--role", "sender"))
        self.assertNotIn("CMB-SND-002", self.document("--role", "sender", "--profile", "TRACKED"))

    def test_all_of_them(self):
        self.assertEqual(self.run_spec("role", "--out", str(self.root / "all"))[0], 0)
        self.assertEqual(len(list((self.root / "all").glob("*.md"))), 13)

    def test_as_a_page(self):
        code, output = self.run_spec("html", "--role", "sender", "--out", str(self.root / "a.html"))
        self.assertEqual(code, 0, output)
        page = (self.root / "a.html").read_text()
        for text in ("<title>CMB-ACK: for a BASIC sender</title>", 'id="machine-sender"', "To a sender alone."):
            self.assertIn(text, page)
        self.assertNotIn("For nobody", page)

    def test_wrong_use(self):
        self.assertEqual(self.run_spec("role", "--role", "sender", "--features", "wings")[0], 64)
        self.assertEqual(self.run_spec("role", "--role", "king")[0], 64)

    def test_prose_of_nobody_is_found(self):
        self.edit("spec/04-sender.md", "<!-- for: background -->\n", "")
        self.edit("spec/04-sender.md", "<!-- for: all -->\n", "")
        self.assert_found("spec/04-sender.md:3: belongs to no role")
        self.assert_found("spec/04-sender.md:7: belongs to no role")

    def test_marks_that_are_none_are_found(self):
        for old, new, text in (("for: sender; TRACKED", "for: sender; GOLD", "'GOLD' is neither a profile nor a feature"),
                               ("for: router -->", "for: rooter -->", "'rooter' is no role"),
                               ("<!-- for: router -->", "<!-- for routers -->", "holds a mark without `: ROLES`"),
                               ("Explained to all. <", "Explained to all.\nMore.\n<", "begins a line"),
                               ("- second", "- second (4.9)\n- third by CMB-SND-001", "")):
            with self.subTest(new):
                self.edit("spec/04-sender.md", old, new)
                if text:
                    self.assert_found(text)
                self.edit("spec/04-sender.md", new, old)

    def test_a_mention_that_leads_nowhere_is_found(self):
        self.edit("spec/04-sender.md", "Explained to all.", "Explained to all by CMB-SND-002.")
        self.assert_found("spec/04-sender.md:17: mentions CMB-SND-002, which is not in the document of a BASIC router")
        self.edit("spec/04-sender.md", "by CMB-SND-002", "as 4.1 says")
        self.assert_found("mentions 4.1, which is not in the document of a BASIC sender")


class Words(unittest.TestCase):
    """The documents of this project have their bounds: all words of the Markdown, those of tables too."""

    def test_bars_and_rules_are_no_words(self):
        self.assertEqual(roles.count_words("# 1 Words\n\nTwo words.\n\n| a | b |\n|---|---|\n| two words | – |\n"), 9)

    def test_no_document_is_too_long(self):
        for (role, profile, features), most in roles.MOST_WORDS.items():
            with self.subTest(role, features=features), tempfile.TemporaryDirectory() as place:
                out = pathlib.Path(place) / "a.md"
                subprocess.run([TOOLS / "spec", "role", "--role", role, "--profile", profile, "--out", out,
                                *(("--features", ",".join(features)) if features else ())], check=True,
                               capture_output=True, timeout=60)
                words = roles.count_words(out.read_text())
                print(f"{role} {profile}: {words} of {most} words", file=sys.stderr)
                self.assertLessEqual(words, most)


class Listing(unittest.TestCase):
    """The list of a role's document says of each event and state what the table of the chapter says."""

    def test_it_holds_every_pair(self):
        for machine in machines.read(TOOLS.parent, lambda *_: self.fail()):
            with self.subTest(machine.name):
                found = self.read(render.listing(machine), machine.states)
                can = {(p["event"], p["state"]): (render.sign(p), ", ".join(p["effects"])) for p in machine.pairs()
                       if p["kind"] != "impossible"}
                first = {pair: does for pair, does in can.items() if pair not in found}
                self.assertEqual({**found, **first}, can)
                self.assertLessEqual(set(first.values()), {("UNKNOWN_MESSAGE", "")} if "| any other ACK | IDLE" in
                                     render.listing(machine) else set())
                self.assertLessEqual({state for _, state in first}, {machine.states[0]})

    def read(self, text, states):
        named = {match[1]: match[2].split(", ") for match in re.finditer(r"`(open|terminal)`: ([A-Z_, ]+)",
                                                                         text.replace("\n", " "))}
        named |= {"record": states[1:], "any": states}
        found, events = {}, []
        for line in text.split("| effect | is |")[0].splitlines():
            cells = marks.cells(line) if line.startswith("| ") else ["event"]
            if cells[0] == "event" or "any other ACK" in cells[0] and cells[1] == "IDLE":
                continue
            events = cells[0].split("; ") if cells[0] else events
            for event in events:
                goes = cells[2].replace("(ack_type)", f"({render.ack_type(event)})")
                goes = f"→ {goes}" if " (" in goes else re.sub("^(then |$)", r"·, \1", goes).removesuffix(", ")
                where = cells[1].replace("others", ", ".join(s for s in states[1:] if (event, s) not in found))
                for state in named.get(cells[1], where.split(", ")):
                    self.assertNotIn((event, state), found)
                    found[event, state] = (goes, cells[3])
        return found


class Blocks(unittest.TestCase):
    def test_every_line_is_in_one_block(self):
        for path in sorted((TOOLS.parent / "spec").glob("[0-9][0-9]-*.md")):
            lines = path.read_text().splitlines()
            taken = [line for block in marks.blocks(path.read_text()) for line in block.lines]
            self.assertEqual([line for line in taken if line.strip()], [line for line in lines if line.strip()], path.name)

    def test_a_row_or_item_that_ends_with_a_mark(self):
        mark, text = marks.end_mark("| a | b <!-- for: router; curve --> |", ["curve"])
        self.assertEqual((mark.ways, text), (((("router",), (("curve", True),)),), "| a | b |"))
        self.assertEqual(marks.end_mark("- a <!-- for: router --> b", [])[0], None)

    def test_several_ways_to_be_meant(self):
        mark = marks.parse("sender or target; without TRACKED", [])
        readers = [marks.Reader(role, profile) for role in marks.ROLES for profile in ("BASIC", "TRACKED")]
        self.assertEqual([f"{r.role} {r.profile}" for r in readers if r.reads(mark)],
                         ["sender BASIC", "sender TRACKED", "target BASIC"])


if __name__ == "__main__":
    unittest.main()
