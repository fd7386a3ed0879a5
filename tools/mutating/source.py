"""C++ as text whose shape is known: what is comment or string is blanked, what stands in
brackets together is paired. Enough for the cores, which clang-format keeps in one shape;
what is not understood is left alone, and what is misunderstood does not compile."""

import re

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^\s*#[^\n]*', re.M)
OPENING, CLOSING = "([{", ")]}"


class Source:
    """One file. `mask` is its text with everything blanked that is no code."""

    def __init__(self, name, text):
        self.name = name
        self.text = text
        self.mask = COMMENT_OR_TEXT.sub(lambda m: " " * len(m[0]) if m[0][0] != '"'
                                        else '"' + "_" * (len(m[0]) - 2) + '"', text)
        self.flat = self.mask.replace("\n", " ")  # An operator ends a line as it ends a word.
        self.around = []  # Of each place, where the bracket around it opens; 0: none does.
        self.partner = self._pairs()
        self.bodies = list(self._bodies())

    def _pairs(self):
        partner, stack = {}, []
        for at, char in enumerate(self.mask):
            self.around.append(stack[-1] if stack else 0)
            if char in OPENING:
                stack.append(at)
            elif char in CLOSING:
                start = stack.pop()
                partner[start], partner[at] = at, start
        return partner

    def _bodies(self):
        """(start, end, signature) of each function: its last brace begins a line."""
        for match in re.finditer(r"(?:\)|const|noexcept) \{$", self.mask, re.M):
            start = match.end() - 1
            end = self.partner[start]
            head = max(self.mask.rfind(end_of_other, 0, start) for end_of_other in (";", "}\n", "{", "\n\n"))
            signature = " ".join(self.mask[head + 1:start].split())
            if self.mask[end - 1] == "\n" and "#" not in signature:
                yield start, end, signature

    def line_of(self, at):
        return self.text.count("\n", 0, at) + 1

    def line_text(self, at):
        start = self.text.rfind("\n", 0, at) + 1
        return self.text[start:self.text.find("\n", at)].strip()

    def is_in_list(self, at):
        """In the braces of a list of values, not of a block."""
        begin = self.around[at]
        return self.mask[begin] == "{" and ";" not in self.mask[begin:self.partner[begin]]

    def is_in_lambda(self, at, body):
        """Of the function whose body begins at `body`: not its own code."""
        while (at := self.around[at]) > body:
            head = self.mask[max(self.mask.rfind(end, 0, at) for end in ";{}"):at]
            if self.mask[at] == "(" or re.search(r"= \[", head):
                return True
        return False

    def left_of(self, at, stops):
        """Where the operand that ends before `at` begins: behind the nearest of `stops`
        (a pattern) or the bracket around it."""
        begin = at
        while begin > 0:
            char = self.mask[begin - 1]
            if char in CLOSING:
                begin = self.partner[begin - 1]
                continue
            if char in OPENING or char in ";,":
                break
            if re.search(rf"(?:{stops}|\breturn)$", self.flat[max(0, begin - 8):begin]):
                break
            begin -= 1
        while self.mask[begin].isspace():
            begin += 1
        return begin

    def right_of(self, at, stops):
        """Where the operand that begins at `at` ends."""
        end = at
        while end < len(self.mask):
            char = self.mask[end]
            if char in OPENING:
                end = self.partner[end] + 1
                continue
            if char in CLOSING or char in ";," or re.match(rf"{stops}", self.flat[end:end + 8]):
                break
            end += 1
        return end
