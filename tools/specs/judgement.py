"""The order of judgement: spec/machines/judgement.yaml is what the table of 3.6 says."""

import re

import yaml

PATH = "spec/machines/judgement.yaml"
CHAPTER = "spec/03-wire.md"
# Row 11 is the machine's own table.
_ROW = re.compile(r"^\| (\d+) \| ([A-Z_]+) \|")


def read(root):
    """The findings, in order; none where there is no such file."""
    path = root / PATH
    return yaml.safe_load(path.read_text())["findings"] if path.exists() else []


def check(root, requirements, report):
    findings = read(root)
    if not findings:
        return
    text = (root / CHAPTER).read_text().split("## 3.6", 1)[-1].split("\n## ", 1)[0]
    table = [row[2] for row in map(_ROW.match, text.splitlines()) if row]
    mine = [finding["anomaly"] for finding in findings]
    if table != mine:
        report(PATH, 1, f"has the anomalies {', '.join(mine)}, and 3.6 {', '.join(table)}; let them agree")
    for finding in findings:
        for role, id_ in finding["req"].items():
            if id_ not in requirements:
                report(PATH, 1, f"the finding {finding['name']!r} cites {id_}, which is unknown; correct it")
            elif role not in requirements[id_].roles:
                report(PATH, 1, f"the finding {finding['name']!r} cites {id_}, which does not bind a {role}; "
                                "cite one that does")
