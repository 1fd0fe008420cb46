"""Statements of a port that nothing has run, and functions that nobody can call."""

from __future__ import annotations

import pytest

from gopatch.go.tree import parse
from gopatch.splice import FileChange
from gopatch.verify._model.coverage import unseen
from gopatch.verify._model.idle import idle

HEAD = "package registry\n\n"
CALLED = "func init() {\n\tone()\n}\n\n"


def _idle(text: str, others: tuple[bytes, ...] = ()) -> list[str]:
    file = parse((HEAD + text).encode())
    found = idle([("a.go", file, set(range(1, 99)))], others)
    return sorted(body.name.decode() for body in found)


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("func one() {\n}\n", []),
        ("func two() {\n}\n", ["two"]),
        ("func two() {\n\tthree()\n}\n\nfunc three() {\n\tthree()\n}\n", ["three", "two"]),
        ("// two is said in a comment.\nfunc two() {\n}\n", ["two"]),
        ('var text = "two"\n\nfunc two() {\n}\n', ["two"]),
        ("var f = two\n\nfunc two() {\n}\n", []),
        ("func init() {\n}\n", []),
        ("func (e Endpoint) Skips() {\n}\n", ["Skips"]),
        ("func (e Endpoint) Error() string {\n\treturn e.text\n}\n", []),
        ("type own struct{}\n\nfunc (o *own) RoundTrip() {\n}\n", ["RoundTrip"]),
        ("type own struct{}\n\nvar made own\n\nfunc (o *own) RoundTrip() {\n}\n", []),
    ],
)
def test_nobody_calls(text: str, nobody: list[str]) -> None:
    assert _idle(CALLED + text) == nobody


def test_somebody_may_call_a_method_through_an_interface() -> None:
    text = CALLED + "func (e Endpoint) Skips() {\n}\n"
    assert _idle(text, (b"type asks interface {\n\tSkips()\n}\n",)) == []
    assert _idle(text, (b"// Skipping, Skips of which nobody speaks\n",)) == ["Skips"]


def test_what_was_moved_is_called_by_what_stayed() -> None:
    assert _idle("func two() {\n}\n", (b"func stays() {\n\ttwo()\n}\n",)) == []


def _unseen(before: str, after: str, ran: set[str]) -> list[int]:
    data = (HEAD + after).encode()
    change = FileChange("a.go", (HEAD + before).encode() if before else None, data)
    places = {("a.go", data.index(text.encode())) for text in ran}
    return sorted(line for _, line in unseen((change,), places))


def test_what_was_run_is_seen() -> None:
    text = "func init() {\n\tif a {\n\t\tb()\n\t}\n\treturn\n}\n"
    assert _unseen("", text, {"if a", "b()", "return"}) == []
    assert _unseen("", text, {"if a", "return"}) == [5]
    assert _unseen("", text, set()) == [4, 5, 7]


def test_what_the_original_has_is_not_asked_for() -> None:
    before = "func init() {\n\treturn\n}\n"
    after = "func init() {\n\ta()\n\treturn\n}\n"
    assert _unseen(before, after, set()) == [4]


@pytest.mark.parametrize("path", ["a_test.go", "a_windows.go", "notes.md"])
def test_what_is_not_built_is_left_out(path: str) -> None:
    change = FileChange(path, None, b"package a\n\nfunc init() {\n\treturn\n}\n")
    assert list(unseen((change,), set())) == []
