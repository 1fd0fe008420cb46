"""What types a source shows, and what they have, as far as they are known to the last field."""

from __future__ import annotations

import pytest

from gopatch.backport.go_types import GoType
from gopatch.backport.index import Index
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import ShownTypes
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

type Mixed struct {
	x.Y
	Outer
}
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
        ("Holds", "D", True),
        ("Asked", "D", True),
        ("Named", "D", True),
        ("Elsewhere", "D", False),
    ],
)
def test_a_type_lacks_what_it_surely_does_not_have(owner: str, member: str, lacking: bool) -> None:
    shown = ShownTypes(OverlaidSource(Index(Memory({"s/s.go": TYPES})), {}))
    known = GoType("named", ("s", b"s.%s" % owner.encode()))
    for each in (known, GoType("pointer", parts=(known,))):
        has = shown.members(each, member.encode())
        assert (has.known and not has.found) is lacking


@pytest.mark.parametrize(
    ("owner", "member", "owners"),
    [
        ("Plain", "A", ["s.Plain"]),
        ("Outer", "A", ["s.Plain"]),
        ("Holds", "Own", ["s.Asked"]),
        ("Mixed", "Outer", ["s.Mixed"]),
        ("Mixed", "C", []),
        ("Mixed", "A", []),
        ("Plain", "C", []),
    ],
)
def test_whose_a_member_is_nobody_can_tell_beside_what_is_not_known(
    owner: str, member: str, owners: list[str]
) -> None:
    shown = ShownTypes(OverlaidSource(Index(Memory({"s/s.go": TYPES})), {}))
    has = shown.members(GoType("named", ("s", b"s.%s" % owner.encode())), member.encode())
    assert [str(each) for each in has.owners] == owners
