"""scaffold and smoke: what they write passes, and each thing that smoke asks for is missed.

Run by ctest, which sets CMB_CONFORMANCE (the program), CMB_PROTO_PYTHON and, where there is a
reference, CMB_REFERENCE_IUT.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["CMB_CONFORMANCE"]
HERE = os.path.dirname(os.path.abspath(__file__))
PEER = os.path.join(HERE, "..", "peers", "python", "peer.py")
PYTHON = "/usr/bin/python3"
ROLES = ("sender", "router", "target")
PATIENCE_S = 120

# What is broken in the scaffolded harness: (lines replaced, first id that is missing).
BREAKS = {
    "says no Hello": ("self.say(hello=", "dict(hello=", "CMB-CTL-001"),
    "another incarnation": ('os.environ.get("CMB_INCARNATION", "")', '"other"', "CMB-CTL-001"),
    "another version": ('"schemaVersions": [1]', '"schemaVersions": [9]', "CMB-CTL-001"),
    "speaks between": ("self.report(reply)\n", 'self.report(reply); self.say(reply={"seq": 1})\n', "CMB-CTL-003"),
    "no seq": ('{"seq": int(request.get("seq", 0))', '{"seq": 7', "CMB-CTL-003"),
    "prints": ("self.report(reply)\n", "self.report(reply); print('here')\n", "CMB-CTL-043"),
    "clock stands": ("self.world.now_ms = to_ms", "pass", "CMB-CTL-012"),
    "frames stay": ("events=world.events, frames=world.frames", "events=world.events", "CMB-WIRE-011"),
    "parts": ('"header": header, "payload": payload', '"parts": ["eA=="]', "CMB-CTL-042"),
    "no place": ('{"socket": socket, "peer"', '{"socket": "nowhere", "peer"', "CMB-CTL-040"),
    "no transaction": ('reply["transaction"] = ', "reply2 = ", "CMB-CTL-015"),
    "no timers": ('reply["timers"] = ', "reply2 = ", "CMB-CTL-015"),
    "no wall": ("def on_wallJump", "def on_jump", "CMB-CTL-020"),
    "back in time": ("if to_ms < self.world.now_ms:", "if False:", "CMB-CTL-013"),
    "configured twice": ('kind in ("configure", "begin")', "False", "CMB-CTL-005"),
    "fires at will": ('if fire not in ("FIRE_NONE", "FIRE_BEFORE_FRAMES", "FIRE_AFTER_FRAMES"):', "if False:",
                      "CMB-CTL-005"),
    "no new epoch": ("self.epoch += 1", "pass", "CMB-CTL-031"),
    "goes on": ('self.start(request["reset"].get("settings", {}))', "pass", "CMB-CTL-031"),
    "answers with the next case": ('"""The reply is of the case that ends; run() begins the next one."""',
                                   "self.world.now_ms *= not self.begun", "CMB-CTL-030"),
    "no end": ('kind == "shutdown"\n', "False\n", "CMB-CTL-023"),
    "a bad end": ("    Harness().run()", "    Harness().run(); sys.exit(3)", "CMB-CTL-023"),
}
# The same for what it must refuse, with words of the sentence.
DECODES = "request, reply = {}, {\"seq\": 0, \"epoch\": 0}"
EPOCH = '(reply["epoch"], request.get("incarnation", "")) != (self.epoch, INCARNATION)'
UNREFUSED = {
    "dies of no JSON": ("except (ValueError, TypeError, AttributeError)", "except (TypeError, AttributeError)",
                        "CMB-CTL-005", "during what is no request"),
    "dies of a list": ("except (ValueError, TypeError, AttributeError)", "except (ValueError, TypeError)",
                       "CMB-CTL-005", "during what is no request"),
    "answers no JSON with a seq": (DECODES, 'request, reply = {}, {"seq": 9, "epoch": 0}', "CMB-CTL-003",
                                   "but what is no request is 0"),
    "any epoch": (EPOCH, 'request.get("incarnation", "") != INCARNATION', "CMB-CTL-005", "of another epoch is answered"),
    "another epoch uses no seq": ("self.seq += in_order  #", 'self.seq += in_order and reply["epoch"] == self.epoch  #',
                                  "CMB-CTL-003", "after it has refused a request of another epoch"),
    "any incarnation": (EPOCH, 'reply["epoch"] != self.epoch', "CMB-CTL-005", "of another incarnation is answered"),
    "any later seq": ('reply["seq"] == self.seq + 1', 'reply["seq"] > self.seq', "CMB-CTL-005", "leaves a seq out"),
    "an old seq": ('reply["seq"] == self.seq + 1', '(gap := reply["seq"] - self.seq) in (0, 1)', "CMB-CTL-005",
                   "with the seq of the last"),
    "each seq is used up": ("self.seq += in_order  #", "self.seq += 1  #", "CMB-CTL-003", "leaves a seq out"),
    "wrong kind": ('raise Refusal("BAD_REQUEST", "not the next request")', 'raise Refusal("INTERNAL", "")',
                   "CMB-CTL-005", "with INTERNAL instead of BAD_REQUEST"),
    "sends": ("    on_send = on_scriptExecution = on_cancel", "    on_send = lambda *_: None; on_scriptExecution = on_cancel",
              "CMB-CTL-005", "Send is answered without an error"),
    "cancels": ("    def on_cancel(self, _, reply):", "    def on_cancel(self, _, reply):\n        return",
                "CMB-CTL-005", "Send is answered without an error"),
    "any role": ("what = configure.get(\"role\")", "what = \"ROLE_TARGET\"", "CMB-CTL-005", "with another role is answered"),
    "any store": ('configure.get("store", "")', '""', "CMB-CTL-005", "with a store is answered"),
    "any keys": ('configure.get("curve")\n', "None\n", "CMB-CTL-005", "with curve is answered"),
    "refuses with the wrong kind": ('raise Refusal("UNSUPPORTED", "this', 'raise Refusal("BAD_REQUEST", "this', "CMB-CTL-005",
                                    "with BAD_REQUEST instead of UNSUPPORTED"),
    "is configured although it refuses": ("        what = configure", "        self.configure = configure; what = configure",
                                          "CMB-CTL-005", "with BAD_REQUEST instead of UNSUPPORTED"),
}
ARMS = '# YOUR CODE: all else by 3.6 and 3.7,'
ARM = 'self.world.arm("TIMER_KIND_TTL", "smoke-m1", "sender", self.world.now_ms + 50)  #'

CONFIGURE = {"channels": [{"name": "main"}], "binding": "BINDING_INLINE_HEADERS"}
ROLE_OF = {"send": "sender", "scriptExecution": "target", "cancel": None}  # A BASIC sender does not cancel.


def run(*words, **settings):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=PATIENCE_S, **settings)


def scaffold(language, role, into):
    done = run("scaffold", language, into, "--role", role)
    assert done.returncode == 0, done.stderr
    return os.path.join(into, {"python": "harness.py", "node": "harness.mjs", "cpp": "harness.cc"}[language])


def smoke(role, *command, options=("--stdio",)):
    return run("smoke", "--role", role, *options, "--", *command)


def first_missing(text):
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("MISSING")), None)
    return lines[at + 1].strip() if at is not None else ""


def refused(role):
    """Lines that 10.1 has refused, and lines that are taken between them, with the seq and the error of the reply."""
    configure = {**CONFIGURE, "role": f"ROLE_{role.upper()}", "moduleId": role}

    def request(seq, epoch=0, incarnation="i1", **what):
        return json.dumps({"seq": str(seq), "epoch": str(epoch), "incarnation": incarnation, **what})

    yield from ((line, 0, "BAD_REQUEST") for line in ("no JSON", "[1]", "null", '{"seq": "x"}'))
    yield request(1, incarnation="other", configure=configure), 1, "BAD_REQUEST"
    yield request(2, configure={**configure, "store": "/tmp"}), 2, "UNSUPPORTED"
    yield request(3, configure={**configure, "curve": {}}), 3, "UNSUPPORTED"
    yield request(9, configure=configure), 9, "BAD_REQUEST"  # Not in order: 4 is not used up.
    yield request(4, configure=configure), 4, ""
    yield request(5, epoch=7, begin={}), 5, "BAD_REQUEST"  # In order: used up.
    yield request(6, begin={}), 6, ""
    for seq, (kind, of) in enumerate(ROLE_OF.items(), 7):
        yield request(seq, **{kind: {}}), seq, "" if of == role else "UNSUPPORTED"
    yield request(10, unheardOf={}), 10, "BAD_REQUEST"
    yield request(11, shutdown={}), 11, ""


class Scaffold(unittest.TestCase):
    def refuses(self, role, *command):
        settings = {**os.environ, "CMB_CONTROL": "stdio", "CMB_INCARNATION": "i1"}
        wanted = list(refused(role))
        done = subprocess.run(command, input="".join(line + "\n" for line, *_ in wanted), env=settings, timeout=PATIENCE_S,
                              capture_output=True, text=True)
        replies = [json.loads(line)["reply"] for line in done.stdout.splitlines()[1:]]
        kinds = [reply.get("error", {}).get("kind", "").removeprefix("ERROR_KIND_") for reply in replies]
        self.assertEqual([(line, reply["seq"], kind) for (line, *_), reply, kind in zip(wanted, replies, kinds)], wanted)
        self.assertEqual((len(replies), done.returncode), (len(wanted), 0), done.stderr)

    def test_in_node_too(self):
        if not shutil.which("node"):
            self.skipTest("there is no node")
        for role in ROLES:
            with self.subTest(role=role), tempfile.TemporaryDirectory() as into:
                path = scaffold("node", role, into)
                self.is_short(path)
                self.refuses(role, "node", path)
                self.passes(role, "node", path)

    def is_short(self, path):
        with open(path, encoding="utf-8") as text:
            self.assertLess(len(text.readlines()), 200)

    def passes(self, role, *command):
        done = smoke(role, *command)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("MISSING", done.stdout)

    def test_what_it_writes_is_short_and_passes(self):
        for role in ROLES:
            with self.subTest(role=role), tempfile.TemporaryDirectory() as into:
                path = scaffold("python", role, into)
                self.is_short(path)
                self.passes(role, PYTHON, path)
                self.refuses(role, PYTHON, path)

    def test_in_c_plus_plus_too(self):
        for role in ROLES:
            with self.subTest(role=role), tempfile.TemporaryDirectory() as into:
                path = scaffold("cpp", role, into)
                self.is_short(path)
                subprocess.run(["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", path, "-o", path + ".out"], check=True)
                self.passes(role, path + ".out")
                self.refuses(role, path + ".out")

    def test_a_first_verdict_names_what_the_implementation_lacks(self):
        with tempfile.TemporaryDirectory() as into:
            path = scaffold("python", "target", into)
            done = run("run", "--stdio", "--run", "target/core-plain-path*", "--", PYTHON, path)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn("CMB-TGT-004", done.stdout)

    def test_nothing_is_overwritten(self):
        with tempfile.TemporaryDirectory() as into:
            scaffold("python", "target", into)
            again = run("scaffold", "python", into, "--role", "target")
            self.assertEqual(again.returncode, 64)
            self.assertIn("is there already", again.stderr)


class Smoke(unittest.TestCase):
    def test_each_break_is_named_first(self):
        for title, (old, new, requirement) in BREAKS.items():
            with self.subTest(title), tempfile.TemporaryDirectory() as into:
                self.check(into, old, new, requirement)

    def test_what_it_does_not_refuse_is_named_first(self):
        for title, (old, new, requirement, words) in UNREFUSED.items():
            with self.subTest(title), tempfile.TemporaryDirectory() as into:
                self.assertIn(words, self.check(into, old, new, requirement))

    def test_a_step_over_a_deadline_is_missed_where_one_is_armed(self):
        with tempfile.TemporaryDirectory() as into:
            path = scaffold("python", "target", into)
            self.edit(path, ARMS, ARM)
            done = smoke("target", PYTHON, path)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("ok      OVERSTEP", done.stdout)
            self.edit(path, 'raise Refusal("OVERSTEP"', 'str(("OVERSTEP"')
            self.edit(path, "armed['deadlineMs']}\")", "armed['deadlineMs']}\"))")
            self.assertEqual(first_missing(smoke("target", PYTHON, path).stdout), "CMB-CTL-035")

    def test_the_end_of_standard_input_is_heard(self):
        with tempfile.TemporaryDirectory() as into:
            path = scaffold("python", "target", into)
            self.edit(path, "    Harness().run()", "    Harness().run(); sys.stdin.readline() or __import__('time').sleep(60)")
            missing = first_missing(smoke("target", PYTHON, path).stdout)
            self.assertIn(missing, ("CMB-CTL-004", "CMB-CTL-023"))

    def check(self, into, old, new, requirement):
        path = scaffold("python", "target", into)
        self.edit(path, old, new)
        done = smoke("target", PYTHON, path, options=("--stdio", "--hello-ms", "4000", "--reply-ms", "1000"))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(first_missing(done.stdout), requirement, done.stdout)
        self.assertIn("next: ", done.stdout)
        return done.stdout

    def edit(self, path, old, new):
        with open(path, encoding="utf-8") as text:
            before = text.read()
        self.assertIn(old, before)
        with open(path, "w", encoding="utf-8") as text:
            text.write(before.replace(old, new))

    def test_whole_implementations_pass_by_every_way_in(self):
        commands = [[PYTHON, PEER]]
        if os.environ.get("CMB_REFERENCE_IUT"):
            commands.append([os.environ["CMB_REFERENCE_IUT"]])
        for command in commands:
            for role in ROLES:
                for options in ((), ("--binding", "frames"), ("--stdio",)):
                    with self.subTest(command=command[-1], role=role, options=options):
                        done = smoke(role, *command, options=options)
                        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
