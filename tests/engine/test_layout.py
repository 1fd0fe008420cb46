"""Edits made and laid out: what they touch as gofmt would, if it had been so, and nothing else."""

from __future__ import annotations

import pytest

from gopatch.engine._layout import lay_out, written
from gopatch.go.tree import parse
from gopatch.splice import Splice, splice

TIDY = b"package a\n\nvar (\n\ta  = 1 // x\n\tbb = 2 // y\n)\n\nvar c = f(d+1, 2)\n"


def laid(data: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    edits = []
    for old, new in pairs:
        start = data.index(old)
        edits.append(Splice(start, start + len(old), new))
    return lay_out(parse(data), edits).file.data


def test_what_is_touched_is_aligned() -> None:
    assert laid(TIDY, (b"bb", b"long")) == TIDY.replace(
        b"\ta  = 1 // x\n\tbb = 2 // y", b"\ta    = 1 // x\n\tlong = 2 // y"
    )


def test_operators_are_spaced_by_depth() -> None:
    assert laid(TIDY, (b"d+1, 2", b"d+1")) == TIDY.replace(b"d+1, 2", b"d + 1")
    assert laid(TIDY, (b"d+1", b"d + 1 * e")) == TIDY.replace(b"d+1", b"d+1*e")


def test_both_rules_apply_one_after_the_other() -> None:
    data = b"package a\n\nvar (\n\ta = 1 + b // x\n\tc = 2     // y\n)\n"
    assert laid(data, (b"1 + b", b"1 * b + c")) == (
        b"package a\n\nvar (\n\ta = 1*b + c // x\n\tc = 2       // y\n)\n"
    )


def test_an_edit_elsewhere_aligns_nothing() -> None:
    assert laid(TIDY, (b"c =", b"longer =")) == TIDY.replace(b"c =", b"longer =")


def test_what_was_not_gofmts_stays_as_it_was() -> None:
    untidy = TIDY.replace(b"a  = 1", b"a = 1")
    assert laid(untidy, (b"bb", b"long")) == untidy.replace(b"bb", b"long")


def test_what_comes_is_laid_out_among_what_is_not_gofmts() -> None:
    untidy = b"package a\n\nfunc f() {\n\ta( 1 )\n\tb  :=  g(1+2, 3)\n}\n"
    after = laid(untidy, (b"g(1+2, 3)", b"g(1 + 2, 3)"))
    assert b"a( 1 )\n\tb  :=  g(" in after


def test_line_ends_of_windows_stay() -> None:
    edits = [Splice(TIDY.index(b"bb"), TIDY.index(b"bb") + 2, b"long")]
    data = TIDY.replace(b"\n", b"\r\n")
    at = data.index(b"bb")
    found = lay_out(parse(data), [Splice(at, at + 2, b"long")])
    assert found.file.data == lay_out(parse(TIDY), edits).file.data.replace(b"\n", b"\r\n")


def test_passes_tell_what_the_layout_changed() -> None:
    at = TIDY.index(b"bb")
    edits = [Splice(at, at + 2, b"long")]
    found = lay_out(parse(TIDY), edits)
    data = splice(TIDY, edits)
    for changes in found.passes:
        data = splice(data, changes)
    assert data == found.file.data
    assert len(found.passes) == 9


@pytest.mark.parametrize(
    ("edits", "spans"),
    [
        ([], []),
        ([Splice(3, 5, b"abc")], [(3, 6)]),
        ([Splice(3, 5, b""), Splice(8, 8, b"xy")], [(3, 3), (6, 8)]),
        ([Splice(8, 9, b"a"), Splice(0, 0, b"abc")], [(0, 3), (11, 12)]),
        ([Splice(0, 4, b"a"), Splice(4, 6, b"bcd")], [(0, 1), (1, 4)]),
    ],
)
def test_where_edits_stand_once_they_are_made(
    edits: list[Splice], spans: list[tuple[int, int]]
) -> None:
    assert written(edits) == spans


def test_what_parses_no_more_is_not_laid_out() -> None:
    at = TIDY.index(b"bb")
    found = lay_out(parse(TIDY), [Splice(at, at + 2, b") + ( }")])
    assert found.file.errors()
    assert found.passes == ()
