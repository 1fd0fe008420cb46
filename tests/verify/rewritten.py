"""Ports rewritten by hand without a change of meaning, by their rows in data/rewritten.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import NamedTuple

from gopatch.go.tree import parse
from gopatch.port.work import Port
from gopatch.source.directory import Directory
from gopatch.splice import FileChange
from tests.verify.wrong_ports import DATA, given, ported

Texts = dict[str, tuple[bytes | None, str]]  # path -> before, after


class Rewrite(NamedTuple):
    """A row of rewritten.toml: names are changed first, then texts, then functions and files move."""

    name: str
    fixtures: list[str]
    rename: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    moves: tuple[tuple[str, str, str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    lean: bool = False
    doubted: str = ""


@cache
def rewrites() -> tuple[Rewrite, ...]:
    return tuple(Rewrite(**row) for row in tomllib.loads(_data())["port"])


@cache
def _data() -> str:
    return (DATA / "rewritten.toml").read_text()


@cache
def _lean() -> tuple[tuple[str, str, str], ...]:
    found: list[list[str]] = tomllib.loads(_data())["lean"]
    return tuple((file, find, put) for file, find, put in found)


def rewritten(row: Rewrite, fixture: str) -> tuple[Port, Directory]:
    """The port of a fixture as somebody else would have written it, and the original. The patch's own
    papers and tests are not in it. Raises LookupError where a change finds no place."""
    port, source = ported(fixture)
    texts: Texts = {
        change.path: (change.before, (change.after or b"").decode())
        for change in port.changes
        if change.path.endswith(".go") and not change.path.endswith("_test.go")
    }
    if row.lean:
        _replace(texts, _lean(), maybe=True)
    for old, new in row.rename:
        for path, (before, after) in texts.items():
            texts[path] = before, re.sub(rf"\b{old}\b", new, after)
    _replace(texts, row.changes)
    for move in row.moves:
        _move(texts, *move)
    for old, new in row.files:
        path = _path(texts, old)
        texts[path.removesuffix(old) + new] = None, texts.pop(path)[1]
    changes = (FileChange(path, before, after.encode()) for path, (before, after) in texts.items())
    return given(port, tuple(sorted(changes))), source


def _replace(
    texts: Texts, changes: tuple[tuple[str, str, str], ...], *, maybe: bool = False
) -> None:
    for file, find, put in changes:
        paths = [p for p in texts if _ends(p, file)]
        if maybe and not any(find in texts[p][1] for p in paths):
            continue
        path = _path(texts, file)
        before, after = texts[path]
        if find not in after:
            raise LookupError(f"{path} has no {find!r}")
        texts[path] = before, after.replace(find, put)


def _move(texts: Texts, file: str, to: str, head: str, names: str) -> None:
    """Move declarations of a file to a new one beside it, which begins with `head`."""
    path = _path(texts, file)
    before, after = texts[path]
    data = after.encode()
    moved: list[str] = []
    wanted = names.split()
    for node in reversed(parse(data).root.children):
        name = node.field("name")
        if name is not None and name.text.decode() in wanted:
            moved.insert(0, data[node.start : node.end].decode())
            data = data[: node.start] + data[node.end :]
    if len(moved) != len(wanted):
        raise LookupError(f"{path} has not all of {names}")
    texts[path] = before, data.decode()
    texts[path.rpartition("/")[0] + "/" + to] = None, "\n\n".join([head.strip(), *moved]) + "\n"


def _path(texts: Texts, file: str) -> str:
    found = [path for path in texts if _ends(path, file)]
    if len(found) != 1:
        raise LookupError(f"{file} is {len(found)} files")
    return found[0]


def _ends(path: str, file: str) -> bool:
    return path == file or path.endswith(f"/{file}")
