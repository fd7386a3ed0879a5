"""Tests of what tools/fuzz keeps, and of the seeds of each target."""

import pathlib
import tempfile
import unittest

from fuzzing import corpus, rounds, seeds

TOP = pathlib.Path(__file__).resolve().parent.parent


class CorpusTest(unittest.TestCase):
    """Which inputs are worth keeping."""

    def test_what_an_input_reaches_is_read_from_the_control_file(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "control"
            file.write_text("2\n0\na\nb\nSTARTED 0 3\nFT 0 1 2\nCOV 0 9\nSTARTED 1 4\nFT 1 2\nCOV 1 9\n")
            self.assertEqual(corpus.features(file), {"a": {"1", "2"}, "b": {"2"}})

    def test_an_input_that_reaches_nothing_new_is_not_kept(self):
        reached = {"big": {"1", "2"}, "same": {"1"}, "other": {"3"}}
        self.assertEqual(sorted(corpus.chosen(reached, {"big": 9, "same": 9, "other": 9})), ["big", "other"])

    def test_of_two_that_reach_the_same_the_smaller_one_is_kept(self):
        self.assertEqual(corpus.chosen({"a": {"1"}, "b": {"1"}}, {"a": 500, "b": 5}), ["b"])

    def test_the_last_numbers_that_libfuzzer_says_are_read(self):
        self.assertEqual(rounds.STOPPED.findall("#2\tINITED cov: 5 ft: 6 corp: 1/1b\n#90\tDONE   cov: 7 ft: 9 corp"),
                         [("2", "5", "6"), ("90", "7", "9")])


class TargetsTest(unittest.TestCase):
    """Every target of the tree has seeds, and a committed corpus that is small."""

    def test_every_target_has_a_corpus_and_seeds(self):
        targets = corpus.targets(TOP, TOP / "build" / "fuzz")
        self.assertTrue(targets)
        for target in targets:
            with self.subTest(target.name):
                self.assertIn(target.name, seeds.OF)
                inputs = list(target.committed.iterdir())
                self.assertTrue(inputs)
                self.assertLessEqual(sum(i.stat().st_size for i in inputs), 300_000)


if __name__ == "__main__":
    unittest.main()
