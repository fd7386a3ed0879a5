"""The places of a core where one thing can be altered, and the alterations."""

import dataclasses
import re

IS = "::cmb::mutant::Is"
# Binds less than a comparison: what ends its operands. Behind a space, as clang-format writes it.
AROUND_COMPARISON = r" && | \|\| | [-+]?= | \? | : | [=!]= | [<>]=? | << "
AROUND_LOGIC = r" && | \|\| | [-+]?= | \? | : "
AROUND_CHOICE = r" [-+]?= | \? | : | << "
OPPOSITE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
NO_STATEMENT = re.compile(
    r"(return|if|for|while|do|switch|case|default|break|continue|const|auto|using|static|else|constexpr|"
    r"throw|delete|goto|Check)\b")
ENUMS = ("State", "Reason", "ErrorCode", "Status", "AckType", "AnomalyKind", "TimerKind", "TimerClass",
         "Certainty", "AlertState", "ForwardResult", "Profile", "Role", "MsgType")


@dataclasses.dataclass
class Site:
    """From `start` to `end` one expression or statement, which may hold other sites. `forms`:
    of what is true or false its edits; else the only edit and how it is written then, where
    {a} and {b} are the operands of a comparison and {args} the arguments of a call."""
    start: int
    end: int
    forms: list
    parts: list = None  # Of a comparison (start, end) of both operands and the operator; of a call its bracket.


def is_in_function(source, at):
    return any(start < at < end for start, end, _ in source.bodies)


def is_declaration(text):
    return ";" in text or bool(re.search(r"(?<![=!<>])=(?!=)", re.sub(r"[(\[{].*[)\]}]", "", text, flags=re.S)))


def conditions(source):
    for match in re.finditer(r"\b(if|while) \(", source.mask):
        start, end = match.end(), source.partner[match.end() - 1]
        inside = source.mask[start:end]
        if is_declaration(inside):
            continue
        edits = ["negated", "true", "false"] if match[1] == "if" else ["negated", "false"]
        yield Site(start, end, edits)


def choices(source):
    for match in re.finditer(r" \? ", source.flat):
        start = source.left_of(match.start(), AROUND_CHOICE)
        yield Site(start, match.start(), ["true", "false"])


def operands(source):
    for match in re.finditer(r"\s(&&|\|\|)\s", source.mask):
        left_out = "true" if match[1] == "&&" else "false"
        for start, end in ((source.left_of(match.start(), AROUND_LOGIC), match.start()),
                           (match.end(), source.right_of(match.end(), AROUND_LOGIC))):
            start += len(source.mask[start:end]) - len(source.mask[start:end].lstrip())
            if not is_declaration(source.mask[start:end]):
                yield Site(start, end, [left_out, "negated"])


def answers(source):
    """What functions return that say yes or no."""
    for begin, last, signature in source.bodies:
        if not re.match(r"(template .*> )?(static |inline )*bool ", signature):
            continue
        for match in re.finditer(r"\breturn ", source.mask[begin:last]):
            start = begin + match.end()
            if source.is_in_lambda(start, begin):
                continue
            end = source.mask.index(";", start)
            end = source.right_of(start, r"(?!)") if source.mask[start:end].count("{") else end
            edits = ["negated"] if source.mask[start:end] in ("true", "false") else ["negated", "true", "false"]
            yield Site(start, end, edits)


def comparisons(source):
    for match in re.finditer(r"\s(<=|>=|==|!=|<|>)\s", source.mask):
        start = source.left_of(match.start(), AROUND_COMPARISON)
        end = source.right_of(match.end(), AROUND_COMPARISON)
        operator = OPPOSITE[match[1]]
        yield Site(start, end, [(operator, f"({{a}} {operator} {{b}})")],
                   [(start, match.start()), (match.end(), end), match[1]])


def constants(source, enumerators):
    for match in re.finditer(rf"(?<![\w:])({'|'.join(ENUMS)})::(k\w+)", source.mask):
        before = source.mask[max(0, match.start() - 12):match.start()]
        if re.search(r"case |<$|\bcase$", before):
            continue
        names = enumerators.get(match[1], [])
        if match[2] in names and len(names) > 1:
            other = f"{match[1]}::{names[(names.index(match[2]) + 1) % len(names)]}"
            yield Site(match.start(), match.end(), [(other, other)])
    for match in re.finditer(r"(?<![\w.:<'])(\d+)(U|u)?(?![\w.'])", source.mask):
        before = source.mask[max(0, match.start() - 40):match.start()]
        if source.is_in_list(match.start()) and not re.search(r"Duration\{$", before):
            continue  # It might be narrower than an int there, which would not compile.
        if re.search(r"case $|std::array<.*$|get<$", before):
            continue
        other = f"{int(match[1]) + 1}{match[2] or ''}"
        yield Site(match.start(), match.end(), [(other, other)])
    for match in re.finditer(r"\bstd::(min|max)\b(?=[(<])", source.mask):
        paren = source.mask.index("(", match.end())
        other = {"min": "max", "max": "min"}[match[1]]
        yield Site(match.start(), source.partner[paren] + 1,
                   [(f"std::{other}", f"std::{other}{source.mask[match.end():paren]}{{args}}")], [paren])


def statements(source):
    """Effects: calls and assignments that stand alone."""
    for match in re.finditer(r"(?<=[;{}:])\s*\n\s*(?=[\w*+(\-])", source.mask):
        start = match.end()
        end = source.right_of(start, r";")
        if (source.mask[source.around[start]] != "{" or source.mask[end:end + 1] != ";"
                or NO_STATEMENT.match(source.mask, start)):
            continue
        head = re.split(r"[(=;{\[]| [+\-]=", source.mask[start:end], maxsplit=1)[0].strip()
        if re.search(r"[\w>&*]\s+[\w&*]", head) or not re.search(r"[(=\[]|\+\+|--", source.mask[start:end]):
            continue  # A declaration.
        before = source.mask[:match.start()].rstrip()
        if before.endswith(":") and not re.search(r"case [^\n]*:$|default:$", before):
            continue  # The list of a constructor.
        yield Site(start, end + 1, [("left out", "")])


def sites(source, enumerators):
    """Outer ones before inner ones; what overlaps another without being inside it is dropped."""
    found = [*statements(source), *conditions(source), *answers(source), *choices(source), *operands(source),
             *comparisons(source), *constants(source, enumerators)]
    checks = [(m.start(), source.partner[m.end() - 1]) for m in re.finditer(r"\bCheck\(", source.mask)]
    found = [s for s in found if is_in_function(source, s.start)
             and not any(start < s.start < end for start, end in checks)]
    found.sort(key=lambda s: (s.start, -s.end, isinstance(s.forms[0], tuple)))
    kept, open_ends = [], []
    for site in found:
        while open_ends and open_ends[-1].end <= site.start:
            open_ends.pop()
        if open_ends and site.end > open_ends[-1].end:
            continue
        if open_ends and (site.start, site.end) == (open_ends[-1].start, open_ends[-1].end):
            outer = open_ends[-1]
            if isinstance(outer.forms[0], str) and isinstance(site.forms[0], str):
                outer.forms += [e for e in site.forms if e not in outer.forms]
                continue
            if isinstance(outer.forms[0], str) and site.forms[0][0] in ("==", "!="):
                continue  # Negated already.
        kept.append(site)
        open_ends.append(site)
    return kept
