"""A patch of a Debian source package: debian/patches/<patch>.patch and its line in `series`.

The file is what `quilt refresh -p ab --no-timestamps --no-index` would write with what Debian's
/etc/quilt.quiltrc says (`diff --show-c-function`); its header is one
for git's mail and for DEP-3 at once.
"""

from __future__ import annotations

from gopatch.output import Existing, File, Format, Layout, PortView
from gopatch.output._debian import PLACE, placed
from gopatch.output._patch_file import debian_style, patch_file, patch_name, refuse_reverse
from gopatch.output.diff import unified


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch, and every series file that is there; nothing where there is nothing to do.

    Raises UsageError for a reversed patch, ApplyError where somebody has edited the line in the
    series, unless `layout.force`.
    """
    refuse_reverse(layout, "a Debian patch")
    if not port.changes:
        return ()
    diff = unified(port.changes, context=layout.context, prefix=layout.prefix, gnu=True)
    return placed(patch_file(patch_name(port, layout), debian_style(port, diff)), layout, existing)


FORMAT = Format(
    "a patch of a Debian source package, and its line in debian/patches/series",
    render,
    unpacked=True,
    ships=True,
    place=PLACE,
)
