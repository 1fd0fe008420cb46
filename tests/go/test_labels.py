"""Where labels stand."""

from __future__ import annotations

import pytest

from gopatch.go.labels import hang_labels
from gopatch.go.tree import parse
from gopatch.splice import splice

# The body of a function, and what becomes of it once it was touched; None: the same.
HUNG = {
    "\tL:\n\tfor {\n\t\tbreak L\n\t}\n": "L:\n\tfor {\n\t\tbreak L\n\t}\n",
    "\ta()\nL:\n\tb()\n": None,
    "\ta()\n\t\tL: // c\n\tb()\n": "\ta()\nL: // c\n\tb()\n",
    "\tif x {\n\t\tL:\n\t\tb()\n\t}\n": "\tif x {\n\tL:\n\t\tb()\n\t}\n",
    "\tswitch {\n\tcase x:\n\t\tL:\n\t\tb()\n\t}\n": "\tswitch {\n\tcase x:\n\tL:\n\t\tb()\n\t}\n",
    "\tgo func() { a(); L: b() }()\n": None,
    "\ta(); L:\n\tb()\n": None,
    "\ta()\n\tb()\n": None,
    "  a()\n  L:\n  b()\n": None,
}


@pytest.mark.parametrize("body", HUNG)
def test_as_gofmt_sets_them(body: str) -> None:
    head = "package p\n\nfunc f() {\n"
    data = f"{head}{body}}}\n".encode()
    data = splice(data, hang_labels(parse(data), [(0, len(data))]))
    assert data.decode() == f"{head}{HUNG[body] or body}}}\n"


def test_what_is_not_touched_stays() -> None:
    data = b"package p\n\nfunc f() {\n\tL:\n\tfor {\n\t\tbreak L\n\t}\n\ta()\n}\n"
    at = data.index(b"a()")
    assert hang_labels(parse(data), [(at, at)]) == []
