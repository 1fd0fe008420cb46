"""A patch of a Debian source package: debian/patches/<patch>.patch and its line in `series`.

The file is what `quilt refresh -p ab --no-timestamps --no-index` would write with what Debian's
/etc/quilt.quiltrc says (`diff --show-c-function`); its header is one
for git's mail and for DEP-3 at once.
"""

from __future__ import annotations

import re

from gopatch.errors import ApplyError, UsageError
from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._message import body, dep3, header, mime, subject
from gopatch.output.diff import unified

HELP = "a patch of a Debian source package, and its line in debian/patches/series"
UNPACKED = True
FOLDER = "debian/patches"
BESIDE = "control"  # a source package has debian/control, with or without patches


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch, and every series file that is there; nothing where there is nothing to do.

    Raises UsageError for a reversed patch, ApplyError where somebody has edited what is there,
    unless `layout.force`.
    """
    refuse_reverse(layout, "a Debian patch")
    if not port.changes:
        return ()
    head = mail_head(port)
    diff = unified(port.changes, context=layout.context, prefix=layout.prefix, gnu=True)
    return placed(File(file_name(port.patch), head + diff), layout, existing)


def refuse_reverse(layout: Layout, what: str) -> None:
    if layout.reverse:
        raise UsageError(f"--reverse is for a plain diff, not for {what}", hint="drop --format")


def mail_head(port: PortView) -> bytes:
    """All that stands before the diff, with the `---` that ends it."""
    text = body(port.why, port.security, dep3(port))
    return f"{header(port, subject(port))}{mime(text)}\n{text}---\n".encode()


def placed(patch: File, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch with every series file that needs its line."""
    found = [n for n in existing.names() if n == "series" or n.endswith(".series")] or ["series"]
    lists = {name: existing.read(name) or b"" for name in sorted(found)}
    if not layout.force:
        _refuse_edited(patch, existing.read(patch.name))
        for name, data in lists.items():
            _refuse_line(name, data, patch.name)
    return (
        patch,
        *(File(name, _appended(data, patch.name, layout.force)) for name, data in lists.items()),
    )


def _refuse_edited(patch: File, found: bytes | None) -> None:
    if found is not None and _timeless(found) != _timeless(patch.data):
        raise ApplyError(
            "is there with other content: it was edited, or made for another source",
            path=f"{FOLDER}/{patch.name}",
            hint="--force writes over it",
        )


def _timeless(data: bytes) -> bytes:
    """A patch without its dates: these may change without anybody's having edited it."""
    head, end, rest = data.partition(b"\n---\n")
    return re.sub(rb"(?m)^(Date|Last-Update): .*\n", b"", head) + end + rest


def _refuse_line(name: str, data: bytes, patch: str) -> None:
    ours = [line for line in data.splitlines() if _names(line, patch)]
    plain = re.compile(re.escape(patch.encode()) + rb"(\s+-p1)?(\s+#.*)?\s*")
    if len(ours) > 1 or not all(plain.fullmatch(line) for line in ours):
        shown = ours[0].decode("utf-8", "replace").strip()
        raise ApplyError(
            f"was edited by hand where it names {patch}: `{shown}`",
            path=f"{FOLDER}/{name}",
            hint="take the line out, or say --force to have it as it was made",
        )


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
    if any(_names(line, patch) for line in series.splitlines()):
        return series
    if series and not series.endswith(b"\n"):
        series += newline
    return series + patch.encode() + newline


def _mended(series: bytes, patch: str, newline: bytes) -> bytes:
    lines = series.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if _names(line, patch))
    rest = [line for line in lines[at:] if not _names(line, patch)]
    return b"".join([*lines[:at], patch.encode() + newline, *rest])
