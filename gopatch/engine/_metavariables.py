"""The metavariables of a change: the lines between its `@@` -> what may stand for what."""

from __future__ import annotations

import re
from typing import NamedTuple

from gopatch.errors import PatchError

_KINDS = ("identifier", "expression")
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")


class Metavariable(NamedTuple):
    name: str
    kind: str
    line: int
    column: int


def metavariables(lines: list[str], first: int, path: str) -> tuple[Metavariable, ...]:
    """What the lines declare, whose first one is line `first` of the file; PatchError for what is wrong."""
    found: dict[str, Metavariable] = {}
    grouped = False
    for number, raw in enumerate(lines, first):
        text = raw.split("//")[0].rstrip().rstrip(";")
        stripped = text.strip()
        if not stripped or raw.startswith("#"):
            continue
        if not grouped and re.match(r"var\s*\(\Z", stripped):
            grouped = True
        elif grouped and stripped == ")":
            grouped = False
        else:
            for variable in _declaration(text, number, grouped, path):
                if variable.name in found:
                    raise _error(
                        f"`{variable.name}` is declared twice", variable, path, "drop one of them"
                    )
                found[variable.name] = variable
    return tuple(found.values())


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
            hint="the kinds are `identifier` and `expression`",
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
