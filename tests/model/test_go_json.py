"""JSON in Go's words. `go_json.json` is what json.Unmarshal and a Decoder of Go 1.21 say of each text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.model.go_json import JsonError, Members, Number, Value, decode, printed

ROWS: list[list[str]] = json.loads(Path(__file__).with_name("go_json.json").read_text())


def said(data: bytes, *, whole: bool) -> str:
    try:
        decode(data, whole=whole)
    except JsonError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("text", "whole", "first"), ROWS, ids=[repr(row[0]) for row in ROWS])
def test_as_go_says_it(text: str, whole: str, first: str) -> None:
    data = text.encode("latin-1")
    assert (said(data, whole=True), said(data, whole=False)) == (whole, first)


def plain(value: Value) -> object:
    """As Python's own json gives it."""
    if isinstance(value, Number):
        return json.loads(value.text)
    if isinstance(value, Members):
        return {key: plain(one) for key, one in value.pairs}
    return [plain(one) for one in value] if isinstance(value, list) else value


letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | letters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner, max_size=3),
    max_leaves=8,
)


@given(documents, st.booleans(), st.booleans())
def test_what_json_is_is_read_as_it_is(document: object, ascii_only: bool, whole: bool) -> None:
    data = json.dumps(document, ensure_ascii=ascii_only).encode()
    assert plain(decode(data, whole=whole)) == document
    assert plain(decode(b" \n" + data + b"\t", whole=whole)) == document


@given(st.binary(max_size=20))
def test_anything_is_read_or_refused(data: bytes) -> None:
    whole, first = said(data, whole=True), said(data, whole=False)
    assert first == "" or whole != ""


def test_depth() -> None:
    assert decode(b"[" * 10_000 + b"]" * 10_000) is not None
    assert said(b"[" * 10_001, whole=True) == "exceeded max depth"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("null", "<nil>"),
        ("true", "true"),
        ("1", "1"),
        ("-0", "-0"),
        ("1e6", "1e+06"),
        ("123456", "123456"),
        ("1234567", "1.234567e+06"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("1.50", "1.5"),
        ('["a", 1, []]', "[a 1 []]"),
        ('{"b": 1, "a": {}}', "map[a:map[] b:1]"),
    ],
)
def test_printed(text: str, shown: str) -> None:
    assert printed(decode(text.encode())) == shown


def test_halves_of_letters_and_bytes_that_are_none() -> None:
    assert decode(rb'"\ud83d\ude00 \ud800x \udc00"') == "\U0001f600 \ufffdx \ufffd"
    assert decode(b'"\xe2\x82 \xff"') == "\ufffd\ufffd \ufffd"
