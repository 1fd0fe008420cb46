"""A patch and the lines for a spec file, with the comment that Fedora asks for.

Packaging Guidelines, "Applying patches": each patch says in a comment where it stands upstream.
The patch is mail, so that `%autosetup -p1` and `%autosetup -S git_am` both take it; rpm allows no fuzz.
"""

from __future__ import annotations

from gopatch.output import Existing, File, Layout, PortView, file_name
from gopatch.output._packager import comments
from gopatch.output.mailbox import render as mail

HELP = "a patch and its lines for an RPM spec file"
UNPACKED = True


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """The patch and `<patch>.spec.txt`; nothing where there is nothing to do."""
    files = mail(port, layout._replace(split=False), existing)
    name = file_name(port.patch)
    return tuple(
        out for file in files for out in (File(name, file.data), File(*_lines(port, name)))
    )


def _lines(port: PortView, name: str) -> tuple[str, bytes]:
    said = [*comments(port), "In %prep: %autosetup -p1"]
    # rpm expands macros in comments, too.
    lines = [f"# {line.replace('%', '%%')}" for line in said]
    return file_name(port.patch, ".spec.txt"), "\n".join(
        [*lines, f"Patch:          {name}", ""]
    ).encode()
