"""A patch of a Debian source package as `gbp pq export --no-patch-numbers` writes it.

For packages that are kept with git-buildpackage, which writes its patches anew at each export: with
a diffstat, `diff --git` and abbreviated blob ids. What goes out here comes back unchanged.
"""

from __future__ import annotations

from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._git import diff, summary
from gopatch.output.quilt import BESIDE, FOLDER, mail_head, placed, refuse_reverse

HELP = "a patch of a Debian source package, as `gbp pq export` writes it, and its line in series"
UNPACKED = True
# gbp asks git for a diffstat of 80 columns and for ids of 7 digits.
_WIDTH, _DIGITS = 80, 7

__all__ = ["BESIDE", "FOLDER", "HELP", "UNPACKED", "render"]


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """As `quilt.render`."""
    refuse_reverse(layout, "a Debian patch")
    if not port.changes:
        return ()
    stat = summary(port.changes, width=_WIDTH, prefix=layout.prefix)
    hunks = diff(port.changes, context=layout.context, prefix=layout.prefix, digits=_DIGITS)
    file = File(file_name(port.patch), mail_head(port) + stat + b"\n" + hunks)
    return placed(file, layout, existing)
