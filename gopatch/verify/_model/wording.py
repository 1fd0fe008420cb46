"""English that speaks of the option: which clauses of the contract it states, which it denies, and what is not understood.

A sentence is understood where it is made of nothing but clauses of wording.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gopatch.verify._model.service import KEY

_MARKUP = re.compile(r"[*`\"]")
_ENDS = re.compile(r"(?<=[.;!])\s+|\s*[()]\s*|(?<!default):\s+")
_JOINS = re.compile(r",? (?:and|or|but|so) |, ")
_NAMES = ((KEY, "@key"), ("--insecure-registry", "@list"))

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


class TextReading(NamedTuple):
    """What a text says: the names of the clauses, each denial with what is right, and what is not understood."""

    said: frozenset[str] = frozenset()
    denied: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


class LineHead(NamedTuple):
    """How a line begins: whether it names the option as a switch, what it says after that, and each denial in it."""

    is_head: bool
    rest: str
    denied: tuple[str, ...] = ()


class _Clause(NamedTuple):
    """A clause that was found: its name, or for a denial what is right instead; and its words."""

    name: str
    denies: bool
    words: str


class _Tables(NamedTuple):
    clauses: Patterns
    denials: Patterns
    implied: Patterns
    heads: Patterns
    head_denials: Patterns


@cache
def _tables() -> _Tables:
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    phrases: dict[str, str] = {}
    for name, text in found["phrase"].items():
        phrases[name] = _filled(text, phrases)

    def patterns(table: str) -> Patterns:
        rows = ((name, [t] if isinstance(t, str) else t) for name, t in found[table].items())
        return tuple((n, re.compile(_filled(text, phrases))) for n, texts in rows for text in texts)

    return _Tables(*map(patterns, ("clause", "denial", "implied", "head", "head_denial")))


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
    found: list[_Clause] = []
    strange = []
    for piece in filter(None, (each.strip(" .,;:!") for each in _ENDS.split(running))):
        clauses = _clauses(piece)
        found += clauses or []
        strange += [piece] if clauses is None else []
    said = {clause.name for clause in found if not clause.denies}
    offers = [clause.words for clause in found if clause.name == "offer"]
    said |= {name for name, way in _tables().implied if any(map(way.search, offers))}
    denied = (f"`{clause.words}`, and {clause.name}" for clause in found if clause.denies)
    return TextReading(frozenset(said), tuple(dict.fromkeys(denied)), tuple(strange))


def head_of(line: str) -> LineHead:
    """How a line begins."""
    bare, tables = plain(line).strip(), _tables()
    ends = [m.end() for _, head in (*tables.heads, *tables.head_denials) if (m := head.match(bare))]
    denied = (
        f"`{m[0].strip()}`, and {why}" for why, d in tables.head_denials if (m := d.match(bare))
    )
    return LineHead(bool(ends), bare[max(ends, default=0) :], tuple(denied))


def joined(readings: Iterable[TextReading]) -> TextReading:
    """Several readings as one."""
    known = list(readings)
    return TextReading(
        frozenset(name for one in known for name in one.said),
        tuple(dict.fromkeys(line for one in known for line in one.denied)),
        tuple(line for one in known for line in one.strange),
    )


def _clauses(piece: str) -> list[_Clause] | None:
    """The clauses that a sentence is made of; None where it holds anything else."""
    tables = _tables()
    for denies, patterns in ((False, tables.clauses), (True, tables.denials)):
        for name, pattern in patterns:
            found = pattern.match(piece)
            if found is None:
                continue
            rest = piece[found.end() :]
            join = _JOINS.match(rest)
            further = [] if not rest else _clauses(rest[join.end() :]) if join else None
            if further is not None:
                return [_Clause(name, denies, found[0]), *further]
    return None
