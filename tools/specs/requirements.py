"""Requirements: read from the chapters of spec/, one sentence each."""

import dataclasses
import re

# Number 000 stands for any number, in texts about ids.
# The areas TST and NON are for tests that need ids of their own.
ID = re.compile(r"CMB-(?!TST|NON)[A-Z]+-(?!000)\d{3}\b")
AREAS = ("WIRE SND RTR TGT TMR RTY DUP LATE CXL PRG ORD DUR DLQ OBS SEC INS VER CTL BAT FBK CBR").split()
ROLES = ("sender", "router", "target", "harness")
PROFILES = ("CORE", "BASIC", "TRACKED", "DURABLE")
LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY")
# A scenario can observe the first two; the others say who looks instead.
VERIFICATIONS = ("wire", "upper tester", "every case", "model", "smoke", "inspection")
OBSERVED = ("wire", "upper tester")
_PROVED = ", model"  # Behind one of the others: the model proves the same of the tables.
# Numbers from here on are never requirements: tests use them for ids that do not exist.
FIRST_FAKE = 990

_HEAD = re.compile(r"^\*\*(CMB-[A-Za-z0-9-]*)\*\*")
_LINE = re.compile(r"^\*\*(CMB-([A-Z]+)-(\d{3}))\*\* \(([^()]*)\) (.+)$")
_KEYWORD = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b")
_FOREIGN = re.compile(r"\b(SHALL|REQUIRED|RECOMMENDED|OPTIONAL)\b")


@dataclasses.dataclass(frozen=True)
class Requirement:
    id: str
    level: str         # MUST, SHOULD or MAY; a MUST NOT is of level MUST.
    roles: tuple
    profile: str       # A profile, or an optional feature in lower case.
    verification: str  # How an implementation is.
    proved: bool       # The model proves it of the tables.
    why: str           # Why it is verified by inspection; else empty.
    sentence: str
    chapter: str       # File, from the top of the project.
    line: int

    @property
    def area(self):
        return self.id.split("-")[1]

    def binds_implementations(self):
        return self.level == "MUST" and "harness" not in self.roles

    def binds_a_role(self):
        return self.roles != ("harness",)

    def needs_scenario(self):
        return self.binds_implementations() and self.verification in OBSERVED

    def needs_check_in_every_case(self):
        return self.binds_implementations() and self.verification == "every case"

    def verified_by(self):
        besides = self.proved and self.verification != "model"
        return self.verification + (_PROVED if besides else "")

    def as_json(self):
        return {"id": self.id, "level": self.level, "roles": list(self.roles),
                "profile": self.profile, "verification": self.verification, "proved": self.proved, "why": self.why,
                "sentence": self.sentence, "chapter": self.chapter, "line": self.line}


def chapters(root):
    """The Markdown files that may hold requirements, in reading order."""
    generated = ("index.md", "coverage.md")
    return [p for p in sorted((root / "spec").glob("*.md")) if p.name not in generated]


def _paragraphs(text):
    """(line number, text on one line) of each paragraph that begins with an id."""
    start, parts = 0, []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        head = _HEAD.match(line)
        if parts and (head or not line.strip()):
            yield start, " ".join(parts)
            parts = []
        if head or parts:
            if head:
                start = number
            parts.append(line.strip())


def read(root, features, report):
    """Every well-formed requirement by id; what is wrong goes to `report(path, line, text)`."""
    found = {}
    for path in chapters(root):
        name = path.relative_to(root).as_posix()
        for line, text in _paragraphs(path.read_text()):
            requirement = _parse(name, line, text, features, report)
            if requirement is None:
                continue
            first = found.get(requirement.id)
            if first:
                report(name, line, f"{requirement.id} stands already at {first.chapter}:{first.line}; "
                                   "give the new sentence a new number")
            else:
                found[requirement.id] = requirement
    return dict(sorted(found.items()))


def _parse(name, line, text, features, report):
    match = _LINE.match(text)
    if not match:
        report(name, line, "is no requirement; write **CMB-AREA-000** (LEVEL; roles; profile; "
                           "verification) and one sentence")
        return None
    id_, area, number, meta, sentence = match.groups()
    faults = list(_meta_faults(meta, features)) + list(_sentence_faults(meta, sentence))
    if area not in AREAS:
        faults.append(f"the area {area} is unknown; use one of {' '.join(AREAS)}")
    if int(number) >= FIRST_FAKE:
        faults.append(f"numbers from {FIRST_FAKE} on are kept for tests of unknown ids; take a lower one")
    for fault in faults:
        report(name, line, f"{id_}: {fault}")
    fields = [field.strip() for field in meta.split(";")]
    if faults:
        return None
    kinds, _, why = fields[3].partition(":")
    kind = kinds.removesuffix(_PROVED)
    return Requirement(id_, fields[0].split()[0], tuple(r.strip() for r in fields[1].split(",")),
                       fields[2], kind, "model" in kinds, why.strip(), sentence, name, line)


def _meta_faults(meta, features):
    fields = [field.strip() for field in meta.split(";")]
    if len(fields) != 4:
        yield "has not four fields in parentheses; write (LEVEL; roles; profile; verification)"
        return
    level, roles, profile, verification = fields
    if level not in LEVELS:
        yield f"the level {level!r} is unknown; use one of {', '.join(LEVELS)}"
    for role in roles.split(","):
        if role.strip() not in ROLES:
            yield f"the role {role.strip()!r} is unknown; use {', '.join(ROLES)}"
    if profile not in PROFILES and profile not in features:
        yield f"the profile {profile!r} is neither a profile nor a feature of the .proto; correct it"
    kind, colon, why = verification.partition(":")
    kind = kind.removesuffix(_PROVED)
    if kind not in VERIFICATIONS:
        yield f"the verification {kind!r} is unknown; use one of {', '.join(VERIFICATIONS)}"
    if (kind == "inspection") != bool(colon and why.strip()):
        yield "inspection, and nothing else, says why after a colon; write `inspection: reason`"


def _sentence_faults(meta, sentence):
    level = meta.split(";")[0].strip()
    plain = re.sub(r"`[^`]*`", "x", sentence)
    words = _KEYWORD.findall(plain)
    if len(words) != 1:
        yield (f"has {len(words)} key words of BCP 14 where exactly one is expected "
               f"({', '.join(words) or 'none'}); split or mend the sentence")
    elif words[0] != level:
        yield f"says {words[0]} but is of level {level}; make them agree"
    for word in _FOREIGN.findall(plain):
        yield f"uses {word}; use MUST, SHOULD or MAY"
    if not plain.endswith(".") or re.search(r"[.!?] +[A-Z]", plain):
        yield "is not one sentence that ends with a full stop; split it or end it"
