from __future__ import annotations

import pytest

from gopatch.backport.index import Index
from gopatch.backport.std import built_by, since, too_new
from tests.backport.memory import Memory


def _index(path: str, text: str) -> Index:
    return Index(Memory({path: text.encode(), "a.go": b"package a\n"}))


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("Dockerfile", "FROM x\nARG GO_VERSION=1.19.7\n", "Dockerfile:2"),
        ("engine/Dockerfile", "ENV GO_VERSION 1.19\n", "engine/Dockerfile:1"),
    ],
)
def test_the_go_that_a_source_is_built_by(path: str, text: str, place: str) -> None:
    found = built_by(_index(path, text))
    assert found is not None
    assert (found.version, found.place) == ((1, 19), place)
    assert place in too_new("slices", _index(path, text))


@pytest.mark.parametrize(
    "text", ["FROM golang:1.19\n", "# ARG GO_VERSION=1.4\n", "ARG GO_VERSION\n", "RUN GO_VERSION=1"]
)
def test_where_nobody_says_nobody_can_tell(text: str) -> None:
    assert built_by(_index("Dockerfile", text)) is None
    assert too_new("slices", _index("Dockerfile", text)) == ""


@pytest.mark.parametrize("path", ["fmt", "slices", "example.org/slices", "context"])
def test_what_that_go_has_is_not_too_new(path: str) -> None:
    assert too_new(path, _index("Dockerfile", "ARG GO_VERSION=1.21.0\n")) == ""


def test_releases_are_numbers_and_compare_as_such() -> None:
    assert since()["context"] < since()["cmp"]
    assert since()["fmt"] < since()["context"]
    assert "fmt/fmt" not in since()
