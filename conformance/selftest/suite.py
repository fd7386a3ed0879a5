"""Runs cmb-conformance against the Python peer, and reads its report.

Used by the self-test. The environment says where things are:
  CMB_CONFORMANCE   the program under test
  CMB_SELFTEST_OUT  directory for reports and the kill matrix (default: a new one)
  CMB_PROTO_PYTHON  generated Protobuf classes, for the peer
  CMB_SELFTEST_MUTANTS  `all`, or absent: one of each requirement, so that a build's tests end in time
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PEER = os.path.join(ROOT, "conformance", "peers", "python", "peer.py")
OUT = os.environ.get("CMB_SELFTEST_OUT") or tempfile.mkdtemp(prefix="cmb-selftest-")
FILLS = "router/zeromq-is-full-for-"  # Cases that fill a queue of ZeroMQ: only without data sockets.
LIMIT_S = 240  # Of one run; a run that takes longer is a failure of the suite.


class Run:
    """One finished run: exit code, everything it printed, and its JSON report."""

    def __init__(self, name, code, text, report):
        self.name = name
        self.code = code
        self.text = text
        self.cases = report.get("cases", [])
        self.counts = report.get("counts", {})

    def cases_with(self, verdict):
        return [case for case in self.cases if case["verdict"] == verdict]


def run(name, globs=(), options=(), binding="sockets"):
    """The suite against the peer with these options."""
    report_path = os.path.join(OUT, f"{name}.json")
    command = [os.environ["CMB_CONFORMANCE"], "run", "--json", report_path, "--binding", binding]
    # Reading every scenario is a good part of what a small run costs.
    folders = {glob.split("/")[0] for glob in globs}
    for folder in sorted(folders) if "*" not in folders else []:
        command += ["--scenarios", os.path.join(ROOT, "scenarios", folder)]
    for glob in globs:
        command += ["--run", glob]
    command += ["--", sys.executable, PEER, *options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=LIMIT_S, check=False)
    text = done.stdout.decode(errors="replace")
    with open(os.path.join(OUT, f"{name}.txt"), "w", encoding="utf-8") as file:
        file.write(text)
    report = {}
    if os.path.exists(report_path):
        with open(report_path, encoding="utf-8") as file:
            report = json.load(file)
    return Run(name, done.returncode, text, report)


def requirement_ids():
    with open(os.path.join(ROOT, "spec", "requirements.json"), encoding="utf-8") as file:
        return {entry["id"] for entry in json.load(file)}
