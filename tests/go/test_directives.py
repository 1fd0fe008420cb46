"""Doc comments as gofmt has them: the words, a bare `//`, the directives."""

from __future__ import annotations

import pytest

from gopatch.go.directives import is_directive, part_directives
from gopatch.go.tree import parse
from gopatch.splice import splice

EVERYWHERE = [(0, 1000)]


def parted(doc: str, touched: list[tuple[int, int]] = EVERYWHERE) -> str:
    data = f"package p\n\n{doc}func f() {{}}\n".encode()
    return splice(data, part_directives(parse(data), touched)).decode()[len("package p\n\n") :]


@pytest.mark.parametrize(
    ("doc", "made"),
    [
        ("// F is.\n//go:noinline\n", "// F is.\n//\n//go:noinline\n"),
        ("//go:noinline\n// F is.\n", "// F is.\n//\n//go:noinline\n"),
        ("//nolint:x\n//\n// F is.\n//export F\n", "// F is.\n//\n//nolint:x\n//export F\n"),
        ("// F is.\n//\n//nolint:x\n//\n//nolint:y\n", "// F is.\n//\n//nolint:x\n//nolint:y\n"),
    ],
)
def test_directives_stand_below_the_words(doc: str, made: str) -> None:
    assert parted(doc) == f"{made}func f() {{}}\n"


@pytest.mark.parametrize(
    "doc",
    [
        "// F is.\n//\n// Really.\n",
        "//go:noinline\n//nolint:x\n",
        "// F is.\n//\n//go:noinline\n",
        "//go:noinline\n\n// F is.\n",
        "/* F is. */\n//go:noinline\n",
    ],
)
def test_what_is_as_it_should_be_stays(doc: str) -> None:
    assert parted(doc) == f"{doc}func f() {{}}\n"


def test_what_no_edit_reaches_stays() -> None:
    doc = "// F is.\n//go:noinline\n"
    assert parted(doc, [(0, 7)]) == f"{doc}func f() {{}}\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [(b"//go:x", True), (b"//line a.go:1", True), (b"// go:x", False), (b"//Go:x", False)],
)
def test_directives_are_told_from_words(line: bytes, told: bool) -> None:
    assert is_directive(line) is told
