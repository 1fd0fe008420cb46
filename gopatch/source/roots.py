"""Where Docker's engine and command line lie inside a source, and which files a glob names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.errors import NotDockerError, OutsideError, SourceError
from gopatch.source.entries import DEEPEST, Entry, Source
from gopatch.splice import is_inside

ENGINES = ("", "engine", "components/engine")  # where an engine may lie in a source
PLACES = (*ENGINES, "cli", "components/cli")  # and a command line
_SKIPPED = {"vendor", "node_modules", "testdata", "third_party", "debian"}
_DEPTH = 3
_NAMED_CLI = re.compile(r"(^|[-_.])cli($|[-_.\d])")


class Roots(NamedTuple):
    """Folders of a source without a trailing slash, "" for its top; None where there is none."""

    engine: str | None
    cli: str | None


def join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def find_roots(source: Source) -> Roots:
    """Find the engine's and the command line's root: well-known places first, then a search.

    Raises SourceError where the search finds two engines: which one is meant cannot be known.
    """
    known = [f for f in PLACES if is_engine(source, f)]
    engine = known[0] if "" in known else _the_one(source, known)
    cli = next((f for f in PLACES if f != engine and is_cli(source, f)), None)
    if engine is None or (engine and cli is None):
        engines, beside = _search(source)
        cli = beside if cli is None else cli
        engine = _the_one(source, engines) if engine is None else engine
    if engine is not None and cli is None:
        cli = _inner_cli(source, engine)
    return Roots(engine, cli)


def _the_one(source: Source, engines: list[str]) -> str | None:
    if len(engines) > 1:
        raise SourceError(
            f"there are {len(engines)} engines: {', '.join(f'`{name}`' for name in engines)}",
            path=source.name,
            hint="name the folder of the one that is meant",
        )
    return engines[0] if engines else None


def _search(source: Source) -> tuple[list[str], str | None]:
    """All engines, and a command line, in the folders of the uppermost levels; none inside an engine."""
    engines: list[str] = []
    cli = None
    level = [""]
    for _ in range(_DEPTH):
        below = [join(f, e.name) for f in level for e in source.listdir(f) if _is_open(e)]
        level = []
        for folder in below:
            if is_engine(source, folder):
                engines.append(folder)
            else:
                cli = folder if cli is None and is_cli(source, folder) else cli
                level.append(folder)
    return engines, cli


def _inner_cli(source: Source, engine: str) -> str | None:
    """A command line that was unpacked inside the engine's folder, as some specs do."""
    for entry in source.listdir(engine):
        folder = join(engine, entry.name)
        named = _NAMED_CLI.search(entry.name) and folder not in PLACES
        if named and _is_open(entry) and is_cli(source, folder):
            return folder
    return None


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
    return any(e.kind == "file" and is_go(e.name) for e in source.listdir(folder))


def is_go(name: str) -> bool:
    """Whether Go reads a file of that name: what begins with `.` (as archives of macOS have) or `_` it does not."""
    return name.endswith(".go") and not name.startswith((".", "_"))


def no_engine(source: Source) -> SourceError:
    """What to raise where no engine was found: NotDockerError, or OutsideError where it is Docker, but too old."""
    kind = OutsideError if _is_early(source) else NotDockerError
    return kind(explain_no_engine(source), path=source.name)


def _is_early(source: Source) -> bool:
    """Whether this is Docker as it was before v0.4: one package at the top, which knows no list of registries."""
    files = [
        join(folder, entry.name)
        for folder in ("", "docker")
        for entry in source.listdir(folder)
        if entry.kind == "file" and entry.name.endswith(".go")
    ]
    if not {"runtime.go", "commands.go", "docker/docker.go"} & set(files):
        return False
    texts = [source.read(path) for path in files]
    own = any(b"package docker\n" in text for text in texts)
    return own and not any(b"insecure-registry" in text for text in texts)


def explain_no_engine(source: Source) -> str:
    """Why no engine was found, in a sentence that says what to do."""
    names = {entry.name for entry in source.listdir("")}
    if is_cli(source, ""):
        return (
            "this is docker/cli, the command line alone; the daemon's source is moby/moby: put both "
            "trees side by side in one folder, and name that, to have the command line's papers, too"
        )
    if _is_early(source):
        return "this is Docker before --insecure-registry existed (v1.3.1 is the first with it)"
    if not names:
        return "the folder is empty"
    if names == {".git"}:
        return "nothing is checked out in this clone; --ref HEAD, or a tag, reads it from git"
    if source.entry(".git/info/sparse-checkout") is not None:
        return "this is a sparse work tree without the daemon; --ref HEAD reads the whole commit"
    return (
        "this is not Docker's source: no folder with registry/ (or daemon/pkg/registry/) and "
        "daemon/ was found; name the folder that holds them (where that is a folder of a ref: "
        "`git archive REF FOLDER | tar -x -C DIR`, and name DIR/FOLDER)"
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

    _refuse_depth(source, folder)
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
        fitting = (e for e in there if fnmatchcase(e.name, first) and is_inside(e.name))
        names = [e for e in fitting if is_go(e.name) or not e.name.endswith(".go")]
    for entry in names:
        if rest and entry.kind == "dir":
            yield from _globbed(source, join(folder, entry.name), rest)
        elif not rest and entry.kind == "file":
            yield join(folder, entry.name)


def _refuse_depth(source: Source, folder: str) -> None:
    if folder.count("/") > DEEPEST:
        raise SourceError(f"has folders more than {DEEPEST} deep", path=source.name)


def walk(source: Source, folder: str, suffix: str) -> Iterator[str]:
    """All files below `folder` whose names end in `suffix`, in order; not inside .git."""
    _refuse_depth(source, folder)
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir" and is_inside(entry.name):
            yield from walk(source, path, suffix)
        elif entry.kind == "file" and entry.name.endswith(suffix):
            yield path
