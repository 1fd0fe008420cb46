"""What a receiver or a parameter is asked for is there, as far as its type is known to the last field."""

from __future__ import annotations

import pytest

from gopatch.backport.go_files import go_file
from gopatch.backport.index import Index
from gopatch.backport.members import MemberUse, held_in, lacks
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.scopes import uses
from tests.backport.memory import Memory

TYPES = b"""package s

type Plain struct {
	A, B int `json:"a"`
}

func (p *Plain) Own() {}

type Outer struct {
	*Plain
	C int
}

type Foreign struct {
	x.Y
}

type Asked interface{ Own() }

type Holds struct{ Asked }

type Named map[string]int
"""


@pytest.mark.parametrize(
    ("owner", "member", "lacking"),
    [
        ("Plain", "A", False),
        ("Plain", "B", False),
        ("Plain", "Own", False),
        ("Plain", "C", True),
        ("Outer", "C", False),
        ("Outer", "Plain", False),
        ("Outer", "A", False),
        ("Outer", "Own", False),
        ("Outer", "D", True),
        ("Foreign", "D", False),
        ("Holds", "D", False),
        ("Asked", "D", False),
        ("Named", "D", False),
        ("Elsewhere", "D", False),
    ],
)
def test_a_type_lacks_what_it_surely_does_not_have(owner: str, member: str, lacking: bool) -> None:
    side = OverlaidSource(Index(Memory({"s/s.go": TYPES})), {})
    assert lacks(side, "s", owner.encode(), member.encode()) is lacking


def _function(text: bytes) -> set[MemberUse]:
    return held_in(go_file(b"package s\n\n" + text).root.children[-1])


def test_receivers_and_parameters_are_asked() -> None:
    found = _function(
        b"func (p *Plain) F(o Outer, x y.Z, m ...Plain) {\n\tp.A = o.C + x.D + m.E\n}\n"
    )
    assert found == {MemberUse(b"p", b"Plain", b"A"), MemberUse(b"o", b"Outer", b"C")}


def test_a_name_that_means_two_things_is_not_asked() -> None:
    assert _function(b"func F(p Plain) {\n\tfunc(p Outer) { p.C() }(q)\n\tp.A()\n}\n") == set()


def test_a_type_beside_a_parameter_is_not_of_it() -> None:
    """`box` is a package in the head of the function, and a parameter in its body."""
    text = (
        b"package s\n\nfunc (l *List[T]) F(box *Box, in box.In, t T) box.Out {\n\treturn box.A\n}\n"
    )
    function = go_file(text).root.children[-1]
    names = [use.name for use in uses(function) if use.role == "name"]
    assert names == [b"List", b"Box", b"box", b"box"]
    assert held_in(function) == {MemberUse(b"box", b"Box", b"A")}
