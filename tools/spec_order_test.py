#!/usr/bin/python3
"""Tests of the order of requirements: what rests on what.

    /usr/bin/python3 -m unittest spec_order_test
"""

import json
import unittest

from specs.little_project import LittleProject


class Order(LittleProject):
    """What rests on what."""

    def numbers(self):
        self.run_spec("generate")
        return {r["id"]: r["order"] for r in json.loads((self.root / "spec/requirements.json").read_text())}

    def test_a_chapter_goes_from_its_first_sentence_on(self):
        self.assertEqual(self.numbers(), {"CMB-SND-001": 1, "CMB-SND-002": 2})

    def test_the_plain_path_comes_first(self):
        self.write("spec/order.yaml", "plain_path: [CMB-SND-002]\n")
        self.assertEqual(self.numbers(), {"CMB-SND-001": 2, "CMB-SND-002": 1})

    def test_a_higher_profile_rests_on_a_lower_one(self):
        self.edit("spec/04-sender.md", "(MUST; sender, router, target; BASIC; wire)",
                  "(MUST; sender, router, target; TRACKED; wire)")
        self.assertEqual(self.numbers(), {"CMB-SND-001": 2, "CMB-SND-002": 1})

    def test_the_reading_order_is_that_of_the_readme(self):
        self.write("spec/03-wire.md", "**CMB-WIRE-001** (MUST; sender; BASIC; inspection: it is so) "
                   "A sender MUST be.\n")
        self.write("spec/README.md", "| 4 | [Sender](04-sender.md) |\n| 3 | [Wire](03-wire.md) |\n")
        self.assertEqual(self.numbers()["CMB-WIRE-001"], 3)

    def test_an_id_that_is_none(self):
        self.write("spec/order.yaml", "plain_path: [CMB-SND-009]\n")
        self.assert_found("spec/order.yaml:1: CMB-SND-009 is no requirement")


if __name__ == "__main__":
    unittest.main()
