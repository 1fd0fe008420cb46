"""Side by side: nothing is lost, nothing is marked that both sides have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.output._beside import NumberedLine, hunks, words
from tests.output.test_diff import texts

LINE = st.text(alphabet="ab ().\t|é", max_size=14)


def spans(before: str, after: str) -> tuple[str, str]:
    """Both sides with what changed in brackets."""
    marked = (
        "".join(f"[{s.text}]" if s.changed else s.text for s in side)
        for side in words(before, after)
    )
    return next(marked), next(marked)


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("alike", "alike", "[alike]", "[alike]"),
        ("", "a", "", "[a]"),
        ("if x {", "if a || x {", "if x {", "if[ a ||] x {"),
        ("f(a, b)", "f(a)", "f(a[, b])", "f(a)"),
        ("foo", "foobar", "[foo]", "[foobar]"),
        ("a:b", "a:  b", "a:b", "a:[  ]b"),
        ("größe", "grösse", "[größe]", "[grösse]"),
    ],
)
def test_words(before: str, after: str, left: str, right: str) -> None:
    assert spans(before, after) == (left, right)


@given(LINE, LINE)
def test_words_lose_nothing(before: str, after: str) -> None:
    old, new = words(before, after)
    assert "".join(s.text for s in old) == before
    assert "".join(s.text for s in new) == after
    kept = ["".join(s.text for s in side if not s.changed) for side in (old, new)]
    assert kept[0] == kept[1]


def numbered(data: bytes) -> dict[int, str]:
    lines = data.split(b"\n")[: None if data and not data.endswith(b"\n") else -1]
    return {
        n: line.removesuffix(b"\r").decode(errors="backslashreplace")
        for n, line in enumerate(lines, 1)
    }


@given(texts(), texts(), st.integers(0, 3))
def test_rows_lose_nothing(before: bytes, after: bytes, context: int) -> None:
    found = [row for hunk in hunks(before, after, context) for row in hunk.rows]
    left = {c.number: c.text.rstrip("␍␊␃") for row in found if (c := row.before)}
    right = {c.number: c.text.rstrip("␍␊␃") for row in found if (c := row.after)}
    old, new = numbered(before), numbered(after)
    assert {n: old[n] for n in left} == left
    assert {n: new[n] for n in right} == right
    assert list(left) == sorted(left)
    assert list(right) == sorted(right)
    # What no row shows stands on both sides.
    hidden = [text for n, text in old.items() if n not in left]
    assert hidden == [text for n, text in new.items() if n not in right]
    assert (before == after) == (not found)
    assert all(row.kind != "same" for row in found) or context


def kinds(before: bytes, after: bytes) -> list[str]:
    return [row.kind for hunk in hunks(before, after, 0) for row in hunk.rows]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"if x {\n", b"if long && longer(host) || x {\n", ["changed"]),
        (b"a(1)\nb(2)\n", b"b(3)\n", ["removed", "changed"]),
        (b"x := 1\n", b"return nil\n", ["removed", "added"]),
        (b"}\n", b"func f() {}\n", ["removed", "added"]),
        (b"a\n", b"a\r\n", ["changed"]),
        (b"a\n", b"a", ["changed"]),
        (b"\xff\n", b"\xfe\n", ["removed", "added"]),
        (b"a \xff\n", b"a \\xff\n", ["changed"]),
        (b"a\n" * 150, b"b\n" * 150, ["changed"] * 150),
    ],
)
def test_which_lines_face_each_other(before: bytes, after: bytes, expected: list[str]) -> None:
    assert kinds(before, after) == expected


def test_a_new_file_is_all_added() -> None:
    (hunk,) = hunks(None, b"a\nb\n")
    assert [(row.before, row.after) for row in hunk.rows] == [
        (None, NumberedLine(1, words("", "a")[1])),
        (None, NumberedLine(2, words("", "b")[1])),
    ]


@pytest.mark.parametrize(
    ("above", "within"),
    [
        (b"func (s *S) f() {\n\tx()\n", "func (s *S) f() {"),
        (b"type T struct {\n\tx int\n", "type T struct {"),
        (b"_docker_daemon() {\n\tx\n", "_docker_daemon() {"),
        (b"# OPTIONS\n\n", "# OPTIONS"),
        (b"\tindented\n", ""),
    ],
)
def test_a_hunk_knows_where_it_lies(above: bytes, within: str) -> None:
    before = above + b"\t1\n" * 5
    (hunk,) = hunks(before, before + b"\tnew\n")
    assert hunk.within == within
