"""What can be broken in a Go file, and what is left alone."""

from __future__ import annotations

import pytest

from gopatch.go.tree import parse
from gopatch.verify._mutants.operators import OPERATORS, breaks

HEAD = "package a\n\n"


def _broken(body: str, lines: set[int] | None = None) -> dict[str, list[str]]:
    data = (HEAD + body).encode()
    found: dict[str, list[str]] = {}
    for each in breaks(data, lines or set(range(1, 99))):
        after = (data[: each.start] + each.new + data[each.end :]).decode()
        found.setdefault(each.operator, []).append(after.removeprefix(HEAD))
    return found


@pytest.mark.parametrize(
    ("operator", "body", "after"),
    [
        ("a condition turned round", "func f() {\n\tif a {\n\t\tb()\n\t}\n}\n", "if !(a) {"),
        ("a negation dropped", "func f() bool {\n\treturn !a\n}\n", "return (a)"),
        ("another sign", "func f() bool {\n\treturn a && b\n}\n", "return a || b"),
        ("another sign", "func f() {\n\tfor i := 0; i < n; i++ {\n\t}\n}\n", "i <= n"),
        ("half of a condition", "func f() bool {\n\treturn a && b\n}\n", "return b"),
        ("another constant", "func f() bool {\n\treturn true\n}\n", "return false"),
        ("another constant", "func f() int {\n\treturn 15\n}\n", "return 16"),
        ("another constant", 'func f() string {\n\treturn "https"\n}\n', 'return "http~"'),
        ("another constant", 'type T struct {\n\tA bool `json:"a"`\n}\n', '`json:"other-a"`'),
        ("a statement dropped", "func f() {\n\ts.mu.Lock()\n}\n", "{\n\t\n}"),
        ("a statement dropped", "func f() {\n\ts.on = on\n}\n", "{\n\t\n}"),
        ("an error dropped", "func f() error {\n\treturn err\n}\n", "return nil"),
        ("statements changed about", "func f() {\n\ta()\n\tb()\n}\n", "\tb()\n\ta()\n"),
        ("another field", "func f() {\n\tx = s.a\n\ty = s.b\n}\n", "x = s.b"),
    ],
)
def test_a_place_is_broken(operator: str, body: str, after: str) -> None:
    assert any(after in each for each in _broken(body)[operator])


@pytest.mark.parametrize(
    "body",
    [
        "func f() {\n}\n",
        'import "net/http"\n',
        "const a = true\n",
        'func f() {\n\treturn "a sentence that somebody reads"\n}\n',
        "func f() {\n\tx := http.Get\n}\n",
    ],
)
def test_there_is_nothing_to_break(body: str) -> None:
    assert _broken(body) == {}


def test_another_field_is_no_function_and_no_package() -> None:
    body = 'import "net/http"\n\nfunc f() {\n\tx = s.a\n\ts.b()\n\ty = http.A\n\tz = http.B\n}\n'
    assert "another field" not in _broken(body)


def test_lines_that_the_port_has_not_written_stay() -> None:
    body = "func f() {\n\ta()\n\tb()\n}\n"
    assert _broken(body, {5}) == {"a statement dropped": ["func f() {\n\ta()\n\t\n}\n"]}
    assert _broken(body, {90}) == {}


def test_every_operator_is_tried_here() -> None:
    marks = test_a_place_is_broken.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == set(OPERATORS)


def test_what_is_broken_is_still_go() -> None:
    body = (
        "func f() error {\n\tif a && !b {\n\t\ts.x = true\n\t\treturn err\n\t}\n\treturn nil\n}\n"
    )
    for rows in _broken(body).values():
        for after in rows:
            assert parse((HEAD + after).encode()).errors() == []
