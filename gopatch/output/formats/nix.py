"""A patch and its lines for a Nix expression: `patches` are applied with `patch -p1`."""

from __future__ import annotations

from gopatch.output import Existing, File, Format, Layout, PortView
from gopatch.output._packager import beside, shipped


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch, or one for each source tree, and a text file with the lines to paste."""
    patches = shipped(port, layout)
    if not patches:
        return ()
    return *(p.file for p in patches), beside("nix", port, layout, patches)


FORMAT = Format("a patch and its lines for a Nix expression", render, unpacked=True, ships=True)
