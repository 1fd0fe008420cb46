"""A patch and its lines for a Nix expression: `patches` are applied with `patch -p1`."""

from __future__ import annotations

from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._packager import comments, shipped

HELP = "a patch and its lines for a Nix expression"
UNPACKED = True


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch and `<patch>.nix.txt`; nothing where there is nothing to do."""
    patch = shipped(port, layout)
    if not port.changes:
        return ()
    lines = ["patches = [", *(f"  # {line}" for line in comments(port))]
    lines += [f"  ./{patch.name}", "];", ""]
    return patch, File(file_name(port.patch, ".nix.txt"), "\n".join(lines).encode())
