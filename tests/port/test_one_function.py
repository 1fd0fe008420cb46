"""A method that an element is given before its guard: one of the package that only looks on is fine, no other is."""

from __future__ import annotations

import pytest

from gopatch.port.callers import callers

LOOP = """package p

func f(c *C, s S, o other.C) {
	for _, e := range s.Lookup(n) {
		if %s { continue }
		if w.Skips(e) { continue }
		ask(e)
	}
}
"""
METHODS = """package p

func (c *C) old(e E) bool { return e.Version == c.least }

func (c C) oldest(e E) bool { return c.old(e) || c.deeper(e) }

func (c C) deeper(e E) bool { return e.Mirror }

func (c *C) keeps(e E) bool { c.last = e; return true }

func (c *C) asks(e E) bool { return get(e.URL) == nil }

func (c *C) further(e E) bool { return c.asks(e) }

func (c *C) gives(e E) E { return e }

func (c *C) sends(e E) bool { c.all <- e; return true }
"""


def guarded(test: str, beside: str = "p/b.go") -> bool:
    files = {"p/a.go": (LOOP % test).encode(), beside: METHODS.encode()}
    (caller,) = callers(files, files.__getitem__, ("Lookup",), ("Skips",)).found
    return caller.guarded


@pytest.mark.parametrize("test", ["c.old(e)", "c.oldest(e)", "done || c.old(e)"])
def test_a_method_that_only_looks_on_is_fine(test: str) -> None:
    assert guarded(test)


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("c.keeps(e)", id="keeps-it"),
        pytest.param("c.asks(e)", id="asks"),
        pytest.param("c.further(e)", id="one-that-it-calls-asks"),
        pytest.param("c.gives(e).Mirror", id="gives-it-back"),
        pytest.param("c.sends(e)", id="sends-it"),
        pytest.param("c.elsewhere(e)", id="stands-elsewhere"),
        pytest.param("s.old(e)", id="of-another-type"),
        pytest.param("o.old(e)", id="of-another-package"),
        pytest.param("x.old(e)", id="of-what-has-no-type-here"),
        pytest.param("c.inner.old(e)", id="of-a-field"),
        pytest.param("e.old(e)", id="of-the-element"),
    ],
)
def test_any_other_method_is_not(test: str) -> None:
    assert not guarded(test)


def test_a_method_of_that_name_in_another_folder_is_another() -> None:
    assert not guarded("c.old(e)", "q/b.go")
