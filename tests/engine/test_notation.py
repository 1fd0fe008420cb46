"""The text of a .patch file as sides: where each byte of a side stands in the file."""

from __future__ import annotations

import pytest

from gopatch.engine.notation import Change, parse_notation
from gopatch.errors import PatchError

TEXT = """\
# What it is
#   for
@ in T.f @
var x expression
@@
 a(..., x)
-b(...)
+ü(..., 1)
"""


def change(text: str = TEXT) -> Change:
    (found,) = parse_notation(text, "x.patch")
    return found


def test_a_change_has_its_words_and_its_declaration() -> None:
    found = change()
    assert (found.description, found.inside) == ("What it is\n  for".replace("  ", ""), "T.f")
    assert [(v.name, v.kind) for v in found.metavariables] == [("x", "expression")]


@pytest.mark.parametrize(
    ("header", "name", "form", "inside"),
    [
        ("@@", "", False, ""),
        ("@ first @", "first", False, ""),
        ("@ first in f @", "first", False, "f"),
        ("@ or @", "", True, ""),
        ("@ or second in T.f @", "second", True, "T.f"),
    ],
)
def test_a_change_is_called_what_its_header_says(
    header: str, name: str, form: bool, inside: str
) -> None:
    found = change(f"{header}\n@@\n-a\n+b\n")
    assert (found.name, found.is_form, found.inside) == (name, form, inside)


def test_lines_have_their_marks_and_numbers() -> None:
    assert [(line.mark, line.number, line.column) for line in change().lines] == [
        (" ", 6, 2),
        ("-", 7, 2),
        ("+", 8, 2),
    ]


def test_sides_are_go_with_something_for_each_elision() -> None:
    found = change()
    assert found.minus.text == "a(dts, x)\nb(dts)\n"
    assert found.plus.text == "a(dts, x)\nü(dts, 1)\n"
    assert found.plus.data[slice(*found.plus.dots[1][:2])] == b"dts"
    assert found.plus.holes == {dots[:2] for dots in found.plus.dots}


@pytest.mark.parametrize(
    ("offset", "place"),
    [
        pytest.param(0, (6, 2), id="start"),
        pytest.param(2, (6, 4), id="dots"),
        pytest.param(7, (6, 9), id="behind dots"),
        pytest.param(10, (7, 2), id="second line"),
        pytest.param(15, (7, 7), id="behind its dots"),
    ],
)
def test_a_byte_has_its_place_in_the_file(offset: int, place: tuple[int, int]) -> None:
    assert change().minus.place(offset) == place


def test_the_end_of_a_side_is_on_its_last_line() -> None:
    side = change().minus
    assert side.line_at(len(side.data)).number == 7
    assert side.line_at(len(side.data) - 1).number == 7
    assert side.line_at(0).number == 6


def test_dots_of_context_are_the_same_on_both_sides() -> None:
    found = change("@@\n@@\n select {\n+case <-a:\n+  b()\n ...\n }\n")
    assert found.minus.text == "select {\ncase dts:\n}\n"
    assert found.plus.text == "select {\ncase <-a:\n  b()\ncase dts:\n}\n"


def test_dots_of_changed_lines_are_what_their_side_says() -> None:
    found = change("@@\n@@\n select {\n-...\n+case <-a:\n+  ...\n }\n")
    assert found.minus.text == "select {\ncase dts:\n}\n"
    assert found.plus.text == "select {\ncase <-a:\n  dts\n}\n"


def test_an_elision_behind_a_bracket_that_nothing_opened_is_one() -> None:
    """Whether the line is Go, the grammar says."""
    assert change("@@\n@@\n-a)\n-b(...)\n+b()\n").minus.text == "a)\nb(dts)\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param("", (1, 1), "no change", id="empty"),
        pytest.param("# a\n", (1, 1), "no change", id="comments"),
        pytest.param("# a\na\n@@\n@@\n-b\n", (2, 1), "expected `@@`", id="text before"),
        pytest.param("@@\nvar x expression\n", (1, 1), "never closed", id="open"),
        pytest.param("@@\n@@\n-a\n+b\n@@\n", (5, 1), "never closed", id="second open"),
        pytest.param("@@\n@@\n\n", (2, 1), "is empty", id="no lines"),
        pytest.param("@@\nvar x thing\n@@\n-x\n", (2, 7), "`thing`", id="kind"),
    ],
)
def test_what_does_not_belong_is_told(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(PatchError) as caught:
        parse_notation(text, "x.patch")
    assert (caught.value.line, caught.value.column) == place
    assert message in str(caught.value)


def test_changes_follow_each_other_with_their_comments() -> None:
    one, two = parse_notation("# one\n@@\n@@\n-a\n+b\n\n# two\n@@\n@@\n-c\n+d\n", "x.patch")
    assert (one.description, two.description) == ("one", "two")
    assert [line.number for line in one.lines] == [4, 5]
    assert [line.number for line in two.lines] == [10, 11]


def test_what_is_given_is_a_line_of_go_or_a_block() -> None:
    found = change(
        "@@\nvar a = f(1)\nvar b = {\n    if x {\n      y()\n    }\n}\nvar c identifier\n@@\n-c\n+a\n"
    )
    assert [(v.name, v.kind) for v in found.metavariables] == [
        ("a", "given"),
        ("b", "given"),
        ("c", "identifier"),
    ]
    assert [v.text for v in found.metavariables[:2]] == ["f(1)", "if x {\n  y()\n}"]


def test_a_block_that_is_given_must_end() -> None:
    with pytest.raises(PatchError, match="the lines of `b` never end") as caught:
        parse_notation("@@\nvar b = {\n  x()\n@@\n-c\n+b\n", "x.patch")
    assert (caught.value.line, caught.value.column) == (2, 5)
