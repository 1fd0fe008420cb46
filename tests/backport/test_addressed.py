"""What surely is no variable where one is wanted, and what is one, or may be."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type Part struct{ N int }

type T struct {
	N    int
	List []int
	Row  [3]int
	Part Part
	*Held
}

type Held struct{ H int }

func (t *T) Set() {}

func (t T) Get() int { return t.N }

var (
	value T
	one   *T
	table map[string]T
	far   map[string]*T
	rows  map[string][3]int
	any1  interface{}
	text  string
)

func get() T { return T{} }

func point() *T { return nil }

func all() []T { return nil }

func row() [3]int { return [3]int{} }
"""


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, "ask func() T")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("get().N = 1", "`get().N` cannot be set: in the target it is a value's"),
        ("get().Part.N++", "`get().Part.N` cannot be set"),
        ("ask().N = 1", "`ask().N` cannot be set"),
        ('table["a"].N = 1', '`table["a"].N` cannot be set'),
        ('table["a"].N += 1', "cannot be set"),
        ("row()[1] = 2", "`row()[1]` cannot be set"),
        ('rows["a"][1] = 2', '`rows["a"][1]` cannot be set'),
        ("get().Row[1]--", "cannot be set"),
        ("any1.(T).N = 1", "cannot be set"),
        ("_ = row()[:]", "`row()` has no address"),
        ('_ = rows["a"][1:]', "has no address"),
        ("text[0] = 1", "`text[0]` cannot be set"),
        ("_ = &text[0]", "`text[0]` has no address"),
        ("T{}.N = 1", "cannot be set"),
        ("_ = &get().N", "`get().N` has no address: in the target it is a value's"),
        ('_ = &table["a"]', '`table["a"]` has no address'),
        ("_ = &(get()).Part", "has no address"),
        ("value.N, get().N = 1, 2", "`get().N` cannot be set"),
        ("get().Set()", "`get().Set`: in the target only a pointer has that method"),
        ("T{}.Set()", "`T{}.Set`: in the target only a pointer"),
        ('table["a"].Set()', "only a pointer has that method"),
        ("_ = T.Set", "`T.Set`: in the target only a pointer has that method"),
    ],
)
def test_what_surely_is_no_variable(body: str, reason: str) -> None:
    (found,) = _found(body)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "value.N = 1; one.N++; value.Part.N = 2; (*one).N = 3",
        'point().N = 1; _ = &point().N; far["a"].N = 2',
        'table["a"] = value; far["a"] = one; rows["a"] = row()',
        "all()[1].N = 1; get().List[0] = 2; _ = &all()[1]; _ = &get().List[0]",
        'get().H = 1; _ = &get().Held.H; table["a"].H = 2',
        "_ = &T{}; _ = &value; _ = &value.Row[1]; value.Row[1] = 2",
        "x := get(); x.N = 1; _ = &x.N",
        '_ = get().N + table["a"].N',
        "_ = value.Row[:]; _ = all()[1:]; _ = text[1:]; x := row(); _ = x[:]",
        "any1.(*T).N = 1; text = `x`; _ = text[0]; _ = &text",
        'value.Set(); one.Set(); point().Set(); far["a"].Set(); all()[0].Set(); (&T{}).Set()',
        "_ = (*T).Set; _ = T.Get; _ = (*T).Get; _ = get().Get(); Set := get(); Set.Set()",
    ],
)
def test_what_is_a_variable_or_may_be(body: str) -> None:
    assert _found(body) == []
