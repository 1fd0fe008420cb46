"""Who calls a function by a text or a number is told; texts and methods that say nothing of it are not."""

from __future__ import annotations

import pytest

from gopatch.port._by_name import called_by_name

NAMES = frozenset({"Lookup", "lookup"})
FILE = 'package p\n\nimport "reflect"\n\nfunc f() {\n\t%s\n}\n'


def found(text: str) -> list[tuple[str, str]]:
    return [(one.function, one.name) for one in called_by_name(text.encode(), NAMES)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        pytest.param('reflect.ValueOf(s).MethodByName("Lookup").Call(nil)', "Lookup", id="name"),
        pytest.param("name := `Lookup`", "Lookup", id="name-that-is-kept"),
        pytest.param("reflect.ValueOf(s).MethodByName(name)", "", id="name-of-a-variable"),
        pytest.param('v.MethodByName("Look" + "up")', "", id="name-of-parts"),
        pytest.param("reflect.ValueOf(s).Method(3)", "", id="number"),
    ],
)
def test_what_may_be_called_by_reflection_is_told(body: str, name: str) -> None:
    assert found(FILE % body) == [("f", name)]


def test_what_the_linker_takes_from_elsewhere_is_told() -> None:
    text = "package p\n\n//go:linkname mine d/registry.(*Service).lookup\nfunc mine(h string)\n"
    assert found(text) == [("", "lookup")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FILE % 'v.MethodByName("Other")', id="another-name"),
        pytest.param(FILE % 'told("a Lookup failed")', id="a-sentence"),
        pytest.param(FILE % "v.Method()", id="no-number"),
        pytest.param(FILE % 'if v == "" { w = `` }', id="empty"),
        pytest.param(FILE.replace('import "reflect"', "") % 'a("Lookup")', id="nobody-reflects"),
        pytest.param("package p\n\n//go:linkname mine time.now\nfunc mine()\n", id="another-link"),
        pytest.param("package p\n\n//go:linkname lookup\nfunc lookup()\n", id="a-link-from-elsewhere"),
    ],
)  # fmt: skip
def test_what_says_nothing_of_it_is_left_alone(text: str) -> None:
    assert found(text) == []
