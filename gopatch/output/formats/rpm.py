"""A patch and the lines for a spec file, with the comment that Fedora asks for.

Packaging Guidelines, "Applying patches": each patch says in a comment where it stands upstream.
The patch is mail, so that `%autosetup -p1` and `%autosetup -S git_am` both take it; rpm allows no fuzz.
"""

from __future__ import annotations

from gopatch.output import Existing, File, Format, Layout, PortView
from gopatch.output._packager import beside, shipped
from gopatch.output.formats.mailbox import message


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch, or one for each source tree, and a text file with the lines to paste."""
    patches = shipped(port, layout, message)
    if not patches:
        return ()
    text = beside("rpm", port, layout, patches)
    # rpm expands macros in comments, too.
    lines = text.data.decode().split("\n")
    doubled = (line.replace("%", "%%") if line.startswith("#") else line for line in lines)
    return *(p.file for p in patches), File(text.name, "\n".join(doubled).encode())


FORMAT = Format("a patch and its lines for an RPM spec file", render, unpacked=True, ships=True)
