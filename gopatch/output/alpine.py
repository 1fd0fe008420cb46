"""A patch and the lines for an APKBUILD: abuild applies every *.patch of `source` with -p1."""

from __future__ import annotations

import hashlib

from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._packager import comments, shipped

HELP = "a patch and its lines for an Alpine APKBUILD"
UNPACKED = True


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch and `<patch>.apkbuild.txt`; nothing where there is nothing to do."""
    patch = shipped(port, layout)
    if not port.changes:
        return ()
    lines = [f"# {line}" for line in comments(port)]
    lines += [f'source="$source\n\t{patch.name}\n\t"', 'sha512sums="$sha512sums']
    lines += [f"{hashlib.sha512(patch.data).hexdigest()}  {patch.name}", '"', ""]
    return patch, File(file_name(port.patch, ".apkbuild.txt"), "\n".join(lines).encode())
