"""Go bytes -> whether what stood behind their end is missing, for nothing that is parsed tells that."""

from __future__ import annotations

import re

_PAIRS = ((b"{", b"}"), (b"(", b")"), (b"[", b"]"))
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}()[]")
# What is no code, to where it ends; what opens and does not end, to the end of the file, by its sign.
_TEXTS = re.compile(
    rb"""//[^\n]*|/\*.*?\*/|`[^`]*`|"(?:\\[^\n]|[^"\\\n])*"?|'(?:\\[^\n]|[^'\\\n])*'?|(/\*|`).*""",
    re.DOTALL,
)
_HEAD = re.compile(rb"(?:\s*//[^\n]*\n)*\s*package\s+\w")
_DECLARES = re.compile(rb"^[ \t]*(?:func|var|const|type)\b", re.MULTILINE)
_ENDS = re.compile(rb"\n[})]\s*\Z")  # of a declaration, as gofmt has it
# An import that Go wants to be used: neither `_`, nor `.`, nor C, which stays as it is.
_WANTS_USE = re.compile(rb'(?:import|[(;\n])[ \t]*(?:(?!_\b)\w+[ \t]*)?""')


def is_cut_off(data: bytes) -> bool:
    """Whether a Go file has no package, leaves a bracket, a comment or a raw string open, or only imports.

    Such a file may have said anything behind its end.
    """
    if _ENDS.search(data, max(0, len(data) - 80)) and _is_plain(data):
        return False
    text = data.removeprefix(b"\xef\xbb\xbf")
    parts = _TEXTS.split(text)
    code, left_open = b" ".join(parts[::2]), parts[1::2]
    if any(left_open) or not (_is_even(code) and _HEAD.match(code)):
        return True
    return not _DECLARES.search(code) and _WANTS_USE.search(_TEXTS.sub(_emptied, text)) is not None


def _is_plain(data: bytes) -> bool:
    """Whether a file ends as most do, with nothing in texts and comments that could mislead: it is whole."""
    plain = (
        data.count(b"`") % 2 == 0 and data.count(b"/*") == data.count(b"*/") and b"/*/" not in data
    )
    return (
        plain and _is_even(data) and _HEAD.match(data) is not None and bool(_DECLARES.search(data))
    )


def _is_even(data: bytes) -> bool:
    brackets = data.translate(None, _NO_BRACKETS)
    return all(brackets.count(opened) == brackets.count(closed) for opened, closed in _PAIRS)


def _emptied(found: re.Match[bytes]) -> bytes:
    """What stands for a text of the source where its imports are looked at."""
    text = found[0]
    if text == b'"C"':
        return text
    return b" " if text.startswith(b"/") else b'""'
