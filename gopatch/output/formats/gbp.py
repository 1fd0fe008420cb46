"""A patch of a Debian source package as `gbp pq export --no-patch-numbers` writes it.

For packages that are kept with git-buildpackage, which writes its patches anew at each export: with
a diffstat, `diff --git` and abbreviated blob ids. What goes out here comes back unchanged.
"""

from __future__ import annotations

from gopatch.output import Existing, File, Format, Layout, PortView
from gopatch.output._debian import PLACE, placed
from gopatch.output._git_words import diff, summary
from gopatch.output._patch_file import debian_style, patch_file, patch_name, refuse_reverse

# gbp asks git for a diffstat of 80 columns and for ids of 7 digits.
_WIDTH, _DIGITS = 80, 7


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """As `quilt.render`."""
    refuse_reverse(layout, "a Debian patch")
    if not port.changes:
        return ()
    stat = summary(port.changes, width=_WIDTH, prefix=layout.prefix)
    hunks = diff(port.changes, context=layout.context, prefix=layout.prefix, digits=_DIGITS)
    data = debian_style(port, stat + b"\n" + hunks)
    return placed(patch_file(patch_name(port, layout), data), layout, existing)


FORMAT = Format(
    "a patch of a Debian source package, as `gbp pq export` writes it, and its line in series",
    render,
    unpacked=True,
    ships=True,
    place=PLACE,
)
