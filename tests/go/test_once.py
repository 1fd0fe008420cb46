"""An answer about bytes is known once for the same ones, and never taken for an answer about others."""

from __future__ import annotations

import pytest

from gopatch.go.once import digest_of, once

Asked = list[tuple[object, ...]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((b"ab",), (b"ac",), id="a-byte"),
        pytest.param((b"a", b"b"), (b"b", b"a"), id="the-order"),
        pytest.param((b"a",), (b"a", b""), id="nothing-more"),
        pytest.param((b"a",), ("a",), id="text"),
        pytest.param((b"a",), (digest_of(b"a"),), id="what-stands-for-it"),
        pytest.param((b"a", True), (b"a", False), id="another-argument"),
    ],
)
def test_other_arguments_are_asked_anew(
    first: tuple[object, ...], second: tuple[object, ...]
) -> None:
    asked: Asked = []

    @once(8)
    def told(*what: object) -> int:
        asked.append(what)
        return len(asked)

    assert [told(*first), told(*second), told(*first), told(*second)] == [1, 2, 1, 2]
    assert asked == [first, second]


def test_what_was_asked_for_last_is_the_last_to_go() -> None:
    asked: list[bytes] = []

    @once(2)
    def told(data: bytes) -> bytes:
        asked.append(data)
        return data[:1]

    for data in (b"a", b"b", b"a", b"c", b"a", b"b"):
        assert told(data) == data
    assert asked == [b"a", b"b", b"c", b"b"]


def test_an_argument_by_name_counts() -> None:
    @once(2)
    def told(data: bytes, end: bytes) -> bytes:
        return data + end

    assert [told(b"a", end=b"1"), told(b"a", end=b"2")] == [b"a1", b"a2"]


def test_what_cannot_be_told_is_asked_again() -> None:
    asked: list[bytes] = []

    @once(2)
    def told(data: bytes) -> bytes:
        asked.append(data)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            told(b"a")
    assert asked == [b"a", b"a"]
