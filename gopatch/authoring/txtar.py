"""The txtar format: a comment, then files after lines `-- name --`. CR and missing final
newlines are kept by escapes: `\\r` at a line's end, and a last line `\\ no newline`."""

from __future__ import annotations

import re

_MARK = re.compile(rb"^-- (.+) --\n", re.MULTILINE)


def read_txtar(data: bytes) -> tuple[str, dict[str, bytes]]:
    parts = _MARK.split(data)
    names = [name.decode() for name in parts[1::2]]
    return parts[0].decode(), {
        name: _plain(body) for name, body in zip(names, parts[2::2], strict=True)
    }


def write_txtar(comment: str, files: dict[str, bytes]) -> bytes:
    out = comment.encode()
    for name, body in files.items():
        out += b"-- " + name.encode() + b" --\n" + _escaped(body)
    return out


def _plain(body: bytes) -> bytes:
    body = body.replace(b"\\r\n", b"\r\n")
    return body.removesuffix(b"\n\\ no newline\n") if body.endswith(b"\n\\ no newline\n") else body


def _escaped(body: bytes) -> bytes:
    body = body.replace(b"\r\n", b"\\r\n")
    return body if not body or body.endswith(b"\n") else body + b"\n\\ no newline\n"
