"""Columns as gofmt lays them out: each section of aligned.txtar is what gofmt prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.go.gofmt import realign
from gopatch.go.tree import parse
from gopatch.splice import splice

_, SECTIONS = read_txtar((Path(__file__).parent / "aligned.txtar").read_bytes())


def laid_out(data: bytes) -> bytes:
    assert not parse(data).errors()
    return splice(data, realign(parse(data)))


@pytest.mark.parametrize("name", SECTIONS)
def test_what_gofmt_prints_stays(name: str) -> None:
    assert laid_out(SECTIONS[name]) == SECTIONS[name]


@pytest.mark.parametrize("blanks", [b" ", b"       ", b"\t"])
@pytest.mark.parametrize("name", SECTIONS)
def test_columns_come_back(name: str, blanks: bytes) -> None:
    """Of the gaps between columns those that show it, being wider than a blank."""
    without = re.sub(rb"(?<=\S)  +(?=\S)", blanks, SECTIONS[name])
    assert laid_out(without) == SECTIONS[name]


@pytest.mark.parametrize("name", SECTIONS)
def test_nothing_is_touched_where_nothing_is(name: str) -> None:
    assert realign(parse(SECTIONS[name].replace(b"  ", b" ")), []) == []


SPECS = b"""package p

var (
	a = 1
	bb = 2

	c = 1
	dd = 2 // why
)
"""


@pytest.mark.parametrize(
    ("touched", "wanted"),
    [
        pytest.param((18, 18), SPECS.replace(b"a =", b"a  ="), id="where a row begins"),
        pytest.param((31, 31), SPECS.replace(b"a =", b"a  ="), id="where a section ends"),
        pytest.param((45, 45), SPECS.replace(b"c =", b"c  ="), id="in a comment's row"),
        pytest.param((11, 50), SPECS.replace(b"a =", b"a  =").replace(b"c =", b"c  ="), id="all"),
        pytest.param((0, 3), SPECS, id="elsewhere"),
    ],
)
def test_only_sections_that_are_touched_are_aligned(
    touched: tuple[int, int], wanted: bytes
) -> None:
    assert splice(SPECS, realign(parse(SPECS), [touched])) == wanted
