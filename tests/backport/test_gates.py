"""The gate that asks no second source: a port's diff, taken back, gives the target's bytes."""

from __future__ import annotations

import pytest

from gopatch.backport import gates
from gopatch.backport.foreign import Refusal
from gopatch.backport.index import Index
from gopatch.splice import FileChange
from tests.backport.memory import Memory

LONG = b"".join(b"line %d\n" % n for n in range(40))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LONG, LONG.replace(b"line 7\n", b"").replace(b"line 30", b"the 30th")),
        (b"a\n" * 30, b"a\n" * 31),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\nb", b"a\nb\nc"),
        (b"a\x00\xff\n", b"b\x00\xfe\n"),
        (b"--- a/x\n+++ b/x\n", b"--- a/x\n@@ -1 +1 @@\n"),
        (None, b"new\n"),
        (b"gone\n", None),
        (b"emptied\n", b""),
        (b"", b"filled\n"),
        (None, b""),
        (b"", None),
        (b"same\n", b"same\n"),
    ],
)
def test_the_targets_bytes_come_back(before: bytes | None, after: bytes | None) -> None:
    path = "a b/é.go"
    target = Memory({path: before} if before is not None else {})
    assert list(gates.irreversible([FileChange(path, before, after)], target)) == []


def test_a_diff_that_does_not_go_back_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "unified", lambda changes, reverse: b"--- a/x\n+++ b/x\n")
    (found,) = gates.irreversible([FileChange("x", b"a\n", b"b\n")], Memory({"x": b"a\n"}))
    assert str(found) == "x: the port's diff does not go back in reverse"


def test_a_diff_that_gives_other_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-b\n+A\n"
    monkeypatch.setattr(gates, "unified", lambda changes, reverse: wrong)
    (found,) = gates.irreversible([FileChange("x", b"a\n", b"b\n")], Memory({"x": b"a\n"}))
    assert found.path == "x"


HEAD = b"package p\n\n"
LATE = HEAD + b'type t int\n\nimport "io"\n\nvar r io.Reader\n'


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (
            LATE,
            "p.go:5: the port does not parse: the package comes first, then imports, then the rest",
        ),
        (HEAD + b"func f() {\n", "p.go:3: the port does not parse"),
        (HEAD + b"func f() {\n\t1 + 2\n}\n", "p.go:4: the port does not parse: an expression"),
        (
            HEAD + b"func f() (n int, error) { return }\n",
            "p.go:3: the port does not parse: parameters",
        ),
    ],
)
def test_what_no_parser_of_go_takes_is_refused(result: bytes, reason: str) -> None:
    found = _refusals(HEAD, HEAD + b"func f() {}\n", HEAD, result)
    assert [str(each)[: len(reason)] for each in found] == [reason]


def test_what_the_change_or_the_target_leaves_so_is_theirs() -> None:
    for target, after in ((LATE, HEAD), (HEAD, LATE)):
        assert _refusals(HEAD, after, target, LATE + b"\nvar n int\n") == []


def _refusals(before: bytes, after: bytes, target: bytes, result: bytes) -> list[Refusal]:
    made, here = (Index(Memory({"p.go": data})) for data in (before, target))
    file = gates.Judged("p.go", "p.go", before, after, target, result)
    return gates.refusals([file], gates.Sources(made, here, {}, {}))


def test_the_gate_is_listed() -> None:
    assert "in reverse the target's bytes come back" in gates.NAMES
