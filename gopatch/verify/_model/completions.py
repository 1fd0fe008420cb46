"""Completions of shells by their structure: the flag stands among the daemon's switches, and takes no argument."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gopatch.verify._model.service import KEY

_FLAG = re.compile(rf"{KEY}(?![\w-])")
_LIST = re.compile(r"(?<![\w-])(?:--)?insecure-registry(?![\w-])")
_ARGUMENT = "it is listed among the options that take an argument"
_ELSEWHERE = "it does not stand among the daemon's options"

# bash
_ASSIGNED = re.compile(r"(?P<name>\w+)\+?=(?P<quote>[\"'])(?P<value>[^\"']*)(?P=quote)")
_FUNCTION = re.compile(r"^(?:function )?(\w+) ?\(\)", re.MULTILINE)
_DAEMONS = re.compile(r"_docker(?:d|_daemon|_docker)$")
# zsh
_ENTRY = re.compile(
    rf"""\s*(["'])(?:\(\$\w+(?: [^)-]*)?\))?--{KEY}(?:\[(?P<says>[^\]]*)\])?\1(?: \\)?$"""
)
_QUOTED = re.compile(r"\s*[\"'][-($]")
_VALUE = re.compile(rf"--{KEY}(?:\[[^\]]*\])?[=:+-]|--{KEY}\[[^\]]*\]:")
# fish
_TAKES = {"--require-parameter", "--exclusive", "--arguments"}
_TAKING = re.compile(r"-(?!-)\w*[rxa]")


class NamingPlace(NamedTuple):
    """One place where a completion names the flag: what is wrong with it, the help that it gives, and whether
    it is understood at all."""

    line: int
    wrong: str = ""
    says: str = ""
    known: bool = True


def places(path: str, text: str) -> Iterator[NamingPlace]:
    """The places of a completion that name the flag."""
    read = next((read for shell, read in _SHELLS.items() if f"/{shell}/" in path), None)
    for found in _FLAG.finditer(text):
        line = text.count("\n", 0, found.start())
        yield (read(text, found.start()) if read else NamingPlace(0, known=False))._replace(
            line=line + 1
        )


def _bash(text: str, at: int) -> NamingPlace:
    lists = [m for m in _ASSIGNED.finditer(text) if m.start() < at < m.end()]
    name, held = (lists[0]["name"], lists[0]["value"].split()) if lists else ("", [])
    function = _FUNCTION.findall(text, 0, at)
    if "arg" in name or _beside_arguments(text, at):
        return NamingPlace(0, _ARGUMENT)
    if function and not _DAEMONS.match(function[-1]):
        return NamingPlace(0, _ELSEWHERE)
    others = any(word.startswith("--") and KEY not in word for word in held)
    return NamingPlace(0, known="bool" in name and f"--{KEY}" in held and others)


def _beside_arguments(text: str, at: int) -> bool:
    """Whether the flag is a case of its line together with an option that takes an argument."""
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()
    taking = {
        word for m in _ASSIGNED.finditer(text) if "arg" in m["name"] for word in m["value"].split()
    }
    return line.endswith(")") and bool(taking & set(line[:-1].split("|")))


def _zsh(text: str, at: int) -> NamingPlace:
    lines, number = text.split("\n"), text.count("\n", 0, at)
    line = lines[number]
    if _VALUE.search(line):
        return NamingPlace(0, _ARGUMENT)
    command = _command(lines, number)
    if not any(_LIST.search(each) for each in command if each != line):
        return NamingPlace(0, _ELSEWHERE)
    entry = _ENTRY.match(line)
    # An entry without a backslash ends the command: what comes after it is none.
    cut = command[-1] == line and any(
        _QUOTED.match(each) for each in lines[number + 1 : number + 2]
    )
    known = entry is not None and not cut
    return NamingPlace(0, says=entry["says"] or "" if entry else "", known=known)


def _command(lines: list[str], number: int) -> list[str]:
    """The lines of the command that a line belongs to: all but the last end in a backslash."""
    first, last = number, number
    while first and lines[first - 1].endswith("\\"):
        first -= 1
    while lines[last].endswith("\\") and last + 1 < len(lines):
        last += 1
    return lines[first : last + 1]


def _fish(text: str, at: int) -> NamingPlace:
    lines = text.split("\n")
    words = _words(lines[text.count("\n", 0, at)])
    if KEY not in words:
        return NamingPlace(0, known=False)
    if _TAKES & set(words) or any(map(_TAKING.fullmatch, words)):
        return NamingPlace(0, _ARGUMENT)
    others = [_words(line) for line in lines if _LIST.search(line)]
    written = all(_after(option, words) for option in ("-n", "-l"))
    if written and others and _after("-n", words) not in [_after("-n", other) for other in others]:
        return NamingPlace(0, _ELSEWHERE)
    known = written and _after("-l", words) == KEY and _shape(words) in map(_shape, others)
    return NamingPlace(0, says=_after("-d", words), known=known)


def _shape(words: list[str]) -> tuple[str, ...]:
    """The command that a line of a completion is for, and how it is called: what comes before `-n`, the short
    options of taking arguments aside."""
    head = words[: words.index("-n")] if "-n" in words else words
    return tuple(word for word in head if not _TAKING.fullmatch(word) and word != "-f")


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a quotation that goes on
        return []


def _after(option: str, words: list[str]) -> str:
    return next((b for a, b in pairwise(words) if a == option), "")


_SHELLS: dict[str, Callable[[str, int], NamingPlace]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
