"""What surely does not have the type that is wanted, and what has it, or may have it."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons

TYPES = b"""package s

import (
	"context"
	"io"
	"time"

	"example.org/m/box"
)

type Mode int

type Name string

type Text = string

type Item struct {
	Name string
	Mode Mode
	next *Item
}

func (i *Item) Close() error { return nil }

type Times struct {
	Made time.Time
	Wait time.Duration
	Gone *time.Time
	At   time.Location
}

type List struct {
	*Item
	All []Item
}

type Closer interface{ Close() error }

type Keeper interface {
	Closer
	Keep(i *Item) error
}

type Any[T any] struct{ of T }

type Func func() error

const Some = "some"

const Many Mode = 3

var first, other = &Item{}, 1

func put(ctx context.Context, name string, mode Mode) {}

func keep(k Keeper, all ...Item) (*Item, error) { return nil, nil }

func shut(c Closer) bool { return true }

func made[T any](t T) {}

func run(f Func, x box.Box, k box.Kind) io.Reader { return nil }
"""
BOX = b"package box\n\ntype Box struct{ N int }\n\ntype Kind = string\n\nfunc New(n int) Box { return Box{n} }\n"


def _found(body: str, head: str = "") -> list[str]:
    head = (
        head or "func (l *List) f(ctx context.Context, n string, m Mode, r io.Reader) (Mode, error)"
    )
    imports = 'import (\n\t"context"\n\t"io"\n\n\t"example.org/m/box"\n)'
    data = f"package s\n\n{imports}\n\n{head} {{\n\t{body}\n}}\n".encode()
    files = {
        "go.mod": b"module example.org/m\n",
        "s/s.go": TYPES,
        "s/f.go": data,
        "box/box.go": BOX,
    }
    return reasons(files, "s/f.go")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("put(ctx, m, n)", "`put` takes `string` as its argument 2 in the target, and is given `m`: it is `s.Mode`"),
        ("put(n, n, m)", "`put` takes `context.Context` as its argument 1 in the target, and is given `n`: it is `string`"),
        ("put(ctx, n, nil)", "`put` takes `s.Mode` as its argument 3 in the target, and is given `nil`"),
        ('put(ctx, "n", "m")', '`put` takes `s.Mode` as its argument 3 in the target, and is given `"m"`: it is a string constant'),
        ("put(ctx, 1, 2)", "`put` takes `string` as its argument 2 in the target, and is given `1`: it is a numeric constant"),
        ("put(ctx, first.next, m)", "given `first.next`: it is `*s.Item`"),
        ("put(ctx, l, m)", "given `l`: it is `*s.List`"),
        ("k := l.All[0]; put(ctx, k.Mode, m)", "given `k.Mode`: it is `s.Mode`"),
        ("for i := range l.All { put(ctx, i, m) }", "given `i`: it is `int`"),
        ("put(ctx, box.New(1), m)", "given `box.New(1)`: it is `box.Box`"),
        ("k, err := keep(nil); put(ctx, err, k.Mode)", "given `err`: it is `error`"),
        ("keep(l.Item)", "`keep` takes `s.Keeper` as its argument 1 in the target, and is given `l.Item`: it is `*s.Item`, without a method `Keep`"),
        ("return keep(nil)", "gives, as value 1, what is no `s.Mode` in the target: it is `*s.Item`"),
        ("n := 1", "`1` stands where `string` is wanted"),
        ("keep(nil, first)", "takes `s.Item` as its argument 2"),
        ("keep(nil, Item{}, nil)", "takes `s.Item` as its argument 3"),
        ("shut(n)", "takes `s.Closer` as its argument 1 in the target, and is given `n`: it is `string`"),
        ("return nil, nil", "`return` gives `nil` where `s.Mode` is declared in the target"),
        ("return m, n", "`return` gives `n` where `error` is declared in the target: it is `string`"),
        ("return m, func() error { return n }()", "`return` gives `n`"),
        ("_ = Item{n, m}", "`s.Item` has 3 fields in the target, and is given 2 values"),
        ("_ = []*Item{{n, m, nil}, {n, m}}", "`s.Item` has 3 fields in the target, and is given 2 values"),
        ("_ = Item{m, m, nil}", "`m` stands where `string` is wanted in the target: it is `s.Mode`"),
        ("_ = &Item{Mode: nil}", "`nil` stands where `s.Mode` is wanted in the target"),
        ("_ = Item{Kind: n}", "`s.Item` has no field `Kind` in the target"),
        ("_ = l.All[0].kind", "`l.All[0].kind`: `s.Item` has no field or method `kind` in the target"),
        ("_ = box.New(1).M", "`box.Box` has no field or method `M` in the target"),
        ("l.Mode = n", "`n` stands where `s.Mode` is wanted in the target: it is `string`"),
        ("var x string = m", "`s.Mode`"),
        ("var _ Keeper = (*Item)(nil)", "`*s.Item`, without a method `Keep`"),
        ("if m != nil { }", "`nil` stands where `s.Mode` is wanted in the target"),
        ("switch x := any(n).(type) { case Item: put(ctx, x, m); case Mode, int: put(ctx, x, m) }", "given `x`: it is `s.Item`"),
        ("_ = Times{}.Made != nil", "`nil` stands where `time.Time` is wanted in the target"),
        ("_ = Times{Made: first}", "`first` stands where `time.Time` is wanted in the target: it is `*s.Item`"),
        ('_ = Times{Wait: "1s"}', "where `time.Duration` is wanted in the target: it is a string constant"),
        ("_ = Times{Wait: other}", "where `time.Duration` is wanted in the target: it is `int`"),
        ("put(ctx, n)", "`put` takes 3 arguments in the target, 2 are given"),
        ("first.Close(n)", "`first.Close` takes 0 arguments in the target, 1 are given"),
        ("put(keep(nil))", "`put` takes 3 arguments in the target, 2 are given"),
        ("put(ctx, n, l.All...)", "`put` takes 3 arguments in the target, a list with `...` is given"),
        ("keep()", "`keep` takes 2 arguments in the target, 0 are given"),
        ("x := keep(nil); shut(x)", "`keep` gives 2 results in the target, and 1 are taken"),
        ("run(n, box.Box{}, Some)", "takes `s.Func` as its argument 1"),
        ("run(nil, box.Box{}, m)", "takes `string` as its argument 3"),
        ("_ = struct{ A int }{nil}", "`nil` stands where `int` is wanted in the target"),
        ("_ = struct{ A int }{1, 2}", "`struct` has 1 fields in the target, and is given 2 values"),
        ("_ = []struct{ A int }{{A: 1}, {B: 2}}", "`struct` has no field `B` in the target"),
        ("_ = map[string]struct{ m Mode }{n: {n}}", "`n` stands where `s.Mode` is wanted in the target"),
        ("var e interface{ M() } = n; _ = e", "`n` stands where `interface` is wanted in the target: it is `string`"),
        ("var e interface{ M() } = first; _ = e", "it is `*s.Item`, without a method `M`"),
        ("var e interface{ Close() } = first; _ = e", "whose method `Close` takes or gives other types"),
        ("var e interface{ Keeper; M() }; shut(e); e.N()", "`e.N`: `interface` has no field or method `N` in the target"),
        ("var e interface{ M() }; shut(e)", "it is `interface`, without a method `Close`"),
        ("var at struct{ next *Item }; at.next = n", "`n` stands where `*s.Item` is wanted in the target"),
        ("var at struct{ next *Item }; _ = at.last", "`at.last`: `struct` has no field or method `last` in the target"),
        ("func(k interface{ M() }) {}(first)", "it is `*s.Item`, without a method `M`"),
    ],
)  # fmt: skip
def test_what_surely_does_not_fit(body: str, reason: str) -> None:
    (found,) = _found(body)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "put(ctx, n, m)",
        'put(ctx, "n", 2)',
        "put(nil, Some, Many)",
        "put(ctx, Text(n), Mode(other))",
        "put(ctx, string(Name(n)), m|1)",
        "put(ctx, n[1:]+n, -m)",
        "put(ctx, l.Name, l.Item.Mode)",
        "_ = l.All[0].Close(); go first.Close()",
        "keep(nil, l.All...)",
        "keep(nil, l.All[0], *l.Item, *first)",
        "shut(l); shut(first); shut(l.Item)",
        "made(nil); made(n)",
        "var a Any[int]; a.of = n",
        "run(func() error { return nil }, box.New(2), n)",
        "run(l.Close, box.Box{1}, Text(n))",
        "run(Func(nil), box.Box{N: 1}, box.Kind(n))",
        "r = run(nil, box.Box{}, n)",
        "return m, nil",
        "return 1, io.EOF",
        "return",
        "_ = Item{}; _ = Item{n, 3, nil}",
        '_ = map[string]Item{n: {n, m, first}, "b": {Name: Some}}',
        "_ = [...]Mode{2: m, 1}",
        "_ = struct{ A int }{1}; _ = []struct{ A int }{{1}, {A: 2}, {}}",
        "type own int; _ = struct{ A own }{1}; _ = struct{ A own }{own(n)}",
        "if l.next != nil && first == nil { }",
        "{ n := 1; _ = n }; _ = l.All[0].next.Close()",
        "if n := l.All; n == nil { }; put(ctx, n, m)",
        "put := func(m Mode) {}; put(m)",
        "Mode := n; put(ctx, Mode, m)",
        "switch x := any(n).(type) { case string: put(ctx, x, m); case nil: _ = x.A; default: put(ctx, x, m) }",
        "_ = Times{Gone: nil, Wait: 3}.Gone == nil",
        "_ = Times{}.At",
        "_, y := keep(nil); _ = 3; _ = y",
        "box := first; _ = box.Name; box.New()",
        "var _ Closer = (*List)(nil)",
        "var e interface{ Close() error } = l; shut(e); _ = e.Close",
        "var e interface{ Closer } = first; _ = e; e = nil",
        "var at struct{ next *Item }; at.next = first; _ = at.next.Mode",
        "for _, i := range l.All { put(ctx, i.Name, i.Mode) }",
        "x := m << 2; _ = x == 3",
        "var s Stranger; s.Any(n, nil)",
    ],
)
def test_what_fits_or_may_fit(body: str) -> None:
    found = _found(body)
    assert found == (
        ["`box.New`: `*s.Item` has no field or method `New` in the target"]
        if "box :=" in body
        else []
    )


def test_results_with_names_and_of_a_function_within_are_told_apart() -> None:
    head = "func f(a, b string) (m Mode, err error)"
    assert _found("func() string { return a }(); return m, err", head) == []
    (found,) = _found("return a, err", head)
    assert "`return` gives `a`" in found
