"""The files that `run`, `merge` and `diff` write are what they say they are.

JSON is valid by the schema that the program prints, JUnit by junit.xsd. The program is
CMB_CONFORMANCE; the implementation is the Python peer, unbroken and with a mutant.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = [sys.executable, str(ROOT / "conformance/peers/python/peer.py")]
CHOSEN = ["--run", "target/plain-path*", "--run", "target/duplicate*"]
BROKEN = ["--mutant", "no-dedup"]


def conformance(*words):
    return subprocess.run([os.environ["CMB_CONFORMANCE"], *map(str, words)], capture_output=True, text=True,
                          timeout=120)


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.folder.name)
        cls.good = cls.run_peer("good")
        cls.bad = cls.run_peer("bad", *BROKEN)
        schema = json.loads(conformance("schema", "report").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def run_peer(cls, name, *peer, options=()):
        at = cls.at
        return conformance("run", *CHOSEN, *options, "--json", at / f"{name}.json", "--junit", at / f"{name}.xml",
                           "--markdown", at / f"{name}.md", "--badge", at / f"{name}.badge", "--bundle",
                           at / f"{name}.bundle", "--transcript", at / f"{name}.t", "--", *PEER, *peer)

    def json(self, name):
        return json.loads((self.at / name).read_text())

    def faults(self, document):
        return [f"{e.json_path}: {e.message[:200]}" for e in self.validator.iter_errors(document)]

    def test_the_runs_end_as_meant(self):
        self.assertEqual(self.good.returncode, 0, self.good.stdout + self.good.stderr)
        self.assertEqual(self.bad.returncode, 1, self.bad.stdout + self.bad.stderr)

    def test_json_is_valid_and_the_schema_bites(self):
        for name in ("good.json", "bad.json"):
            self.assertEqual(self.faults(self.json(name)), [])
        for change in ({"format": "x"}, {"seed": -1}, {"more": 1}, {"counts": {}}):
            self.assertNotEqual(self.faults({**self.json("good.json"), **change}), [])

    def test_json_tells_claims_profiles_and_requirements(self):
        report = self.json("bad.json")
        self.assertEqual(report["pics"]["name"], report["iut"]["name"])
        self.assertIn(("target", "BASIC", "fail"),
                      [(p["role"], p["profile"], p["verdict"]) for p in report["profiles"]])
        failed = [id_ for id_, one in report["requirements"].items() if one["verdict"] == "fail"]
        self.assertIn(report["causes"][0]["requirement"], failed)
        self.assertTrue(all(pathlib.Path(case["transcript"]).exists() for case in report["cases"]))

    def test_junit_is_what_jenkins_and_gitlab_read(self):
        for name in ("good.xml", "bad.xml"):
            checked = subprocess.run(["xmllint", "--noout", "--schema", ROOT / "conformance/report/junit.xsd",
                                      self.at / name], capture_output=True, text=True, timeout=30)
            self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_badge_and_markdown_tell_the_part(self):
        self.assertEqual(self.json("good.badge")["color"], "yellow")  # Only a part was chosen.
        self.assertEqual(self.json("bad.badge")["color"], "red")
        markdown = (self.at / "bad.md").read_text()
        self.assertIn("### Causes", markdown)
        self.assertIn("| target | BASIC | **fail** | 2 failed, 1 passed |", markdown)
        self.assertIn("No verdict as router, sender: no case of it was run.", markdown)
        self.assertNotIn("| none |", markdown)

    def test_bundle_has_all_of_each_failed_case_and_repeats_it(self):
        report = self.json("bad.json")
        failed = [case["id"] for case in report["cases"] if case["verdict"] == "fail"]
        folders = list((self.at / "bad.bundle").iterdir())
        self.assertEqual(len(folders), len(failed))
        self.assertFalse(list((self.at / "good.bundle").iterdir()))
        for folder in folders:
            self.assertEqual({f.name for f in folder.iterdir()},
                             {"README.md", "scenario.yaml", "transcript.jsonl", "stderr.txt", "report.json",
                              "report.html"})
            self.assertEqual(self.faults(json.loads((folder / "report.json").read_text())), [])
        judged = conformance("check", folders[0] / "transcript.jsonl")
        self.assertIn(judged.returncode, (0, 1), judged.stderr)
        again = conformance("run", "--scenarios", folders[0] / "scenario.yaml", "--", *PEER, *BROKEN)
        self.assertEqual(again.returncode, 1, again.stdout + again.stderr)

    def test_shards_merge_to_the_whole(self):
        parts = []
        for shard in ("1/3", "2/3", "3/3"):
            self.run_peer(f"part{shard[0]}", *BROKEN, options=("--shard", shard))
            parts.append(self.at / f"part{shard[0]}.json")
        merged = conformance("merge", "--json", self.at / "merged.json", *parts)
        self.assertEqual(merged.returncode, 1, merged.stderr)
        whole, bad = self.json("merged.json"), self.json("bad.json")
        self.assertEqual(self.faults(whole), [])
        for key in ("counts", "requirements", "profiles", "shard", "selection"):
            self.assertEqual(whole[key], bad[key])
        self.assertEqual({c["requirement"] for c in whole["causes"]}, {c["requirement"] for c in bad["causes"]})
        self.assertEqual(merged.stderr, "")
        some = conformance("merge", *parts[:2])
        self.assertIn("these are parts of a run, not all of it: 1/3; 2/3", some.stderr)

    def wrong(self, sentence, *words):
        """Wrong use: one line says so, and nothing is run, written or dumped."""
        ended = conformance(*words)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.count("\n")), (64, "", 1), ended.stderr)
        self.assertIn(sentence, ended.stderr)
        self.assertNotIn("json.exception", ended.stderr)

    def test_what_is_no_report_is_named_with_its_fault(self):
        good, at = self.at / "good.json", self.at
        (at / "empty.json").write_text("")
        (at / "list.json").write_text("[]")
        (at / "old.json").write_text(json.dumps({**self.json("good.json"), "format": "cmb-report-0"}))
        (at / "cut.json").write_text(good.read_text()[:3000])
        for name, sentence in (("none.json", "No such file"), ("", "Is a directory; name a file that `run --json` wrote"),
                               ("good.xml", "parse error at line 1"), ("empty.json", "unexpected end of input"),
                               ("list.json", "it is JSON, but no object"), ("cut.json", "parse error at line"),
                               ("old.json", "another version of the suite wrote it: its format is cmb-report-0")):
            self.wrong(sentence, "merge", at / name)
            self.wrong(sentence, "diff", good, at / name)

    def test_wrong_use_of_merge_and_diff(self):
        good, bad = self.at / "good.json", self.at / "bad.json"
        copy = self.at / "copy.json"
        copy.write_text(good.read_text())
        self.wrong("report is required", "merge")
        self.wrong("report: At least 2 required", "diff", good)
        self.wrong("report: At Most 2 required", "diff", good, good, good)
        self.wrong(f"{good}: is named twice", "merge", good, good)
        self.wrong("both have the case", "merge", good, copy)
        self.wrong("not of one run, the implementation or its claims differs", "merge", good, bad)
        self.wrong("--json /no/such/x: No such file", "merge", "--json", "/no/such/x", good)
        self.wrong("nonsense not in {scenario,report}", "schema", "nonsense")

    def test_a_report_that_cannot_be_written_is_told(self):
        def run(*words):
            return ("run", "--scenarios", ROOT / "scenarios/target/plain-path.yaml", *words, "--", *PEER)

        for option in ("--json", "--junit", "--markdown", "--badge", "--html", "--bundle", "--transcript",
                       "--expected-failures"):
            self.wrong(f"{option}: its name is empty", *run(option, ""))
        for option in ("--json", "--junit", "--markdown", "--badge", "--html", "--expected-failures"):
            self.wrong(f"{option} {self.at}: ", *run(option, self.at))
        for option in ("--bundle", "--transcript"):
            self.wrong(f"{option} {self.at}/good.json: Not a directory", *run(option, self.at / "good.json"))
        both = self.at / "both"
        self.wrong(f"--html {both}: --json writes that file, too", *run("--json", both, "--html", both))
        self.wrong("--expected-failures /no/such/x: cannot be written",
                   *run("--fix", "--expected-failures", "/no/such/x"))
        full = conformance(*run("--json", "/dev/full"))
        self.assertEqual((full.returncode, "report: /dev/full" in full.stdout), (2, False), full.stdout)
        self.assertIn("report /dev/full: could not be written in full", full.stderr)

    def test_known_failures_are_written_and_then_expected(self):
        known = self.at / "known.yaml"
        for options in (["--fix"], []):
            ended = conformance("run", *CHOSEN, "--expected-failures", known, *options, "--", *PEER, *BROKEN)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertIn("2 expected to fail, 1 passed", ended.stdout)
            self.assertEqual(f"expected failures: {known}" in ended.stdout, bool(options))
        self.assertEqual(len(yaml.safe_load(known.read_text())), 2)
        mended = conformance("run", *CHOSEN, "--expected-failures", known, "--", *PEER)
        self.assertEqual((mended.returncode, mended.stderr.count("is pass by now; remove the entry")), (1, 2))

    def test_sample_workflow_uses_options_that_there_are(self):
        workflow = yaml.safe_load((ROOT / "conformance/sample-workflow.yml").read_text())
        words = [step["run"] for step in workflow["jobs"]["conformance"]["steps"] if "tools/conform" in
                 step.get("run", "")][0].replace("\\\n", " ").split("./tools/conform")[1].split()
        known = conformance("run", "--help").stdout
        options = [word for word in words if word.startswith("--") and word != "--"]
        self.assertGreater(len(options), 5)
        self.assertEqual([option for option in options if option + " " not in known], [])

    def test_diff_says_what_became_worse(self):
        self.assertEqual(conformance("diff", self.at / "bad.json", self.at / "good.json").returncode, 0)
        worse = conformance("diff", self.at / "good.json", self.at / "bad.json")
        self.assertEqual(worse.returncode, 1, worse.stderr)
        self.assertIn("pass -> fail (CMB-", worse.stdout)


if __name__ == "__main__":
    unittest.main()
