#!/usr/bin/python3
"""The table of mechanisms: a blank or a name that does not exist is found, at its line."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs import mechanisms  # noqa: E402
from specs.little_project import ROOT, LittleProject  # noqa: E402

TABLE = """- document: one
  title: "The first text"
  mechanisms:
    - {it: "an ACK", req: [CMB-SND-001], ref: [reference/a.cc], shown: [sender/plain-path, reference/a_test.cc]}
    - {it: "GET /ack/<id>", why: [R.4.1]}
"""


class Table(LittleProject):
    def setUp(self):
        super().setUp()
        self.write("spec/mechanisms.yaml", TABLE)
        self.write("spec/rationale.md", "# Rationale\n\n- **R.4.1** Why not.\n")
        self.write("reference/a.cc", "// CMB-SND-001, CMB-SND-002.\n")
        self.write("reference/a_test.cc", "")
        self.assertEqual(self.run_spec("generate")[0], 0)

    def assert_fault(self, old, new, text):
        self.edit("spec/mechanisms.yaml", old, new)
        self.run_spec("generate")
        self.assert_found(text)

    def test_a_sound_table_passes(self):
        self.assertEqual(self.run_spec("check")[0], 0)
        self.assertIn("| an ACK | CMB-SND-001 | – | [a.cc](../reference/a.cc) | `sender/plain-path`, `reference/a_test.cc` |",
                      (self.root / "spec/mechanisms.md").read_text())
        self.assertIn("| GET /ack/\\<id> | – | R.4.1 |", (self.root / "spec/mechanisms.md").read_text())

    def test_each_blank(self):
        first = "spec/mechanisms.yaml:4: an ACK: "
        for old, text in (("req: [CMB-SND-001], ", "has neither a requirement nor an entry of the rationale"),
                          ("ref: [reference/a.cc], ", "has no place in the reference"),
                          (", shown: [sender/plain-path, reference/a_test.cc]", "has nothing that shows it")):
            with self.subTest(old):
                self.assert_fault(old, "", first + text)
                self.write("spec/mechanisms.yaml", TABLE)

    def test_each_name_that_does_not_exist(self):
        for old, new, text in (("CMB-SND-001", "CMB-SND-990", "cites CMB-SND-990, which is no requirement"),
                               ("R.4.1", "R.4.2", "cites R.4.2, which is no entry"),
                               ("reference/a.cc", "reference/b.cc", "reference/b.cc is not there"),
                               ("sender/plain-path", "sender/other", "sender/other is neither a scenario nor a test"),
                               ("reference/a_test.cc", "reference/b_test.cc", "is neither a scenario nor a test"),
                               ("it:", "its: 1, it:", "has the unknown key 'its'")):
            with self.subTest(new):
                self.assert_fault(old, new, text)
                self.write("spec/mechanisms.yaml", TABLE)

    def test_a_scenario_that_shows_another_requirement(self):
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-001", "CMB-SND-002")
        self.write("scenarios/sender/other.yaml", "id: sender/other\nrequirements: [CMB-SND-001]\n")
        self.assert_found("spec/mechanisms.yaml:4: an ACK: no scenario it shows names one of CMB-SND-001")

    def test_the_page_is_what_the_table_says(self):
        self.edit("spec/mechanisms.md", "an ACK", "a NACK")
        self.assert_found("spec/mechanisms.md:1: is not what its sources give")

    def test_a_table_that_is_no_yaml(self):
        self.write("spec/mechanisms.yaml", "- document: [\n")
        self.assert_found("spec/mechanisms.yaml:2: is not YAML")


class Project(unittest.TestCase):
    def test_every_source_document_is_gone_through(self):
        documents = {d["document"]: len(d["mechanisms"]) for d in mechanisms.read(ROOT, self.fail)}
        self.assertEqual(list(documents), ["architecture", "sender-machine", "build-plan", "sw4rm", "fleet"])
        self.assertGreater(sum(documents.values()), 250)

    def test_the_annex_has_the_metrics_of_the_chapter(self):
        row = re.compile(r"^\| `?([a-z_]+)`? \| (?:counter|gauge|histogram)", re.M)
        chapter = row.findall((ROOT / "spec/20-observability.md").read_text())
        self.assertEqual(len(chapter), 9)
        self.assertLessEqual(set(chapter), set(row.findall((ROOT / "spec/annex-observability.md").read_text())))


if __name__ == "__main__":
    unittest.main()
