"""The journal of a set of files, which is data of strangers, too, and is followed only where it is sound."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.errors import SourceError
from gopatch.splice import is_inside

FOLDER = ".gopatch"
JOURNAL = "journal.json"
_LARGEST = 16 << 20  # bytes of a journal


class JournalRow(NamedTuple):
    """A file of a journal: its path below the root, and digests of its bytes before and after."""

    path: str
    before: str | None
    after: str | None


def check_ours(path: Path, is_kind: Any) -> None:
    """SourceError where `path` is of another kind, or another user's."""
    found = path.lstat()
    if not is_kind(found.st_mode) or found.st_uid != os.geteuid():
        raise SourceError(
            "is not what this user's gopatch left here", path=str(path), hint="remove it"
        )


def read_rows(root: Path, room: Path) -> list[JournalRow]:
    """The rows of a journal, whose paths are inside."""
    path = room / JOURNAL
    check_ours(path, stat.S_ISREG)
    with path.open("rb") as file:
        data = file.read(_LARGEST)
    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
        table = json.loads(data)
        rows = [JournalRow(*row) for row in table["files"]]
        if table["version"] == 1 and rows and all(_is_row(root, row) for row in rows):
            return rows
    raise untrusted(room, "it is none, or names what is not inside")


def _is_row(root: Path, row: JournalRow) -> bool:
    if not isinstance(row.path, str) or not is_inside(row.path) or row.path.startswith(FOLDER):
        return False
    digests = (row.before, row.after)
    if digests == (None, None) or not all(d is None or isinstance(d, str) for d in digests):
        return False
    return (root / row.path).parent.resolve().is_relative_to(root.resolve())


def untrusted(room: Path, why: str) -> SourceError:
    return SourceError(
        f"a journal that is not followed: {why}",
        path=str(room / JOURNAL),
        hint=f"look at the files, then remove {room.parent}",
    )


def digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str | None:
    """The digest of a regular file, None where there is nothing, "" for anything else."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        return digest(path.read_bytes())
    except FileNotFoundError:
        return None
