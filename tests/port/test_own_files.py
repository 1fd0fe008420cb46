"""Which words a file has is told by parts that words share, and told anew of what an edit has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.port._own_files import _spoken_of, holding
from gopatch.port._task import Memo, Task
from gopatch.port._work import Work
from gopatch.source.directory import Directory
from gopatch.source.roots import Roots
from tests.patches.world import OPTION, PATCHES

_LETTERS = st.text("ab", max_size=12).map(str.encode)


@given(st.lists(_LETTERS, max_size=8, unique=True), st.text("ab\n", max_size=60).map(str.encode))
def test_the_words_of_a_file_are_those_that_stand_in_it(words: list[bytes], data: bytes) -> None:
    found = _spoken_of(data, tuple(words), cut_off=False)
    assert found == {word for word in words if word in data}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["a.go"]),
        ({"b.go": b"package a\n\nvar y = NewThing\n"}, ["a.go", "b.go"]),
        ({"b.go": b"package a\n\nvar y = NewThin\n"}, ["a.go"]),
        ({"a.go": b"package a\n\nvar x = OldThing\n"}, []),
        ({"a_test.go": b"package a\n\nvar x = NewThing\n"}, ["a.go"]),
    ],
)
def test_a_byte_that_an_edit_changes_is_seen(
    tmp_path: Path, changes: dict[str, bytes], found: list[str]
) -> None:
    for name in ("a.go", "a_test.go", "b.go"):
        text = "package a\n\nvar x = NewThing\n" if name == "a.go" else "package a\n"
        (tmp_path / name).write_text(text)
    task = Task(PATCHES[OPTION], Directory(tmp_path), Roots("", None), Memo())
    words = ("NewThing",)
    assert holding(task, Work(), words) == ["a.go"]
    assert holding(task, Work({"b.go": b"package a\n\nvar z = NewThings\n"}), words) == [
        "a.go",
        "b.go",
    ]
    assert holding(task, Work(changes), words) == found
