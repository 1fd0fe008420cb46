"""The closing bracket of a list on one line, where gofmt sets it."""

from __future__ import annotations

import pytest

from gopatch.go.closed import close_lists
from gopatch.go.tree import parse
from gopatch.splice import splice

# What stands there, and what does once it was touched; None: the same.
CLOSED = {
    "var a = f(b,\n)\n": "var a = f(b)\n",
    "var a = f(b, c,\n\n\t)\n": "var a = f(b, c)\n",
    "var a = f(b,\r\n)\r\n": "var a = f(b)\r\n",
    "var a = []int{1, 2,\n}\n": "var a = []int{1, 2}\n",
    "var a = f(g(b,\n),\n)\n": "var a = f(g(b))\n",
    "var a = f(b, )\n": "var a = f(b)\n",
    "var a = f(b..., )\n": "var a = f(b...)\n",
    "var a = []int{1,}\n": "var a = []int{1}\n",
    "func f(a int, ) {\n}\n": "func f(a int) {\n}\n",
    "var a = f(b, c)\n": None,
    "var a = f(b, /* c */)\n": None,
    "var a = f(\n\tb,\n)\n": None,
    "var a = f(b,\n\tc,\n)\n": None,
    "var a = f(b, // c\n)\n": None,
    "var a = f(b...,\n)\n": None,
    "var a = f(func() {\n},\n)\n": None,
    "var a = f()\n": None,
    "func f(a int,\n) {\n}\n": None,
    "type (\n)\n": "type ()\n",
    "type (\n\t// c\n)\n": "type (\n// c\n)\n",
    "var a = f(\n\t// c\n\n\t/* d\n\te */\n)\n": "var a = f(\n// c\n\n/* d\ne */\n)\n",
    "func f() {\n\tconst (\n\t\t// c\n\t)\n}\n": "func f() {\n\tconst (\n\t// c\n\t)\n}\n",
    "func f(\n\t// c\n) {\n}\n": "func f(\n// c\n) {\n}\n",
    "var a = f{\n\t// c\n}\n": None,
    "type (\n// c\n)\n": None,
    "type (\n\ta int\n)\n": None,
    "type a int\n": None,
}


@pytest.mark.parametrize("text", CLOSED)
def test_as_gofmt_sets_it(text: str) -> None:
    data = b"package p\n\n" + text.encode()
    while edits := close_lists(parse(data), [(11, len(data))]):
        data = splice(data, edits)
    assert data.decode() == "package p\n\n" + (CLOSED[text] or text)


def test_what_is_not_touched_stays() -> None:
    data = b"package p\n\nvar a = f(b,\n)\n\nvar c = 1\n"
    assert close_lists(parse(data), [(len(data) - 4, len(data))]) == []
