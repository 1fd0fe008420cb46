"""Which way a channel surely lets nothing through, and what goes through it, or may."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type In chan<- int

var (
	both chan int
	in   In
	out  <-chan int
	many []<-chan int
)
"""


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, "given <-chan string, ask func() <-chan int")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("out <- 1", "`out` is `<-chan` in the target, and takes no values"),
        ('given <- "a"', "`given` is `<-chan`"),
        ("ask() <- 1", "`ask()` is `<-chan`"),
        ("many[0] <- 1", "`many[0]` is `<-chan`"),
        ("<-in", "`in` is `chan<-` in the target, and gives no values"),
        ("x := <-in; _ = x", "`in` is `chan<-`"),
        ("select { case x := <-in: _ = x }", "`in` is `chan<-`"),
        ("select { case out <- 1: }", "`out` is `<-chan`"),
        ("for range in { }", "`in` is `chan<-`"),
        ("close(out)", "`out` is `<-chan` in the target, and cannot be closed"),
        ("c := out; close(c)", "`c` is `<-chan`"),
    ],
)
def test_what_surely_goes_the_wrong_way(body: str, reason: str) -> None:
    (found,) = _found(body)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "both <- 1; <-both; close(both); for range both { }",
        "in <- 1; close(in)",
        "<-out; for x := range out { _ = x }; <-ask(); <-many[0]",
        "out = both; in = both; out := both; out <- 1",
        "close := ask; close()",
        "select { case <-out: case in <- 1: default: }",
    ],
)
def test_what_goes_its_way(body: str) -> None:
    assert _found(body) == []
