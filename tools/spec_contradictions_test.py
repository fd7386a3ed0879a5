#!/usr/bin/python3
"""tools/spec finds a sentence that takes with it what a narrower row of its table makes of the case."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs.little_project import SENTENCE, LittleProject  # noqa: E402


class Contradictions(LittleProject):
    """The row `TTL ends [again]` is an anomaly, so nothing else that is cited for `TTL ends` may speak of it."""

    def setUp(self):
        super().setUp()
        path = "spec/machines/sender.yaml"
        self.edit(path, "events:\n", 'events:\n  - {name: "TTL ends [again]", doc: Twice., req: [CMB-SND-002]}\n')
        self.edit(path, "table:\n", "table:\n  TTL ends [again]:\n    IDLE: {anomaly: DUPLICATE_ACK}\n"
                                    "    TIMEOUT_ABORT: {impossible: no TTL is armed}\n")

    def say(self, sentence):
        self.edit("spec/04-sender.md", SENTENCE, sentence)
        self.run_spec("generate")

    def assert_sound(self):
        self.run_spec("generate")
        code, output = self.run_spec("check")
        self.assertEqual(code, 0, output)

    def test_a_sentence_that_takes_the_case_with_it(self):
        self.run_spec("generate")
        self.assert_found("spec/machines/sender.yaml:9: CMB-SND-001 of 'TTL ends' does not except 'TTL ends [again]', "
                          "which comes to something else (IDLE)")

    def test_a_sentence_that_names_the_case(self):
        self.say("A sender MUST do one thing, but not again.")
        self.assert_sound()

    def test_a_sentence_of_other_states(self):
        self.say("A sender MUST do one thing in TIMEOUT_ABORT.")
        self.assert_sound()

    def test_a_sentence_of_the_state_in_which_they_meet(self):
        self.say("A sender MUST do one thing in IDLE.")
        self.assert_found("CMB-SND-001 of 'TTL ends' does not except")

    def test_a_word_that_spares_it(self):
        self.edit("spec/machines/sender.yaml", "doc: Twice.,", "doc: Twice., spares: [one thing],")
        self.assert_sound()

    def test_a_sentence_that_names_the_other(self):
        self.say("A sender MUST do one thing (CMB-SND-002).")
        self.assert_sound()

    def test_two_anomalies_of_different_kinds(self):
        self.edit("spec/machines/sender.yaml", "  TTL ends:\n    IDLE: {go", "  TTL ends:\n    IDLE: {anomaly: CONFLICT}\n#")
        self.run_spec("generate")
        self.assert_found("CMB-SND-001 of 'TTL ends' does not except 'TTL ends [again]'")

    def test_a_narrower_row_that_is_no_anomaly(self):
        self.edit("spec/machines/sender.yaml", "{anomaly: DUPLICATE_ACK}", "{stay: it is waited for}")
        self.run_spec("generate")
        self.assert_found("CMB-SND-001 of 'TTL ends' does not except 'TTL ends [again]'")

    def test_one_requirement_may_say_both(self):
        self.edit("spec/machines/sender.yaml", "req: [CMB-SND-002]", "req: [CMB-SND-001]")
        self.assert_sound()


if __name__ == "__main__":
    unittest.main()
