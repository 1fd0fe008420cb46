"""A blank line between declarations, where gofmt sets one and an edit has been."""

from __future__ import annotations

import pytest

from gopatch.go.parted import part
from gopatch.go.tree import parse
from gopatch.splice import splice

# What stands there, and what does once the middle was touched.
PARTED = {
    "const a = 1\nvar b = 2\n": "const a = 1\n\nvar b = 2\n",
    "const a = 1 // one\nvar b = 2\n": "const a = 1 // one\n\nvar b = 2\n",
    "var a = 1\n// b is two.\nvar b = 2\n": "var a = 1\n\n// b is two.\nvar b = 2\n",
    "func a() {}\nvar b = 2\n": "func a() {}\n\nvar b = 2\n",
    "var a = 1\nvar b = 2\n": None,
    "const a = 1\n\nvar b = 2\n": None,
    "func a() {}\nfunc (b) c() {}\n": None,
    "var a = 1; const b = 2\n": None,
    "const a = 1\n// of nobody\n\nvar b = 2\n": None,
    "const a = 1\r\nvar b = 2\r\n": "const a = 1\r\n\r\nvar b = 2\r\n",
    "const a = 1 /* long\n*/\nvar b = 2\n": None,
    "a\nb\n": None,
    "a\nvar b = 2\n": None,
}


@pytest.mark.parametrize("text", PARTED)
def test_as_gofmt_sets_it(text: str) -> None:
    data = b"package p\n\n" + text.encode()
    done = splice(data, part(parse(data), [(11, len(data))]))
    assert done.decode() == "package p\n\n" + (PARTED[text] or text)


def test_what_is_not_touched_stays() -> None:
    data = b"package p\n\nconst a = 1\nvar b = 2\n\ntype c int\n"
    assert part(parse(data), [(data.index(b"int"), len(data))]) == []
