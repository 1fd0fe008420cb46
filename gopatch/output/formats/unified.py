"""The diff alone, as `diff -u` writes it: for `git apply`, `patch` and people."""

from __future__ import annotations

from gopatch.output import Existing, File, Format, Layout, PortView
from gopatch.output.diff import unified


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """One file, empty where there is nothing to do."""
    data = unified(
        port.changes, context=layout.context, prefix=layout.prefix, reverse=layout.reverse
    )
    return (File(f"{port.patch}.patch", data),)


FORMAT = Format("a unified diff", render)
