from __future__ import annotations

from gopatch.backport.needs_of_edits import with_needs

TOML = b"""title = "x"

[[edit]]
name = "use"
files = ["a.go"]

[[edit]]
name = "field"
files = ["b.go"]
"""


def test_what_is_needed_comes_first_and_is_said() -> None:
    text = with_needs(TOML, {"use": {"field"}}).decode()
    assert text.index('name = "field"') < text.index('name = "use"')
    assert 'name = "use"\nneeds = ["field"]\nfiles = ["a.go"]\n' in text
    assert text.count("needs") == 1


def test_without_needs_nothing_changes() -> None:
    assert with_needs(TOML, {}) == TOML


def test_edits_that_need_each_other_stay_as_they_are() -> None:
    assert with_needs(TOML, {"use": {"field"}, "field": {"use"}}) == TOML
