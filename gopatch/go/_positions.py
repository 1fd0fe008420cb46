"""Byte offsets as rows and columns: the parser counts from 0, people from 1."""

from __future__ import annotations


def point(data: bytes, offset: int) -> tuple[int, int]:
    """Row and column, from 0, as the parser counts them."""
    return data.count(b"\n", 0, offset), offset - data.rfind(b"\n", 0, offset) - 1


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (from 1, in bytes) of a byte offset."""
    row, column = point(data, offset)
    return row + 1, column + 1
