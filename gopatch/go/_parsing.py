"""Bytes in, tree-sitter's tree out, in a number of steps that grows with the bytes alone.

tree-sitter mends what does not parse by trying what might be meant, which takes the square of some
inputs: 20 s for 32 KB that somebody made for it. It counts its steps, and is told to stop.
"""

from __future__ import annotations

import tree_sitter
import tree_sitter_go
from tree_sitter import Tree

from gopatch.errors import ApplyError

LANGUAGE = tree_sitter.Language(tree_sitter_go.language())
_PARSER = tree_sitter.Parser(LANGUAGE)
_SMALL = 4096  # bytes that take no time, whatever they are
# What is read is handed over in one buffer: the parser's binding never lets go of what it was given.
_BUFFER = memoryview(bytearray(1 << 16))
_FREE, _EACH = 5000, 10  # reports of a hundred steps: that many, and one for so many bytes


def parsed(data: bytes, old: Tree | None = None) -> Tree:
    """The tree of Go source; `old` is that of what it was before, told of the edits since.

    ApplyError where it takes more than a report for ten bytes; Go that somebody wrote has one for 60.
    """
    if len(data) <= _SMALL:
        return _PARSER.parse(data, old) if old else _PARSER.parse(data)
    left = _FREE + len(data) // _EACH

    def is_enough(offset: int, has_error: bool) -> bool:
        nonlocal left
        left -= 1
        return left < 0

    def read(offset: int, _: object) -> memoryview:
        part = data[offset : offset + len(_BUFFER)]
        _BUFFER[: len(part)] = part
        return _BUFFER[: len(part)]

    try:
        if old is None:
            return _PARSER.parse(read, progress_callback=is_enough)
        return _PARSER.parse(read, old, progress_callback=is_enough)
    except ValueError:
        _PARSER.reset()
        raise ApplyError("is so far from Go that it is not parsed to its end") from None
