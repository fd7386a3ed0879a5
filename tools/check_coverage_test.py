"""Each check of check-coverage bites on a broken table and not on a whole one."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check-coverage"
ROW = "| behaviour {n} | `sender/a` | none: a router has no such thing | `target/a` |\n"


class CheckCoverage(unittest.TestCase):
    def findings(self, last_row, cases=None, more=()):
        with tempfile.TemporaryDirectory() as root:
            folder = pathlib.Path(root)
            for role in ("sender", "target", *more):
                (folder / role).mkdir()
                (folder / role / "a.yaml").write_text(f"id: {role}/a\nrole: {role}\n")
            table = "| behaviour | sender | router | target |\n|---|---|---|---|\n"
            table += "".join(ROW.format(n=n) for n in range(20)) + last_row
            (folder / "coverage.md").write_text(table)
            command = [sys.executable, CHECK, "--scenarios", root]
            if cases is not None:
                (folder / "cases").write_text("\n".join(cases))
                command += ["--cases", str(folder / "cases")]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1 if done.stderr else 0)
        return done.stderr

    def test_a_whole_table_has_no_finding(self):
        self.assertEqual("", self.findings(""))

    def test_an_empty_cell_is_found(self):
        self.assertIn("empty", self.findings("| b | `sender/a` |  | `target/a` |\n"))

    def test_an_unknown_scenario_is_found(self):
        self.assertIn("no scenario sender/b", self.findings(ROW.replace("sender/a", "sender/b")))

    def test_a_scenario_of_another_role_is_found(self):
        self.assertIn("not sender", self.findings(ROW.replace("sender/a", "target/a")))

    def test_a_whole_system_tests_every_role(self):
        row = ROW.replace("sender/a", "system/a")
        self.assertEqual("", self.findings(row, more=("system",)))

    def test_a_folder_that_no_row_names_is_found(self):
        self.assertIn("no scenario of router/ is named", self.findings("", more=("router",)))

    def test_a_table_of_ends_is_for_systems(self):
        ends = "\n| fault | success | failure | cancelled | unknown |\n|---|---|---|---|---|\n"
        row = "| f | `system/a` | `system/a` | none: it has no such end | {} |\n"
        self.assertEqual("", self.findings(ends + row.format("`system/a`"), more=("system",)))
        self.assertIn("not a system", self.findings(ends + row.format("`sender/a`"), more=("system",)))

    def test_a_table_of_something_else_is_found(self):
        self.assertIn("not checked", self.findings("\n| a | b |\n|---|---|\n| c | `sender/a` |\n"))

    def test_a_cell_without_reason_is_found(self):
        row = ROW.replace("none: a router has no such thing", "none: no")
        self.assertIn("no reason", self.findings(row))

    def test_a_missing_cell_is_found(self):
        self.assertIn("3 cells", self.findings("| b | `sender/a` | `target/a` |\n"))

    def test_too_few_cases_and_too_many_malformed_ones_are_found(self):
        found = self.findings("", ["sender/a", "sender/malformed-a"])
        self.assertIn("2 cases, fewer", found)
        self.assertIn("1 of 2 cases are malformed", found)


if __name__ == "__main__":
    unittest.main()
