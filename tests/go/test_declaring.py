"""Whether a file declares what a name says."""

from __future__ import annotations

import pytest

from gopatch.go.declaring import declares, may_declare, places_of

SHOP = b"""// Package shop sells.
package shop

import "example.com/till"

type Shelf struct{ Width int }

func (s *Shelf) Fill() {}

func (Shelf) Empty() {}

const most, least = 1, 2

var open = till.Open
"""


@pytest.mark.parametrize(
    "name",
    [
        "Shelf",
        "Fill",
        "Shelf.Fill",
        "Shelf.Empty",
        "shop.Shelf",
        "shop.Fill",
        "shop.least",
        "shop.open",
    ],
)
def test_what_is_declared_is_found_by_itself_its_type_and_its_package(name: str) -> None:
    assert declares(SHOP, name)


@pytest.mark.parametrize(
    "name",
    [
        "Width",
        "till",
        "till.Open",
        "Open",
        "Shelf.most",
        "Shelf.Shelf",
        "shop.till",
        "shop.shop",
        "bar.Shelf",
        "shop",
    ],
)
def test_what_is_used_or_of_another_owner_is_not_declared(name: str) -> None:
    assert not declares(SHOP, name)


def test_a_word_behind_a_dot_or_in_another_word_may_not_be_declared() -> None:
    assert not may_declare(b"package p\n\nvar x = till.Open(y...)\n", "Open")
    assert not may_declare(b"package p\n\nfunc Opens() {}\n", "till.Open")
    assert not may_declare(b"package p\n\nfunc Open() {}\n", "till.Open")
    assert may_declare(b"package p\n\nfunc\n(Shelf) /* x */Open() {}\n", "Shelf.Open")


def test_without_a_package_clause_a_name_has_no_package() -> None:
    assert declares(b"func Fill() {}\n", "Fill")
    assert not declares(b"func Fill() {}\n", "shop.Fill")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("// any of them", False),
        ("\t// of any", False),
        ("f(x) // any", True),
        ('"http://a", any', True),
        ("many anyone any_ _any any1", False),
        ("// `\n`// ends a text that began above` + any", True),
        ("// ends a comment that began above */ any", True),
        ("func f(x ...any)", True),
        ("// " + "far " * 100 + "any", True),  # no line is looked for so far away
    ],
)
def test_a_word_stands_in_code_as_far_as_its_line_tells(text: str, stands: bool) -> None:
    assert bool(list(places_of(f"package p\n{text}\n".encode(), b"any"))) is stands


def test_what_a_line_of_comment_says_is_not_declared() -> None:
    assert not may_declare(b"package p\n\n// Open is gone.\n", "Open")
    assert may_declare(b"package p\n\n// Open opens.\nfunc Open() {}\n", "Open")
    assert may_declare(b"Open", "Open")
