"""Constants that cannot stand where they do by what they are worth, and those that can, or of which nobody can tell."""

from __future__ import annotations

import pytest

from gopatch.backport.index import Index
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import ShownTypes
from tests.backport.judged_types import reasons, reasons_in
from tests.backport.memory import Memory

TYPES = b"""package s

const Two, None, Half, Minus = 2, 0, 0.5, -1

const (
	First = iota * None
	Again
	Word = "ab" + `c`
	Level uint8 = 200
)

type Pair [Two]int

type Grid [Two][len(Word)]Pair

type Names map[string]int

var Count = 3

var Rows [3]int

func Ask() int { return 1 }
"""
TAKES = (
    "xs []int, a [3]int, p *[3]int, k Pair, g Grid, s string, n int, u uint8, f float64, m map[int]int,"
    " x interface{}, w Stranger, q [Unknown]int, named *Pair"
)


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, TAKES)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("_ = a[3]", "`3` is 3 in the target, where 2 is the last"),
        ("_ = [9]int{}[^uint8(0)]", "`^uint8(0)` is 255 in the target, where 8 is the last"),
        ("_ = a[^Minus+3]", "`^Minus+3` is 3 in the target, where 2 is the last"),
        ("_ = a[7&^4]", "`7&^4` is 3 in the target, where 2 is the last"),
        ("_ = a[^Level-50]", "`^Level-50` is 5 in the target, where 2 is the last"),
        ("_ = -Level", "`-Level` is more in the target than `uint8` holds"),
        ("_ = xs[^0]", "`^0` is -1 in the target, which counts nothing"),
        ("a[Two+1] = 1", "`Two+1` is 3 in the target, where 2 is the last"),
        ("_ = p[3]", "`3` is 3"),
        ("_ = named[2]", "`2` is 2"),
        ("_ = k[Two]", "`Two` is 2 in the target, where 1 is the last"),
        ("_ = g[1][2][2]", "`2` is 2 in the target, where 1 is the last"),
        ("_ = g[1][3]", "`3` is 3 in the target, where 2 is the last"),
        ("_ = Word[3]", "`3` is 3 in the target, where 2 is the last"),
        ("_ = xs[Minus]", "`Minus` is -1 in the target, which counts nothing"),
        ("_ = s[Half]", "`Half` is 1/2 in the target, which counts nothing"),
        ("const at = 3; _ = a[at]", "`at` is 3"),
        ("_ = a[1:4]", "`4` is 4 in the target, where 3 is the last"),
        ("_ = xs[Two:1]", "`1` is 1 in the target, and 2 stands before it"),
        ("_ = xs[:Minus]", "`Minus` is -1"),
        ("_ = make([]int, Minus)", "`Minus` is -1"),
        ("_ = make([]int, Two, 1)", "`1` is 1 in the target, and 2 stands before it"),
        ("var y [Minus]int; _ = y", "`Minus` is -1"),
        ("var y [Count]int; _ = y", "`Count` is a variable in the target, where a constant is wanted"),
        ("const y = 2 + Count; _ = y", "`Count` is a variable"),
        ("const y = Ask; _ = y", "`Ask` is a function"),
        ("y := [...]int{1, 2}; _ = y[2]", "`2` is 2 in the target, where 1 is the last"),
        ("y := [...]int{Two: 1, 2}; _ = y[4]", "`4` is 4 in the target, where 3 is the last"),
        ("_ = Pair{1, 2, 3}", "`3` is one more than the 2 elements of the target's"),
        ("_ = Pair{Two: 3}", "`Two` is 2 in the target, where 1 is the last"),
        ("_ = []Pair{{1, 2, 3}}", "`3` is one more than the 2 elements"),
        ("_ = []int{Two: 3, None: 1, 1, 4}", "`4` has the index 2 in the target, as another one has"),
        ("_ = []int{First: 3, Again: 1}", "`Again: 1` has the index 0"),
        ("_ = map[int]int{Two: 3, 2: 1}", "`2` is what `Two` is in the target, and both stand"),
        ('_ = Names{Word: 3, "abc": 1}', '`"abc"` is what `Word` is'),
        ("switch n { case First: case Again: }", "`Again` is what `First` is"),
        ("switch s { case Word, `abc`: }", "`abc`` is what `Word` is"),
        ("switch x { case Two: case 2: }", "`2` is what `Two` is"),
        ("_ = n / None", "`None` is 0 in the target, and divides"),
        ("n %= First", "`First` is 0"),
        ("_ = 1 / 0", "`0` is 0"),
        ("_ = n << Minus", "`Minus` is -1"),
        ("_ = Level + 56", "`Level + 56` is more in the target than `uint8` holds"),
        ("y := 1 << 63; _ = y", "`1 << 63` is more in the target than `int` holds"),
        ("var y [2]int = a; _ = y", "`[3]int`"),
        ("_ = a == k", "beside it"),
    ],
)  # fmt: skip
def test_what_it_is_worth_does_not_go_there(body: str, said: str) -> None:
    (found,) = _found(body)
    assert said in found


