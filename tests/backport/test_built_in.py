"""What Go's own functions do not take, and what they take or may take."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type List []int

type Plain struct{ N int }

type Words map[string]int
"""
TAKES = (
    "l List, p Plain, w Words, a [3]int, b []byte, ss []string, s string, n int, f float64, c complex128,"
    " ch chan int, q *[3]int, x Stranger, u uint8"
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("clear(a)", "`a` stands where a map or slice is wanted in the target: it is `[3]int`"),
        ("clear(p)", "`p` stands where a map or slice"),
        ("_ = cap(w)", "`w` stands where what has a capacity"),
        ("_ = len(n)", "`n` stands where what has a length"),
        ("close(l)", "`l` stands where a channel"),
        ("delete(w, n)", "`n` stands where `string` is wanted"),
        ("delete(l, 1)", "`l` stands where a map"),
        ("l = append(l, s)", "`s` stands where `int` is wanted"),
        ("l = append(l, 1, 1.5)", "`int` does not hold it"),
        ("l = append(l, ss...)", "`ss` stands where `[]int` is wanted"),
        ("l = append(l, a...)", "`a` stands where `[]int` is wanted"),
        ("copy(l, ss)", "`ss` cannot be copied into `l` in the target: it is `[]string`"),
        ("copy(l, s)", "`s` cannot be copied into `l`"),
        ("copy(a, l)", "`a` stands where a slice"),
        ("copy(b, p)", "`p` cannot be copied into `b`"),
        ("_ = make(Plain, 1)", "`Plain` is no slice, map or channel in the target, and is made"),
        ("_ = make([3]int)", "`[3]int` is no slice"),
        ("_ = min(n, f)", "`min` cannot have"),
        ("_ = max(n, s)", "`min` cannot have"),
        ("_ = min(u, 256)", "`uint8` does not hold it"),
        ("_ = max(p)", "`p` stands where what has an order"),
        ("_ = real(f)", "`f` stands where a complex number is wanted in the target: it is `float64`"),
        ("_ = imag(s)", "`s` stands where a complex number"),
    ],
)  # fmt: skip
def test_what_go_does_not_take(body: str, said: str) -> None:
    (found,) = reasons_in(TYPES, body, TAKES)
    assert said in found


@pytest.mark.parametrize(
    "body",
    [
        "clear(w); clear(l); close(ch); _ = len(q); _ = cap(ch); _ = len(s)",
        "delete(w, s); delete(w, `x`); l = append(l, 1, n); l = append(l, l...); b = append(b, s...)",
        "copy(l, l[1:]); copy(b, s); copy(b, `x`); copy(ss, []string{}); copy(l, []int{1})",
        "_ = make(List, 1); _ = make(Words); _ = make(chan int, 2); _ = make(Stranger, 1)",
        "_ = min(n, 3); _ = max(f, 1.5, 2); _ = min(s, `x`); _ = max(u, 255)",
        "_ = real(c); _ = imag(1i); _ = real(x); _ = real(2)",
        "clear := func(a [3]int) {}; clear(a)",
        "clear(x); copy(x, l); copy(l, x); _ = min(x, n)",
    ],
)
def test_what_go_takes_or_may_take(body: str) -> None:
    assert reasons_in(TYPES, body, TAKES) == []


def test_a_function_of_that_name_is_the_packages_own() -> None:
    types = TYPES + b"\nfunc clear(a [3]int) {}\n\nfunc real(f float64) int { return 0 }\n"
    assert reasons_in(types, "clear(a); n = real(f)", TAKES) == []
