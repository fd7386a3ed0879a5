"""Writes a core anew with a switch at each of its sites: compiled once, it is any of its mutants."""

import dataclasses
import json
import re

from mutating.sites import IS, sites
from mutating.source import Source

SWITCH = """// Which mutant this process is: CMB_MUTANT, read once; 0 and none: no mutant.
#pragma once

#include <cstdlib>

namespace cmb::mutant {

inline const int kChosen = [] {
  const char* chosen = std::getenv("CMB_MUTANT");
  return chosen == nullptr ? 0 : std::atoi(chosen);
}();

inline bool Is(int number) { return kChosen == number; }

}  // namespace cmb::mutant
"""


@dataclasses.dataclass
class Mutant:
    """One alteration."""
    number: int
    file: str
    line: int
    code: str  # What is altered, in one line.
    edit: str
    function: str

    def key(self):
        """Tells it from every other, and stays while the code around it changes."""
        return f"{self.file}: {self.function}: {self.code} -> {self.edit}"


def enumerators(words):
    """The values of each enum but the unspecified one, in their order."""
    found = {}
    for match in re.finditer(r"enum class (\w+) : int \{(.*?)\};", words, re.S):
        names = re.findall(r"\b(k\w+) =", match[2])
        found[match[1]] = [n for n in names if n != "kUnspecified"]
    return found


class Writer:
    """Numbers the mutants of one file after another."""

    def __init__(self, enums):
        self.enums = {**enums, "TimerClass": ["kProtocol", "kHousekeeping"],
                      "ForwardResult": ["kHandedOver", "kNoRoute", "kBufferFull"]}
        self.mutants = []

    def write(self, name, text):
        """The file with its switches."""
        self.source = Source(name, text)
        self.left = sites(self.source, self.enums)
        return '#include "mutant_switch.h"\n' + f'#line 1 "{name}"\n' + self._text(0, len(text))

    def named(self):
        """The mutants, of which no two have one key: the second of two that are alike is #2."""
        seen = {}
        for mutant in self.mutants:
            key = mutant.key()
            seen[key] = seen.get(key, 0) + 1
            mutant.code += f" #{seen[key]}" if seen[key] > 1 else ""
        return self.mutants

    def _text(self, start, end):
        out, at = [], start
        while self.left and self.left[0].start < end:
            site = self.left.pop(0)
            out.append(self.source.text[at:site.start])
            out.append(self._site(site))
            at = site.end
        return "".join(out) + self.source.text[at:end]

    def _number(self, site, edit):
        function = next(sig for start, end, sig in self.source.bodies if start < site.start < end)
        code = " ".join(self.source.text[site.start:site.end].split())
        name = re.findall(r"[\w:~]+(?=\()", function)
        self.mutants.append(Mutant(len(self.mutants) + 1, self.source.name, self.source.line_of(site.start),
                                   code, edit, name[0] if name else function))
        return len(self.mutants)

    def _site(self, site):
        if isinstance(site.forms[0], str):
            return self._truth(site)
        (edit, form), = site.forms
        number = self._number(site, edit)
        if edit == "left out":
            return f"if (!{IS}({number})) {{ {self._text(site.start, site.end)} }}"
        values = {}
        if site.parts and len(site.parts) == 3:
            (a, a_end), (b, b_end), operator = site.parts
            values = {"a": self._text(a, a_end), "b": self._text(b, b_end)}
            plain = f"{values['a']} {operator} {values['b']}"
        elif site.parts:
            head = self.source.text[site.start:site.parts[0]]
            values = {"args": self._text(site.parts[0], site.end)}
            plain = head + values["args"]
        else:
            plain = self.source.text[site.start:site.end]
        for key, value in values.items():
            form = form.replace(f"{{{key}}}", value)
        return f"({IS}({number}) ? {form} : {plain})"

    def _truth(self, site):
        numbers = {edit: self._number(site, edit) for edit in site.forms}
        inner = self._text(site.start, site.end)
        text = f"static_cast<bool>({inner})"
        if "negated" in numbers:
            text = f"({text} != {IS}({numbers['negated']}))"
        if "true" in numbers:
            text = f"({text} || {IS}({numbers['true']}))"
        if "false" in numbers:
            text = f"({text} && !{IS}({numbers['false']}))"
        return f"({text})"


def write(top, directory):
    """Every core with its switches into `directory`, and the list of the mutants."""
    cores = top / "reference" / "lifecycle"
    writer = Writer(enumerators((cores / "words.h").read_text()))
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "mutant_switch.h").write_text(SWITCH)
    for file in sorted(cores.glob("*.cc")):
        if not re.search(r"_(test|fuzz)\.cc$|^words|^effects_text", file.name):
            text = writer.write(str(file.relative_to(top)), file.read_text())
            (directory / file.name).write_text(text)
    (directory / "mutants.json").write_text(json.dumps([vars(m) for m in writer.named()]))


def read(directory):
    """The mutants that were written."""
    return [Mutant(**fields) for fields in json.loads((directory / "mutants.json").read_text())]
