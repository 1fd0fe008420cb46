"""A shell's text -> the same with its own functions that apply patches written out where they are called.

Nothing of it is run. One that is called nowhere applies nothing, and goes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DEFINED = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?:function[ \t]+)?(?P<name>\w+)[ \t]*(?:(?<=\w)\(\)|(?<=[ \t])\(\))?[ \t]*\{(?=[ \t\n])"
)
_STEPS = re.compile(r"prepare|build|check|package\w*|pkgver|unpack|fetch|snapshot")
_APPLIES = re.compile(r"\bpatch\b|\bgit\b[^\n]*\b(?:am|apply)\b")
_LOCAL = re.compile(
    r"(?m)(?:^|[;{])[ \t]*(?:local[ \t]+|declare[ \t]+)?(\w+)=([\"']?)([^\s\"';&|]+)\2(?=[ \t]*(?:;|$))"
)
_EACH = re.compile(r"\bfor[ \t]+(\w+)[ \t]*(?=;|\n)")
_WORD = re.compile(r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'])+")
_GIVEN = re.compile(r"\$(?:\{([@*\d])\}|([@*\d]))")
_ROUNDS = 3  # functions that call each other
_MANY = 50  # functions of one recipe
_MOST = 20_000  # characters that calls of one function may become


class _HelperFunction(NamedTuple):
    name: str
    body: str


def inlined(shell: str) -> str:
    """A shell's text without functions that apply patches, but for the steps that a build runs by itself."""
    shell, functions = _taken_out(shell)
    last = {function.name: function for function in functions}  # which is the one that counts
    for function in [*last.values()] * _ROUNDS:
        shell = _with_calls(shell, function)
    return shell


def _taken_out(shell: str) -> tuple[str, list[_HelperFunction]]:
    at, parts, found = 0, [], list[_HelperFunction]()
    while len(found) < _MANY and (opened := _DEFINED.search(shell, at)):
        closed = _end(shell, opened)
        if closed < 0:
            break
        body = shell[opened.end() : closed]
        is_helper = not _STEPS.fullmatch(opened["name"]) and _APPLIES.search(body)
        parts.append(shell[at : opened.start() if is_helper else closed + 1])
        found += [_HelperFunction(opened["name"], body)] * bool(is_helper)
        at = closed + 1
    return "".join((*parts, shell[at:])), found


def _end(shell: str, opened: re.Match[str]) -> int:
    """Where a function's bracket closes: on its line, or on one that begins as far to the left; -1 where it does not."""
    line = shell.find("\n", opened.end())
    rest = shell[opened.end() : line if line >= 0 else len(shell)].rstrip()
    if rest.endswith("}") and not rest.endswith("${}"):
        return opened.end() + len(rest) - 1
    found = shell.find(f"\n{opened['indent']}}}", opened.end() - 1)
    return found + 1 + len(opened["indent"]) if found >= 0 else -1


def _with_calls(shell: str, function: _HelperFunction) -> str:
    call = re.compile(
        rf"(?m)(?P<before>^|[;&|({{!]|\b(?:do|then|else|if)\b)[ \t]*{function.name}(?![\w.-])(?P<given>[^\n;&|)}}]*)"
    )
    if len(call.findall(shell)) * len(function.body) > _MOST:
        return shell
    return call.sub(lambda found: f"{found['before']} {_done(function, found['given'])}", shell)


def _done(function: _HelperFunction, given: str) -> str:
    """The steps of a function with what it is given, on lines of their own where it has several."""
    words = [re.sub(r"[\"']", "", word) for word in _WORD.findall(given)]

    def word(found: re.Match[str]) -> str:
        sign = found[1] or found[2]
        if not sign.isdigit():
            return " ".join(words)
        return words[int(sign) - 1] if 0 < int(sign) <= len(words) else ""

    body = _EACH.sub(r"for \1 in $@", function.body)
    body = _GIVEN.sub(word, re.sub(r"\"(\$\{?[@*]\}?)\"", r"\1", body)).strip().rstrip(";")
    for name, _, value in _LOCAL.findall(body):
        body = re.sub(rf"\$(?:\{{{name}\}}|{name}\b)", value.replace("\\", r"\\"), body)
    return body
