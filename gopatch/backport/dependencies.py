"""Lists of dependencies, merged line by line: their lines have no order that a neighbour could be wrong in.

Git conflicts where the line beside the one that changes says another version. Here a line that goes must
stand in the target once, as it did; what comes takes its place, or goes below the neighbour that both have.
Files that pin versions among other things (`ARG X_VERSION=...`) have an order: there lines are only replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_NAMES = {"vendor.mod", "vendor.sum", "go.mod", "go.sum", "vendor.conf", "modules.txt"}


class Lines(NamedTuple):
    """A list of dependencies with the change in, or the reason why not (and the line of `before`)."""

    data: bytes | None
    reason: str = ""
    line: int = 0


class _DependencyStep(NamedTuple):
    """Lines that go and lines that come, with the lines around them, and where that is (from 1)."""

    gone: Sequence[bytes]
    come: Sequence[bytes]
    above: bytes | None
    below: bytes | None
    line: int


def is_list(path: str) -> bool:
    """Whether a file lists dependencies: Go's own kinds, and the script that did so before them."""
    return path.rpartition("/")[2] in _NAMES or path == "hack/vendor.sh"


def is_pinning(path: str) -> bool:
    """Whether a file pins versions beside other things."""
    return path.startswith(("Dockerfile", "hack/dockerfile/"))


def merged(before: bytes, after: bytes, target: bytes, *, replaced: bool = False) -> Lines:
    """Do to the target's list what the change did to its own; `replaced`: lines are only replaced."""
    lines = target.split(b"\n")
    for step in _steps(before.split(b"\n"), after.split(b"\n")):
        reason = _refused(step, lines)
        if replaced and not reason and not (step.gone and step.come):
            reason = "lines come or go, and git's merge conflicts"
        if reason:
            return Lines(None, reason, step.line)
        if step.come and all(lines.count(line) == 1 for line in step.come):
            lines = [line for line in lines if line not in step.gone]
        else:
            at = _place(step, lines)
            kept = [line for line in lines[:at] if line not in step.gone]
            lines = [*kept, *step.come, *(line for line in lines[at:] if line not in step.gone)]
    return Lines(b"\n".join(lines))


def _steps(before: list[bytes], after: list[bytes]) -> list[_DependencyStep]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        _DependencyStep(
            before[low:high],
            after[start:stop],
            before[low - 1] if low else None,
            before[high] if high < len(before) else None,
            low + 1,
        )
        for kind, low, high, start, stop in matcher.get_opcodes()
        if kind != "equal"
    ]


def _refused(step: _DependencyStep, lines: list[bytes]) -> str:
    """What a step misses, "" where it has a place."""
    there = bool(step.come) and all(lines.count(line) == 1 for line in step.come)
    for line in step.gone:
        many = lines.count(line)
        if many > 1 or (many == 0 and not there):
            words = line.decode(errors="replace").strip()
            where = "is not in the target's list" if not many else f"is there {many} times"
            return f"`{words}` goes, but {where}"
    if not step.gone and not there and _place(step, lines) < 0:
        words = step.come[0].decode(errors="replace").strip()
        return f"`{words}` comes, but neither of its neighbours is in the target's list"
    return ""


def _place(step: _DependencyStep, lines: list[bytes]) -> int:
    """Where lines come in: an index, -1 for none."""
    if step.gone:
        return lines.index(step.gone[0])
    if step.above is not None and lines.count(step.above) == 1:
        return lines.index(step.above) + 1
    if step.below is not None and lines.count(step.below) == 1:
        return lines.index(step.below)
    return -1
