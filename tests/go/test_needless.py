"""Parentheses that gofmt does not print go where they are touched, and nowhere else."""

from __future__ import annotations

import pytest

from gopatch.go.needless import strip_parens
from gopatch.go.tree import parse
from gopatch.splice import splice

NEEDLESS = {
    "x := ((a))": "x := (a)",
    "x := (((a)))": "x := (a)",
    "x := ((a) + b)": None,
    "x := ((a)(b))": None,
    "x := (/* why */ (a))": None,
    "if (a) {\n}": "if a {\n}",
    "if ((a)) {\n}": "if a {\n}",
    "if ( a ) {\n}": "if a {\n}",
    "if (/* why */ a) {\n}": "if /* why */ a {\n}",
    "if b := a; (b) {\n}": "if b := a; b {\n}",
    "for (a) {\n}": "for a {\n}",
    "for ; (a); {\n}": "for ; a; {\n}",
    "for range (a) {\n}": "for range a {\n}",
    "for b := range (a) {\n}": "for b := range a {\n}",
    "switch (a) {\n}": "switch a {\n}",
    "switch (a).(type) {\n}": None,
    "switch a {\ncase (b):\n}": None,
    "if (T{} == a) {\n}": None,
    "if (g(T{})) {\n}": None,
    "if ((T{}).a) {\n}": "if (T{}).a {\n}",
    "if (a) == b {\n}": None,
    "return (a)": None,
    "(a)()": None,
}


def _stripped(body: str, touched: str) -> str:
    data = f"package a\n\nfunc f() {{\n{body}\n}}\n".encode()
    start = data.index(touched.encode())
    done = splice(data, strip_parens(parse(data), [(start, start + len(touched))]))
    return done.decode().removeprefix("package a\n\nfunc f() {\n").removesuffix("\n}\n")


@pytest.mark.parametrize("body", NEEDLESS)
def test_as_gofmt_prints_it(body: str) -> None:
    wanted = NEEDLESS[body]
    assert _stripped(body, body) == (wanted or body)


def test_what_is_not_touched_stays() -> None:
    assert _stripped("g(((a)))\nh(((b)))", "h") == "g(((a)))\nh(((b)))"
    assert _stripped("g(((a)))\nh(((b)))", "b") == "g(((a)))\nh((b))"
