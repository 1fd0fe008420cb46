"""What shows that a change is made: enough words of its own, and none that both sides say."""

from __future__ import annotations

import pytest

from gopatch.engine.evidence import made_already, says_more, tells
from gopatch.engine.pattern import Pattern, compile_patch
from gopatch.go.tree import parse


def pattern(minus: str, plus: str) -> Pattern:
    lines = [f"-{line}" for line in minus.split("\n") if line]
    lines += [f"+{line}" for line in plus.split("\n") if line]
    text = "@@\nvar a, b expression\nvar n identifier\n@@\n" + "\n".join(lines) + "\n"
    return compile_patch(text, "x.patch")[0]


@pytest.mark.parametrize(
    ("minus", "plus"),
    [
        pytest.param("f(a)", "g(a, true)", id="an argument"),
        pytest.param("f(a)", "g(a, 30)", id="a literal"),
        pytest.param("f(a)", "g(h(a))", id="two calls"),
        pytest.param("T{a}", "U{Name: a}", id="a key"),
        pytest.param("f(a)", "g(a).h()", id="a call of what a call gives"),
        pytest.param("f(a)", "!g(a)", id="an operator and a call"),
        pytest.param('import "a"', 'import "example.com/a"', id="a long path"),
        pytest.param('import "a"\n\na.F()', 'import "b/c"\n\nc.F()', id="a path and a call"),
        pytest.param("type A chan B", "type A chan<- B", id="a direction"),
        pytest.param("type A B", "type A = B", id="an alias"),
        pytest.param("func f(x ...T) {\n}", "func f(x T) {\n}", id="no dots of a parameter"),
        pytest.param("x = y", "x := y", id="a declaration"),
        pytest.param("x += y", "x -= y", id="an assignment"),
    ],
)
def test_says_enough(minus: str, plus: str) -> None:
    assert tells(pattern(minus, plus))


@pytest.mark.parametrize(
    ("minus", "plus"),
    [
        pytest.param("f(a)", "a", id="a metavariable"),
        pytest.param("f(a)", "g(a)", id="a call"),
        pytest.param("f(a)", "x.y.g(a)", id="a call by a long name"),
        pytest.param("f(a)", "a.g()", id="a method"),
        pytest.param("f(a, b)", "a + b", id="an operator"),
        pytest.param("return f(a)", "return a", id="a keyword"),
        pytest.param("f(...)", "g(...)", id="dots"),
        pytest.param("if f(a) {\n}", "if a != nil {\n}", id="nil"),
        pytest.param('import "os"', 'import "io"', id="a short path"),
        pytest.param("f(a)", "", id="nothing"),
        pytest.param("a = b", "a := b", id="an assignment of metavariables"),
        pytest.param("type T chan a", "type T <-chan a", id="a direction of a metavariable"),
        pytest.param('import "x/a"', "", id="an import that goes"),
        pytest.param('import "a"\n\na.F(b)', 'import "b"\n\nb.F(b)', id="a short path and a call"),
    ],
)
def test_says_too_little(minus: str, plus: str) -> None:
    assert not tells(pattern(minus, plus))
    assert made_already(pattern(minus, plus), parse(b"package p\n\nvar _ = g(1)\n")) == []


@pytest.mark.parametrize(
    ("minus", "plus", "more"),
    [
        ("f(a)", "f(g(a))", True),
        ("if a {\n}", "if x || a {\n}", True),
        ("f(a, b)", "f(b, a)", False),
        ("a - b", "b - a", False),
        ("f(a, 1)", "f(1, a)", False),
    ],
)
def test_says_more_than_the_minus_side(minus: str, plus: str, more: bool) -> None:
    assert says_more(pattern(minus, plus)) is more
