"""Why no variant of an edit fits: which step of which came furthest, and what stood there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine.apply import Result, apply
from gopatch.engine.carry import wanted
from gopatch.engine.compiled import form_name, pattern_of, patterns_of, read_changes, steps_in
from gopatch.engine.match import Miss
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import parse, position
from gopatch.port._outside import refuse_outside
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.recipe.values import GoEdit

_UNLIKE = 200  # files without any word of a change in which the nearest place is looked for
_STEP = 3  # what a word of a change that fits counts, against a node of one that does not


class _Near(NamedTuple):
    """A change that does not fit: how far its variant came, and where it stopped."""

    rank: float
    variant: str
    path: str
    miss: Miss
    pattern: Pattern


def explain(task: Task, work: Work, edit: GoEdit, files: Sequence[str]) -> tuple[str, str]:
    """The reason and the hint of an edit none of whose variants fits in `files`; OutsideError where none can."""
    if not task.may_leave_out(edit):
        refuse_outside(task)
    best = max(_misses(task, work, edit, files), key=lambda near: _worth(work, near), default=None)
    if best is None:
        pattern = patterns_of(edit.variants[0])[0]
        node = pattern.minus[0] if pattern.minus else None
        place = f"{pattern.change.path}:{_at(node.place)}" if node else ""
        wanted = f"wanted `{node.text}` ({place}), " if node else ""
        return f"no variant fits; {wanted}nothing is like it in {len(files)} files", ""
    miss = best.miss
    data = work.read(task, best.path)
    site = work.site(task, best.path, *position(data, miss.offset))
    step = f"{best.pattern.change.path}:{_at(miss.step)}"
    stood = f"`{miss.found}` stands there" if miss.found else "nothing more stands there"
    reason = f"no variant fits; nearest is {best.variant} at {site}: wanted `{miss.wanted}` ({step}), {stood}"
    file = parse(data)
    low, high = file.declaration(miss.offset, miss.offset + 1)
    if any(start <= high and low <= end for start, end in file.errors()):
        return (
            f"{reason}; the Go around it does not parse",
            "if gofmt reads it, it is newer Go than gopatch knows; else it is to be mended first",
        )
    return reason, _way_out(task, edit)


def _worth(work: Work, near: _Near) -> tuple[bool, float]:
    """How much a place says: one that an edit has written is not the source's."""
    written = work.written.get(near.path, ())
    return not any(w.start <= near.miss.offset < w.end for w in written), near.rank


def _way_out(task: Task, edit: GoEdit) -> str:
    """What can be done: by the author of a lone patch, or by who ports somebody else's."""
    if task.patch.lone:
        return "look at that place; where this form is meant, too, it needs a change of its own"
    return (
        "look at that place: undo there what differs, or make this change by hand and say "
        f"--without {edit.name}"
    )


def _misses(task: Task, work: Work, edit: GoEdit, files: Sequence[str]) -> Iterator[_Near]:
    """Of each variant the misses of the first change no form of which fits."""
    for variant in edit.variants:
        met = 0
        bound: dict[str, bytes] = {}
        said = read_changes(variant)
        for step in steps_in(said):
            if any(name not in bound for n in step for name in wanted(said[n])):
                break
            near = []
            for number in step:
                form = pattern_of(variant, number, bound)
                found = _nearest(task, work, form, files)
                if isinstance(found, Result):
                    bound |= found.bound
                    met += _STEP * len(form.literals)
                    break
                alone = len(step) == 1 or said[number].switch
                name = "" if alone else "/" + form_name(said, step, number)
                near += [(variant.name + name, path, miss, form) for path, miss in found]
            else:
                for called, path, miss, form in near:
                    rank = miss.count + met + min(miss.likeness, 99) / 100
                    yield _Near(rank, called, path, miss, form)
                break


def _glance(task: Task, work: Work, path: str) -> bytes:
    data = work.files.get(path)
    return task.glance(path) if data is None else data


def _nearest(
    task: Task, work: Work, pattern: Pattern, files: Sequence[str]
) -> list[tuple[str, Miss]] | Result:
    """What comes nearest in each file; what the change does to the first one that it fits."""
    found = []
    words = pattern.literals
    alike = [path for path in files if any(word in _glance(task, work, path) for word in words)]
    for path in alike or files[:_UNLIKE]:
        data = _glance(task, work, path)
        result = apply(pattern, data, path, explain=True)
        if result.status != "missing":
            return result
        if result.miss is not None and result.miss.count >= 0:
            found.append((path, result.miss))
    return found


def _at(place: tuple[int, int]) -> str:
    return f"{place[0]}:{place[1]}"
