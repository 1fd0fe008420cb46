from __future__ import annotations

import pytest

from gopatch.backport.small import small
from gopatch.splice import FileChange

FUNCTIONS = [b"func f%d() {\n\tg(%d)\n}\n" % (n, n) for n in range(6)]
HEAD = b"package p\n\ntype T int\n"


def _file(*parts: bytes) -> bytes:
    return b"\n".join([HEAD, *parts])


def test_functions_far_from_the_change_are_cut() -> None:
    more = FUNCTIONS[2].replace(b"g(2)", b"h(2)")
    after = _file(*FUNCTIONS[:2], more, *FUNCTIONS[3:])
    found = small(FileChange("p.go", _file(*FUNCTIONS), after))
    assert found.before == _file(*FUNCTIONS[1:4])
    assert found.after == _file(FUNCTIONS[1], more, FUNCTIONS[3])


def test_a_function_that_comes_keeps_its_neighbours() -> None:
    new = b"// n is new.\nfunc n() {}\n"
    after = _file(*FUNCTIONS[:3], new, *FUNCTIONS[3:])
    found = small(FileChange("p.go", _file(*FUNCTIONS), after))
    assert found.before == _file(*FUNCTIONS[2:4])
    assert found.after == _file(FUNCTIONS[2], new, FUNCTIONS[3])


def test_what_is_no_function_stays() -> None:
    value = b"var v = 1\n"
    before = _file(*FUNCTIONS[:3], value, *FUNCTIONS[3:])
    found = small(FileChange("p.go", before, before.replace(b"g(5)", b"g(6)")))
    assert found.before is not None
    assert value in found.before
    assert FUNCTIONS[0] not in found.before


@pytest.mark.parametrize(
    "change",
    [
        FileChange("p.go", None, HEAD),
        FileChange("p.go", HEAD, None),
        FileChange("p.txt", b"a\n\nb\n", b"a\n\nc\n"),
        FileChange("p.go", _file(*FUNCTIONS[:2]), _file(FUNCTIONS[0], b"func x() {}\n")),
    ],
)
def test_what_stays_as_it_is(change: FileChange) -> None:
    assert small(change) == change
