"""What the formats of the distributions share: the file to ship, and the words beside it."""

from __future__ import annotations

from gopatch.output import File, Layout, PortView, file_name
from gopatch.output._message import subject
from gopatch.output.diff import unified
from gopatch.output.quilt import mail_head, refuse_reverse


def shipped(port: PortView, layout: Layout) -> File:
    """The patch with its reasons above it, for everybody who runs `patch -p1`."""
    refuse_reverse(layout, "a package")
    diff = unified(port.changes, context=layout.context, prefix=layout.prefix, gnu=True)
    return File(file_name(port.patch), mail_head(port) + diff)


def comments(port: PortView) -> list[str]:
    """What to say above the patch's line: what it is, what upstream thinks, how to make it anew."""
    return [
        subject(port),
        _status({key.lower(): " ".join(value.split()) for key, value in port.dep3}),
        f"Made by `{port.command}`: make it anew for each release, do not refresh it by hand.",
    ]


def _status(dep3: dict[str, str]) -> str:
    """Where the patch stands upstream, from the fields of DEP-3."""
    see = f", see {dep3['bug']}" if "bug" in dep3 else ""
    if "applied-upstream" in dep3:
        return f"Applied upstream: {dep3['applied-upstream']}"
    forwarded = dep3.get("forwarded", "no")
    if forwarded == "not-needed":
        return f"Not for upstream, carried by the distribution{see}"
    if forwarded == "no":
        return f"Not sent upstream{see}"
    return f"Sent upstream: {forwarded}"
