"""The names that a change brings, and those that it may bring, told without compiling it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.engine.compiled import compiled
from gopatch.engine.free_names import _places, free_names, may_be_free

CHANGES = {
    "unbound(a, zzz.field, T{key: value})": ("unbound", "zzz", "T", "value"),
    "func(q ...Kind) { print(q) }(a)": ("Kind",),
    "fresh := helper(a)\nuse(fresh)": ("helper", "use"),
    "old(a, 1, nil, len(a))": (),
    'é("w")': ("é",),
}


@pytest.mark.parametrize("plus", CHANGES)
def test_free_names_are_told(plus: str) -> None:
    lines = "".join(f"+{line}\n" for line in plus.split("\n"))
    (pattern,) = compiled(f"@@\nvar a expression\n@@\n-old(a)\n{lines}", "x.patch")
    found = may_be_free(pattern.change.minus.data, pattern.change.plus.data)
    assert free_names(pattern) == CHANGES[plus]
    assert {name.encode() for name in CHANGES[plus]} <= found


@pytest.mark.parametrize("name", [b"field", b"fresh", b"old", b"len", b"q"])
def test_what_is_a_field_or_bound_or_there_is_not_free(name: bytes) -> None:
    plus = b"fresh := x.field(len(a), func(q int) {})\nold(fresh)"
    assert name not in may_be_free(b"old(a)", plus)


@given(
    st.text("ab. é_1", max_size=14).map(str.encode),
    st.text("abé_", min_size=1, max_size=3).map(str.encode),
)
def test_a_name_stands_where_no_letter_is_beside_it(data: bytes, name: bytes) -> None:
    said = re.finditer(rb"(?<!\w)" + re.escape(name) + rb"(?!\w)", data)
    assert list(_places(data, name)) == [found.start() for found in said]
