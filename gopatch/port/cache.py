"""Ports that were worked out before, kept between runs.

A port is a function of the patch, of gopatch, and of what the source answered when it was asked.
All three are kept with it, and asked again: the source for everything that it was asked then.
Only where all answers are the same is the port taken from here. A file of a folder is the same
where its size, times and inode are, as in git's index, and it was not written to in the moments before
it was looked at, which its times might not tell; else its bytes are asked. What is broken,
unreadable or from another gopatch is worked out anew, without a word.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from gopatch.errors import GopatchError
from gopatch.port._recorder import Recorder
from gopatch.port.outcome import Outcome, Port, Road, Site, Step
from gopatch.recipe.values import Patch
from gopatch.source import Source
from gopatch.source.roots import Roots
from gopatch.splice import FileChange

_KEPT = 64
_NOTHING = -1


def remembered(
    patch: Patch, source: Source, key: Iterable[str], work_out: Callable[[Source], Port]
) -> Port:
    """`work_out(source)`, or what came of it before; `key` tells where to look.

    A port that failed, and a lone patch's, are not kept: the first has a reader who is about to
    change something, the second has to be compiled to know its own name.
    """
    home = None if patch.lone or os.environ.get("GOPATCH_NO_CACHE") else folder()
    if home is None:
        return work_out(source)
    place = (
        home
        / "ports"
        / _hashed([*key, *patch.selection.leave, *(edit.name for edit in patch.edits)], _gopatch())
    )
    _tidied(place.parent)
    known = _recalled(place, patch, source)
    if known is not None:
        return known
    recorder = Recorder(source)
    port = work_out(recorder)
    if not port.failed:
        _keep(place, recorder, port)
    return port


def _tidied(home: Path) -> None:
    """Take up what a run that was killed has left here; nobody else would before the next write."""
    from contextlib import suppress

    from gopatch.files import FOLDER, locked, recover

    if (home / FOLDER).exists():
        with suppress(OSError, GopatchError), locked(home, wait=True):
            recover(home)


def folder() -> Path | None:
    """gopatch's folder below XDG_CACHE_HOME, if that is an absolute path, or ~/.cache; None where there is no home.

    https://specifications.freedesktop.org/basedir-spec
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    home = given if os.path.isabs(given) else os.path.expanduser("~/.cache")
    return Path(home) / "gopatch" if os.path.isabs(home) else None


def _hashed(words: Iterable[str], *more: bytes) -> str:
    digest = hashlib.sha256()
    for word in (*(w.encode("utf-8", "surrogateescape") for w in words), *more):
        digest.update(b"%d\n%s" % (len(word), word))
    return digest.hexdigest()


def _gopatch() -> bytes:
    """What works ports out: gopatch's own files, Python, and what it takes from others.

    Of the latter, which are large, it is told by size and times: of each file, for a package's own
    `__init__.py` stays what it is where its grammar changes. The time of change is the system's alone.
    """
    from importlib.util import find_spec

    here = os.path.dirname(os.path.dirname(__file__))
    digest = hashlib.sha256(sys.version.encode())
    for path in _engine_files(here):
        with open(path, "rb", buffering=0) as own:
            digest.update(own.readall())
    for name in _OTHERS:
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            for file in sorted(os.scandir(folder), key=lambda file: file.name):
                if file.is_file():
                    found = file.stat()
                    times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
                    digest.update(f"{file.path} {found.st_size} {times}\n".encode())
    return digest.digest()


_OTHERS = ("tree_sitter", "tree_sitter_go", "regex")
_ENGINE = ("", "go", "engine", "recipe", "source", "port")  # the wings that work a port out


def _engine_files(here: str) -> Iterator[str]:
    for wing in _ENGINE:
        where = os.path.join(here, wing)
        for name in sorted(os.listdir(where)):
            if name.endswith(".py"):
                yield os.path.join(where, name)


# Files ---------------------------------------------------------------------------------------
# A line of JSON with its own digest before it, then the bytes of all files that the port writes.


def _keep(place: Path, recorder: Recorder, port: Port) -> None:
    import json
    from contextlib import suppress

    blobs: dict[bytes, int] = {}
    table: dict[str, Any] = {
        "asked": recorder.asked,
        "digest": recorder.digest,
        "stamps": recorder.stamps,
        "roots": port.roots,
        "outcomes": port.outcomes,
        "roads": port.roads,
        "unknown": port.unknown,
        "changes": [_packed(change, blobs) for change in port.changes],
        "steps": [
            [step.edit, [_packed(change, blobs) for change in step.changes]] for step in port.steps
        ],
    }
    table["sizes"] = [len(blob) for blob in blobs]
    body = json.dumps(table).encode() + b"\n" + b"".join(blobs)
    data = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    with suppress(OSError, GopatchError):
        from gopatch.files import write_file

        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(place, data)
        _forget(place.parent)


def _packed(change: FileChange, blobs: dict[bytes, int]) -> list[Any]:
    def number(data: bytes | None) -> int:
        return _NOTHING if data is None else blobs.setdefault(data, len(blobs))

    return [change.path, number(change.before), number(change.after), change.mode]


def _forget(home: Path) -> None:
    """Only the newest are kept."""
    found = sorted(
        (f for f in home.iterdir() if f.is_file()), key=lambda file: file.stat().st_mtime_ns
    )
    for file in found[:-_KEPT]:
        file.unlink(missing_ok=True)


def _recalled(place: Path, patch: Patch, source: Source) -> Port | None:
    import json

    try:
        stamp, _, body = place.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != stamp:
            return None
        head, _, rest = body.partition(b"\n")
        table = json.loads(head)
        again = _asked_again(table, source)
        if again is None:
            return None
    except (OSError, GopatchError):
        return None
    port = _unpacked(table, rest, patch, source.name)
    if again.stamps not in ("", table["stamps"]):
        _keep(place, again, port)  # the files are the same, and it will be told sooner
    return port


def _asked_again(table: dict[str, Any], source: Source) -> Recorder | None:
    """What a source says now of all that it was asked; None where that is another thing."""
    if table["stamps"]:
        again = Recorder(source)
        for question, path in table["asked"]:
            getattr(again, "glance" if question == "read" else question)(path)
        if again.stamps == table["stamps"]:
            return again
    again = Recorder(source)
    for question, path in table["asked"]:
        getattr(again, question)(path)
    return again if again.digest == table["digest"] else None


def _unpacked(table: dict[str, Any], rest: bytes, patch: Patch, source: str) -> Port:
    """The port of a file's table; `rest` holds the bytes of the files, before and after."""
    blobs, at = [], 0
    for size in table["sizes"]:
        blobs.append(rest[at : at + size])
        at += size

    def unpacked(item: list[Any]) -> FileChange:
        path, before, after, mode = item
        return FileChange(path, data(before), data(after), mode)

    def data(number: int) -> bytes | None:
        return None if number == _NOTHING else blobs[number]

    return Port(
        patch,
        source,
        Roots(*table["roots"]),
        tuple(
            Outcome(edit, status, variant, tuple(Site(*site) for site in sites), *words)
            for edit, status, variant, sites, *words in table["outcomes"]
        ),
        tuple(map(unpacked, table["changes"])),
        tuple(Step(edit, tuple(map(unpacked, changes))) for edit, changes in table["steps"]),
        tuple(
            Road(name, title, outcome, tuple(edits), tuple(Site(*site) for site in sites), *rest)
            for name, title, outcome, edits, sites, *rest in table["roads"]
        ),
        tuple(table["unknown"]),
    )
