"""A set of changed files in; all of them on disk out, or none, across a crash.

What is to be written is first put into `.gopatch/.git/` of the folder that is written into (git adds
nothing below a part `.git`, wherever it stands), each file's old bytes beside its new ones. With the
journal's rename the set counts as written: from then on it can be finished, or taken back, by whoever
comes next. A journal is data of strangers, too: it is followed only where this user owns it, its
paths stay inside, and every file is as it was before, or as it was to be.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

from gopatch.errors import SourceError
from gopatch.files._journal import (
    FOLDER,
    JOURNAL,
    JournalRow,
    check_ours,
    digest,
    digest_of,
    read_rows,
    untrusted,
)
from gopatch.files._turns import locked, postponed
from gopatch.splice import FileChange

__all__ = ["FOLDER", "locked", "recover", "refuse_pending", "write_all", "write_file"]

_OURS = re.compile(r"\d+\.(new|old)|journal\.json(\.new)?")


def write_file(path: Path, data: bytes) -> None:
    """Write one file, whole or not at all; a device or a pipe is simply written to."""
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        before = path.read_bytes() if path.is_file() else None
        mode = 0o100755 if before is not None and path.stat().st_mode & 0o100 else 0o100644
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", path=str(path)) from None
    with locked(path.parent, wait=True):
        write_all(path.parent, [FileChange(path.name, before, data, mode)])


def write_all(root: Path, changes: Sequence[FileChange]) -> None:
    """Write every change below `root`, which the caller has locked, or none.

    SourceError where one cannot be written; then nothing has changed.
    """
    if not changes:
        return
    recover(root)
    room = Path(root, FOLDER, ".git")
    rows = [JournalRow(c.path, digest(c.before), digest(c.after)) for c in changes]
    with postponed() as stopped:
        committed: _Numbered = ()
        try:
            _stage(root, room, changes)
            if stopped():
                raise KeyboardInterrupt  # where no handler of the signal's own comes first
            committed = list(enumerate(rows))
            _commit(room, rows)
            _move(root, room, committed, "new")
        except BaseException as error:
            is_whole = _back_out(root, room, committed)
            if not isinstance(error, OSError):
                raise
            raise SourceError(
                f"cannot be written: {error.strerror or error}; "
                + ("nothing was changed" if is_whole else "the next run takes back what was begun"),
                path=error.filename if isinstance(error.filename, str) else str(root),
            ) from None
        _clear(room)


_Numbered = Sequence[tuple[int, JournalRow]]


def _stage(root: Path, room: Path, changes: Sequence[FileChange]) -> None:
    """Put the new and the old bytes of every file on disk, beside where they belong."""
    _make(room)
    for number, change in enumerate(changes):
        target = root / change.path
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))
        if change.before is not None:
            _keep(target, room / f"{number}.old")
        if change.after is not None:
            mode = change.mode & 0o777 if change.before is None else target.stat().st_mode & 0o7777
            _put(room / f"{number}.new", change.after, mode)
    _sync(room)


def _make(room: Path) -> None:
    for folder in (room.parent, room):
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
        check_ours(folder, stat.S_ISDIR)


def _keep(target: Path, beside: Path) -> None:
    """Another name for a file, or a copy where the file system has no second names."""
    try:
        os.link(target, beside, follow_symlinks=False)
    except OSError:
        shutil.copy2(target, beside, follow_symlinks=False)
        _sync(beside)


def _put(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(handle, mode)
        os.fsync(handle)


def _commit(room: Path, rows: Sequence[JournalRow]) -> None:
    """From here on the files count as written. One file alone needs no journal: a rename is one step."""
    if len(rows) > 1:
        _sync(room.parent)
        _sync(room.parent.parent)
        table = {"version": 1, "files": [list(row) for row in rows]}
        _put(room / f"{JOURNAL}.new", json.dumps(table).encode(), 0o600)
        os.replace(room / f"{JOURNAL}.new", room / JOURNAL)
        _sync(room)


def _move(root: Path, room: Path, rows: _Numbered, side: str) -> None:
    """Put the "new" bytes of files in place, or their "old" ones back."""
    for number, row in rows:
        if (row.after if side == "new" else row.before) is None:
            (root / row.path).unlink(missing_ok=True)
        elif (room / f"{number}.{side}").exists():
            os.replace(room / f"{number}.{side}", root / row.path)
    for folder in {(root / row.path).parent for _, row in rows}:
        _sync(folder)


def _back_out(root: Path, room: Path, rows: _Numbered) -> bool:
    """After a failure, as it was before; False where even that fails: the next run sees to it."""
    with contextlib.suppress(OSError):
        _move(root, room, rows, "old")
        _clear(room)
        return True
    return False


def _clear(room: Path) -> None:
    """Take away what was put beside the files, the journal first."""
    if (room / JOURNAL).exists():
        (room / JOURNAL).unlink()
        _sync(room)
    for path in sorted(room.iterdir()) if room.is_dir() else ():
        if _OURS.fullmatch(path.name):
            path.unlink()
    for folder in (room, room.parent):
        with contextlib.suppress(OSError):
            folder.rmdir()


def refuse_pending(root: Path) -> None:
    """SourceError where a run that was cut short has left `root` half written."""
    found = os.path.join(root, FOLDER, ".git", JOURNAL)
    if os.path.lexists(found):
        raise SourceError(
            f"is half written: a gopatch that writes here was cut short, or is at it; its journal is {found}",
            path=str(root),
            hint="`gopatch apply --in-place` on this folder finishes it or takes it back",
        )


def recover(root: Path) -> str:
    """Finish what a run that was cut short has begun below `root`, or take it back; what was done.

    The caller has locked `root`. "" where nothing was half done. SourceError for a journal that is
    not to be trusted.
    """
    room = Path(root, FOLDER, ".git")
    if not os.path.lexists(room.parent):
        return ""
    for folder in (room.parent, room):
        if os.path.lexists(folder):
            check_ours(folder, stat.S_ISDIR)
    if not os.path.lexists(room / JOURNAL):
        _clear(room)
        return ""
    with postponed():
        rows = read_rows(root, room)
        now = [digest_of(root / row.path) for row in rows]
        odd = [row.path for row, n in zip(rows, now, strict=True) if n not in row[1:]]
        if odd:
            raise untrusted(room, f"{odd[0]} is neither as it was nor as it was to be")
        begun = [(n, row) for n, row in enumerate(rows) if now[n] != row.before]
        left = [(n, row) for n, row in enumerate(rows) if now[n] != row.after]
        if all(row.after in (None, digest_of(room / f"{n}.new")) for n, row in left):
            _move(root, room, left, "new")
        elif all(row.before in (None, digest_of(room / f"{n}.old")) for n, row in begun):
            _move(root, room, begun, "old")
        else:
            raise untrusted(room, "what it needs beside it is not there")
        _clear(room)
    end = "finished" if digest_of(root / rows[0].path) == rows[0].after else "taken back"
    return f"an earlier run was cut short while it wrote {len(rows)} files below {root}: {end}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
