"""What strangers named is spelt out, and stays the same name where a program reads it."""

from __future__ import annotations

import json
import os

import pytest

from gopatch.errors import SourceError
from gopatch.spelling import json_rows, json_text, utf8, visible, visible_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a^[[31mb"),
        ("a\nb", "a^Jb"),
        ("a\x7f\x85", "a^?<U+0085>"),
        ("\u202e\ufeff", "<U+202E><U+FEFF>"),
        (os.fsdecode(b"bad\xff.go"), "bad\\xff.go"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize("text", ["", "plain", "tab\tstays", "é ü 漢字", "a b"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text
    assert utf8(text) == text.encode()


def test_lines_stay_lines() -> None:
    assert visible_text("a\x1b\nb\r\n") == "a^[\nb^M\n"


def test_json_is_utf8_and_brings_the_name_back() -> None:
    name = os.fsdecode(b"bad\xff\xc3\xa9.go")
    text = json_text({"name": name})
    assert json.loads(text.encode().decode()) == {"name": name}
    assert text.endswith("}\n")
    assert "é" in text


def test_of_a_table_each_row_is_a_line() -> None:
    name = os.fsdecode(b"bad\xff \xc3\xa9")
    table = {
        "schema": 1,
        "refs": [{"ref": name, "sites": [1, 2]}, {}],
        "none": [],
        "of": {"a": [1]},
    }
    text = json_rows(table)
    assert json.loads(text) == json.loads(text.encode()) == table
    assert text.splitlines() == [
        "{",
        '"schema": 1,',
        '"refs": [',
        '{"ref": "bad\\udcff é", "sites": [1, 2]},',
        "{}",
        "],",
        '"none": [],',
        '"of": {"a": [1]}',
        "}",
    ]


def test_the_place_of_an_error_is_one_line() -> None:
    assert str(SourceError("is odd", path="a\nb\x1b", line=3)) == "a^Jb^[:3: is odd"