@pytest.mark.parametrize(
    "body",
    [
        "_ = a[2]; _ = p[0]; _ = k[1]; _ = g[1][2][1]; _ = Word[2]; _ = xs[1000]; _ = s[9]; _ = named[1]",
        "_ = a[n]; _ = w[9]; _ = q[9]; _ = m[Minus]; _ = a[len(xs)]; _ = a[First]",
        "_ = a[1:3]; _ = a[3:]; _ = xs[1:Two:2]; _ = s[n:1]; _ = xs[Two:n]; _ = a[2.0]",
        "_ = make([]int, Two, 4); _ = make([]int, n, 1); _ = make(map[int]int, None); _ = make(chan int)",
        "var y [Two * 3]int; var z [Unknown]int; _, _ = y, z; _ = q == q",
        "var y [len(Rows)]int; y[2] = 1",
        "const y = len(Rows); _ = y",
        "_ = Pair{1, 2}; _ = Pair{1: 3}; _ = [...]int{9: 1, 2}; _ = []Pair{{1, 2}, {}}; _ = q == a",
        "_ = []int{First: 3, 1: 1, 5}; _ = []int{n: 1}; _ = []int{Unknown: 1, 1, 0: 2}",
        "_ = map[int]int{Two: 3, 3: 1, n: 1, Count: 2}; _ = Names{Word: 3, s: 1}",
        "_ = map[interface{}]int{2: 1, 2.0: 1, uint8(2): 1}",
        "switch n { case First: case Two: case Count, Ask(): }; switch { case n == 1: case n == 1+0: }",
        "switch x { case 2: case uint8(2): case 2.0: }; switch w { case Level: case 200: }",
        "_ = f / None; _ = f / 2; _ = n / Two; _ = 7 % Two; f /= None; _ = n / Unknown",
        "_ = n << Two; n >>= 3; _ = u << 9; _ = 1 << n; _ = n << u",
        "_ = Level + 55; _ = u + 255; _ = Two + 300; y := 1<<63 - 1; _ = y; z := 1.5; _ = z",
        "type Pair [9]int; var y Pair; y[5] = 1",
        "const Two = 9; var y [Two]int; y[5] = 1; y[None] = 1",
        "y := [...]int{9: 1, 2, 0: 3}; _ = y[10]; z := [...]int{n: 1}; _ = z[9]; v := [...]int{}; _ = v[:]",
        "iota := 5; const y = 3; _ = a[y-1]; _ = iota; len := func(s string) int { return 0 }; _ = a[len(Word)]",
        "var y [3]int = a; a = *p; _ = a == y",
    ],
)
def test_what_goes_there_or_nobody_can_tell(body: str) -> None:
    assert _found(body) == []


def test_what_differs_from_system_to_system_has_no_value() -> None:
    files = {
        "go.mod": b"module m\n",
        "s/s_linux.go": b"package s\n\nconst Size = 2\n\ntype Held struct{ N int }\n",
        "s/s_windows.go": b"package s\n\nconst Size = 4\n\ntype Held struct{ M int }\n\nfunc (h Held) N() {}\n",
        "s/f.go": b"package s\n\nfunc f(h Held, a [Size]int) int { return a[3] + h.N + h.M }\n",
    }
    assert reasons(files, "s/f.go") == []


def test_a_constant_of_another_package() -> None:
    files = {
        "go.mod": b"module m\n",
        "q/q.go": b"package q\n\nconst (\n\tOne = 1 + iota\n\tSize\n)\n\ntype Row [Size]int\n",
        "s/f.go": b'package s\n\nimport "m/q"\n\nfunc f(r q.Row) int { return r[1] + r[q.Size] }\n',
    }
    assert reasons(files, "s/f.go") == ["`q.Size` is 2 in the target, where 1 is the last"]
    shown = ShownTypes(OverlaidSource(Index(Memory(files)), {}))
    (spec,) = shown.specs("q", b"q", b"Row")
    assert str(shown.read(spec.node.children[-1], spec.place)) == "[2]int"
