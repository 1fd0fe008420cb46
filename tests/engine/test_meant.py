"""What is read after a change, held against what was meant: edits are made here that say something else."""

from __future__ import annotations

import pytest

from gopatch.engine._meant import Made, Misread, misread
from gopatch.go.tree import edited
from gopatch.splice import Splice
from tests.engine.places import Fit, fit

CALL = "-old(x)\n+fresh(x, 1)"


def read(there: Fit, *edits: tuple[str, str]) -> Misread | None:
    """What is wrong after the first of each pair has become the second, at the first match."""
    data = there.file.data
    splices = []
    for old, new in edits:
        start = data.index(old.encode())
        splices.append(Splice(start, start + len(old.encode()), new.encode()))
    after = edited(there.file, splices)
    assert not after.errors()
    made = Made(there.matches[0], tuple(splices))
    return misread(there.pattern, there.file, after, [made])


@pytest.mark.parametrize(
    "new", ["fresh(y, 1)", "fresh((y), 1)", "fresh(\n\ty,\n\t1,\n)", "(fresh(y, 1))"]
)
def test_what_was_meant_is_right_however_it_is_laid_out(new: str) -> None:
    there = fit(CALL, "var a = 2 * old(y) // z", "var x expression")
    assert read(there, ("old(y)", new)) is None


@pytest.mark.parametrize(
    ("new", "meant", "found"),
    [
        pytest.param("fresh(z, 1)", "x", "z", id="variable"),
        pytest.param("fresh(y, 2)", "1", "2", id="literal"),
        pytest.param("stale(y, 1)", "fresh(x, 1)", "stale", id="name"),
        pytest.param("fresh(y)", "1", "", id="less"),
        pytest.param("fresh[y]", "fresh(x, 1)", "fresh[y]", id="kind"),
    ],
)
def test_what_differs_is_told_with_both_readings(new: str, meant: str, found: str) -> None:
    there = fit(CALL, "var a = old(y)", "var x expression")
    wrong = read(there, ("old(y)", new))
    assert wrong is not None
    assert wrong.meant == meant
    assert found in wrong.read
    assert wrong.start == there.matches[0].start


@pytest.mark.parametrize(
    ("go", "new"),
    [
        pytest.param("var a = 2 * sum(y)", "y + 1", id="right of a factor"),
        pytest.param("var a = -sum(y)", "y + 1", id="minus"),
        pytest.param("var a = b - sum(y)", "y + 1", id="regrouped"),
    ],
)
def test_an_expression_that_falls_apart_is_seen(go: str, new: str) -> None:
    there = fit("-sum(x)\n+x + 1", go, "var x expression")
    assert read(there, ("sum(y)", new)) is not None
    assert read(there, ("sum(y)", f"({new})")) is None


def test_what_stands_beside_the_place_must_stay() -> None:
    there = fit(CALL, "func f() {\n\ta()\n\told(y)\n\tb()\n}", "var x expression")
    assert read(there, ("old(y)", "fresh(y, 1)")) is None
    wrong = read(there, ("a()\n\told(y)", "c()\n\tfresh(y, 1)"))
    assert wrong is not None
    assert read(there, ("old(y)\n\tb()", "fresh(y, 1)")) is not None


def test_statements_are_read_in_their_block() -> None:
    there = fit(" a()\n+b()", "func f() {\n\ta()\n\tc()\n}")
    assert read(there, ("a()\n", "a()\n\tb()\n")) is None
    wrong = read(there, ("a()\n", "a()\n\td()\n"))
    assert wrong is not None
    assert wrong.meant == "b"


def test_elements_beside_the_match_that_edits_touch_are_not_of_the_plus_side() -> None:
    there = fit(" a()\n+b()", "func f() { x(); a(); c() }")
    edits = [("{ x(); ", "{\n\tx()\n\t"), ("; c() }", "\n\tb()\n\tc()\n}")]
    assert read(there, *edits) is None
    assert read(there, edits[0], ("; c() }", "\n\tc()\n\tb()\n}")) is not None


def test_dots_hold_what_they_stood_for() -> None:
    there = fit("-old(...)\n+fresh(..., 1)", "var a = old(b, c)")
    assert read(there, ("old(b, c)", "fresh(b, c, 1)")) is None
    for new in ("fresh(b, 1)", "fresh(c, b, 1)", "fresh(b, c)", "fresh(b, c, d, 1)"):
        assert read(there, ("old(b, c)", new)) is not None


def test_a_change_of_nothing_but_imports_is_not_read() -> None:
    there = fit('-import "b"\n+import "c"', 'import "b"')
    assert misread(there.pattern, there.file, there.file, []) is None


def test_two_things_of_one_text_are_told_apart_by_what_holds_them() -> None:
    there = fit("-T\n+*T", "var a = T{}")
    wrong = read(there, ("T", "*T"))
    assert wrong is not None
    assert (wrong.meant, wrong.read) == ("*T", "*T{}")
