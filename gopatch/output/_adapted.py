"""What a port does otherwise than the change that it was made from: line by line, without context."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.output._beside import RowGroup, hunks
from gopatch.output.diff import groups, lines
from gopatch.splice import FileChange


def difference(original: FileChange, port: FileChange) -> tuple[RowGroup, ...]:
    """The `-` and `+` lines of the original beside those of the port; nothing where they are the same."""
    one, other = b"".join(_signed(original)), b"".join(_signed(port))
    return hunks(one, other, one.count(b"\n") + other.count(b"\n"))


def _signed(change: FileChange) -> Iterator[bytes]:
    old, new = lines(change.before), lines(change.after)
    for group in groups(old, new, 0):
        for low, high, start, stop in group:
            for sign, side in ((b"-", old[low:high]), (b"+", new[start:stop])):
                yield from (sign + line.rstrip(b"\n") + b"\n" for line in side)
