"""What a function does with what it takes, in time that grows with the file."""

from __future__ import annotations

import time

import pytest

from gopatch.port._handling import Spans
from gopatch.port.callers import callers

GUARDED = "for _, e := range a%d { if w.Skips(e) { continue } }"
MANY = {
    "names of their own": ("func f() {\n%s}\n", "a%d := s.Lookup(n)\n" + GUARDED + "\n"),
    "one name": ("func f() {\n%s}\n", "a, _ = s.Lookup(n) // %d\nfor range a { w.Skips(e) }\n"),
    "headers": ("func f() {\n%s}\n", "for range s.Lookup(%d) { w.Skips(e) }\n"),
    "functions": ("%s", "func f%d() { a := s.Lookup(n); ask(a) }\n"),
    "a chain": ("func F0() { return s.Lookup(n) }\n%s", "func G%d() { return s.Lookup(n) }\n"),
}


def seconds(form: tuple[str, str], count: int) -> float:
    around, one = form
    text = around % "".join(one.replace("%d", str(n)) for n in range(count))
    data = f"package p\n\n{text}".encode()
    start = time.process_time()
    found = callers(["p/a.go"], lambda _: data, ("Lookup",), ("Skips",))
    assert len(found) >= count
    return time.process_time() - start


@pytest.mark.thorough
@pytest.mark.parametrize("form", MANY.values(), ids=MANY)
def test_twenty_thousand_lookups_take_seconds(form: tuple[str, str]) -> None:
    assert seconds(form, 20_000) < 20


def test_spans_are_told_from_the_inside() -> None:
    spans = Spans([(0, 10), (2, 8), (3, 4), (5, 7), (12, 20)])
    assert spans.around(3) == [(3, 4), (2, 8), (0, 10)]
    assert spans.around(7) == [(2, 8), (0, 10)]
    assert spans.around(9) == [(0, 10)]
    assert spans.around(10) == spans.around(20) == Spans([]).around(0) == []
