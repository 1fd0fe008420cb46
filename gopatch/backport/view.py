"""A backport as outputs and reviewers see it: lines for stderr, and the port for every format."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from textwrap import fill

from gopatch.backport.change import source_name
from gopatch.backport.foreign import Adaptation, Backport, Ported, Refusal
from gopatch.output import EditView, PortView
from gopatch.output.diff import unified
from gopatch.port.outcome import EditStatus, Outcome, Site
from gopatch.splice import FileChange

_NOT_CLAIMED = (
    "Not claimed: that the fix is complete on this line (a second road to the same fault may exist "
    "here), nor that its meaning is the same."
)


def told(done: Backport) -> Iterator[str]:
    """What the reviewer must see, line by line: the edits, the adaptations, what is not there."""
    yield f"made for {done.change.basis}"
    if done.status == "failed":
        yield from map(_refused, done.refusals)
    if not done.refusals and not any(p.adaptations for p in done.files) and _by_text(done):
        ways = sorted({p.rung for p in done.files if _changes(p)})
        yield f"nothing was adapted: {' and '.join(_WAYS[way] for way in ways) or 'nothing to do'}"
        for each in done.files if done.changes else ():
            yield from _file(each, done) if not _changes(each) or _part(each, done) else ()
    else:
        for each in done.files:
            yield from _file(each, done)
    for path in done.already:
        yield f"{path}  is as the change has it already"
    for path, why in done.left_out:
        yield f"LEFT OUT: {path}: {why}"
    if done.changes and not done.refusals:
        yield f"passed: {', '.join(done.gates)}{'' if done.vet else '; not run: go vet'}"
    yield from (f"by go: {line}" for line in done.vet)


_WAYS = {
    "same": "the files are the same in both sources",
    "git": "git's three-way merge",
    "lines": "line by line, as a list of dependencies",
    "structure": "structure",
}


def _by_text(done: Backport) -> bool:
    return all(p.rung != "structure" for p in done.files if _changes(p))


def _changes(ported: Ported) -> bool:
    return ported.change.before != ported.change.after


def _refused(refusal: Refusal) -> str:
    return f"refused: {refusal}{f'; {refusal.hint}' if refusal.hint else ''}"


def _file(ported: Ported, done: Backport) -> Iterator[str]:
    path = ported.change.path
    if not _changes(ported):
        rest = (
            ""
            if ported.rung != "structure"
            else "; order and comments of its lines are not carried"
        )
        yield f"{path}  already there{rest}"
        return
    if ported.origin != path:
        why = (
            "its folder is there"
            if ported.change.before is None
            else "the one file that declares what the change touches"
        )
        yield f"{ported.origin} -> {path}  {why}"
    if ported.rung != "structure":
        yield f"{path}  {_WAYS[ported.rung]}{_part(ported, done)}"
    for edit in ported.edits:
        counts = " ".join(f"{sign}{n}" for sign, n in (("+", edit.added), ("-", edit.removed)) if n)
        yield "  ".join(
            filter(None, (path, edit.declaration, edit.rung, f"{counts} {edit.place}".strip()))
        )
    yield from (f"  {_adapted(each)}" for each in ported.adaptations)


def _part(ported: Ported, done: Backport) -> str:
    """What git did of a file's change, where the target has a part of it already; else empty."""
    original = _original(ported, done.change.files)
    if ported.rung != "git" or original is None:
        return ""
    did, whole = _counts(ported.change), _counts(original)
    if did == whole or any(a > b for a, b in zip(did, whole, strict=True)):
        return ""
    return (
        f": +{did[0]} -{did[1]} of the change's +{whole[0]} -{whole[1]}, the rest is there already"
    )


def _counts(change: FileChange) -> tuple[int, int]:
    """How many lines come and go."""
    lines = unified([change]).split(b"\n")[2:]
    return sum(w.startswith(b"+") for w in lines), sum(w.startswith(b"-") for w in lines)


def _adapted(found: Adaptation) -> str:
    return f"{found.old} -> {found.new}  {found.here}; made for {found.there}: {found.evidence}"


def port_view(done: Backport, command: str, author: str = "") -> PortView:
    """The port for `gopatch.output`'s formats: a section for each file, the original's words above."""
    change = done.change
    origin = f"backport, {change.commit}" if change.commit else f"backport, {change.name}"
    dep3 = (("origin", origin), ("forwarded", "not-needed"))
    return PortView(
        change.name,
        change.subject or change.name,
        _why(done),
        "",
        dep3,
        None,
        None,
        command,
        tuple(_edit(p, _original(p, change.files)) for p in done.files),
        done.changes,
        source=source_name_of(done),
        author=author or change.author or "gopatch <gopatch@localhost>",
        epoch=int(os.environ.get("SOURCE_DATE_EPOCH") or change.epoch),
    )


def source_name_of(done: Backport) -> str:
    """The target's name without a path of this machine."""
    return (
        done.target.rstrip("/").rpartition("/")[2] if done.target.startswith("/") else done.target
    )


def _why(done: Backport) -> str:
    lines = [line for each in done.files for line in _file(each, done)]
    left = [f"LEFT OUT: {path}: {why}" for path, why in done.left_out]
    parts = [
        done.change.body,
        f"Backported to {source_name_of(done)}; made for {done.change.basis}.",
        "\n".join([*lines, *left]),
        fill(f"Passed: {', '.join(done.gates)}.", 76),
        "\n".join(["By the compiler and go vet, without the change and with it:", *done.vet])
        if done.vet
        else "go vet was not run.",
        fill(_NOT_CLAIMED, 76),
    ]
    return "\n\n".join(part for part in parts if part)


def _original(ported: Ported, files: Iterable[FileChange]) -> FileChange | None:
    """The file's change in the source that it was made for; its place in the target may be longer."""
    found = (c for c in files if f"/{ported.origin}".endswith(f"/{c.path}"))
    return max(found, key=lambda change: len(change.path), default=None)


def _edit(ported: Ported, original: FileChange | None) -> EditView:
    changed = (ported.change,) if _changes(ported) else ()
    form = "; ".join(f"`{a.old}` -> `{a.new}` ({a.evidence})" for a in ported.adaptations)
    sites = tuple(Site(c.path, _line(c), 1) for c in changed)
    status: EditStatus = "applied" if changed else "already"
    return EditView(
        f"{ported.change.path}, by {_WAYS[ported.rung]}",
        "core",
        Outcome(ported.origin, status, ported.rung, sites),
        changed,
        "\n\n".join(f"{e.declaration}: {e.place}" for e in ported.edits),
        lambda: form,
        original=original if changed and ported.rung != "same" else None,
    )


def _line(change: FileChange) -> int:
    """The first line that changes."""
    old, new = (change.before or b"").split(b"\n"), (change.after or b"").split(b"\n")
    same = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(same, 1) if a != b), min(len(old), len(new)))


__all__ = ["port_view", "source_name", "told"]
