"""What is made to keep the parser busy is refused, after a number of steps that grows with it."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from gopatch.errors import ApplyError
from gopatch.go import _parsing
from gopatch.go.tree import edited, parse
from gopatch.splice import Splice
from tests.conftest import FIXTURES

LARGE = b"package p\n" + b"".join(
    b"\nfunc f%d(a int) int { return a + 1 }\n" % n for n in range(500)
)


def test_a_large_file_is_parsed_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = str(_parsing.parsed(LARGE).root_node)
    monkeypatch.setattr(_parsing, "_SMALL", len(LARGE))
    assert str(_parsing.parsed(LARGE).root_node) == bounded


def test_a_large_file_that_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    after = edited(parse(LARGE), [Splice(len(LARGE), len(LARGE), b"\nvar x = 1\n")])
    assert not after.errors()
    assert str(after.tree.root_node) == str(_parsing.parsed(after.data).root_node)


@pytest.mark.thorough
def test_what_was_parsed_is_let_go() -> None:
    """The binding keeps a reference to all that it has read."""
    tree = _parsing.parsed(LARGE)
    tree.edit(9, 9, 10, (0, 9), (0, 9), (1, 0))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(50):
            _parsing.parsed(b"%b// %d\n" % (LARGE, number))
            _parsing.parsed(b"%b\n%b// %d\n" % (LARGE[:9], LARGE[9:], number), tree)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 4 * len(LARGE)
    finally:
        tracemalloc.stop()


def test_what_is_larger_than_the_buffer_is_read_in_parts() -> None:
    data = "package p\n\nvar é = 1 // é\n".encode() + LARGE * 5
    assert len(data) > len(_parsing._BUFFER)
    tree = _parsing.parsed(data)
    assert str(tree.root_node) == str(_parsing._PARSER.parse(data).root_node)


@pytest.mark.parametrize("name", ["v1.13.1", "v28.5.2"])
def test_every_step_is_enough_for_go(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(_parsing, "_SMALL", 0)
    for path in (FIXTURES / name).rglob("*.go"):
        _parsing.parsed(path.read_bytes())


def test_what_takes_too_many_steps_is_refused_and_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(_parsing, "_FREE", 0)
        patched.setattr(_parsing, "_EACH", len(LARGE))
        with pytest.raises(ApplyError, match="so far from Go"):
            _parsing.parsed(LARGE + b"}{" * 5000)
    assert not parse(LARGE + b"\n").errors()
