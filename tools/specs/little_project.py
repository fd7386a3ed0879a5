"""A sound little project in a temporary folder, for the tests of tools/spec to break."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
ROOT = TOOLS.parent
SENTENCE = "A sender MUST do one thing."
LINE = f"**CMB-SND-001** (MUST; sender, router, target; BASIC; wire) {SENTENCE}\n"
SCENARIO = "id: sender/plain-path\nrequirements: [CMB-SND-001]\nsteps: [{expect: nothing, req: CMB-SND-002}]\n"


def machine(name):
    return f"""machine: {name}
doc: A small machine.
states:
  - {{name: IDLE, terminal: false, doc: Before.}}
  - {{name: TIMEOUT_ABORT, terminal: true, doc: After.}}
effects:
  send TIMEOUT: ""
events:
  - {{name: "TTL ends", doc: It ends., req: [CMB-SND-001]}}
table:
  TTL ends:
    IDLE: {{go: TIMEOUT_ABORT, reason: TTL_EXPIRED, effects: [send TIMEOUT]}}
    TIMEOUT_ABORT: {{impossible: no TTL is armed}}
"""


class LittleProject(unittest.TestCase):
    """A sound little project; each test breaks one thing of it."""

    template = None  # Made once, copied for each test.

    def setUp(self):
        if LittleProject.template is None:
            holder = tempfile.TemporaryDirectory()
            unittest.addModuleCleanup(holder.cleanup)
            self.root = pathlib.Path(holder.name)
            self.fill()
            LittleProject.template = self.root
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(LittleProject.template, self.root, dirs_exist_ok=True)

    def fill(self):
        proto = "proto/cmb/ack/v1/vocabulary.proto"
        self.write(proto, (ROOT / proto).read_text())
        second = "**CMB-SND-002** (MUST; sender; BASIC; upper tester) A sender MUST do\nanother thing.\n"
        self.write("spec/04-sender.md", LINE + "\n" + second + "\n<!-- generated: sender -->\n<!-- end -->\n")
        for name in ("sender", "router", "target"):
            self.write(f"spec/machines/{name}.yaml", machine(name))
        self.write("spec/choices.yaml", "- {id: CHO-001, text: Either way., branches: [left, right]}\n")
        self.write("scenarios/sender/plain-path.yaml", SCENARIO)
        for role in ("router", "target"):
            self.write(f"scenarios/{role}/plain-path.yaml",
                       f"id: {role}/plain-path\nrequirements: [CMB-SND-001]\nsteps: [expect: nothing]\n")
        self.assertEqual(self.run_spec("generate")[0], 0)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, name, old, new):
        text = (self.root / name).read_text()
        self.assertIn(old, text)
        self.write(name, text.replace(old, new, 1))

    def run_spec(self, *arguments):
        done = subprocess.run([TOOLS / "spec", "--root", self.root, *arguments], capture_output=True, text=True,
                              timeout=60)
        return done.returncode, done.stdout + done.stderr

    def assert_found(self, text):
        code, output = self.run_spec("check")
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)
