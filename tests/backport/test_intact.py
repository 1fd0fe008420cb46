"""Where the declarations that a change touches are the same to the byte in both sources."""

from __future__ import annotations

import pytest

from gopatch.backport.intact import intact
from gopatch.backport.placed import PlacedFile
from gopatch.splice import FileChange

HEAD = 'package p\n\nimport "example.org/m/log"\n\n'
OLD = "func f() {\n\tlog.Old()\n}\n"
NEW = "func f() {\n\tlog.Old()\n\tlog.New()\n}\n"
MORE = "\n// g is another one.\nfunc g() {}\n"


def placed(before: str, after: str, target: str, path: str = "a.go") -> PlacedFile:
    change = FileChange("a.go", before.encode(), after.encode())
    return PlacedFile(change, path, target.encode())


def test_the_declaration_is_taken_over_and_the_rest_stays() -> None:
    target = HEAD + "var mine int\n\n" + OLD + MORE
    made = intact(placed(HEAD + OLD, HEAD + NEW, target))
    assert made == (HEAD + "var mine int\n\n" + NEW + MORE).encode()


def test_what_is_there_already_stays() -> None:
    both = OLD + "\n" + OLD.replace("f()", "h()")
    after = NEW + "\n" + NEW.replace("f()", "h()")
    half = NEW + "\n" + OLD.replace("f()", "h()")
    assert intact(placed(HEAD + both, HEAD + after, HEAD + half)) == (HEAD + after).encode()


@pytest.mark.parametrize(
    ("before", "after", "target"),
    [
        pytest.param(
            HEAD + OLD, HEAD + NEW, HEAD + OLD.replace("Old", "Other"), id="reads otherwise"
        ),
        pytest.param(HEAD + OLD, HEAD + NEW, HEAD, id="is not there"),
        pytest.param(HEAD + OLD, HEAD + NEW + MORE, HEAD + OLD, id="one comes"),
        pytest.param(HEAD + OLD + MORE, HEAD + NEW, HEAD + OLD + MORE, id="one goes"),
        pytest.param(
            HEAD + OLD, HEAD + NEW, HEAD.replace("m/log", "other/log") + OLD, id="another package"
        ),
        pytest.param(
            HEAD + OLD, HEAD + NEW, HEAD.replace("import ", "import . ") + OLD, id="by another name"
        ),
        pytest.param(HEAD + OLD, HEAD + NEW, HEAD + OLD + OLD, id="declared twice"),
    ],
)
def test_what_else_is_left_to_structure(before: str, after: str, target: str) -> None:
    assert intact(placed(before, after, target)) is None


def test_a_file_that_moved_is_left_to_structure() -> None:
    assert intact(placed(HEAD + OLD, HEAD + NEW, HEAD + OLD, path="b.go")) is None
