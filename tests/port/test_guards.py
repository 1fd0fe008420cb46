"""A guard is told by what it is a method of: a fork's own of the same name guards nothing."""

from __future__ import annotations

import pytest

from gopatch.port.callers import callers

FILE = "package p\n\nfunc f(w W, h *r.First) {\n\tall := s.Lookup(n)\n\t%s\n\tfor _, e := range all {\n\t\tif %s {\n\t\t\tcontinue\n\t\t}\n\t\task(e)\n\t}\n}\n"


def guarded(before: str, asked: str, *guards: str) -> bool:
    text = FILE % (before, asked)
    (caller,) = callers(["p/a.go"], lambda _: text.encode(), ("Lookup",), guards).found
    return caller.guarded


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("var first First", "first.Skips(e, err)"),
        ("var first r.First", "first.Skips(e)"),
        ("var (\n\t\terr error\n\t\tfirst *First\n\t)", "first.Skips(e, err)"),
        ("", "h.Skips(e)"),
    ],
)
def test_a_method_of_what_the_function_declares(before: str, asked: str) -> None:
    assert guarded(before, asked, "First.Skips")


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("", "w.Skips(e)"),
        ("", "first.Skips(e)"),
        ("", "Skips(e)"),
        ("", "e.Skips(n)"),
        ("", "s.first.Skips(e)"),
        ("first := mine()", "first.Skips(e)"),
        ("var first First\n\tfor _, first := range mine {\n\t}", "first.Skips(e)"),
        ("var first First\n\tif first := mine(); first.Skips(e) {\n\t}", "first.Skips(e)"),
        ("var first Last", "first.Skips(e)"),
        ("var first First", "first.Skips(x)"),
        ("var first First", "first.Other(e)"),
    ],
)
def test_a_method_of_anything_else(before: str, asked: str) -> None:
    assert not guarded(before, asked, "First.Skips")


@pytest.mark.parametrize(
    ("asked", "there"),
    [("e.Skips(n)", True), ("w.Skips(e)", False), ("Skips(e)", False), ("x.Skips(n)", False)],
)
def test_a_method_of_the_address_itself(asked: str, there: bool) -> None:
    assert guarded("", asked, ".Skips") == there
