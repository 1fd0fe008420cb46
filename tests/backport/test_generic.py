"""What surely is no instance of a generic type or function, and what is one, or may be."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type List struct{ v int }

type Set[K comparable] struct{ k K }

type Key struct{ parts []string }

type Name string

func one[K comparable](k K) K { return k }

func sum[N int | ~float64](n N) N { return n }

func two[K comparable, V any](k K, v V) {}

func none(n int) {}

func given[K any, V any](k K) (v V) { return }

func whole[N ~int](n N) {}

func cored[S ~[]E, E any](s S) {}

func held[K any, P interface{ *K }](k K) {}

var (
	n    int
	text string
	key  Key
	name Name
	all  []List
)
"""


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("_ = List[int]{1}", "`List` has 0 type parameters in the target, 1 are given"),
        ("_ = Set[int, int]{}", "`Set` has 1 type parameters in the target, 2 are given"),
        ("_ = Set{1}", "`Set` has type parameters in the target"),
        ("one[int, int](1)", "`one` has 1 type parameters in the target, 2 are given"),
        ("none[int](1)", "`none` has 0 type parameters in the target, 1 are given"),
        ("one(key)", "`one` takes `comparable` as its argument in the target, and `key` is `s.Key`"),
        ("sum(text)", "`sum` takes `int | ~float64` as its argument in the target, and `text` is `string`"),
        ("_ = given(1)", "`given` has a type parameter `V` in the target, and no argument tells it"),
        ('whole("a")', "`whole` takes `~int` as its argument in the target, and `\"a\"` is `string`"),
        ("whole(true)", "`whole` takes `~int` as its argument in the target, and `true` is `bool`"),
    ],
)  # fmt: skip
def test_what_surely_is_no_instance(body: str, reason: str) -> None:
    assert reason in _found(body)


@pytest.mark.parametrize(
    "body",
    [
        "_ = Set[int]{1}; var x Set[string]; _ = x; _ = &Set[int]{}",
        "one(n); one[int](n); two(n, key); two[int](1, key); two[int, Key](1, key); one(&key)",
        "sum(n); sum(1.5); one(name); one(text)",
        "_ = given[int, string](1); whole(1); whole('a'); cored(all); held(n); held(text); whole(name)",
        "_ = all[0]; none := all; _ = none[0]",
    ],
)
def test_what_is_an_instance_or_may_be(body: str) -> None:
    assert _found(body) == []
