"""Sizes as docker/go-units reads them, before and after it went letter by letter."""

from __future__ import annotations

import pytest

from gopatch.model.go_units import wrong_size

SIZES = ("0", "64", "64M", "64m", "1.5 GiB", "1kb", "1 tIB", "3b", "2p")
FLOAT = "strconv.ParseFloat: parsing"
WRONG = {
    "big": ("invalid size: 'big'", "invalid size: 'big'"),
    "1x": ("invalid size: '1x'", "invalid suffix: 'x'"),
    "1kib1": ("invalid size: '1kib1'", f'{FLOAT} "1kib1": invalid syntax'),
    "-1": ("invalid size: '-1'", "invalid size: '-1'"),
    "1.2.3": (f'{FLOAT} "1.2.3": invalid syntax',) * 2,
    "1  k": ("invalid size: '1  k'", f'{FLOAT} "1 ": invalid syntax'),
    "1 bb": ("invalid size: '1 bb'", "invalid suffix: 'bb'"),
    "1kilo": ("invalid size: '1kilo'", "invalid suffix: 'kilo'"),
    "1mi": ("", "invalid suffix: 'mi'"),
    "1i": ("", "invalid suffix: 'i'"),
    "1e3g": ("invalid size: '1e3g'", ""),
    "1.": ("invalid size: '1.'", ""),
    "+1": ("invalid size: '+1'", ""),
    "-0": ("invalid size: '-0'", ""),
    "1e999": ("invalid size: '1e999'", f'{FLOAT} "1e999": value out of range'),
    "\u0661": ("invalid size: '\u0661'",) * 2,
}


@pytest.mark.parametrize("by_pattern", [True, False])
@pytest.mark.parametrize("text", SIZES)
def test_sizes(text: str, by_pattern: bool) -> None:
    assert wrong_size(text, by_pattern=by_pattern) == ""


@pytest.mark.parametrize(("text", "words"), WRONG.items(), ids=WRONG)
def test_what_is_no_size_is_told_as_go_units_does(text: str, words: tuple[str, str]) -> None:
    assert (wrong_size(text, by_pattern=True), wrong_size(text, by_pattern=False)) == words
