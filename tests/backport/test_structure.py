"""A file that is carried by structure has the line ends of the target."""

from __future__ import annotations

import pytest

from gopatch.backport.index import Index
from gopatch.backport.structure import FilePair, rebuild
from tests.backport.memory import Memory

BEFORE = b"package p\n\nfunc f() {\n\ta()\n\tb()\n}\n"
AFTER = BEFORE.replace(b"\ta()\n", b"\ta()\n\tc()\n\td()\n")
TARGET = b"// Package p is older.\n" + BEFORE
PORT = b"// Package p is older.\n" + AFTER


def _crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _rebuilt(before: bytes, after: bytes, target: bytes) -> bytes | None:
    made, here = (Index(Memory({"p.go": data})) for data in (before, target))
    return rebuild(FilePair("p.go", "p.go", before, after, target), made, here).data


@pytest.mark.parametrize("change", [(BEFORE, AFTER), (_crlf(BEFORE), _crlf(AFTER))])
def test_lines_end_as_those_of_the_target(change: tuple[bytes, bytes]) -> None:
    assert _rebuilt(*change, TARGET) == PORT
    assert _rebuilt(*change, _crlf(TARGET)) == _crlf(PORT)


def test_a_file_of_both_line_ends_keeps_its_own() -> None:
    target = TARGET.replace(b"older.\n", b"older.\r\n")
    assert _rebuilt(BEFORE, AFTER, target) == PORT.replace(b"older.\n", b"older.\r\n")


def test_what_is_there_already_stays_byte_for_byte() -> None:
    for data in (PORT, _crlf(PORT)):
        assert _rebuilt(BEFORE, AFTER, data) == data


def test_what_finds_no_place_gives_nothing() -> None:
    assert _rebuilt(BEFORE, AFTER, _crlf(b"package p\n\nfunc g() {}\n")) is None
