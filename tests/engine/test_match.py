"""A search by words finds what a search that tries every place does."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.engine.match import Search, find
from gopatch.engine.pattern import Pattern, compile_patch
from gopatch.errors import GopatchError
from gopatch.go.tree import GoFile, parse
from tests.engine.places import fit

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.txtar"))


def places(search: Search, file: GoFile, *, explain: bool) -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in find(search, file, explain=explain)]


def compiled(text: str) -> tuple[Pattern, ...]:
    try:
        return compile_patch(text, "x.patch")
    except GopatchError:
        return ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_words_hide_no_place(path: Path) -> None:
    _, sections = read_txtar(path.read_bytes())
    for pattern in compiled(sections["x.patch"].decode()):
        for name in {"in.go", "out.go"} & set(sections):
            file = parse(sections[name])
            for side in (Search.minus, Search.plus):
                by_words = places(side(pattern), file, explain=False)
                assert by_words == places(side(pattern), file, explain=True)


@pytest.mark.parametrize(
    ("go", "count"),
    {
        "var b = f(g(h.New(1)))": 1,
        "var b = h.New(h.New(2))": 2,
        "var b = f(New, h.Old(1))": 0,
        "var b = h. /* c */ New(1)": 1,
        "var b = hh.Newer(1)": 0,
    }.items(),
)
def test_an_expression_of_names(go: str, count: int) -> None:
    assert len(fit("-h.New(x)\n+h.Make(x)", go, "var x expression").matches) == count
