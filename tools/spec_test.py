#!/usr/bin/python3
"""tools/spec against a small project in a temporary folder: each check bites."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specs.little_project import LINE, SCENARIO, SENTENCE, TOOLS, LittleProject  # noqa: E402

# In two parts, since this file is searched for ids as well.
UNKNOWN = "CMB-RTR" + "-123"
UNKNOWN_CHOICE = "CHO" + "-777"


class Sound(LittleProject):
    def test_a_sound_project_passes(self):
        code, output = self.run_spec("check")
        self.assertEqual((code, output), (0, "2 requirements, 6 pairs of 3 machines, 1 choices: nothing found\n"))


class Requirements(LittleProject):
    def set_line(self, line):
        self.edit("spec/04-sender.md", LINE, line + "\n")
        self.run_spec("generate")

    def test_an_id_stands_twice(self):
        self.set_line(LINE + "\n" + LINE)
        self.assert_found("spec/04-sender.md:3: CMB-SND-001 stands already at spec/04-sender.md:1")

    def test_no_parentheses(self):
        self.set_line("**CMB-SND-001** " + SENTENCE)
        self.assert_found("spec/04-sender.md:1: is no requirement; write")

    def test_three_fields(self):
        self.set_line("**CMB-SND-001** (MUST; sender; BASIC) " + SENTENCE)
        self.assert_found("has not four fields")

    def test_two_key_words(self):
        self.set_line(LINE.replace("one thing", "one thing and MAY do more"))
        self.assert_found("has 2 key words of BCP 14")

    def test_no_key_word(self):
        self.set_line(LINE.replace("MUST do", "does"))
        self.assert_found("has 0 key words of BCP 14")

    def test_a_key_word_in_code_is_none(self):
        self.edit("spec/04-sender.md", "one thing", "`MUST`")
        self.run_spec("generate")
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_the_level_is_another(self):
        self.set_line(LINE.replace("(MUST;", "(SHOULD;"))
        self.assert_found("says MUST but is of level SHOULD")

    def test_foreign_key_word(self):
        self.set_line(LINE.replace("one thing", "what is REQUIRED"))
        self.assert_found("uses REQUIRED; use MUST")

    def test_two_sentences(self):
        self.set_line(LINE.replace("thing.", "thing. It does."))
        self.assert_found("is not one sentence")

    def test_unknown_area(self):
        self.set_line(LINE.replace("SND", "XYZ"))
        self.assert_found("the area XYZ is unknown")

    def test_unknown_role(self):
        self.set_line(LINE.replace("; sender,", "; broker,"))
        self.assert_found("the role 'broker' is unknown")

    def test_unknown_profile(self):
        self.set_line(LINE.replace("BASIC", "FULL"))
        self.assert_found("the profile 'FULL' is neither")

    def test_a_feature_is_a_profile(self):
        self.edit("spec/04-sender.md", "BASIC; wire", "batch_ack; wire")
        self.run_spec("generate")
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_inspection_without_a_reason(self):
        self.set_line(LINE.replace("wire", "inspection"))
        self.assert_found("says why after a colon")

    def test_a_number_kept_for_tests(self):
        self.set_line(LINE.replace("SND-001", "SND-990"))
        self.assert_found("are kept for tests")


class Citations(LittleProject):
    def test_an_unknown_id_in_each_folder(self):
        for name in ("spec/note.md", "scenarios/README.md", "conformance/a.cc", "reference/a.h", "tools/a.py",
                     "proto/a.proto", "tools/run"):
            with self.subTest(name):
                self.write(name, "first line\n// " + UNKNOWN + " says so\n")
                self.assert_found(f"{name}:2: cites {UNKNOWN}, which is no requirement")
                (self.root / name).unlink()

    def test_ids_that_tests_invent(self):
        self.write("conformance/a_test.cc", "// CMB-SND-990 CMB-AREA-000 CMB-TST-001 CMB-NON-001 CHO-999\n")
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_an_unknown_choice(self):
        self.write("scenarios/README.md", "one_of: " + UNKNOWN_CHOICE + "\n")
        self.assert_found("scenarios/README.md:1: cites " + UNKNOWN_CHOICE)

    def test_a_must_without_scenario(self):
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-002", "CMB-SND-001")
        self.assert_found("spec/04-sender.md:3: CMB-SND-002 is a MUST of BASIC that no scenario names")
        self.assertEqual(self.run_spec("check", "--skip", "coverage")[0], 0)

    def test_a_must_that_one_of_its_roles_does_not_show(self):
        self.edit("scenarios/router/plain-path.yaml", "CMB-SND-001", "CMB-SND-002")
        self.assert_found("spec/04-sender.md:1: CMB-SND-001 binds the router, and no scenario of that role names it")
        self.edit("scenarios/sender/plain-path.yaml", "requirements", "role: system\nrequirements")
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_a_must_of_any_profile_or_feature_needs_a_scenario(self):
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-002", "CMB-SND-001")
        for profile in ("TRACKED", "DURABLE", "curve"):
            with self.subTest(profile):
                before = (self.root / "spec/04-sender.md").read_text()
                self.edit("spec/04-sender.md", "BASIC; upper tester", f"{profile}; upper tester")
                self.run_spec("generate")
                self.assert_found(f"CMB-SND-002 is a MUST of {profile} that no scenario names")
                self.write("spec/04-sender.md", before)

    def test_what_no_test_observes_needs_none(self):
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-002", "CMB-SND-001")
        for instead in ("inspection: nobody sees it", "model", "smoke"):
            with self.subTest(instead):
                before = (self.root / "spec/04-sender.md").read_text()
                self.edit("spec/04-sender.md", "upper tester", instead)
                self.run_spec("generate")
                self.assertEqual(self.run_spec("check")[0], 0)
                self.write("spec/04-sender.md", before)

    def test_what_the_model_proves_besides_is_shown_all_the_same(self):
        self.edit("spec/04-sender.md", "upper tester", "upper tester, model")
        self.run_spec("generate")
        self.assertEqual(self.run_spec("check")[0], 0)
        self.assertIn("| upper tester, model |", (self.root / "spec/index.md").read_text())
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-002", "CMB-SND-001")
        self.assert_found("CMB-SND-002 is a MUST of BASIC that no scenario names")

    def test_what_every_case_checks_is_named_by_the_suite(self):
        self.edit("scenarios/sender/plain-path.yaml", "CMB-SND-002", "CMB-SND-001")
        self.edit("spec/04-sender.md", "upper tester", "every case")
        self.run_spec("generate")
        self.write("conformance/oracle/rule_test.cc", '"CMB-SND-002"')
        self.assert_found("CMB-SND-002 is to be checked in every case and no source of conformance/ names it")
        self.write("conformance/oracle/rule.cc", '"CMB-SND-002"')
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_a_comment_of_the_reference_names_each_requirement(self):
        self.write("reference/a.cc", "// CMB-SND-001.\n")
        self.assert_found("spec/04-sender.md:3: CMB-SND-002 is named by no comment of reference/")
        self.write("reference/a.cc", 'Act();  // CMB-SND-001, CMB-SND-002.\n')
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_neither_code_nor_tests_of_the_reference_count_as_comments(self):
        self.write("reference/a.cc", "// CMB-SND-001.\n")
        for name, text in (("reference/b.cc", 'Print("CMB-SND-002");\n'), ("reference/b_test.cc", "// CMB-SND-002.\n"),
                           ("reference/testing/b.h", "// CMB-SND-002.\n"), ("reference/README.md", "// CMB-SND-002\n")):
            with self.subTest(name):
                self.write(name, text)
                self.assert_found("CMB-SND-002 is named by no comment of reference/")

    def test_the_reference_need_not_name_what_binds_a_harness_alone(self):
        self.write("reference/a.cc", "// CMB-SND-001.\n")
        self.edit("spec/04-sender.md", "(MUST; sender; BASIC; upper tester) A sender", "(MUST; harness; BASIC; smoke) A sender")
        self.run_spec("generate")
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_a_requirement_named_in_a_second_document(self):
        self.edit("scenarios/sender/plain-path.yaml", ", req: CMB-SND-002", "")
        self.write("scenarios/sender/more.yaml", SCENARIO + "---\n" + SCENARIO)
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_a_scenario_that_is_no_yaml(self):
        self.write("scenarios/sender/broken.yaml", "id: x\nsteps: [\n")
        self.assert_found("scenarios/sender/broken.yaml:3: is not YAML")


class Drift(LittleProject):
    def test_every_generated_part(self):
        for name, old in (("spec/requirements.json", "one thing"), ("spec/index.md", "one thing"),
                          ("spec/machines.json", "TTL_EXPIRED"), ("spec/04-sender.md", "→ TIMEOUT_ABORT")):
            with self.subTest(name):
                before = (self.root / name).read_text()
                self.edit(name, old, "something else")
                self.assert_found(f"{name}:1: is not what its sources give; run tools/spec generate")
                self.write(name, before)

    def test_a_changed_table(self):
        self.edit("spec/machines/sender.yaml", "reason: TTL_EXPIRED", "reason: CANCEL")
        self.assert_found("spec/04-sender.md:1: is not what its sources give")

    def test_generate_mends_it(self):
        self.edit("spec/machines/sender.yaml", "reason: TTL_EXPIRED", "reason: CANCEL")
        self.assertIn("wrote spec/machines.json", self.run_spec("generate")[1])
        self.assertEqual(self.run_spec("check")[0], 0)

    def test_generate_writes_nothing_from_broken_sources(self):
        self.edit("spec/04-sender.md", "MUST do one", "does one")
        before = (self.root / "spec/index.md").read_text()
        self.assertEqual(self.run_spec("generate")[0], 1)
        self.assertEqual((self.root / "spec/index.md").read_text(), before)

    def test_a_choice_with_one_branch(self):
        self.write("spec/choices.yaml", "- {id: CHO-001, text: Either way., branches: [left]}\n")
        self.assert_found("CHO-001 needs a text and at least two branches")


class Use(LittleProject):
    def test_list_and_explain(self):
        self.assertIn(SENTENCE, self.run_spec("list", "--area", "SND")[1])
        self.assertIn('"verification": "upper tester"', self.run_spec("list", "--json")[1])
        code, output = self.run_spec("explain", "CMB-SND-002")
        self.assertEqual(code, 0)
        self.assertIn("spec/04-sender.md:3\nA sender MUST do another thing.", output)
        self.assertIn("scenarios: sender/plain-path", output)

    def test_explain_an_unknown_id(self):
        code, output = self.run_spec("explain", "CMB-SND-990")
        self.assertEqual(code, 1)
        self.assertIn("there is no requirement CMB-SND-990", output)

    def test_wrong_use(self):
        for arguments in ((), ("sing",), ("explain",), ("list", "--area", "XYZ"), ("check", "--quickly")):
            with self.subTest(arguments):
                self.assertEqual(self.run_spec(*arguments)[0], 64)
        done = subprocess.run([TOOLS / "spec", "--root", "/nowhere", "check"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 64)

    def test_help(self):
        code, output = self.run_spec("--help")
        self.assertEqual(code, 0)
        for verb in ("list", "explain", "generate", "check", "Exit codes"):
            self.assertIn(verb, output)


if __name__ == "__main__":
    unittest.main()
