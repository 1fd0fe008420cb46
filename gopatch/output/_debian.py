"""A patch in debian/patches, and its line in every series."""

from __future__ import annotations

import re

from gopatch.errors import ApplyError, UsageError
from gopatch.output import Existing, File, FormatPlace, Layout

PLACE = FormatPlace("debian/patches", "control")  # a source package has debian/control


def placed(patch: File, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch with the series files that have its line, or all where none has it yet.

    Raises ApplyError for a line that somebody has edited, unless `layout.force`, UsageError for a
    name that quilt would not read back from a series.
    """
    if patch.name.startswith("#") or patch.name.split() != [patch.name]:
        raise UsageError(
            f"`{patch.name}` is no name for a series: quilt reads what stands before a blank, and `#` "
            "as a comment",
            hint="name the file without them",
        )
    found = [n for n in existing.names() if n == "series" or n.endswith(".series")] or ["series"]
    every = {name: existing.read(name) or b"" for name in sorted(found)}
    lists = {n: d for n, d in every.items() if _lines_of(d, patch.name)} or every
    if not layout.force:
        for name, data in lists.items():
            _refuse_line(f"{layout.folder or PLACE.folder}/{name}", data, patch.name)
    return (
        patch,
        *(File(name, _appended(data, patch.name, layout.force)) for name, data in lists.items()),
    )


def _refuse_line(path: str, data: bytes, patch: str) -> None:
    ours = _lines_of(data, patch)
    plain = re.compile(re.escape(patch.encode()) + rb"(\s+-p1)?(\s+#.*)?\s*")
    if len(ours) > 1 or not all(plain.fullmatch(line) for line in ours):
        shown = ours[0].decode("utf-8", "replace").strip()
        raise ApplyError(
            f"was edited by hand where it names {patch}: `{shown}`",
            path=path,
            hint="take the line out, or say --force to have it as it was made",
        )


def _lines_of(series: bytes, patch: str) -> list[bytes]:
    return [line for line in series.splitlines() if _names(line, patch)]


def _names(line: bytes, patch: str) -> bool:
    """Whether a line of a series is about the patch, in force or commented out."""
    return re.match(rb"\s*(#\s*)?" + re.escape(patch.encode()) + rb"(\s|$)", line) is not None


def _appended(series: bytes, patch: str, force: bool) -> bytes:
    """The series with one line for the patch, the last where there was none; line ends as they are.

    With `force` lines that were edited by hand give way to ours, which takes the first one's place.
    """
    newline = b"\r\n" if b"\r\n" in series else b"\n"
    if force:
        try:
            _refuse_line("", series, patch)
        except ApplyError:
            return _mended(series, patch, newline)
    if _lines_of(series, patch):
        return series
    if series and not series.endswith(b"\n"):
        series += newline
    return series + patch.encode() + newline


def _mended(series: bytes, patch: str, newline: bytes) -> bytes:
    lines = series.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if _names(line, patch))
    rest = [line for line in lines[at:] if not _names(line, patch)]
    return b"".join([*lines[:at], patch.encode() + newline, *rest])
