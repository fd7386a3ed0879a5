"""The words of the protocol, read from proto/cmb/ack/v1/vocabulary.proto."""

import re

PATH = "proto/cmb/ack/v1/vocabulary.proto"
_ENUM = re.compile(r"^enum (\w+) \{(.*?)^\}", re.S | re.M)
_VALUE = re.compile(r"^\s*([A-Z0-9_]+)\s*=\s*\d+;", re.M)


def read(root):
    """Enum name -> its words without prefix, UNSPECIFIED left out."""
    text = re.sub(r"//.*", "", (root / PATH).read_text())
    words = {}
    for name, body in _ENUM.findall(text):
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() + "_"
        values = [v.removeprefix(prefix) for v in _VALUE.findall(body)]
        words[name] = [v for v in values if v != "UNSPECIFIED"]
    return words


def features(words):
    """Features as prose and scenarios write them."""
    return [word.lower() for word in words["Feature"]]
