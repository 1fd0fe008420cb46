"""What a function does with what it takes, in looks that grow with the file."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from gopatch.port._spans import Spans
from gopatch.port.callers import callers

GUARDED = "for _, e := range a%d { if w.Skips(e) { continue } }"
MANY = {
    "names of their own": ("func f() {\n%s}\n", "a%d := s.Lookup(n)\n" + GUARDED + "\n"),
    "one name": ("func f() {\n%s}\n", "a, _ = s.Lookup(n) // %d\nfor range a { w.Skips(e) }\n"),
    "headers": ("func f() {\n%s}\n", "for range s.Lookup(%d) { w.Skips(e) }\n"),
    "functions": ("%s", "func f%d() { a := s.Lookup(n); ask(a) }\n"),
    "a chain": ("func F0() { return s.Lookup(n) }\n%s", "func G%d() { return s.Lookup(n) }\n"),
}


def looks(form: tuple[str, str], count: int) -> int:
    """How many lines of gopatch's Python that many of a form take: the same on every machine."""
    around, one = form
    text = around % "".join(one.replace("%d", str(n)) for n in range(count))
    data = f"package p\n\n{text}".encode()
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        found = callers(["p/a.go"], lambda _: data, ("Lookup",), ("Skips",)).found
    finally:
        sys.settrace(before)
    assert len(found) >= count
    return lines


@pytest.mark.parametrize("form", MANY.values(), ids=MANY)
def test_looks_grow_with_the_file(form: tuple[str, str]) -> None:
    assert looks(form, 400) < 4.4 * looks(form, 100)


def test_spans_are_told_from_the_inside() -> None:
    spans = Spans([(0, 10), (2, 8), (3, 4), (5, 7), (12, 20)])
    assert spans.around(3) == [(3, 4), (2, 8), (0, 10)]
    assert spans.around(7) == [(2, 8), (0, 10)]
    assert spans.around(9) == [(0, 10)]
    assert spans.around(10) == spans.around(20) == Spans([]).around(0) == []
