"""The text of a .patch file -> its patterns, compiled once, however often they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from gopatch.engine._forms import Fragments, changes_of, with_imports
from gopatch.engine.carry import Bound, filled, wanted
from gopatch.engine.pattern import Pattern, compile_change, compile_patch
from gopatch.errors import PatchError

Steps = tuple[tuple[int, ...], ...]


class PatchText(Protocol):
    """A .patch file: its text, what messages call it, and what it may use (None: it is in no folder)."""

    @property
    def text(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def fragments(self) -> Fragments | None: ...


def patterns_of(file: PatchText) -> tuple[Pattern, ...]:
    """The changes of a .patch file, one for each form, compiled; PatchError for what is wrong."""
    return compiled(file.text, file.shown, file.fragments)


def pattern_of(
    file: PatchText, number: int, bound: Bound, imports: tuple[str, ...] = ()
) -> Pattern:
    """Change `number` (from 0) with what earlier ones have bound; KeyError where that is not all.

    `imports` are further lines of its diff.
    """
    pattern = patterns_of(file)[number]
    names = wanted(pattern.change)
    if not (names or imports):
        return pattern
    given = tuple((name, bound[name]) for name in names)
    return _with((file.text, file.shown, file.fragments), number, given, imports)


@lru_cache(maxsize=1024)
def compiled(text: str, shown: str, fragments: Fragments | None = None) -> tuple[Pattern, ...]:
    """The changes of a .patch file; `shown` is what messages call it.

    Of a file in a patch folder, `fragments` are those that it may use, () if there are none: there a
    change called `or` is another form of the one above. Raises PatchError for whatever is wrong.
    """
    try:
        if fragments is None:
            return compile_patch(text, shown)
        return tuple(map(compile_change, changes_of(text, shown, fragments)))
    except RecursionError:
        raise PatchError("is nested too deeply", path=shown) from None


@lru_cache(maxsize=1024)
def _with(
    file: tuple[str, str, Fragments | None],
    number: int,
    given: tuple[tuple[str, bytes], ...],
    imports: tuple[str, ...],
) -> Pattern:
    change = filled(compiled(*file)[number].change, dict(given))
    return compile_change(with_imports(change, imports))


def steps_of(patterns: Sequence[Pattern]) -> Steps:
    """The changes of a variant, which must all fit, each with the numbers of its forms."""
    found: list[tuple[int, ...]] = []
    for number, pattern in enumerate(patterns):
        if pattern.change.is_form:
            found[-1] += (number,)
        else:
            found.append((number,))
    return tuple(found)


def form_name(patterns: Sequence[Pattern], step: tuple[int, ...], number: int) -> str:
    """What a form of a step is called: its own name, else its place among them, from 1."""
    return patterns[number].change.name or str(step.index(number) + 1)


def form_names(patterns: Sequence[Pattern]) -> Iterator[str]:
    """What the forms are called of those steps that have more than one."""
    for step in steps_of(patterns):
        if len(step) > 1:
            yield from (form_name(patterns, step, number) for number in step)
