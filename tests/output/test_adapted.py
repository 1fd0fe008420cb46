from __future__ import annotations

import pytest

from gopatch.output._adapted import difference
from gopatch.splice import FileChange

OLD, OTHER = b"a\nb\nc\n", b"x\ny\nb\nz\n"


def _texts(one: FileChange, other: FileChange) -> list[tuple[str, str, str]]:
    return [
        (row.kind, row.before.text if row.before else "", row.after.text if row.after else "")
        for hunk in difference(one, other)
        for row in hunk.rows
    ]


def test_only_the_words_that_were_adapted_are_marked() -> None:
    one = FileChange("p.go", OLD, OLD + b"if ctr.Locked {\n\tstop()\n}\n")
    other = FileChange("q.go", OTHER, b"if container.Locked {\n\tstop()\n}\n" + OTHER)
    assert _texts(one, other) == [
        ("changed", "+if ctr.Locked {", "+if container.Locked {"),
        ("same", "+\tstop()", "+\tstop()"),
        ("same", "+}", "+}"),
    ]
    ((first, *_),) = (hunk.rows for hunk in difference(one, other))
    assert first.before is not None
    assert [span.text for span in first.before.spans if span.changed] == ["ctr"]


def test_a_line_that_came_along_is_whole() -> None:
    one = FileChange("p.go", OLD, OLD.replace(b"b", b"d"))
    other = FileChange("p.go", OTHER, OTHER.replace(b"b", b"d").replace(b"x", b"import y\nx"))
    assert ("added", "", "+import y") in _texts(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((OLD, OLD.replace(b"b\n", b"")), (OTHER, OTHER.replace(b"b\n", b""))),
        ((OLD, OLD + b"d"), (OTHER, OTHER + b"d\n")),
        ((None, b"new\n"), (None, b"new\n")),
        ((b"gone\n", None), (b"gone\n", None)),
    ],
)
def test_the_same_lines_elsewhere_are_no_difference(
    one: tuple[bytes | None, bytes | None], other: tuple[bytes | None, bytes | None]
) -> None:
    assert difference(FileChange("p", *one), FileChange("q", *other)) == ()
