"""What calls of functions with type parameters give, as far as brackets and arguments tell."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type List[T any] struct{ v T }

type Names []string

type Small int8

func same[T any](x T) T { return x }

func listed[T any](xs ...T) []T { return nil }

func pair[K comparable, V any](m map[K]V) (K, []V) { return nil, nil }

func first[S ~[]E, E any](s S) (S, E) { return nil, nil }

func held[T any](p *T, c chan T) T { return *p }

func told[To, From any](f From) To { return nil }

func list[T any](x T) List[T] { return List[T]{} }

func least[N int | float64](a, b N) N { return a }

func called[T, U any](x T, f func(T) U) U { return f(x) }

func plain(x int) int { return x }
"""
TAKES = (
    "n int, s string, b []byte, names Names, m map[string]int, p *string, l Small, ch chan string"
)


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, TAKES)


@pytest.mark.parametrize(
    ("body", "said", "what"),
    [
        ("s = same(n)", "same(n)", "`int`"),
        ("s = same[int](n)", "same[int](n)", "`int`"),
        ("s = same(1)", "same(1)", "`int`"),
        ("s = same(1.5)", "same(1.5)", "`float64`"),
        ("n = same(l)", "same(l)", "`s.Small`"),
        ("n = listed(n, 2)", "listed(n, 2)", "`[]int`"),
        ("s = listed(s)[0] + listed(1)[0]", "listed(1)[0]", "`int`"),
        ("n = told[string](n)", "told[string](n)", "`string`"),
        ("n = held(p, ch)", "held(p, ch)", "`string`"),
        ("s = least(1, n)", "least(1, n)", "`int`"),
        ("_, x := pair(m); n = x", "x", "`[]int`"),
        ("x, _ := pair(m); n = x", "x", "`string`"),
        ("_, x := first(names); n = x", "x", "`string`"),
        ("x, _ := first(names); n = x", "x", "`s.Names`"),
        ("for _, x := range listed(s) { n = x }", "x", "`string`"),
    ],
)
def test_what_is_given_is_of_another_type(body: str, said: str, what: str) -> None:
    wanted = "int" if body.endswith(("n = x", "n = x }")) or body.startswith("n =") else "string"
    found = _found(body)
    if "+" in body:
        assert (
            f"`+` cannot have `listed(s)[0]`, which is `string` and `{said}`, which is {what}"
            in found[0]
        )
        return
    assert f"`{said}` stands where `{wanted}` is wanted in the target: it is {what}" in found


@pytest.mark.parametrize(
    "body",
    [
        "n = same(n); s = same(s); s = same[string](s)",
        "n = same(1); l = same[Small](1)",
        "var f float64 = least(1, 2.5); _ = f",
        "x := listed(n, n); x = append(x, 3)",
        "k, v := pair(m); s = k; n = v[0]",
        "xs, x := first(names); names = xs; s = x",
        "s = held(p, ch)",
        "s = told[string](n); n = told[int, int](n)",
        "n = list(1).v; var x List[string] = list(s); _ = x",
        "s = called(n, func(n int) string { return s })",
        "s = same(stranger())",
        "s = listed(stranger()...)[0]",
        "var e error = same[error](nil); _ = e",
        "n = plain(same(n))",
        "same := func(n int) string { return s }; s = same(n)",
    ],
)
def test_what_is_given_fits_or_is_not_known(body: str) -> None:
    assert _found(body) == []
