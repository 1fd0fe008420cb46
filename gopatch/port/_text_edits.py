"""Edits of text that is not Go: lines put beside an anchor line."""

from __future__ import annotations

from typing import Literal, NamedTuple

from gopatch.errors import either
from gopatch.port._places import files_of
from gopatch.port._task import Task
from gopatch.port._work import EditDone, FailedError, Work
from gopatch.port.outcome import Outcome, Site
from gopatch.recipe.regexes import Anchor
from gopatch.recipe.values import Insert, TextEdit
from gopatch.splice import Splice, splice


class TextResult(NamedTuple):
    """What the inserts of one variant did to one file; `status` as in engine.Result."""

    status: Literal["applied", "already", "missing"]
    after: bytes
    sites: tuple[tuple[int, int], ...]
    reason: str = ""


def edit_text(task: Task, work: Work, edit: TextEdit, root: str) -> tuple[list[Outcome], Work]:
    """The outcomes of an edit in each of its files below `root`; FailedError where one cannot be made."""
    outcomes = []
    for path in files_of(task, work, edit, root):
        done = _in_file(task, work, edit, path)
        outcomes.append(done.outcome)
        work = done.work
    return outcomes, work


def _in_file(task: Task, work: Work, edit: TextEdit, path: str) -> EditDone:
    data = work.read(task, path)
    if edit.anchors and not any(text.encode() in data for text in edit.anchors):
        reason = f"{either(edit.anchors)} is in no file of this edit"
        return EditDone(Outcome(edit.name, "absent", reason=reason), work)
    reasons = []
    for variant in edit.variants:
        result = insert_all(variant.inserts, data)
        if result.status != "missing":
            sites = tuple(Site(path, *site) for site in result.sites)
            outcome = Outcome(edit.name, result.status, variant.name, sites)
            changed = result.after != data
            return EditDone(outcome, work.put(path, result.after) if changed else work)
        reasons.append(f"{variant.name}: {result.reason}")
    raise FailedError(f"{path}: no variant fits; {'; '.join(reasons)}")


def insert_all(inserts: tuple[Insert, ...], data: bytes) -> TextResult:
    """Put every insert beside its line; all of them or none.

    A line that stands there already is left alone. `reason` says which anchor is missing or
    stands more than once.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return TextResult("missing", data, (), f"is not UTF-8 text (byte {error.start})")
    newline = "\r\n" if "\r\n" in text[:4096] else "\n"
    lines = text.split(newline)
    edits: list[Splice] = []
    sites: list[tuple[int, int]] = []
    fresh = False
    for item in inserts:
        found = list(_anchors(item, lines))
        if not found and item.optional:
            continue
        if len(found) != 1:
            return TextResult("missing", data, (), _why(item, found))
        index = found[0]
        match = Anchor(item.find).search(lines[index])
        assert match is not None
        new = match.expand(item.text).split("\n")
        sites.append((index + 1, 1))
        at = index + 1 if item.place == "after" else index
        if _stands(lines, new, at, item.place):
            continue
        fresh = True
        edits.append(_edit(lines, new, at, newline))
    if not sites:
        return TextResult("missing", data, ())
    status: Literal["applied", "already"] = "applied" if fresh else "already"
    return TextResult(status, splice(data, edits), tuple(sites))


def _anchors(item: Insert, lines: list[str]) -> list[int]:
    find = Anchor(item.find)
    openings = [Anchor(text) for text in item.within]
    within = next((one for one in openings if any(map(one.search, lines))), None)
    inside = not openings
    found = []
    for index, line in enumerate(lines):
        if within is not None and within.search(line):
            inside = True
        elif inside and find.search(line):
            found.append(index)
            if within is not None:
                break
    return found


def _stands(lines: list[str], new: list[str], at: int, place: str) -> bool:
    start = at if place == "after" else at - len(new)
    return start >= 0 and lines[start : start + len(new)] == new


def _edit(lines: list[str], new: list[str], at: int, newline: str) -> Splice:
    ends = [*lines[:at], ""] if at else [""]
    offset = len(newline.join(ends).encode())
    text = newline.join(new)
    if at >= len(lines):
        return Splice(offset - len(newline), offset - len(newline), (newline + text).encode())
    return Splice(offset, offset, (text + newline).encode())


def _why(item: Insert, found: list[int]) -> str:
    wanted = f"the line `{item.find}`"
    if item.within:
        wanted += f" after {either(item.within)}"
    if not found:
        return f"{wanted} is not there"
    return f"{wanted} stands on lines {', '.join(str(i + 1) for i in found)}, not once"
