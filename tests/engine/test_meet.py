"""Several `...` in one list: what was tried in vain is not tried again, so that the looks are linear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gopatch.engine import _meet
from gopatch.engine._attempt import Env, Miss
from gopatch.engine._nodes import Node
from gopatch.go.tree import Syntax
from tests.engine.places import fit

PATTERN = """\
 func f() {
   ...
   a()
   ...
   b()
   ...
-  c()
+  d()
 }"""


def _looks(monkeypatch: pytest.MonkeyPatch, body: str) -> tuple[int, int]:
    """How often a node is compared with another, and how many places there are."""
    looks = 0
    meet = _meet.meet

    def counted(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
        nonlocal looks
        looks += 1
        return meet(node, syntax, env, miss)

    with monkeypatch.context() as patched:
        patched.setattr(_meet, "meet", counted)
        places = len(fit(PATTERN, f"func f() {{\n{body}}}\n", "").matches)
    return looks, places


@pytest.mark.parametrize(
    ("end", "places"),
    [
        pytest.param("x(b, c)\n", 0, id="nothing of what is looked for"),
        pytest.param("b()\nb()\nx(c)\n", 0, id="all but the last"),
        pytest.param("b()\nc()\n", 1, id="all of it"),
        pytest.param("b()\nc()\nx(c)\n", 0, id="more after it"),
    ],
)
def test_looks_are_linear(monkeypatch: pytest.MonkeyPatch, end: str, places: int) -> None:
    some, many = (_looks(monkeypatch, "a()\n" * count + end) for count in (50, 100))
    assert some[1] == many[1] == places
    assert many[0] < 2.5 * some[0]


def test_what_has_not_the_words_behind_dots_is_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = (_looks(monkeypatch, "a()\n" + "z(q)\n" * n + "b()\nc()\n") for n in (0, 100))
    assert few[1] == many[1] == 1
    assert many[0] == few[0]
