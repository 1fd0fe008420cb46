"""A patch as a file that a recipe carries: its reasons above it, and what it is known again by."""

from __future__ import annotations

from gopatch.errors import UsageError
from gopatch.output import File, Layout, PortView, file_name
from gopatch.output._message import body, dep3, header, mime, reasons, subject
from gopatch.source.compressed import named
from gopatch.source.generated import made_fields, sealed


def refuse_reverse(layout: Layout, what: str) -> None:
    if layout.reverse:
        raise UsageError(f"--reverse is for a plain diff, not for {what}", hint="drop --format")


def patch_name(port: PortView, layout: Layout) -> str:
    """What the patch's file is called: as it is already, or by the patch's own name."""
    return layout.name or file_name(port.patch)


def patch_file(name: str, data: bytes) -> File:
    """The file, compressed where its name says so: a packager's stays as it was."""
    return File(name, named(data, name))


def debian_style(port: PortView, diff: bytes) -> bytes:
    """A diff below a header that is one for git's mail and for DEP-3 at once."""
    text = body(*reasons(port), dep3(port) + made_of(port))
    head = f"{header(port, subject(port))}{mime(text)}\n{text}".encode()
    return sealed(head, b"---\n" + diff)


def made_of(port: PortView) -> str:
    """The fields that say which edits the patch holds, in which form, and which roads they open."""
    return made_fields(
        (
            (edit.name, edit.outcome.variant or "")
            for edit in port.edits
            if edit.outcome.status == "applied"
        ),
        (road.name for road in port.roads if road.outcome == "reached"),
    )
