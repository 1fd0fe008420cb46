from __future__ import annotations

import pytest

from gopatch.backport.declared import declared_in

TEXT = b"""package p

type T struct {
	a, b int
	*q.Embedded
}

var (
	one = 1
	two int
)

func (t *T) Do(x int, more ...string) (int, error) {
	local := x
	local++
	one = 2
	return local, nil
}

func plain() {
	_ = T{
		a: 1,
	}
	called(one)
	q.Looked(x)
	set = 1
	type inner struct {
		Kept int
	}
}

type doer interface {
	Called(x int) error
	other.Doer
}

type short struct{ flat int }

func (t *T) Takes(given T) { t.a = 1 }
"""


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("a", ["member"]),
        ("b", ["member"]),
        ("Embedded", ["member"]),
        ("one", ["var"]),
        ("two", ["var"]),
        ("plain", ["func"]),
        ("T", ["type"]),
        ("local", []),
        ("x", []),
        ("called", []),
        ("Looked", []),
        ("set", []),
        ("given", []),
        ("Kept", ["member"]),
        ("Called", ["member"]),
        ("Doer", []),
        ("flat", ["member"]),
        ("Takes", ["member"]),
        ("absent", []),
    ],
)
def test_what_declares_a_name(name: str, kinds: list[str]) -> None:
    assert [d.kind for d in declared_in(TEXT, name.encode(), "p.go")] == kinds


def test_a_method_tells_what_it_takes() -> None:
    (found,) = declared_in(TEXT, b"Do", "p.go")
    assert (found.owner, found.parameters, found.results, found.variadic) == (b"T", 2, 2, True)
