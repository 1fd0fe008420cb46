"""An edit in; its variants and forms that are one too many out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from gopatch.authoring.covering import covers, fits
from gopatch.authoring.finding import Defect
from gopatch.authoring.likeness import differing
from gopatch.engine.compiled import form_name, patterns_of, read_changes, steps_of
from gopatch.engine.notation import Change
from gopatch.engine.pattern import Pattern
from gopatch.recipe.values import GoEdit, GoVariant, TextEdit, TextVariant


def redundant(edit: GoEdit | TextEdit, place: str) -> Iterator[Defect]:
    """What can never be reached, and what differs only in what a variable could say."""
    yield from _unreached(edit.variants, place)
    if not isinstance(edit, GoEdit):
        return
    for one, other in combinations(edit.variants, 2):
        words = differing(*([p.change for p in patterns_of(v)] for v in (one, other)))
        if words:
            names = f"the variants `{one.name}` and `{other.name}`"
            yield Defect(place, f"{names} differ only in what a variable could say: {words}", _ONE)
    for variant in edit.variants:
        yield from _forms(variant)


_ONE = "make one of them"


def _unreached(variants: Sequence[GoVariant | TextVariant], place: str) -> Iterator[Defect]:
    for number, variant in enumerate(variants):
        earlier = next((v for v in variants[:number] if covers(v, variant)), None)
        if earlier is not None:
            yield Defect(
                place,
                f"the variant `{variant.name}` can never be reached: `{earlier.name}` fits "
                "wherever it does",
                "put it first, or remove it",
            )


def _forms(variant: GoVariant) -> Iterator[Defect]:
    said, patterns = read_changes(variant), patterns_of(variant)
    for step in steps_of(patterns):
        for one, other in combinations(step, 2):
            first, second = (form_name(said, step, number) for number in (one, other))
            if fits(patterns[one], patterns[other]):
                yield Defect(
                    _place(patterns[other]),
                    f"the form `{second}` can never be reached: `{first}` fits wherever it does",
                    "put it first, or remove it",
                )
            elif _gives(patterns[one]) == _gives(patterns[other]) and (
                words := differing([_alone(patterns[one])], [_alone(patterns[other])])
            ):
                yield Defect(
                    _place(patterns[other]),
                    f"the forms `{first}` and `{second}` differ only in what a variable could say: "
                    f"{words}",
                    _ONE,
                )


def _gives(pattern: Pattern) -> set[tuple[str, str]]:
    """What a form gives its names: a fragment's forms may differ in what only another file uses."""
    return {(v.name, v.text) for v in pattern.change.metavariables if v.kind == "given"}


def _alone(pattern: Pattern) -> Change:
    return pattern.change._replace(is_form=False)


def _place(pattern: Pattern) -> str:
    change = pattern.change
    return f"{change.path}:{change.lines[0].number if change.lines else 1}"
