"""A patch file that may be compressed, as quilt and dpkg-source take it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from io import BytesIO
from typing import IO

from gopatch.errors import SourceError

_LIMIT = 256 << 20  # bytes: more is no patch


def plain(data: bytes, where: str) -> bytes:
    """The bytes of a patch, out of .gz, .bz2, .xz or .lzma; told by how they begin."""
    opened = _opened(data)
    if opened is None:
        return data
    try:
        found = opened.read(_LIMIT)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise SourceError(f"cannot be unpacked: {error}", path=where) from None
    if len(found) == _LIMIT:
        raise SourceError("is too large for a patch", path=where)
    return found


def named(data: bytes, name: str) -> bytes:
    """The bytes of a patch, compressed as its file's name says; the same bytes on every machine."""
    end = name.rpartition(".")[2]
    if end == "gz":
        return gzip.compress(data, mtime=0)
    if end == "bz2":
        return bz2.compress(data)
    if end in ("xz", "lzma"):
        return lzma.compress(data, lzma.FORMAT_XZ if end == "xz" else lzma.FORMAT_ALONE)
    return data


def _opened(data: bytes) -> IO[bytes] | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile | None:
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=BytesIO(data))
    if data.startswith(b"BZh"):
        return bz2.BZ2File(BytesIO(data))
    return lzma.LZMAFile(BytesIO(data)) if data.startswith((b"\xfd7zXZ\0", b"]\0\0")) else None
