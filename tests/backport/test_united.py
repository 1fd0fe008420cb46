"""Interfaces that ask for one method in two ways, and those that ask twice for the same, or nobody can tell."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons

TYPES = b"""package s

type Closer interface{ Close() }

type Deep interface{ Closer }

type Reader interface{ Read(b []byte) (n int, err error) }

type Other interface{ Read(b stranger.Bytes) (int, error) }
"""


def _found(*rows: str) -> list[str]:
    inside = "".join(f"\t{row}\n" for row in rows)
    data = f'package s\n\nimport (\n\t"io"\n\t"x/y"\n)\n\ntype I interface {{\n{inside}}}\n'
    return reasons({"go.mod": b"module m\n", "s/s.go": TYPES, "s/f.go": data.encode()}, "s/f.go")


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        (("io.Closer", "Closer"), "Closer"),
        (("Deep", "io.Closer"), "io.Closer"),
        (("Closer", "Close() error"), "Close() error"),
        (("Close(n int)", "Closer"), "Closer"),
        (("Reader", "Closer", "Read(b string) (int, error)"), "Read(b string) (int, error)"),
        (("Reader", "Read(b ...byte) (int, error)"), "Read(b ...byte) (int, error)"),
    ],
)
def test_one_method_in_two_ways(rows: tuple[str, ...], last: str) -> None:
    (found,) = _found(*rows)
    assert found.startswith(f"`{last}`: its method `")
    assert found.endswith("takes or gives other types in the target than the one beside it")


@pytest.mark.parametrize(
    "rows",
    [
        ("io.Closer", "Close() error"),
        ("io.Reader", "Reader", "io.ReadCloser"),
        ("Closer", "Deep"),
        ("Closer", "Reader"),
        ("Reader", "Other"),
        ("y.Closer", "Closer"),
        ("io.Unknown", "Closer"),
        ("~int | ~string",),
        (),
    ],
)
def test_one_way_or_nobody_can_tell(rows: tuple[str, ...]) -> None:
    assert _found(*rows) == []
