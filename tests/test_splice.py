from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.splice import OverlapError, Shift, Splice, splice


@st.composite
def disjoint(draw: st.DrawFn) -> tuple[bytes, list[Splice]]:
    data = draw(st.binary(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    edits = [
        Splice(start, end, draw(st.binary(max_size=5)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return data, edits


@given(disjoint())
def test_bytes_outside_of_edits_stay(case: tuple[bytes, list[Splice]]) -> None:
    data, edits = case
    expected, at = b"", 0
    for edit in edits:
        expected += data[at : edit.start] + edit.new
        at = edit.end
    assert splice(data, edits) == expected + data[at:]


@given(disjoint())
def test_order_of_edits_does_not_matter(case: tuple[bytes, list[Splice]]) -> None:
    data, edits = case
    starts = [edit.start for edit in edits]
    if len(set(starts)) == len(starts):
        assert splice(data, reversed(edits)) == splice(data, edits)


@given(st.binary())
def test_no_edits_change_nothing(data: bytes) -> None:
    assert splice(data, []) == data


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(Splice(0, 3, b""), Splice(2, 4, b""), id="crossing"),
        pytest.param(Splice(0, 4, b""), Splice(1, 2, b"x"), id="inside"),
        pytest.param(Splice(1, 3, b"a"), Splice(1, 3, b"b"), id="same range"),
        pytest.param(Splice(0, 4, b""), Splice(2, 2, b"x"), id="insertion inside"),
    ],
)
def test_overlap_is_refused_with_both(first: Splice, second: Splice) -> None:
    with pytest.raises(OverlapError) as caught:
        splice(b"abcdef", [second, first])
    assert {caught.value.first, caught.value.second} == {first, second}


@pytest.mark.parametrize("edit", [Splice(-1, 0, b""), Splice(0, 9, b""), Splice(3, 2, b"")])
def test_ranges_outside_are_refused(edit: Splice) -> None:
    with pytest.raises(ValueError, match="outside"):
        splice(b"abc", [edit])


@given(disjoint())
def test_shift_finds_every_byte_that_stayed(case: tuple[bytes, list[Splice]]) -> None:
    data, edits = case
    after, shift = splice(data, edits), Shift(edits)
    stayed = [n for n in range(len(after)) if shift.before(n) is not None]
    for now in stayed:
        before = shift.before(now)
        assert before is not None
        assert after[now] == data[before]
        assert shift.after(before) == now
    written = {n for start, end in shift.written() for n in range(start, end)}
    assert written == set(range(len(after))) - set(stayed)


def test_without_edits_nothing_shifts() -> None:
    shift = Shift([])
    assert (shift.after(7), shift.before(7), shift.written()) == (7, 7, [])
