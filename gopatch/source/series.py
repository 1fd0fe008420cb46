"""A Debian source package as its patches make it, whether or not they are applied on disk.

A patch is made for what the earlier patches of its series leave: dpkg-source allows no fuzz. What
is applied, `.pc/applied-patches` says; where there is no such file (a packaging repository), a
patch counts as applied if all that it would put there is there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gopatch.errors import SourceError
from gopatch.source.overlay import Overlay
from gopatch.source.values import Source
from gopatch.splice import FileChange

if TYPE_CHECKING:
    from unidiff.patch import Hunk, PatchedFile

FOLDER = "debian/patches"
_STATE = ".pc/applied-patches"


def patched(source: Source, until: str) -> Source:
    """The source with the patches of its series on it, up to but without `until`.

    The source itself where it has no series. Raises SourceError for a patch that is neither
    applied nor applies exactly.
    """
    applied = None if source.entry(_STATE) is None else _names(source.read(_STATE))
    changes: dict[str, FileChange] = {}
    for name, strip in _series(source):
        if name == until:
            break
        if applied is not None and name in applied:
            continue
        laid = Overlay(source, changes.values())
        for change in _changes(laid, name, strip, sure=applied is not None):
            first = changes.get(change.path, change)
            changes[change.path] = change._replace(before=first.before)
    return Overlay(source, changes.values()) if changes else source


def _series(source: Source) -> list[tuple[str, int]]:
    """The patches in order, each with how many folders its paths have too many."""
    listed = [entry.name for entry in source.listdir(FOLDER)]
    found = [n for n in ("series", *listed) if n in listed and re.fullmatch(r"(.+\.)?series", n)]
    if not found:
        return []
    rows = []
    for line in _lines(source.read(f"{FOLDER}/{found[0]}")):
        option = re.search(r"\s-p\s*(\d+)", line)
        rows.append((line.split()[0], int(option[1]) if option else 1))
    return rows


def _names(data: bytes) -> set[str]:
    return {line.split()[0] for line in _lines(data)}


def _lines(data: bytes) -> list[str]:
    lines = (
        re.sub(r"(^|\s+)#.*", "", line) for line in data.decode("utf-8", "replace").split("\n")
    )
    return [line for line in lines if line.strip()]


def _changes(source: Source, name: str, strip: int, *, sure: bool) -> list[FileChange]:
    """What a patch changes; nothing where it is applied already, unless it is `sure` not to be."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    where = f"{FOLDER}/{name}"
    if source.entry(where) is None:
        raise SourceError(f"there is no {where}, which the series lists", path=source.name)
    # As for patch(1), only `---`, `+++` and hunks count; what git says above them may differ.
    text = re.sub(rb"(?m)^(diff|index|rename|similarity) .*\n", b"", source.read(where))
    try:
        files = list(PatchSet(text.decode("utf-8", "surrogateescape")))
    except UnidiffParseError as error:
        raise SourceError(f"is no unified diff: {error}", path=where) from None
    pairs = [(_path(file, strip), file) for file in files]
    befores = {path: _read(source, path) for path, _ in pairs}
    if not sure and all(_is_there(befores[path], file) for path, file in pairs):
        return []
    changes = []
    for path, file in pairs:
        before = befores[path]
        after = _patched(before or b"", file)
        if after is None:
            raise SourceError(
                f"is neither applied nor applies exactly to {path}",
                path=where,
                hint="apply the series first: `quilt push -a`, or `dpkg-source --before-build .`",
            )
        changes.append(FileChange(path, before, None if file.is_removed_file else after))
    return changes


def _path(file: PatchedFile, strip: int) -> str:
    name = file.source_file if file.is_removed_file else file.target_file
    return "/".join(name.split("\t")[0].split("/")[strip:])


def _read(source: Source, path: str) -> bytes | None:
    return None if source.entry(path) is None else source.read(path)


def _is_there(data: bytes | None, file: PatchedFile) -> bool:
    """Whether a file has all that a patch would put there."""
    if data is None or file.is_removed_file:
        return data is None and file.is_removed_file
    return all(_text(hunk.target_lines()) in data for hunk in file)


def _patched(data: bytes, file: PatchedFile) -> bytes | None:
    """The file after the patch, None where a hunk does not fit exactly, at whatever line."""
    at = 0
    out = []
    for hunk in file:
        old = _text(hunk.source_lines())
        start = _nearest(data, old, hunk, at)
        if start is None:
            return None
        out += [data[at:start], _text(hunk.target_lines())]
        at = start + len(old)
    return b"".join([*out, data[at:]])


def _nearest(data: bytes, old: bytes, hunk: Hunk, low: int) -> int | None:
    """Where, from `low` on and at the start of a line, the old text stands nearest to its line."""
    if not old:
        return low if hunk.source_start == 0 and not data else None
    starts = []
    at = data.find(old, low)
    while at >= 0:
        if at == 0 or data[at - 1 : at] == b"\n":
            starts.append(at)
        at = data.find(old, at + 1)
    return min(
        starts,
        key=lambda start: abs(data.count(b"\n", 0, start) + 1 - hunk.source_start),
        default=None,
    )


def _text(lines: object) -> bytes:
    text = "".join(line.value for line in lines)  # type: ignore[attr-defined]
    return text.encode("utf-8", "surrogateescape")
