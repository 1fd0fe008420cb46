"""A patch file that gopatch made, known again: by whom, of which patch, and whether by hand since.

Its header says `Generated-by: gopatch VERSION --patch NAME [--only ...]`, which edits it holds in
which form (`Generated-edits`), which roads these open (`Generated-roads`), and a digest of all its bytes but the author and the dates
(`Generated-sha256`): so a file under any name, in any folder, made for any source, can be told from
one that somebody has edited.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

_FIELD = rb"(?m)^%s:(.*\n(?:[ \t]+\S.*\n)*)"
_OTHERS = re.compile(
    rb"(?m)^(?:(?:From|Author):.*\n(?:[ \t]+\S.*\n)*|(?:Date|Last-Update|Generated-sha256):.*\n)"
)
_HEAD = 64 << 10  # bytes in which a header ends
_WIDTH = 100


class Own(NamedTuple):
    """What the header of a patch file says; `options` are those of the command that made it.

    `edits` are its edits with the names of their forms, `roads` those that they open; both are empty
    where an older gopatch made it;
    `author` is as the header has it, of whom the digest says nothing;
    `intact` is False where its bytes are not what was written (or that cannot be known).
    """

    patch: str
    options: tuple[tuple[str, str], ...]
    edits: tuple[tuple[str, str], ...]
    roads: tuple[str, ...]
    intact: bool
    author: str = ""

    def option(self, name: str) -> tuple[str, ...]:
        """The names that an option was given: `core,roads` is two."""
        return tuple(n for key, value in self.options if key == name for n in value.split(","))

    @property
    def words(self) -> str:
        """The options but --patch, as they are given."""
        return " ".join(f"{key} {value}".strip() for key, value in self.options)


def own(data: bytes) -> Own | None:
    """What gopatch says of a patch file that it made; None for somebody else's."""
    head = data[:_HEAD]
    if b"Generated-by: gopatch" not in head:
        return None
    _, *words = _field(head, b"Generated-by").split() or [""]
    pairs = _options(words)
    names = [value for key, value in pairs if key == "--patch"]
    if not names:
        return None
    edits = (word.partition("=")[::2] for word in _field(head, b"Generated-edits").split())
    return Own(
        names[0],
        tuple(pair for pair in pairs if pair[0] != "--patch"),
        tuple((name, form) for name, form in edits),
        tuple(_field(head, b"Generated-roads").split()),
        _field(head, b"Generated-sha256").partition(" ")[0] == digest(data),
        _field(head, b"From") or _field(head, b"Author"),
    )


def _field(head: bytes, name: bytes) -> str:
    found = re.search(_FIELD % re.escape(name), head)
    return " ".join(found[1].decode("utf-8", "replace").split()) if found else ""


def _options(words: list[str]) -> list[tuple[str, str]]:
    """`--only a,b --strict` as pairs; what is no option is the value of the one before it."""
    import shlex

    try:
        words = shlex.split(" ".join(words))
    except ValueError:
        return []
    pairs: list[tuple[str, str]] = []
    for word in words:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            pairs.append((name, value))
        elif pairs:
            pairs[-1] = (pairs[-1][0], word)
    return pairs


def made_fields(edits: Iterable[tuple[str, str]], roads: Iterable[str]) -> str:
    """The fields that name edits with their forms, and the roads that they open; folded as a header is."""
    forms = (f"{name}={form}".replace(", ", ",") for name, form in edits)
    return _folded("Generated-edits", forms) + _folded("Generated-roads", roads)


def _folded(name: str, words: Iterable[str]) -> str:
    import textwrap

    text = " ".join(words)
    lines = textwrap.wrap(f"{name}: {text}", _WIDTH, break_long_words=False, break_on_hyphens=False)
    folded = (f"{' ' if number else ''}{line}\n" for number, line in enumerate(lines))
    return "".join(folded) if text else ""


def sealed(before: bytes, after: bytes) -> bytes:
    """A patch file with its digest on a line of its own between two parts of it."""
    return b"%sGenerated-sha256: %s\n%s" % (before, digest(before + after).encode(), after)


def digest(data: bytes) -> str:
    """The SHA-256 of a patch file without its author and its dates."""
    return hashlib.sha256(_OTHERS.sub(b"", data)).hexdigest()
