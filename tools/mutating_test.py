"""Tests of the places where tools/mutate alters a core, and of what it writes there."""

import unittest

from mutating.schemata import Writer, enumerators
from mutating.source import Source

ENUMS = enumerators("enum class State : int { kUnspecified = 0, kIdle = 1, kDone = 2 };")


def written(body, signature="void F()"):
    """The edits of a function, and how it is written with its switches."""
    writer = Writer(ENUMS)
    text = writer.write("x.cc", f"namespace a {{\n\n{signature} {{\n{body}\n}}\n\n}}  // namespace a\n")
    return [(m.code, m.edit) for m in writer.mutants], text


class SitesTest(unittest.TestCase):
    """Every kind of place, and what is none."""

    def test_a_condition_is_negated_true_and_false(self):
        edits, text = written("  if (x.empty()) {\n    y();\n  }")
        self.assertEqual([e for c, e in edits if c == "x.empty()"], ["negated", "true", "false"])
        self.assertIn("static_cast<bool>(x.empty()) != ::cmb::mutant::Is(1)", text)

    def test_an_operand_is_left_out_also_where_a_line_ends(self):
        edits, _ = written("  const bool z = a &&\n                 b;")
        self.assertIn(("a", "true"), edits)
        self.assertIn(("b", "true"), edits)

    def test_a_comparison_is_off_by_one(self):
        edits, text = written("  const bool z = a + 1 < b;")
        self.assertIn(("a + 1 < b", "<="), edits)
        self.assertRegex(text, r"Is\(1\) \? \(a \+ .* <= b\) : a \+ .* < b")

    def test_a_value_of_an_enum_becomes_the_next_one_but_not_in_a_case(self):
        edits, _ = written("  switch (s) {\n    case State::kIdle:\n      t = State::kDone;\n      break;\n  }")
        self.assertIn(("State::kDone", "State::kIdle"), edits)
        self.assertNotIn(("State::kIdle", "State::kDone"), edits)

    def test_an_effect_is_left_out_and_a_declaration_is_not(self):
        edits, text = written("  Emit(x);\n  const int y = F(x);\n  int z = 2;\n  Foo bar(z);\n  Check(a > b, \"c\");")
        self.assertEqual([c for c, e in edits if e == "left out"], ["Emit(x);"])
        self.assertIn("if (!::cmb::mutant::Is(1)) { Emit(x); }", text)

    def test_the_answer_of_a_function_is_negated_but_not_that_of_a_lambda(self):
        edits, _ = written("  const auto f = [](int i) { return G(i); };\n  return H(f);", "bool F(int a,\n       int b)")
        self.assertIn(("H(f)", "negated"), edits)
        self.assertNotIn(("G(i)", "negated"), edits)

    def test_the_condition_of_a_choice_ends_at_an_assignment(self):
        edits, _ = written("  n += Ended(x) ? 0 : 1;")
        self.assertIn(("Ended(x)", "true"), edits)

    def test_comments_texts_and_headers_of_loops_are_left_alone(self):
        edits, _ = written("  // a < b\n  for (int i = n;\n       i != m; i = F(i)) {\n    Say(\"a < b\");\n  }")
        self.assertEqual([c for c, e in edits if e == "left out"], ['Say("a < b");'])

    def test_what_is_in_the_braces_of_a_value_is_no_block(self):
        text = "void F() {\n  x = Y{1, 2};\n}\n"
        self.assertTrue(Source("x.cc", text).is_in_list(text.index("1")))

    def test_two_that_are_alike_have_different_keys(self):
        writer = Writer(ENUMS)
        writer.write("x.cc", "void F() {\n  Emit(x);\n  Emit(x);\n}\n")
        keys = [m.key() for m in writer.named()]
        self.assertEqual(len(set(keys)), len(keys))


if __name__ == "__main__":
    unittest.main()
