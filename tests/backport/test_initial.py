"""Variables that would be made of themselves with a change, and those that would not, or were before."""

from __future__ import annotations

import pytest

from gopatch.backport.changed_types import rows_in
from gopatch.backport.index import Index
from gopatch.backport.initial import circular
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import ShownTypes
from tests.backport.memory import Memory

BEFORE = b"package s\n\nfunc f() {\n}\n"


def _found(beside: str, body: str, before: bytes = BEFORE, more: str = "") -> list[str]:
    """What comes round to itself when a function gets a body, and others come below it."""
    after = f"package s\n\nfunc f() {{\n\t{body}\n}}\n{more}".encode()
    index = Index(Memory({"s/s.go": f"package s\n\n{beside}\n".encode(), "s/f.go": before}))
    old = ShownTypes(OverlaidSource(index, {}))
    new = ShownTypes(OverlaidSource(index, {"s/f.go": after}))
    rows = [row for row in rows_in(new, "s/f.go") if row.kind != "package_clause"]
    return [reason for _, reason in circular("s/f.go", rows, old, new)]


@pytest.mark.parametrize(
    ("beside", "body"),
    [
        ("var A = f", "_ = A"),
        ("var A = h()\n\nfunc h() int { f(); return 1 }", "_ = A"),
        ("var A = []func(){f}", "_ = A"),
        ("type T struct{ N func() }\n\nvar A = T{N: f}", "use(A.N)"),
        ('var A = map[string]func(){"a": func() { f() }}', "for range A {\n\t}"),
        ("var (\n\tC = 1\n\tA = B\n\tB = h()\n)\n\nfunc h() int { f(); return 1 }", "_ = A"),
        ("var A = f\n\nfunc g() { h() }\n\nfunc h() { _ = A }", "g()"),
        ("var B, A = 1, f", "_ = func() func() { return A }"),
        ("var A, B = h()\n\nfunc h() (int, int) { f(); return 1, 2 }", "_ = A"),
    ],
)
def test_a_variable_that_is_made_of_itself(beside: str, body: str) -> None:
    (found,) = _found(beside, body)
    assert found.endswith("would be made of itself in the target, by what `f` names")


@pytest.mark.parametrize(
    ("beside", "body"),
    [
        ("var A = 1", "_ = A"),
        ("var A func()\n\nfunc init() { A = f }", "_ = A"),
        ("var A = h()\n\nfunc h() int { return 1 }", "_ = A"),
        ("var A = f", "h()"),
        ("var A = f", "A := 1\n\t_ = A"),
        ("var A = func(f int) int { return f }", "_ = A(1)"),
        ("type T struct{ f int }\n\nvar A = T{f: 1}.f", "_ = A"),
        ("var A, B = 1, f", "_ = A"),
        ("const A = 1", "f()\n\t_ = A"),
        ("func g() { f() }", "g()"),
        ("type A struct{}", "_ = A{}"),
        ("var A = f\n\nvar A = 2", "_ = A"),
    ],
)
def test_no_variable_is(beside: str, body: str) -> None:
    assert _found(beside, body) == []


def test_a_variable_that_comes_with_the_change() -> None:
    (found,) = _found(
        "func h() int { return 1 }",
        "_ = A",
        more="\nvar A = g()\n\nfunc g() int { f(); return h() }\n",
    )
    assert found.startswith("`A` would be made of itself")


def test_what_names_it_already_is_not_asked() -> None:
    before = b"package s\n\nfunc f() {\n\t_ = A\n}\n"
    assert _found("var A = f", "_ = A\n\tprintln(A)", before) == []
