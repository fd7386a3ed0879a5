"""Each check of check-tree bites: a broken tree is found, a mended one is not."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check-tree"


class CheckTree(unittest.TestCase):
    def findings(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = pathlib.Path(root) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, CHECK, "--root", root], capture_output=True,
                                  text=True, timeout=60)
        self.assertEqual(done.returncode, 1 if done.stderr else 0)
        return done.stderr

    def test_a_clean_tree_has_no_finding(self):
        clean = '#include "proto/wire/words.h"\n#include <string>\n'
        self.assertEqual("", self.findings({"conformance/oracle/rule.cc": clean}))

    def test_the_suite_may_not_include_the_reference(self):
        bad = '#include "reference/lifecycle/sender.h"\n'
        self.assertIn("rule.cc:1: includes", self.findings({"conformance/oracle/rule.cc": bad}))

    def test_the_reference_may_not_include_the_suite(self):
        bad = '#include "conformance/clock/clock.h"\n'
        self.assertIn("includes", self.findings({"reference/endpoint/a.cc": bad}))

    def test_a_core_may_not_include_io(self):
        self.assertIn("pure core", self.findings({"reference/lifecycle/a.h": "#include <thread>\n"}))
        self.assertEqual("", self.findings({"reference/lifecycle/a.h": "#include <chrono>\n"}))

    def test_a_sleep_is_found(self):
        self.assertIn("sleeps", self.findings({"reference/endpoint/a.cc": "usleep(5);\n"}))
        self.assertIn("sleeps", self.findings({"tools/x.sh": "sleep 1\n"}))

    def test_a_fixed_port_is_found_in_tests(self):
        bad = 'Bind("tcp://127.0.0.1:5555");\n'
        self.assertIn("fixed port", self.findings({"conformance/control/a_test.cc": bad}))
        self.assertEqual("", self.findings({"conformance/control/a.cc": 'Bind("tcp://127.0.0.1:*");\n'}))

    def test_a_default_label_is_found(self):
        self.assertIn("default", self.findings({"reference/endpoint/a.cc": "    default:\n"}))
        self.assertEqual("", self.findings({"reference/endpoint/a.cc": "default:  // open enum\n"}))

    def test_a_long_function_is_found_unless_it_says_why(self):
        body = "void F() {\n" + "  g();\n" * 60 + "}\n"
        self.assertIn("function of 62", self.findings({"reference/endpoint/a.cc": body}))
        excused = "// long because: one table.\n" + body
        self.assertEqual("", self.findings({"reference/endpoint/a.cc": excused}))

    def test_a_function_that_begins_with_const_is_measured_and_a_constant_is_not(self):
        body = "  g();\n" * 60 + "}\n"
        self.assertIn("function of 62", self.findings({"reference/endpoint/a.cc": "const T& F() {\n" + body}))
        self.assertNotIn("function", self.findings({"reference/endpoint/a.cc": "const T kTable{\n" + body}))

    def test_a_long_file_is_found(self):
        self.assertIn("301 lines", self.findings({"reference/endpoint/a.cc": "//\n" * 301}))

    def test_a_stranger_at_the_top_level_is_found(self):
        self.assertIn("notes.txt:1", self.findings({"notes.txt": "x\n"}))


if __name__ == "__main__":
    unittest.main()
