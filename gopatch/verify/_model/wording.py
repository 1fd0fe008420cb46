"""English that speaks of the option: which clauses of the contract it states, which it denies, and what is not understood.

A sentence is understood where it is made of nothing but clauses of wording.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gopatch.verify._model.service import KEY

_MARKUP = re.compile(r"[*`\"]")
_ENDS = re.compile(r"(?<=[.;!?])\s+|\s*[()]\s*|(?<!default):\s+")
_JOINS = re.compile(r",? (?:and|or|but|so) |, ")
_NAMES = ((f"--{KEY}", "@key"), (KEY, "@key"), ("--insecure-registry", "@list"))

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


class TextReading(NamedTuple):
    """What a text says: the names of the clauses, each denial with what is right, and what is not understood."""

    said: frozenset[str] = frozenset()
    denied: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


class _Tables(NamedTuple):
    clauses: Patterns
    heads: Patterns
    denials: Patterns


@cache
def _tables() -> _Tables:
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    phrases: dict[str, str] = {}
    for name, text in found["phrase"].items():
        phrases[name] = _filled(text, phrases)
    clauses = (
        (name, re.compile(_filled(text, phrases)))
        for name, texts in found["clause"].items()
        for text in texts
    )
    heads, denials = (
        tuple((name, re.compile(text)) for name, text in found[table].items())
        for table in ("head", "denial")
    )
    return _Tables(tuple(clauses), heads, denials)


def _filled(text: str, phrases: dict[str, str]) -> str:
    for name, phrase in phrases.items():
        text = text.replace(f"{{{name}}}", phrase)
    return text


def plain(text: str) -> str:
    """A text in small letters, without markup, and with the options by their signs."""
    text = _MARKUP.sub("", text)
    for name, sign in _NAMES:
        text = text.replace(name, sign)
    return text.lower()


def read(text: str) -> TextReading:
    """Read running text."""
    running = " ".join(plain(text).split())
    said: set[str] = set()
    strange = []
    for piece in filter(None, (each.strip(" .,;:!?") for each in _ENDS.split(running))):
        clauses = _clauses(piece)
        said |= clauses or set()
        strange += [piece] if clauses is None else []
    return TextReading(frozenset(said), tuple(_denied(running)), tuple(strange))


def without_head(line: str) -> tuple[bool, str]:
    """Whether a line begins by naming the option as a switch, and what it says after that."""
    bare = plain(line).strip()
    ends = [found.end() for _, head in _tables().heads if (found := head.match(bare))]
    return bool(ends), bare[max(ends, default=0) :]


def joined(readings: Iterable[TextReading]) -> TextReading:
    """Several readings as one."""
    known = list(readings)
    return TextReading(
        frozenset(name for one in known for name in one.said),
        tuple(dict.fromkeys(line for one in known for line in one.denied)),
        tuple(line for one in known for line in one.strange),
    )


def _denied(running: str) -> Iterator[str]:
    for why, pattern in _tables().denials:
        if found := pattern.search(running):
            yield f"`{found[0]}`, and {why}"


def _clauses(piece: str) -> set[str] | None:
    """The clauses that a sentence is made of; None where it holds anything else."""
    for name, pattern in _tables().clauses:
        found = pattern.match(piece)
        if found is None:
            continue
        rest = piece[found.end() :]
        if not rest:
            return {name}
        join = _JOINS.match(rest)
        further = _clauses(rest[join.end() :]) if join else None
        if further is not None:
            return {name} | further
    return None
