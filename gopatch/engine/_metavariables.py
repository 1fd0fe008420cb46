"""The metavariables of a change: the lines between its `@@` -> what may stand for what."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.errors import PatchError

_KINDS = ("identifier", "expression", "bound")
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")
_GIVEN = re.compile(r"(?P<before>\s*(?P<var>var\s+)?)(?P<name>[^\W\d]\w*)\s*=\s*(?P<text>\S.*)\Z")
_USE = re.compile(r"use\s+(?P<name>[\w-]+(?:/[\w-]+)?)\Z")


class Metavariable(NamedTuple):
    """A name that stands for Go: for any `identifier` or `expression`, for what an earlier change of the
    variant has `bound`, or for the `text` that its declaration gives it (kind `given`)."""

    name: str
    kind: str
    line: int
    column: int
    text: str = ""


def metavariables(
    lines: list[str], first: int, path: str
) -> tuple[tuple[Metavariable, ...], tuple[str, ...]]:
    """What the lines declare, whose first one is line `first` of the file, and the fragments they use.

    Raises PatchError for what is wrong.
    """
    found: list[Metavariable] = []
    uses: list[str] = []
    grouped = False
    rest = iter(enumerate(lines, first))
    for number, raw in rest:
        text = raw.split("//")[0].rstrip().rstrip(";")
        stripped = text.strip()
        if not stripped or raw.startswith("#"):
            continue
        if not grouped and re.match(r"var\s*\(\Z", stripped):
            grouped = True
        elif grouped and stripped == ")":
            grouped = False
        elif (use := _USE.match(stripped)) and not grouped:
            uses.append(use["name"])
        elif (given := _GIVEN.match(raw.rstrip())) and bool(given["var"]) != grouped:
            found.append(_given(given, number, rest, path))
        else:
            found += _declaration(text, number, grouped, path)
    return refuse_twice(tuple(found), path), tuple(uses)


def refuse_twice(declared: tuple[Metavariable, ...], path: str) -> tuple[Metavariable, ...]:
    """The metavariables, none of whose names stands for two; PatchError where one does."""
    seen: set[str] = set()
    for variable in declared:
        if variable.name in seen:
            raise _error(f"`{variable.name}` is declared twice", variable, path, "drop one of them")
        seen.add(variable.name)
    return declared


def _given(
    given: re.Match[str], number: int, rest: Iterator[tuple[int, str]], path: str
) -> Metavariable:
    """`var NAME = GO`; a lone `{` opens lines of Go that a lone `}` at the margin ends."""
    text = given["text"]
    variable = Metavariable(given["name"], "given", number, len(given["before"]) + 1, text)
    if text != "{":
        return variable
    block: list[str] = []
    for _, line in rest:
        if line.rstrip() == "}":
            return variable._replace(text=textwrap.dedent("\n".join(block)))
        block.append(line)
    raise _error(f"the lines of `{variable.name}` never end", variable, path, "end them with `}`")


def _declaration(text: str, number: int, grouped: bool, path: str) -> list[Metavariable]:
    match = re.match(r"\s*(var\b)?\s*(.*?)\s+(\S+)\s*\Z", text)
    if match is None or bool(match[1]) == grouped:
        raise PatchError(
            f"not a declaration of metavariables: `{text.strip()}`",
            path=path,
            line=number,
            column=len(text) - len(text.lstrip()) + 1,
            hint="write `var NAME identifier` or `var NAME, OTHER expression`",
        )
    kind = match[3]
    if kind not in _KINDS:
        raise PatchError(
            f"unknown kind of metavariable `{kind}`",
            path=path,
            line=number,
            column=match.start(3) + 1,
            hint="the kinds are `identifier` and `expression`, in a patch folder also `bound`",
        )
    found = []
    column = match.start(2)
    for name in match[2].split(","):
        place = column + len(name) - len(name.lstrip()) + 1
        variable = Metavariable(name.strip(), kind, number, place)
        if not _IDENTIFIER.match(variable.name):
            raise _error(f"`{variable.name}` is not a Go identifier", variable, path, "rename it")
        found.append(variable)
        column += len(name) + 1
    return found


def _error(message: str, at: Metavariable, path: str, hint: str) -> PatchError:
    return PatchError(message, path=path, line=at.line, column=at.column, hint=hint)
