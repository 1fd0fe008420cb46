"""Names that a file of a package declares, and another one imports something by."""

from __future__ import annotations

import pytest

from gopatch.backport.index import Index
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.redeclared import imported_too
from tests.backport.memory import Memory

USES = b'package p\n\nimport "path"\n\nvar _ = path.Base\n'
PLAIN = b"package p\n\nfunc f() {}\n"
DECLARES = b"package p\n\nvar path = 1\n"


def _found(before: bytes, after: bytes, other: bytes, name: str = "p/c.go") -> list[str]:
    side = OverlaidSource(
        Index(Memory({"go.mod": b"module m\n", "p/b.go": before, name: other})), {"p/b.go": after}
    )
    return [said for said, _ in imported_too("p/b.go", after, before, side)]


@pytest.mark.parametrize(
    ("after", "other"),
    [
        (USES, DECLARES),
        (USES, b"package p\n\nfunc path() {}\n"),
        (USES, b"package p\n\ntype path int\n"),
        (b'package p\n\nimport path "strings"\n\nvar _ = path.ToLower\n', DECLARES),
        (USES + b"\nfunc (t T) f() {}\n\nvar path = 1\n", PLAIN),
        (DECLARES, USES),
        (b"package p\n\nfunc path() {}\n", b'package p\n\nimport path "strings"\n'),
    ],
)
def test_both_are_there(after: bytes, other: bytes) -> None:
    assert "path" in _found(PLAIN, after, other)


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        (PLAIN, USES, PLAIN),
        (PLAIN, USES, USES),
        (PLAIN, USES, b"package p\n\ntype T struct{ path int }\n\nfunc (t T) path2() {}\n"),
        (PLAIN, USES, b"package p\n\nfunc (t T) path() {}\n"),
        (PLAIN, USES, b"package p_test\n\nvar path = 1\n"),
        (PLAIN, b'package p\n\nimport _ "path"\n', DECLARES),
        (PLAIN, b'package p\n\nimport . "path"\n', DECLARES),
        (PLAIN, b'package p\n\nimport way "path"\n\nvar _ = way.Base\n', DECLARES),
        (PLAIN, DECLARES, b"package p_test\n\nimport \"path\"\n"),
        (PLAIN, DECLARES, b'package p\n\nimport way "path"\n'),
        (PLAIN, b"package p\n\nfunc (t T) path() {}\n", USES),
        (USES, USES + b"\nvar x = 1\n", DECLARES),
    ],
)  # fmt: skip
def test_one_is_not_there_or_neither_comes(before: bytes, after: bytes, other: bytes) -> None:
    assert _found(before, after, other) == []


def test_files_that_are_never_built_together() -> None:
    assert _found(PLAIN, b"//go:build linux\n\n" + USES, DECLARES, "p/c_windows.go") == []
