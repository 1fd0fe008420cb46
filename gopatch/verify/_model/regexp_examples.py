"""Texts for which a regular expression holds: a few of them, found by reading it."""

from __future__ import annotations

import re

_WAYS = 8
_CLASSES = {
    "d": "5",
    "w": "a",
    "s": " ",
    "D": "a",
    "W": "-",
    "S": "a",
    "b": "",
    "B": "",
    "A": "",
    "z": "",
    "Z": "",
}
_LETTERS = "a5A-.:x"
_TIMES = re.compile(r"(?:\{(\d+)(?:,\d*)?\}|[*+?])\??")


def examples(text: str) -> list[str]:
    """Parts of texts for which an expression may hold; whoever asks has to try."""
    try:
        return _ways(text, 0)[0]
    except (IndexError, ValueError, re.error):
        return []  # what cannot be read has none


def _ways(text: str, at: int) -> tuple[list[str], int]:
    """What stands from `at` on, to the end or to a bracket, and where that is."""
    whole, ways = list[str](), [""]
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            whole, ways, at = whole + ways, [""], at + 1
            continue
        atom, at = _atom(text, at)
        times = _TIMES.match(text, at)
        if times is not None:
            atom, at = _repeated(atom, times), times.end()
        ways = [one + more for one in ways for more in atom][:_WAYS]
    return (whole + ways)[:_WAYS], at


def _repeated(atom: list[str], times: re.Match[str]) -> list[str]:
    if times[1] is not None:
        return [one * int(times[1]) for one in atom]
    return atom if times[0].startswith("+") else [*atom, ""]


def _atom(text: str, at: int) -> tuple[list[str], int]:
    sign = text[at]
    if sign == "(":
        return _group(text, at + 1)
    if sign == "[":
        end = text.index("]", at + 2)
        held = re.compile(text[at : end + 1])
        return [next(c for c in _LETTERS + text[at:end] if held.fullmatch(c))], end + 1
    if sign == "\\":
        return [_CLASSES.get(text[at + 1], text[at + 1])], at + 2
    return ["" if sign in "^$" else "a" if sign == "." else sign], at + 1


def _group(text: str, at: int) -> tuple[list[str], int]:
    if text.startswith("?", at):
        at = 1 + min(i for i in (text.find(mark, at) for mark in ":>)") if i >= 0)
        if text[at - 1] == ")":  # flags alone
            return [""], at
    ways, end = _ways(text, at)
    return ways, end + 1
