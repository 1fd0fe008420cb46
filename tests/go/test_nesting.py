"""Brackets in brackets are counted in time that grows with the file, and bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import GopatchError
from gopatch.go.nesting import DEEPEST, is_too_deep
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source


@pytest.mark.parametrize(
    ("data", "is_deep"),
    [
        (b"", False),
        (b"{" * DEEPEST, False),
        (b"{" * (DEEPEST + 1), True),
        (b"([{" * DEEPEST, True),
        (b"f(x)\n" * 5000, False),
        (b")" * 5000 + b"(" * DEEPEST, False),
        (b"{}" * 100_000, False),
    ],
)
def test_depth(data: bytes, is_deep: bool) -> None:
    assert is_too_deep(data) is is_deep


def broken(tree: Path, code: str) -> str:
    with (tree / "registry/service_v2.go").open("a") as file:
        file.write(code)
    with pytest.raises(GopatchError) as caught:
        work_out(load("always-http"), open_source(tree)).demand()
    return str(caught.value)


def test_a_file_of_open_brackets_is_refused_by_name(tree: Path) -> None:
    told = broken(tree, "\nfunc f() " + "{" * 100_000)
    assert "registry/service_v2.go: has more than 1,000 brackets" in told


def test_a_long_sum_is_no_depth(tree: Path) -> None:
    with (tree / "registry/service_v2.go").open("a") as file:
        file.write("\nvar x = " + " + ".join(["a"] * 5000) + "\n")
    assert work_out(load("always-http"), open_source(tree)).status == "applied"
