"""One blank before a comment behind what goes over lines."""

from __future__ import annotations

import pytest

from gopatch.go.behind import behind
from gopatch.go.tree import parse
from gopatch.splice import splice


def laid_out(body: str, touched: tuple[int, int] = (0, 1000)) -> str:
    data = f"package p\n\nfunc f() {{\n{body}\n}}\n".encode()
    return splice(data, behind(parse(data), [touched])).decode()[
        len("package p\n\nfunc f() {\n") : -3
    ]


@pytest.mark.parametrize("gap", ["", "  ", "\t"])
def test_a_comment_behind_lines_has_one_blank_before_it(gap: str) -> None:
    assert laid_out(f"\th(func() {{\n\t}}){gap}// h") == "\th(func() {\n\t}) // h"


@pytest.mark.parametrize(
    "body",
    [
        "\th(func() {\n\t}) // h",
        "\th()  // h\n\tij() // i",
        "\th(a,\n\t\tb)  // h",
        "\th(func() {\n\t})",
    ],
)
def test_what_stands_in_a_column_or_alone_stays(body: str) -> None:
    assert laid_out(body) == body


def test_what_no_edit_reaches_stays() -> None:
    body = "\th(func() {\n\t})  // h"
    assert laid_out(body, (0, 5)) == body
