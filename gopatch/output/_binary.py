"""What a text's diff cannot say, as git says it: bytes that are no text, and files that come or go empty.

`GIT binary patch` is git's apply.c: deflated bytes in base 85, 52 of them a line, forward and back.
`git apply` takes it, `patch` and dpkg-source do not.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator

_FIRST = 8000  # bytes in which git looks for one that is 0
_EMPTY = "0" * 40


def is_textless(before: bytes | None, after: bytes | None) -> bool:
    """Whether a diff in lines has nothing to say of a change, or nothing that a mail can carry."""
    if before == after:
        return False
    return any(b"\0" in (side or b"")[:_FIRST] for side in (before, after)) or not (before or after)


def blob_id(data: bytes | None) -> str:
    """git's name of a file with these bytes: 40 hex digits, all 0 for no file."""
    if data is None:
        return _EMPTY
    # A name that git gives, no guard against anybody.
    made = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    made.update(data)
    return made.hexdigest()


def header(
    names: tuple[str, str], sides: tuple[bytes | None, bytes | None], mode: int, digits: int = 40
) -> bytes:
    """git's lines above a file: its two names (quoted), blobs with that many digits, and its mode."""
    before, after = sides
    old, new = (blob_id(side)[:digits] for side in sides)
    head = [f"diff --git {names[0]} {names[1]}"]
    if before is None:
        head.append(f"new file mode {mode:o}")
    if after is None:
        head.append(f"deleted file mode {mode:o}")
    whole = before is not None and after is not None
    head.append(f"index {old}..{new}" + (f" {mode:o}" if whole else ""))
    return "".join(f"{line}\n" for line in head).encode("utf-8", "surrogateescape")


def binary_patch(before: bytes | None, after: bytes | None) -> bytes:
    """Both files whole, the later one first; nothing for what has no bytes on either side."""
    if not before and not after:
        return b""
    return b"GIT binary patch\n" + b"".join(
        b"".join([b"literal %d\n" % len(side), *_lines(side), b"\n"])
        for side in (after or b"", before or b"")
    )


def _lines(data: bytes) -> Iterator[bytes]:
    packed = zlib.compress(data)
    for at in range(0, len(packed), 52):
        part = packed[at : at + 52]
        size = chr(len(part) + 64) if len(part) <= 26 else chr(len(part) + 70)
        whole = part + bytes(-len(part) % 4)
        yield size.encode() + base64.b85encode(whole) + b"\n"
