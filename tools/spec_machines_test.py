#!/usr/bin/python3
"""The state tables and the order of judgement of a small project: each check of tools/spec bites."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs.little_project import LittleProject  # noqa: E402


class Machines(LittleProject):
    def break_cell(self, old, new):
        self.edit("spec/machines/sender.yaml", old, new)
        self.run_spec("generate")

    def test_a_pair_is_missing(self):
        self.break_cell("    TIMEOUT_ABORT: {impossible: no TTL is armed}\n", "")
        self.assert_found("spec/machines/sender.yaml:11: the pair (TTL ends, TIMEOUT_ABORT) stands 0 times")

    def test_a_pair_stands_twice(self):
        self.break_cell("    TIMEOUT_ABORT: {imp", "    TIMEOUT_ABORT, IDLE: {imp")
        self.assert_found("the pair (TTL ends, IDLE) stands 2 times")

    def test_unknown_words(self):
        for old, new, text in (("reason: TTL_EXPIRED", "reason: TTL_ENDED", "the reason TTL_ENDED is not in the .proto"),
                               ("{impossible: no TTL is armed}", "{anomaly: ODD}", "the anomaly ODD is not in the .proto"),
                               ("effects: [send TIMEOUT]", "effects: [sing]", "the effect 'sing' is not declared"),
                               ("name: IDLE", "name: ASLEEP", "the state ASLEEP is not in the .proto")):
            with self.subTest(new):
                before = (self.root / "spec/machines/sender.yaml").read_text()
                self.break_cell(old, new)
                self.assert_found(text)
                self.write("spec/machines/sender.yaml", before)

    def test_a_transition_to_itself(self):
        self.break_cell("go: TIMEOUT_ABORT", "go: IDLE")
        self.assert_found("moves from IDLE to itself")

    def test_a_cell_that_says_two_things(self):
        self.break_cell("{impossible:", "{stay: no, impossible:")
        self.assert_found("says not exactly one of go")

    def test_a_sender_that_leaves_the_end(self):
        self.break_cell("{impossible: no TTL is armed}", "{go: IDLE, reason: SEND}")
        self.assert_found("leaves a terminal state without LATE_EXECUTION_ACK")

    def test_an_event_without_requirement(self):
        self.break_cell(", req: [CMB-SND-001]", "")
        self.assert_found("the event 'TTL ends' cites no requirement")

    def test_an_event_that_cites_what_binds_another_role(self):
        self.edit("spec/machines/router.yaml", "[CMB-SND-001]", "[CMB-SND-002]")
        self.assert_found("cites CMB-SND-002, which does not bind a router")

    def test_what_is_for_some_alone_says_for_whom(self):
        self.assertNotIn("only", (self.root / "spec/machines.json").read_text())
        self.break_cell('send TIMEOUT: ""', 'send TIMEOUT: "TRACKED: to the router"')
        self.break_cell("doc: It ends.", 'doc: "without TRACKED: it ends"')
        self.assertIn('"only": {"row": "without TRACKED", "send TIMEOUT": "TRACKED"}',
                      (self.root / "spec/machines.json").read_text())

    def test_an_event_without_row(self):
        self.break_cell("table:", '  - {name: odd, doc: Odd., req: [CMB-SND-001]}\ntable:')
        self.assert_found("the event 'odd' has no row")

    def test_an_unused_effect(self):
        self.break_cell("effects:\n", "effects:\n  sing: loudly\n")
        self.assert_found("the effect 'sing' is never used")

    def test_a_machine_that_is_no_yaml(self):
        self.write("spec/machines/router.yaml", "states: [")
        self.assert_found("spec/machines/router.yaml:1: cannot be read as a machine")


class Judgement(LittleProject):
    def judge(self, findings, rows="| 1 | MALFORMED | all | 3.7 |"):
        self.write("spec/03-wire.md", f"<!-- for: all -->\n## 3.6 Order\n\n{rows}\n\n## 3.7 Frames\n")
        self.write("spec/machines/judgement.yaml", f"findings:\n  - {findings}\n")

    def test_the_order_of_the_chapter(self):
        self.judge("{name: wrong, anomaly: UNSUPPORTED, req: {sender: CMB-SND-001}}")
        self.assert_found("has the anomalies UNSUPPORTED, and 3.6 MALFORMED; let them agree")

    def test_a_sentence_that_binds_another(self):
        self.judge("{name: bad, anomaly: MALFORMED, req: {router: CMB-SND-002}}")
        self.assert_found("the finding 'bad' cites CMB-SND-002, which does not bind a router")

    def test_an_unknown_sentence(self):
        self.judge("{name: bad, anomaly: MALFORMED, req: {router: CMB-SND-990}}")
        self.assert_found("the finding 'bad' cites CMB-SND-990, which is unknown")


if __name__ == "__main__":
    unittest.main()
