"""Addresses of another type than the one that has the rail: each place is told, and none where they are of that."""

from __future__ import annotations

import pytest

from gopatch.port._address_types import AddressTypes
from gopatch.port._other_types import alike_in, fields_in, other_types
from gopatch.port._rebuilt import Marked

KNOWN = AddressTypes(frozenset({"E", "Same"}), frozenset({"List"}))
MARKED = Marked("E", "byOption", frozenset({"Lookup"}), KNOWN)
TYPES = """package p

type E struct {
	URL, Host string
	TLS       *T
	byOption  bool
}

type Other struct {
	Host string
	TLS  *T
	URL  string
}

type Wider struct {
	Host, URL, More string
	TLS             *T
}

type Empty struct{}
"""
FIELDS = frozenset({b"URL", b"Host", b"TLS"})


def found(text: str, *alike: str) -> list[tuple[str, str]]:
    told = other_types(f"package p\n\n{text}\n".encode(), MARKED, frozenset(alike))
    return [(one.function, one.said.split()[0]) for one in told]


def test_structs_with_the_same_fields_are_alike() -> None:
    data = TYPES.encode()
    assert fields_in(data, "E") == FIELDS | {b"byOption"}
    assert alike_in(data, FIELDS) == {"Other"}
    assert fields_in(data, "T") == frozenset() == alike_in(data, frozenset())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("func f(e E) { ask(Other(e)) }", ("f", "converts"), id="there"),
        pytest.param("func f(o Other) E { return E(o) }", ("f", "converts"), id="back"),
        pytest.param("func f(e E) { ask(q.Other(e)) }", ("f", "converts"), id="of-another-package"),
        pytest.param("var o = Other(e)", ("", "converts"), id="outside"),
        pytest.param("func (s S) Lookup() []Other { return others(s.inner.Lookup()) }", ("Lookup", "gives"), id="given"),
        pytest.param("func Lookup() (u []string, err error) { u = urls(inner.Lookup()); return }", ("Lookup", "gives"), id="texts"),
    ],
)  # fmt: skip
def test_what_would_be_of_another_type_is_told(text: str, told: tuple[str, str]) -> None:
    assert found(text, "Other") == [told]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("func f(e E) { ask(Wider(e)) }", id="another-call"),
        pytest.param("func f(o Other) E { return E{URL: o.URL} }", id="no-conversion"),
        pytest.param("func (s S) Lookup() ([]E, error) { return nil, nil }", id="itself"),
        pytest.param("func (s S) Lookup() (l q.List, err error) { return }", id="a-list-by-name"),
        pytest.param("func Lookup() *Same { return nil }", id="another-name"),
        pytest.param("func Lookup() { ask() }", id="nothing"),
        pytest.param("func Lookup() []string { return names }", id="of-something-else"),
        pytest.param("func LookupHost() string { return host }", id="another-function"),
    ],
)
def test_what_is_of_that_type_is_not(text: str) -> None:
    assert found(text, "Other") == []


def test_without_a_struct_that_is_alike_nothing_is_converted() -> None:
    assert found("func f(s Same) E { return E(s) }") == []
