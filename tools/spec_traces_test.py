#!/usr/bin/python3
"""Worked traces: their bytes are computed anew, and their transitions are ways of the tables."""

import pathlib
import re
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs import traces  # noqa: E402
from specs.little_project import ROOT, LittleProject  # noqa: E402

TRACE = """- title: One
  doc: A message.
  steps:
    - {at: 5, by: sender, moves: IDLE -> TIMEOUT_ABORT (TTL_EXPIRED)}
    - {from: sender, to: router, message: {}}
    - {from: router, to: target, message: {}, lost: true}
"""


class Bytes(unittest.TestCase):
    def test_they_are_those_of_the_wire_chapter(self):
        """3.4 gives the same frames in hexadecimal, written down independently."""
        chapter = (ROOT / "spec/03-wire.md").read_text().replace(" ", "")
        encoder = traces.Encoder(ROOT)
        steps = [{"from": "router", "to": "sender", "ack": "ROUTER_ACK/SUCCESS"},
                 {"from": "router", "to": "sender", "ack": "ROUTER_ACK/REJECTED NO_ROUTE"},
                 {"from": "target", "to": "router", "ack": "RECEIPT/SUCCESS"},
                 {"from": "router", "to": "sender", "ack": "TIMEOUT/FAILURE ACK_TIMEOUT"},
                 {"from": "target", "to": "router", "ack": "PROGRESS_ACK/IN_PROGRESS", "progress_number": 2, "percent": 40},
                 {"from": "sender", "to": "router", "ack": "CANCEL"},
                 {"from": "sender", "to": "router", "message": {"policy": {"max_retries": 3}}}]
        for step in steps:
            with self.subTest(traces.words_of(step)):
                self.assertIn(encoder.header(traces.header_of({}, step)).replace(" ", ""), chapter)

    def test_every_page_byte_is_a_frame_that_can_be_read_back(self):
        encoder = traces.Encoder(ROOT)
        block = re.compile(r"(?:^ {13}[0-9a-f]{2}(?: [0-9a-f]{2})*\n)+", re.M)
        found = block.findall(traces.page(ROOT))
        self.assertGreater(len(found), 50)
        for text in found:
            header = encoder._class.FromString(bytes.fromhex(text))
            self.assertEqual((header.schema_version, len(header.targets)), (1, 1))


class Page(LittleProject):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "proto", self.root / "proto", dirs_exist_ok=True)
        self.write("spec/traces.yaml", TRACE)
        self.assertEqual(self.run_spec("generate")[0], 0)

    def test_it_tells_frames_and_events(self):
        page = (self.root / "spec/traces.md").read_text()
        self.assertEqual(self.run_spec("check")[0], 0)
        for part in ("     5 ms  sender            [m-1] IDLE -> TIMEOUT_ABORT (TTL_EXPIRED)\n",
                     "     5 ms  sender → router   MESSAGE attempt 1\n             08 01 10 01 1a 03 6d 2d 31 ",
                     "— lost\n             the same bytes\n", "    R-xT: MESSAGE attempt 1\n"):
            self.assertIn(part, page)

    def test_a_byte_that_is_another(self):
        self.edit("spec/traces.md", "08 01 10 01", "08 01 10 02")
        self.assert_found("spec/traces.md:1: is not what its sources give")

    def test_a_changed_schema(self):
        self.edit("proto/cmb/ack/v1/message.proto", "uint32 attempt = 11;", "uint32 attempt = 111;")
        self.assert_found("spec/traces.md:1: is not what its sources give")

    def test_a_transition_that_no_table_has(self):
        self.edit("spec/traces.yaml", "(TTL_EXPIRED)", "(CANCEL)")
        self.run_spec("generate")
        self.assert_found("spec/traces.yaml:4: One: IDLE -> TIMEOUT_ABORT (CANCEL) is no way of the sender's table")

    def test_a_transition_from_another_state(self):
        step = "    - {at: 5, by: sender, moves: IDLE -> TIMEOUT_ABORT (TTL_EXPIRED)}\n"
        self.edit("spec/traces.yaml", step, step + step)
        self.run_spec("generate")
        self.assert_found("follows a record in TIMEOUT_ABORT")


if __name__ == "__main__":
    unittest.main()
