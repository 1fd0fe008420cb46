"""`GIT binary patch`: what git writes of a file that is no text (git's apply.c, patch-delta.c)."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

_LIMIT = 256 << 20  # bytes: more is no file of a patch
_HEAD = re.compile(rb"(literal|delta) (\d+)$")


class Half(NamedTuple):
    """One direction: the whole file, or a delta onto the other."""

    delta: bool
    data: bytes


class Binary(NamedTuple):
    """Forward, and back where git wrote that down, too."""

    forward: Half
    back: Half | None

    def reverse(self) -> Binary | None:
        return Binary(self.back, self.forward) if self.back is not None else None

    def apply(self, before: bytes) -> bytes | None:
        """The file afterwards, None where `before` is not the one that this was made for."""
        return _delta(before, self.forward.data) if self.forward.delta else self.forward.data


def binary(lines: Sequence[bytes], at: int) -> tuple[int, Binary] | None:
    """The line after a binary patch that begins at line `at`, and the patch; None for none."""
    try:
        first = _half(lines, at)
        if first is None:
            return None
        second = _half(lines, first[0])
    except (ValueError, zlib.error, IndexError):
        return None
    if second is None:
        return first[0], Binary(first[1], None)
    return second[0], Binary(first[1], second[1])


def _half(lines: Sequence[bytes], at: int) -> tuple[int, Half] | None:
    head = _HEAD.match(lines[at]) if at < len(lines) else None
    if head is None or int(head[2]) > _LIMIT:
        return None
    packed = bytearray()
    at += 1
    while at < len(lines) and lines[at]:
        code = lines[at][0]
        # A..Z are 1 to 26 bytes, a..z 27 to 52.
        size = code - 64 if code < 97 else code - 70
        packed += base64.b85decode(lines[at][1:])[:size]
        at += 1
    size = int(head[2])
    data = zlib.decompressobj().decompress(bytes(packed), size + 1)
    if len(data) != size:
        raise ValueError("another size than it says")
    return at + 1, Half(head[1] == b"delta", data)


def _delta(before: bytes, delta: bytes) -> bytes | None:
    """git's delta: two sizes, then pieces of `before` and pieces of its own."""
    try:
        old, at = _size(delta, 0)
        new, at = _size(delta, at)
        if old != len(before) or new > _LIMIT:
            return None
        out = bytearray()
        while at < len(delta):
            code = delta[at]
            at += 1
            if not code & 0x80:
                out += delta[at : at + code]
                at += code
                continue
            numbers = [0, 0]
            for bit in range(7):
                if code & 1 << bit:
                    numbers[bit > 3] |= delta[at] << 8 * (bit % 4)
                    at += 1
            start, size = numbers[0], numbers[1] or 0x10000
            out += before[start : start + size]
    except IndexError:
        return None
    return bytes(out) if len(out) == new else None


def _size(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
