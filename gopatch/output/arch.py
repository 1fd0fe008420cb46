"""A patch and the lines for a PKGBUILD; wiki.archlinux.org, "Patching packages"."""

from __future__ import annotations

import hashlib

from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._packager import comments, shipped

HELP = "a patch and its lines for an Arch PKGBUILD"
UNPACKED = True


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch and `<patch>.pkgbuild.txt`; nothing where there is nothing to do."""
    patch = shipped(port, layout)
    if not port.changes:
        return ()
    lines = [f"# {line}" for line in comments(port)]
    lines += [
        f'# In prepare(), in the source\'s folder: patch -Np1 -i "$srcdir/{patch.name}"',
        f"source+=('{patch.name}')",
        f"sha256sums+=('{hashlib.sha256(patch.data).hexdigest()}')",
        "",
    ]
    return patch, File(file_name(port.patch, ".pkgbuild.txt"), "\n".join(lines).encode())
