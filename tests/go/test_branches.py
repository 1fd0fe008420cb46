"""Labels of one function are looked for once, however many ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gopatch.go import branches
from gopatch.go.strict import refusals
from gopatch.go.tree import Syntax, parse


@pytest.mark.parametrize("count", [10, 400])
def test_labels_are_looked_for_once(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, inside = [], branches._inside

    def counted(function: Syntax, kinds: set[str]) -> Iterator[Syntax]:
        looks.append(kinds)
        return inside(function, kinds)

    monkeypatch.setattr(branches, "_inside", counted)
    labels = "".join(f"l{number}:\n\tgoto l{number}\n" for number in range(count))
    file = parse(f"package p\n\nfunc f() {{\n{labels}}}\n".encode())
    assert not list(refusals(file))
    assert len(looks) == 2


def test_each_function_has_labels_of_its_own() -> None:
    file = parse(b"package p\n\nfunc f() {\nl:\n\tgoto l\n}\n\nfunc g() {\n\tgoto l\n}\n")
    (refusal,) = refusals(file)
    assert "`l` is not there" in refusal.reason
