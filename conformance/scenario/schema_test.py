"""The JSON Schema of scenario files takes every scenario and refuses typical mistakes.

Scalars are read as editors read them (YAML 1.2: `on` and `NO` are text). The program that prints
the schema is CMB_CONFORMANCE.
"""

import glob
import json
import os
import pathlib
import re
import subprocess
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = {"id": "t/x", "title": "T", "role": "router", "requirements": ["CMB-TST-001"]}


class Yaml12(yaml.SafeLoader):
    """The core schema of YAML 1.2."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"^(true|false)$", "tf"),
        ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
        ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789")):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def documents(path):
    with open(path, encoding="utf-8") as file:
        return [d for d in yaml.load_all(file, Yaml12) if d is not None]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        printed = subprocess.run([os.environ["CMB_CONFORMANCE"], "schema"], capture_output=True,
                                 check=True, timeout=30)
        schema = json.loads(printed.stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        cls.validator = jsonschema.Draft7Validator(schema)

    def faults(self, document):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for e in self.validator.iter_errors(document)]

    def steps(self, *steps, **keys):
        """What is wrong with these steps, written in YAML."""
        return self.faults({**HEAD, **keys, "steps": [yaml.load(s, Yaml12) for s in steps]})

    def test_takes_every_scenario(self):
        files = glob.glob(str(ROOT / "scenarios/**/*.yaml"), recursive=True)
        self.assertGreater(len(files), 100)
        for path in sorted(files):
            for document in documents(path):
                with self.subTest(path=path):
                    self.assertEqual(self.faults(document), [])

    def test_takes_every_example_of_the_language(self):
        found = documents(ROOT / "conformance/scenario/testdata/examples.yaml")
        self.assertEqual(len(found), 77)
        for document in found:
            with self.subTest(id=document["id"]):
                self.assertEqual(self.faults(document), [])

    def test_takes_defaults(self):
        self.assertEqual(self.faults({"role": "sender", "policy": {"ttl": "5s"}}), [])
        self.assertNotEqual(self.faults({"policy": {"tll": "5s"}}), [])
        self.assertNotEqual(self.faults({"given": {"m1": "ROUTED"}}), [])

    def test_takes_references_wherever_a_scalar_stands(self):
        self.assertEqual(self.steps("{send: m1, ttl: $wait.long, max_retries: $n}",
                                    "{expect: $late, in: $in}",
                                    "{expect: ROUTER_ACK/REJECTED $code}",
                                    "{expect: $old -> $new ($why)}",
                                    "{check: m1, timers: $timers, state: $state}"), [])

    def test_names_the_mistake_of_the_verb_alone(self):
        faults = self.steps("{expect: MESSAGE, atempt: 1}")
        self.assertEqual(len(faults), 1, faults)
        self.assertIn("atempt", faults[0])

    def test_refuses_typical_mistakes(self):
        for step in ("{exspect: MESSAGE}",
                     "{send: m1, expect: MESSAGE}",
                     "{send: M1}",
                     "{send: m1, ttl: 5}",
                     "{send: m1, ttl: 1.5s}",
                     "{send: m1, backoff: {frist: 1s}}",
                     "{send: m1, work: {ends: SUCESS}}",
                     "{send: m1, payload: {sise: 3}}",
                     "{ack: ROUTER_ACK}",
                     "{ack: ROUTER_ACK/FAILURE}",
                     "{ack: RECEIPT, percent: many}",
                     "{ack: MESSAGE}",
                     "{expect: EXECUTION_ACK}",
                     "{expect: ROUTED_ACK/SUCCESS}",
                     "{expect: DELIVERY_ACK/SUCCESS, in: 5}",
                     "{expect: ROUTED -> DELIVRED}",
                     "{expect: anomaly LATE}",
                     "{expect: nothing, for: ever}",
                     "{never: MESSAGE, for: 5 s}",
                     "{check: m1, state: WAITING}",
                     "{check: m1, anomalies: {ODD: 1}}",
                     "{check: m1, timers: {router: 1s}}",
                     "{one_of: CHO-1, branches: {a: [{expect: nothing}]}}",
                     "{one_of: CHO-001}",
                     "{raw: [zz], by: sender, on: main}",
                     "{raw: ['00'], by: sender}",
                     "{ask: helth}",
                     "{crash: rooter}",
                     "{wall_jump: 1h}",
                     "{advance: until_quiet}",
                     "{batch: {ack: RECEIPT}}",
                     "{together: []}",
                     "{expect: MESSAGE, level: MUST}",
                     "{expect: MESSAGE, req: TST-001}"):
            with self.subTest(step=step):
                self.assertNotEqual(self.steps(step), [])

    def test_refuses_mistakes_around_the_steps(self):
        fine = "{expect: nothing}"
        self.assertEqual(self.steps(fine), [])
        for keys in ({"id": "T/X"}, {"role": "relay"}, {"profile": "FULL"}, {"needs": ["Curve"]},
                     {"requirements": []}, {"requirements": "CMB-TST-001"}, {"clock": "real"},
                     {"config": {"limits": {"payload": "64kb"}}}, {"config": {"jitter": 1.5}},
                     {"policy": {"required_ack": "RECEIPT"}}, {"peers": {"x": {"key": "bad"}}},
                     {"given": {"m1": "SENT"}}, {"given": {"m1": {"stat": "ROUTED"}}},
                     {"faults": "all"}, {"faults": [{"drop": "PING"}]}, {"faults": [{"delay": "any"}]},
                     {"outcome": {"m1": {"stat": "SETTLED"}}}, {"titel": "T"}, {"steps ": []}):
            with self.subTest(keys=keys):
                self.assertNotEqual(self.steps(fine, **keys), [])
        for missing in ("id", "title", "requirements"):
            document = {k: v for k, v in {**HEAD, "steps": [{"expect": "nothing"}]}.items()
                        if k != missing}
            with self.subTest(missing=missing):
                self.assertNotEqual(self.faults(document), [])


if __name__ == "__main__":
    unittest.main()
