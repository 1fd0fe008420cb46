"""The text of a .patch file -> its patterns, compiled once, however often they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from gopatch.engine._forms import Fragments, changes_of, sure_words, with_imports
from gopatch.engine.carry import Bound, filled, wanted
from gopatch.engine.notation import Change
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


def read_changes(file: PatchText) -> tuple[Change, ...]:
    """The same, only read, which takes a fifth of the time: what its forms are called and say."""
    return _read((file.text, file.shown, file.fragments))


def pattern_of(
    file: PatchText, number: int, bound: Bound, imports: tuple[str, ...] = ()
) -> Pattern:
    """Change `number` (from 0) with what earlier ones have bound; KeyError where that is not all.

    `imports` are further lines of its diff.
    """
    key = (file.text, file.shown, file.fragments)
    names = wanted(_read(key)[number])
    if not (names or imports):
        return _alone(key, number)
    return _with(key, number, tuple((name, bound[name]) for name in names), imports)


def unbound_pattern(file: PatchText, number: int) -> Pattern:
    """Change `number` as it is read, where nothing has been bound yet."""
    return _alone((file.text, file.shown, file.fragments), number)


def may_fit_bound(file: PatchText, number: int, data: bytes) -> bool:
    """False where a change cannot fit, whatever earlier ones have bound: told without compiling it."""
    minus, plus = _signs((file.text, file.shown, file.fragments), number)
    return all(word in data for word in minus) or all(word in data for word in plus)


@lru_cache(maxsize=1024)
def compiled(text: str, shown: str, fragments: Fragments | None = None) -> tuple[Pattern, ...]:
    """The changes of a .patch file; `shown` is what messages call it.

    Of a file in a patch folder, `fragments` are those that it may use, () if there are none: there a
    change called `or` is another form of the one above. Raises PatchError for whatever is wrong.
    """
    if fragments is not None:
        count = len(changes_in(text, shown, fragments))
        return tuple(_alone((text, shown, fragments), number) for number in range(count))
    try:
        return compile_patch(text, shown)
    except RecursionError:
        raise _too_deep(shown) from None


_Key = tuple[str, str, Fragments | None]


@lru_cache(maxsize=1024)
def _alone(key: _Key, number: int) -> Pattern:
    """Change `number` of a file: which fit is seen by their words, and the others are never compiled."""
    text, shown, fragments = key
    if fragments is None:
        return compiled(text, shown)[number]
    try:
        return compile_change(changes_in(text, shown, fragments)[number])
    except RecursionError:
        raise _too_deep(shown) from None


def _too_deep(shown: str) -> PatchError:
    return PatchError("is nested too deeply", path=shown)


@lru_cache(maxsize=1024)
def _with(
    key: _Key, number: int, given: tuple[tuple[str, bytes], ...], imports: tuple[str, ...]
) -> Pattern:
    return compile_change(with_imports(filled(_read(key)[number], dict(given)), imports))


@lru_cache(maxsize=1024)
def _signs(key: _Key, number: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Words of the two sides of a change."""
    change = _read(key)[number]
    return sure_words(change, change.minus), sure_words(change, change.plus)


def _read(key: _Key) -> tuple[Change, ...]:
    text, shown, fragments = key
    if fragments is None:
        return tuple(pattern.change for pattern in compiled(text, shown))
    return changes_in(text, shown, fragments)


@lru_cache(maxsize=1024)
def changes_in(text: str, shown: str, fragments: Fragments) -> tuple[Change, ...]:
    """As `compiled` of a file in a patch folder, but only read: what its forms are called and say."""
    try:
        return changes_of(text, shown, fragments)
    except RecursionError:
        raise _too_deep(shown) from None


def steps_of(patterns: Sequence[Pattern]) -> Steps:
    """The changes of a variant, which must all fit, each with the numbers of its forms."""
    return steps_in([pattern.change for pattern in patterns])


def steps_in(changes: Sequence[Change]) -> Steps:
    """The same of changes that are not compiled."""
    found: list[tuple[int, ...]] = []
    for number, change in enumerate(changes):
        if change.is_form:
            found[-1] += (number,)
        else:
            found.append((number,))
    return tuple(found)


def form_name(changes: Sequence[Change], step: tuple[int, ...], number: int) -> str:
    """What a form of a step is called: its own name, else its place among them, from 1."""
    return changes[number].name or str(step.index(number) + 1)


def form_names(changes: Sequence[Change]) -> Iterator[str]:
    """What the forms are called of those steps that have more than one."""
    for step in steps_in(changes):
        if len(step) > 1:
            yield from (form_name(changes, step, number) for number in step)
