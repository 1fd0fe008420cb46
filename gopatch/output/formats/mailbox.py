"""Mail for `git am`, as `git format-patch --zero-commit --no-signature --full-index` writes it.

With `Layout.split` there is one message for each group of edits (core, roads, rails, papers), in
the order in which the patch makes them; each applies on top of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from gopatch.errors import ApplyError
from gopatch.output import EditView, Existing, File, Format, Layout, PortView, file_name
from gopatch.output._git_words import diff, summary
from gopatch.output._message import body, header, mime, reasons, subject
from gopatch.output._patch_file import made_of, refuse_reverse
from gopatch.source.generated import sealed
from gopatch.splice import FileChange

_GROUPS = {
    "core": "the option and the lookup of endpoints",
    "roads": "the other roads to a registry",
    "rails": "what keeps it safe",
    "papers": "manual, reference and completion",
}
# `git format-patch` wraps what it writes for mail at 72 columns.
_WIDTH = 72


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """One mailbox; nothing where there is nothing to do.

    Raises UsageError for a reversed patch, ApplyError where edits of two groups are interleaved.
    """
    refuse_reverse(layout, "mail")
    if not port.changes:
        return ()
    name = layout.name or file_name(port.patch, ".mbox")
    parts = _split(port) if layout.split else []
    if len(parts) < 2:
        return (File(name, message(port, layout)),)
    mails = []
    for number, (group, edits) in enumerate(parts, 1):
        title = f"[PATCH {number}/{len(parts)}] {subject(port)}: {_GROUPS.get(group, group)}"
        mails.append(_mail(port, layout, title, _text(port, number, edits), added_up(edits)))
    (head, rest), *others = mails
    more = (b"\n%s---\n%s" % mail for mail in others)
    return (File(name, _joined(port, head, b"".join([rest, *more]))),)


def message(port: PortView, layout: Layout) -> bytes:
    """The whole patch as one message."""
    text = body(*reasons(port), f"Generated-by: {port.command}")
    return _joined(port, *_mail(port, layout, f"[PATCH] {subject(port)}", text, port.changes))


def _joined(port: PortView, head: bytes, rest: bytes) -> bytes:
    """What git does not keep of a message, what the file is known again by, stands below `---`."""
    return sealed(head + b"---\n" + made_of(port).encode(), rest)


def _mail(
    port: PortView, layout: Layout, title: str, text: str, changes: Iterable[FileChange]
) -> tuple[bytes, bytes]:
    """What stands above the line `---`, and what below."""
    changes = tuple(changes)
    start = f"From {'0' * 40} Mon Sep 17 00:00:00 2001\n"
    head = f"{start}{header(port, title)}{mime(text)}\n{text}".encode()
    stat = summary(changes, width=_WIDTH, prefix=layout.prefix)
    return head, stat + b"\n" + diff(changes, context=layout.context, prefix=layout.prefix)


def _text(port: PortView, number: int, edits: list[EditView]) -> str:
    """What a part of the patch does; the first part carries the reasons of the whole."""
    rows = "\n".join(f"- {edit.name}: {edit.title}" for edit in edits)
    said = reasons(port) if number == 1 else ()
    return body(*said, rows, f"Generated-by: {port.command}")


def _split(port: PortView) -> list[tuple[str, list[EditView]]]:
    """The edits that change something, by group."""
    active = [edit for edit in port.edits if edit.changes]
    order = list(dict.fromkeys(edit.group for edit in active))
    ordered = sorted(active, key=lambda edit: order.index(edit.group))
    _refuse_interleaved(ordered)
    return [(group, list(found)) for group, found in groupby(ordered, key=lambda edit: edit.group)]


def _refuse_interleaved(edits: list[EditView]) -> None:
    """Each edit must start from what the edits before it, in this order, left of the file."""
    now: dict[str, tuple[str, bytes | None]] = {}
    for edit in edits:
        for change in edit.changes:
            other, data = now.get(change.path, ("", change.before))
            if data != change.before:
                raise ApplyError(
                    f"cannot be split: the edits {other} and {edit.name} of two groups "
                    "take turns in this file",
                    path=change.path,
                    hint="drop --split, or put the edits of a group together in patch.toml",
                )
            now[change.path] = edit.name, change.after


def added_up(edits: Iterable[EditView]) -> tuple[FileChange, ...]:
    """What several edits change together: each file from its first bytes to its last."""
    total: dict[str, FileChange] = {}
    for edit in edits:
        for change in edit.changes:
            first = total.get(change.path, change)
            total[change.path] = first._replace(after=change.after)
    return tuple(change for _, change in sorted(total.items()) if change.before != change.after)


FORMAT = Format(
    "messages for `git am`, one for each group of edits with --split",
    render,
    unpacked=True,
    roads=True,
)
