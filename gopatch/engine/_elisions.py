"""Where `...` leaves something out in a side of a change, and what Go can stand for it there."""

from __future__ import annotations

import re

CLAUSE = "case dts:"  # what stands for any number of clauses
_NEAR = 80  # characters in which the keyword before a bracket stands
_TYPE_FOLLOWS = re.compile(r"\]\s*[\w*\[({]")
_OPENERS = {"{": "}", "(": ")", "[": "]"}
_BRACE_OWNER = re.compile(r"\b(switch|select|struct|interface)\b")
_GROUP_OWNER = re.compile(r"\b(var|const|type|import)\s*\Z")
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*')
      | (?P<dots>\.\.\.)
      | (?P<bracket>[][(){}])
      | (?P<case>\b(?:case|default)\b)
      | (?P<newline>\n)""",
    re.VERBOSE | re.DOTALL,
)


def placeholders(text: str) -> list[tuple[int, int, str]]:
    """Where each elision stands and what Go can stand for it there.

    Go's own three dots (`xs...`, `...string`, `[...]int`) touch an operand and are left alone.
    """
    found = []
    stack: list[tuple[str, str]] = []  # bracket, keyword that it belongs to
    seen_case: list[bool] = []
    statement = 0  # where the current statement starts
    for match in TOKEN.finditer(text):
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "newline":
            statement = end
        elif kind == "case" and seen_case:
            seen_case[-1] = True
        elif kind == "bracket" and match[0] in _OPENERS:
            stack.append((match[0], _owner(match[0], text[statement:start])))
            seen_case.append(False)
            statement = end if match[0] == "{" else statement
        elif kind == "bracket" and stack:
            stack.pop()
            seen_case.pop()
        elif kind == "dots" and _is_elision(text, start, end):
            holder = stack[-1] if stack else ("", "")
            case = seen_case[-1] if seen_case else False
            found.append((start, end, _placeholder(text, start, end, holder, case)))
    return found


def _owner(bracket: str, before: str) -> str:
    """The keyword whose `{` or `(` this is, or ""."""
    if bracket == "{":
        words = _BRACE_OWNER.findall(before)
        return words[-1] if words else ""
    match = _GROUP_OWNER.search(before[-_NEAR:]) if bracket == "(" else None
    return match[1] if match else ""


def _is_elision(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "[" and after == "]":
        return _TYPE_FOLLOWS.match(text, end) is None or text[start - 2 : start - 1].isalnum()
    return not (before.isalnum() or (before in ("_", ")", "]", "}") and before)) and not (
        after.isalnum() or (after in ("_", "*", "[", "(") and after != "")
    )


def _placeholder(text: str, start: int, end: int, holder: tuple[str, str], case: bool) -> str:
    bracket, keyword = holder
    line = text[text.rfind("\n", 0, start) + 1 : text.find("\n", end) % (len(text) + 1)]
    alone = line.strip().rstrip(",;") == "..."
    if bracket == "{" and keyword in ("switch", "select") and alone and not case:
        return CLAUSE
    if bracket == "{" and keyword == "struct" and not alone and _follows_type(line):
        return "`dts`"
    if bracket == "(" and alone:
        return {"var": "dts = dts", "type": "dts dts", "import": '"dts"'}.get(keyword, "dts")
    return "dts"


def _follows_type(line: str) -> bool:
    """Whether the `...` of a struct field's line stands where the tag would."""
    return re.match(r"\s*[\w*].*[\w\]})]\s+\.\.\.\s*(?://.*)?\Z", line) is not None
