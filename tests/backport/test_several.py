"""Values that come several at once, where they surely do not fit, and where they do or nobody can tell."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type Wrong struct{}

func (w *Wrong) Error() string { return "" }

type Truth bool

func both() (string, error) { return "", nil }

func fault() *Wrong { return nil }

func words() []string { return nil }

func table() map[string]string { return nil }

func lines() chan string { return nil }

func take(n int, e error) {}

func all(ns ...int) {}

func read(s string, e error) {}
"""
TAKES = "n int, s string, e error, w *Wrong, x interface{}, t Truth, m map[int]int"


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, TAKES)


@pytest.mark.parametrize(
    ("body", "said", "nth", "wanted", "why"),
    [
        ("n, e = both()", "both()", 1, "int", "`string`"),
        ("s, w = both()", "both()", 2, "*s.Wrong", "`error`"),
        ("var a, b string = both()", "both()", 2, "string", "`error`"),
        ("k := 1; k, z := both()", "both()", 1, "int", "`string`"),
        ("k := fault(); z, k := both()", "both()", 2, "*s.Wrong", "`error`"),
        ("n, ok := both()", "both()", 1, "int", "`string`"),
        ("k := 1; if true { k, z := both() }; k, z := both()", "both()", 1, "int", "`string`"),
        ('n, t = table()["a"]', 'table()["a"]', 1, "int", "`string`"),
        ("n, t = <-lines()", "<-lines()", 1, "int", "`string`"),
        ("n, t = x.(string)", "x.(string)", 1, "int", "`string`"),
        ("s, n = x.(string)", "x.(string)", 2, "int", "a boolean constant"),
        ("select { case n, t = <-lines(): }", "<-lines()", 1, "int", "`string`"),
        ("for _, n = range words() {}", "words()", 2, "int", "`string`"),
        ("for s, _ = range m {}", "m", 1, "string", "`int`"),
        ("take(both())", "both()", 1, "int", "`string`"),
        ("all(both())", "both()", 1, "int", "`string`"),
        ("_ = func() (int, error) { return both() }", "both()", 1, "int", "`string`"),
    ],
)
def test_what_comes_does_not_fit(body: str, said: str, nth: int, wanted: str, why: str) -> None:
    reason = f"`{said}` gives, as value {nth}, what is no `{wanted}` in the target: it is {why}"
    assert _found(body)[0] == reason


@pytest.mark.parametrize(
    "body",
    [
        "s, e = both()",
        "s, x = both()",
        "_, e = both()",
        "var a, b interface{} = both()",
        "z, e := both()",
        "k := 1; if true { k, z := both() }",
        "if n, ok := both(); ok == nil { _ = n }",
        "func(n string) { n, ok := both() }(s)",
        's, t = table()["a"]',
        "s, t = <-lines()",
        "s, t = x.(string)",
        "for _, s = range words() {}",
        "for n := range words() { _ = n }",
        "for k, n := range words() { _, _ = k, n }",
        "read(both())",
        "_ = func() (string, error) { return both() }",
        "n, e = stranger()",
        "n, e = both(), 1",
        "n, e, s = x.f()",
    ],
)
def test_what_comes_fits_or_nobody_can_tell(body: str) -> None:
    assert not [reason for reason in _found(body) if "gives, as value" in reason]


def test_one_value_for_a_variable_that_is_there() -> None:
    assert _found('k := 1; k, z := "a", 2') == [
        '`"a"` stands where `int` is wanted in the target: it is a string constant'
    ]
