"""Types that are an address by another name, or hold one: each is told, and none that has nothing of one."""

from __future__ import annotations

import pytest

from gopatch.port._address_types import AddressTypes, types_in

KNOWN = AddressTypes(frozenset({"E"}), frozenset({"Listed"}))


def found(text: str, known: AddressTypes = KNOWN) -> dict[str, list[str]]:
    types = types_in(f"package p\n\n{text}\n".encode(), known)
    return {kind: sorted(names) for kind, names in types._asdict().items() if names}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("type A = E", {"ones": ["A"]}, id="alias"),
        pytest.param("type A registry.E", {"ones": ["A"]}, id="defined"),
        pytest.param("type A *E", {"ones": ["A"]}, id="pointer"),
        pytest.param("type (\n\tA = E\n\tB = E\n)", {"ones": ["A", "B"]}, id="group"),
        pytest.param("func f() { type A = E }", {"ones": ["A"]}, id="of-a-function"),
        pytest.param("type L []E", {"lists": ["L"]}, id="list"),
        pytest.param("type L = map[string][]*registry.E", {"lists": ["L"]}, id="map"),
        pytest.param("type L Listed", {"lists": ["L"]}, id="of-a-list"),
        pytest.param("type S struct{ a, b E }", {"fields": ["a", "b"]}, id="fields"),
        pytest.param("type S struct{ all []E }", {"fields": ["all"]}, id="field-of-several"),
        pytest.param("type S struct{ *registry.E }", {"embedding": ["S"]}, id="embedded"),
    ],
)
def test_types_that_have_an_address_are_told(text: str, told: dict[str, list[str]]) -> None:
    assert found(text) == told


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("type A = F", id="another"),
        pytest.param("type EE = Ee", id="a-longer-name"),
        pytest.param("type A struct{ URL string }", id="fields-of-its-own"),
        pytest.param("type A struct{ E string }", id="a-field-of-that-name"),
        pytest.param("type A func() E", id="function"),
        pytest.param("type A interface{ get() []E }", id="interface"),
        pytest.param("var a E", id="variable"),
        pytest.param("// type A = E", id="comment"),
    ],
)
def test_what_has_none_is_not(text: str) -> None:
    assert found(text) == {}


def test_only_exported_names_are_for_other_packages() -> None:
    types = AddressTypes(
        frozenset({"E", "e"}), frozenset({"list"}), frozenset(), frozenset({"All"})
    )
    told = AddressTypes(frozenset({"E"}), fields=frozenset({"All"}))
    assert types.exported() == told
