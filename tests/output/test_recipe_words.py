"""Recipes of strangers are read in as many steps as they are long; steps are counted here, not seconds."""

from __future__ import annotations

import re

import pytest

from gopatch.output._recipe_text import facts
from gopatch.output._recipe_words import DONE, LOOP, between, filled, rewritten
from gopatch.output._shell_idioms import plain


class Counted:
    """A pattern that knows how many characters it has looked at."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.seen = pattern, 0

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        found = self.pattern.search(text, at)
        self.seen += (found.end() if found else len(text)) - at
        return found


@pytest.mark.parametrize("row", ["for a in b; do\n", "done\n", "for a in b; do x; done\n", "x\n"])
def test_loops_are_found_in_one_pass(row: str) -> None:
    text = row * 20_000
    opens, closes = Counted(LOOP), Counted(DONE)
    found = list(between(text, opens, closes))  # type: ignore[arg-type]
    assert len(found) == (20_000 if "for" in row and "done" in row else 0)
    assert opens.seen + closes.seen <= 2 * len(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\nfor x in y; do b; done\nc", "a\n\nc"),
        ("for x in y; do for z in y; do b; done; done", "; done"),
        ("for x in y; do b", "for x in y; do b"),
        ("done; for", "done; for"),
        ("", ""),
    ],
)
def test_a_loop_ends_at_the_next_end(text: str, kept: str) -> None:
    assert rewritten(text, between(text, LOOP, DONE)) == kept


@pytest.mark.parametrize("form", ["rpm", "alpine", "arch"])
def test_a_line_is_read_as_far_as_people_write(form: str) -> None:
    text = facts(
        form, f"%prep\n{'x ' * 5000}patch -p1 -i ours.patch\n\n\n \t\nlast\n", "ours.patch"
    ).text
    assert max(map(len, text.split("\n"))) <= 2000
    assert "\nlast" in text
    assert "ours.patch" not in text


def test_a_long_line_of_nix_is_read() -> None:
    found = facts("nix", f"{{ a = [ {'x ' * 5000}]; patches = [ ./ours.patch ]; }}", "ours.patch")
    assert found.listed


def test_variables_of_variables_do_not_grow_without_end() -> None:
    name = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
    values = {"a": "$b/c", "b": "d", "many": "$many " * 20, "long": "x" * 1000}
    assert filled("$a ${a} $c", name, values) == "d/c d/c $c"
    assert filled("$long", name, values) == "$long"
    assert len(filled("$many " * 1000, name, values)) <= 20 * 10 * 7000


def test_a_loop_that_would_grow_without_end_stays() -> None:
    small = "for a in b c; do\nuse $a\ndone"
    assert "use b" in plain(small)
    assert "done" not in plain(small)
    large = f"for a in {'b ' * 500}; do\n" + "use $a\n" * 500 + "done"
    assert plain(large) == large
