"""What the formats of the distributions share: the files to ship, and the words beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gopatch.output import File, Layout, PortView, file_name, recipes
from gopatch.output._message import subject
from gopatch.output._patch_file import debian_style, patch_file, patch_name, refuse_reverse
from gopatch.output.diff import unified
from gopatch.output.recipes import Shipped
from gopatch.splice import FileChange

Made = Callable[[PortView, Layout], bytes]


def shipped(port: PortView, layout: Layout, made: Made | None = None) -> tuple[Shipped, ...]:
    """The patch with its reasons above it, for everybody who runs `patch -p1`.

    With `layout.split` one for each source tree, the paths in it below that tree's folder.
    """
    refuse_reverse(layout, "a package")
    made = made or _made
    name = patch_name(port, layout)
    if not (layout.split and port.engine is not None and port.cli is not None):
        return (Shipped(patch_file(name, made(port, layout))),) if port.changes else ()
    trees = (("", port.engine, port.cli), ("-cli", port.cli, None))
    parts = [(name, folder, _below(port, folder, other)) for name, folder, other in trees]
    return tuple(
        Shipped(patch_file(_suffixed(name, suffix), made(part, layout)), folder)
        for suffix, folder, part in parts
        if part.changes
    )


def _suffixed(name: str, suffix: str) -> str:
    """`ours.patch.gz` as `ours-cli.patch.gz`."""
    return re.sub(r"(\.\w+)?(\.(gz|bz2|xz|lzma))?$", lambda ends: suffix + ends[0], name, count=1)


def _below(port: PortView, folder: str, other: str | None) -> PortView:
    """The part of a port that lies in a folder and not in another one inside of it."""
    edits = (edit._replace(changes=_moved(edit.changes, folder, other)) for edit in port.edits)
    return port._replace(
        changes=_moved(port.changes, folder, other),
        edits=tuple(edit for edit in edits if edit.changes),
    )


def _moved(changes: Sequence[FileChange], folder: str, other: str | None) -> tuple[FileChange, ...]:
    start = f"{folder}/" if folder else ""
    inside = [c for c in changes if c.path.startswith(start)]
    if other is not None and other != folder and f"{other}/".startswith(start):
        inside = [c for c in inside if not c.path.startswith(f"{other}/")]
    return tuple(c._replace(path=c.path[len(start) :]) for c in inside)


def _made(port: PortView, layout: Layout) -> bytes:
    diff = unified(port.changes, context=layout.context, prefix=layout.prefix, gnu=True)
    return debian_style(port, diff)


def beside(
    form: str, port: PortView, layout: Layout, patches: Sequence[Shipped], mark: str = "#"
) -> File:
    """The lines to paste, in a text file beside the patches."""
    kinds = {"rpm": "spec", "alpine": "apkbuild", "arch": "pkgbuild", "nix": "nix"}
    said = [f"{mark} {line}" for line in comments(port)]
    text = "\n".join([*said, *recipes.lines(form, patches, layout.recipe, mark), ""])
    return File(file_name(port.patch, f".{kinds[form]}.txt"), text.encode())


def comments(port: PortView) -> list[str]:
    """What to say above the patch's line: what it is, what upstream thinks, how to make it anew."""
    return [
        subject(port),
        _status({key.lower(): " ".join(value.split()) for key, value in port.dep3}),
        f"Made by `{port.command}`: make it anew for each release, do not refresh it by hand.",
    ]


def _status(dep3: dict[str, str]) -> str:
    """Where the patch stands upstream, from the fields of DEP-3."""
    see = f", see {dep3['bug']}" if "bug" in dep3 else ""
    if "applied-upstream" in dep3:
        return f"Applied upstream: {dep3['applied-upstream']}"
    forwarded = dep3.get("forwarded", "no")
    if forwarded == "not-needed":
        return f"Not for upstream, carried by the distribution{see}"
    if forwarded == "no":
        return f"Not sent upstream{see}"
    return f"Sent upstream: {forwarded}"
