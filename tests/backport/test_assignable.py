"""Structs without a name, channels and methods of pointers: what can be given where they are wanted, and what cannot."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type Inner struct{}

func (i *Inner) Close() {}

func (i Inner) Open() {}

type Held struct{ Inner }

type Pointing struct{ *Inner }

type Named struct{ A int }

type Ways chan int

type Closer interface{ Close() }

func one(s struct{ A int }) {}

func tagged(s struct {
	A int `json:"a"`
}) {
}

func many(s []struct{ A int }) {}

func close(c Closer) {}

func open(c interface{ Open() }) {}

func all(n ...int) {}

func in(c chan<- int) {}

func out(c <-chan int) {}

func both(c chan int) {}
"""
TAKES = "s int, a, b chan int, i chan<- int, o <-chan int, w Ways, n Named, ss []struct{ A int }, h Held, p Pointing"


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, TAKES)


@pytest.mark.parametrize(
    "body",
    [
        "all(ss...)",
        "select { case n = <-a: }",
        "one(struct{ B int }{})",
        "one(struct{ A string }{})",
        "one(struct{ A, B int }{})",
        "one(struct{}{})",
        'one(struct{ A int "json" }{})',
        "tagged(struct{ A int }{})",
        "tagged(n)",
        "var x struct{ B int } = n; _ = x",
        "ss = append(ss, struct{ B int }{})",
        "in(o)",
        "out(i)",
        "both(o)",
        "both(i)",
        "w = o",
        "close(h)",
        "close(Inner{})",
        "var c Closer = h; _ = c",
        "_ = []Closer{h}",
    ],
)
def test_what_cannot_be_given(body: str) -> None:
    assert len(_found(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "one(struct{ A int }{}); one(n); n = struct{ A int }{}",
        'tagged(struct { A int "json:\\"a\\"" }{}); tagged(struct { A int `json:"a"` }{})',
        "all([]int{1}...); all(Stranger...); select { case s = <-a: case s, ok := <-a: _ = ok; case <-o: }",
        "many(ss); ss = append(ss, n, struct{ A int }{1}); many([]struct{ A int }{{1}})",
        "one(struct{ A Stranger }{}); one(Stranger{})",
        "in(a); out(a); both(a); in(w); out(w); both(w); w = a; a = w; in(i); out(o)",
        "close(&h); close(p); close(&p); close(&Inner{}); open(h); open(&h); open(p)",
        "var c Closer; close(c); close(nil); close(Stranger{})",
    ],
)
def test_what_can_or_may_be_given(body: str) -> None:
    assert _found(body) == []
