"""What the grammar takes and Go does not, rule by rule, each beside what Go takes."""

from __future__ import annotations

import pytest

from gopatch.go.ranges import Ranges
from gopatch.go.strict import new_refusals, refusals
from gopatch.go.tree import parse

REFUSED = [
    ("func f() { g(a..., b) }", "spread"),
    ("func f() { defer g }", "call"),
    ("func f() { go (g()) }", "call"),
    ("func f(a int, string) {}", "mixed"),
    ("func f() (n int, error) { return }", "mixed"),
    ("func f(a ...int, b int) {}", "variadic"),
    ("func f(a, b ...int) {}", "variadic"),
    ("func f() (...int) { return }", "variadic"),
    ("func (a, b T) f() {}", "receiver"),
    ('var a = 1\n\nimport "b"', "package comes first"),
    ("f()", "outside of functions"),
    ("func f() { a }", "no call"),
    ("func f() { a == b }", "no call"),
    ("func f() { for a, b, c := range d {} }", "two variables"),
    ("func f() { a.b := c }", "left of"),
    ("func f() { g() = 1 }", "no variable"),
    ("func f() { 1++ }", "no variable"),
    ("func f() { (a[1:]) = b }", "no variable"),
    ("func f() { a.(T) = b }", "no variable"),
    ("func f() { <-a = b }", "no variable"),
    ("var a = &f(x)", "no variable"),
    ("var a = &(T(x))", "no variable"),
    ("var a = &b[1:]", "no variable"),
    ("func f() { a, b += 1, 2 }", "one operand"),
    ("var a = []int{\n\t1\n}", "line ends"),
    ("func f() { g(a,\n\tb\n) }", "line ends"),
    ("func f()\n{\n}", "outside of functions"),
    ("func f() { break }", "outside of a loop, switch"),
    ("func f() { for { func() { break }() } }", "outside of a loop, switch"),
    ("func f() { switch { default: continue } }", "outside of a loop"),
    ("func f() { L: a(); for { break L } }", "of label `L`"),
    ("func f() { L: for { }; for { goto L; continue L } }", "of label `L`"),
    ("func f() { L: select { default: for { continue L } } }", "of label `L`"),
    ("func f() { L: a() }", "`L` is not used"),
    ("func f() { L: for { func() { goto L }() } }", "`L` is not"),
    ("func f() { goto L }", "`L` is not there"),
    ("func f() { fallthrough }", "outside of a switch"),
    ("func f() { switch { case a: { fallthrough }; case b: } }", "outside of a switch"),
    ("func f() { switch a.(type) { case b: fallthrough; case c: } }", "outside of a switch"),
    ("func f() { switch { case a: fallthrough; b(); case c: } }", "not the last statement"),
    ("func f() { switch { case a: fallthrough } }", "in the last clause"),
    ("func f() { switch a { default: b(); case c: default: } }", "two clauses"),
    ("func f() { select { default: b(); case <-c: default: } }", "two clauses"),
]
TAKEN = """\
var a = []any{&T{}, &(T{}), &b[1], &*f(), &(c), &(*T)(p).x}
func f() { (a) = b; *<-c = d; *(*T)(p) = e; a[1:][0] = f }
func f() { g(b, a...) }
func f() { defer func() {}() }
func f(a, b int) {}
func f(int, string) {}
func f(a int, b ...string) {}
func f() (a, b int) { return }
func (T) f() {}
func f() { <-a }
func f() { (g()) }
func f() { for range a { } }
func f() { a, b := c, d }
func f() { *g() = 1; g().x = 2; g()[0]++ }
func f() { *(*T)(p) = 1 }
func f() { L: for { break L } }
func f() { switch a { case 1: b(); case 2: } }
func f() { if (T{1}) == a { } }
func f() { for _, a := range []T{{1}} { } }
type T struct { a, b int; c string }
func f() { for { if a { break }; switch { default: continue } } }
func f() { select { case <-a: break } }
func f() { L: M: for { for { continue L }; break M } }
func f() { L: switch { case a: for { break L } } }
func f() { L: if a { goto L } }
func f() { switch { case a: L: for { break L }; fallthrough; default: } }
func f() { for { go func() { for { break } }() } }
"""


def bad(text: str) -> list[str]:
    file = parse(f"package a\n\n{text}\n".encode())
    assert not file.errors()
    return [refusal.reason for refusal in refusals(file)]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_go_refuses(text: str, reason: str) -> None:
    assert any(reason in said for said in bad(text))


@pytest.mark.parametrize("text", TAKEN.splitlines())
def test_what_go_takes(text: str) -> None:
    assert bad(text) == []


def test_what_was_there_before_is_no_news() -> None:
    before = b"package a\n\nfunc f() { defer g }\n"
    assert new_refusals(parse(before), parse(before + b"\nfunc h() { defer i }\n")) == []
    assert new_refusals(parse(b"package a\n"), parse(before)) != []


@pytest.mark.parametrize(
    ("span", "touched"), [((0, 1), False), ((0, 2), True), ((5, 5), True), ((6, 9), False)]
)
def test_ranges(span: tuple[int, int], touched: bool) -> None:
    assert Ranges([(2, 3), (3, 5)]).touches(*span) is touched
