"""Where Docker's engine and command line lie inside a source, and which files a glob names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.source.values import Entry, Source
from gopatch.splice import is_inside

_CANDIDATES = ("", "engine", "components/engine", "cli", "components/cli")
_SKIPPED = {"vendor", "node_modules", "testdata", "third_party", "debian"}
_DEPTH = 3


class Roots(NamedTuple):
    """Folders of a source without a trailing slash, "" for its top; None where there is none."""

    engine: str | None
    cli: str | None


def join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def find_roots(source: Source) -> Roots:
    """Find the engine's and the command line's root: well-known places first, then a search."""
    engine = cli = None
    for folder in _folders(source):
        if engine is None and is_engine(source, folder):
            engine = folder
        elif cli is None and is_cli(source, folder):
            cli = folder
        if engine is not None and cli is not None:
            break
        if engine is not None and folder not in _CANDIDATES and not _may_hold_cli(folder, engine):
            break
    return Roots(engine, cli)


def _may_hold_cli(folder: str, engine: str) -> bool:
    """A command line is looked for beside the engine only, not all over its own folders."""
    return bool(engine) and not folder.startswith(engine + "/")


def _folders(source: Source) -> Iterator[str]:
    yield from _CANDIDATES
    if is_engine(source, ""):
        return
    level = [""]
    for _ in range(_DEPTH):
        level = [join(f, e.name) for f in level for e in source.listdir(f) if _is_open(e)]
        yield from (folder for folder in level if folder not in _CANDIDATES)


def _is_open(entry: Entry) -> bool:
    hidden = entry.name.startswith((".", "_")) or entry.name in _SKIPPED
    return entry.kind == "dir" and not hidden


def is_engine(source: Source, folder: str) -> bool:
    """Whether the daemon's registry package and the daemon lie in `folder`."""
    daemon = ("daemon", "cmd/dockerd", "docker", "daemon/command")
    registry = ("registry", "daemon/pkg/registry")
    return all(
        any(_has_go(source, join(folder, place)) for place in places)
        for places in (registry, daemon)
    )


def is_cli(source: Source, folder: str) -> bool:
    """Whether docker/cli's tree lies in `folder`."""
    names = {entry.name for entry in source.listdir(folder) if entry.kind == "dir"}
    papers = bool(names & {"docs", "contrib", "man"})
    if folder in ("cli", "components/cli"):
        return papers
    return papers and "cmd" in names and bool(source.listdir(join(folder, "cli/command")))


def _has_go(source: Source, folder: str) -> bool:
    return any(e.kind == "file" and e.name.endswith(".go") for e in source.listdir(folder))


def explain_no_engine(source: Source) -> str:
    """Why no engine was found, in a sentence that says what to do."""
    names = {entry.name for entry in source.listdir("")}
    if is_cli(source, ""):
        return "this is docker/cli, the command line alone; the daemon's source is moby/moby"
    if {"docker", "AUTHORS"} <= names or {"runtime.go", "commands.go"} & names:
        return "this is Docker before --insecure-registry existed (v1.3.1 is the first with it)"
    if not names:
        return "the folder is empty"
    return (
        "this is not Docker's source: no folder with registry/ (or daemon/pkg/registry/) and "
        "daemon/ was found; name the folder that holds them"
    )


def glob(source: Source, root: str, pattern: str) -> list[str]:
    """The files below `root` that `pattern` names; `*` stays in a folder, `**` does not."""
    return list(_globbed(source, root, pattern.split("/")))


def with_packages(patterns: Iterable[str]) -> list[str]:
    """Globs of files, then those of the other Go files beside them.

    Go knows packages, not files: a fork may have given any file another name.
    """
    given = list(patterns)
    return given + [f"{pattern.rpartition('/')[0]}/*.go".lstrip("/") for pattern in given]


def _globbed(source: Source, folder: str, parts: list[str]) -> Iterator[str]:
    from fnmatch import fnmatchcase

    first, *rest = parts
    if first == "**":
        yield from _globbed(source, folder, rest)
        for entry in source.listdir(folder):
            if entry.kind == "dir" and is_inside(entry.name):
                yield from _globbed(source, join(folder, entry.name), parts)
        return
    if not any(sign in first for sign in "*?["):
        one = source.entry(join(folder, first))
        names = [one] if one is not None else []
    else:
        there = source.listdir(folder)
        names = [e for e in there if fnmatchcase(e.name, first) and is_inside(e.name)]
    for entry in names:
        if rest and entry.kind == "dir":
            yield from _globbed(source, join(folder, entry.name), rest)
        elif not rest and entry.kind == "file":
            yield join(folder, entry.name)


def walk(source: Source, folder: str, suffix: str) -> Iterator[str]:
    """All files below `folder` whose names end in `suffix`, in order; not inside .git."""
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir" and is_inside(entry.name):
            yield from walk(source, path, suffix)
        elif entry.kind == "file" and entry.name.endswith(suffix):
            yield path
