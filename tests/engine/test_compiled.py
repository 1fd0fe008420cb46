"""Words that tell without compiling that a change fits nowhere: never one that a pattern could do without."""

from __future__ import annotations

import pytest

from gopatch.engine import compiled
from gopatch.engine._forms import sure_words
from gopatch.engine.notation import parse_notation
from gopatch.engine.pattern import lone_changes
from gopatch.errors import PatchError
from gopatch.recipe.read import load, names
from gopatch.recipe.values import GoEdit, GoVariant

VARIANTS = [
    variant
    for name in names()
    for edit in load(name).edits
    if isinstance(edit, GoEdit)
    for variant in (*edit.variants, *edit.fixed)
]


def _shown(variant: GoVariant) -> str:
    return f"{variant.shown}-{variant.name}"


@pytest.mark.thorough
@pytest.mark.parametrize("variant", VARIANTS, ids=_shown)
def test_each_word_is_in_one_that_every_match_has(variant: GoVariant) -> None:
    for number, pattern in enumerate(compiled.patterns_of(variant)):
        change = compiled.read_changes(variant)[number]
        assert change == pattern.change
        for side, literals in (
            (change.minus, pattern.literals),
            (change.plus, pattern.plus_literals),
        ):
            for word in sure_words(change, side):
                assert any(word in literal for literal in literals), word


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (" foo(bar)", ("foo", "bar")),
        ("-// a comment\n foo()", ("foo",)),
        (' foo("a text", `and one`)', ("foo",)),
        (" if x { return x }", ()),
        (" x.F(...)", ("F",)),
        (' import other "path/of"\n other.F()', ("other", "F")),
        (' import other "path/of"\n F()', ("F",)),
        (' package p\n import (\n   other "path/of"\n )\n F()', ("F",)),
    ],
)
def test_words_are_told_from_the_text(lines: str, words: tuple[str, ...]) -> None:
    (change,) = parse_notation(f"@@\nvar x expression\n@@\n{lines}\n", "a.patch")
    assert sure_words(change, change.minus) == tuple(word.encode() for word in words)


def test_what_cannot_fit_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "compile_change", None)  # would be called in vain
    file = GoVariant("v", "@@\n@@\n-foo.Bar()\n+foo.Baz()\n", "not-compiled.patch")
    assert not compiled.may_fit_bound(file, 0, b"package p\n\nvar _ = foo.Other()\n")
    assert compiled.may_fit_bound(file, 0, b"package p\n\nvar _ = foo.Bar()\n")
    assert compiled.may_fit_bound(file, 0, b"package p\n\nvar _ = foo.Baz()\n")


def test_forms_are_called_where_a_step_has_more_than_one() -> None:
    text = "@@\n@@\n-a\n+b\n\n@ one @\n@@\n-c\n+d\n\n@ or @\n@@\n-e\n+f\n"
    changes = compiled.changes_in(text, "x.patch", ())
    assert compiled.steps_in(changes) == ((0,), (1, 2))
    assert list(compiled.form_names(changes)) == ["one", "2"]


def test_a_change_that_takes_over_a_name_is_compiled_with_it() -> None:
    plain = GoVariant("v", "@@\n@@\n-f()\n+g()\n", "plain.patch")
    assert compiled.pattern_of(plain, 0, {}) is compiled.unbound_pattern(plain, 0)
    above = "@@\nvar x identifier\n@@\n a(x)\n\n"
    bound = GoVariant("v", f"{above}@@\nvar x bound\n@@\n-f()\n+x()\n", "bound.patch")
    made = compiled.pattern_of(bound, 1, {"x": b"there"})
    assert b"there" in made.plus_literals
    assert b"there" not in compiled.unbound_pattern(bound, 1).plus_literals
    with pytest.raises(KeyError):
        compiled.pattern_of(bound, 1, {})


def test_a_lone_patch_knows_no_kind_of_a_folder() -> None:
    with pytest.raises(PatchError) as caught:
        list(lone_changes("@@\nvar x bound\n@@\n-f()\n+x()\n", "x.patch"))
    assert (caught.value.path, caught.value.line, caught.value.column) == ("x.patch", 2, 5)
    assert "`x` is bound" in str(caught.value)
