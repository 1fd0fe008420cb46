"""Types that cannot have a method, or that hold themselves, and those that can."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons

TYPES = b"""package s

type Plain struct{ Name string }

type Number = int

type Same = Plain

type Asked interface{ Close() }

type Pointed *Plain

type Row [2]Plain

type List[A any] struct{ All []A }

type Pair[A, B any] struct{}

type Holder struct{ Inner Held }

type Linked struct{ Next *Linked }

type Sliced struct{ All []Sliced }

var Value int
"""


def _of(declaration: str) -> list[str]:
    files = {
        "go.mod": b"module m\n",
        "s/s.go": TYPES,
        "s/f.go": f"package s\n\n{declaration}\n".encode(),
    }
    return reasons(files, "s/f.go")


@pytest.mark.parametrize(
    ("declaration", "why"),
    [
        ("func (p Plain) Name() {}", "it has a field of that name in the target"),
        ("func (p *Plain) Name() {}", "it has a field of that name"),
        ("func (Same) Name() {}", "it has a field of that name"),
        ("func (n Number) Add() {}", "it is `int` in the target, which is declared elsewhere"),
        ("func (a Asked) Open() {}", "it is an interface in the target"),
        ("func (p Pointed) Open() {}", "it is a pointer in the target"),
        ("func (l List) Open() {}", "it has type parameters in the target"),
        ("func (l *Pair) Open() {}", "it has type parameters in the target"),
        ("type Held struct{ Outer Holder }", "holds itself in the target, and has no end"),
        ("type Held struct{ Outer [3]Holder }", "holds itself"),
        ("type Held struct{ Holder }", "holds itself"),
    ],
)
def test_what_cannot_be(declaration: str, why: str) -> None:
    (found,) = _of(declaration)
    assert why in found


@pytest.mark.parametrize(
    "declaration",
    [
        "func (p Plain) Names() {}",
        "func (p *Plain) name() {}",
        "func (Same) Open() {}",
        "func (r Row) Name() {}",
        "func (*Row) Open() {}",
        "func (l List[A]) Open() {}",
        "func (l *Pair[_, B]) Open() {}",
        "func (s Stranger) Open() {}",
        "func (s *Stranger[A]) Open() {}",
        "type Held struct{ Outer *Holder }",
        "type Held struct{ Outer []Holder; Ask func(Holder) Holder; Keep map[string]Holder }",
        "type Held struct{ Outer Stranger; Linked; Sliced }",
        "type Held interface{ Outer() Holder }",
        "func f() { type Held struct{ Outer Holder }; type Plain struct{ P *Plain } }",
    ],
)
def test_what_can_be(declaration: str) -> None:
    assert _of(declaration) == []
