"""A set of files written whole or not at all, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gopatch.errors import SourceError
from gopatch.splice import FileChange


def is_inside(name: str) -> bool:
    """Whether a relative path stays below the folder that it is taken from, and out of git's.

    git refuses a part `.git` in any case of letters, and with what Windows drops at its end.
    """
    parts = name.split("/")
    if not name or name.startswith("/") or "\\" in name or "\0" in name or ".." in parts:
        return False
    return all(part.rstrip(". ").casefold() != ".git" for part in parts)


def write_file(path: Path, data: bytes) -> None:
    """Write one file, whole or not at all; a device or a pipe is simply written to."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        try:
            path.write_bytes(data)
        except OSError as error:
            raise SourceError(f"cannot be written: {error.strerror}", path=str(path)) from None
        return
    before = path.read_bytes() if path.is_file() else None
    mode = 0o100755 if before is not None and path.stat().st_mode & 0o100 else 0o100644
    write_all([(path, FileChange(path.name, before, data, mode))])


def write_all(targets: Sequence[tuple[Path, FileChange]]) -> None:
    """Write every target, or none; SourceError where one cannot be written."""
    staged: list[tuple[Path, Path, FileChange]] = []
    done: list[tuple[Path, FileChange]] = []
    at = ""
    try:
        for target, change in targets:
            at = change.path
            with _postponed():
                staged.append((_stage(target, change), target, change))
        with _postponed():
            for temporary, target, change in staged:
                at = change.path
                os.replace(temporary, target)
                done.append((target, change))
            for folder in {target.parent for target, _ in targets}:
                _sync(folder)
    except BaseException as error:
        with _postponed():
            _undo(done)
            for temporary, _, _ in staged:
                temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise SourceError(
                f"cannot be written: {error.strerror or error}; nothing was changed", path=at
            ) from None
        raise


def _stage(target: Path, change: FileChange) -> Path:
    """The new bytes in a file beside the target, synced, with the target's mode."""
    assert change.after is not None
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o7777 if target.exists() else change.mode & 0o777
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _undo(done: Sequence[tuple[Path, FileChange]]) -> None:
    for target, change in reversed(done):
        if change.before is None:
            target.unlink(missing_ok=True)
        else:
            os.replace(_stage(target, change._replace(after=change.before)), target)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _postponed() -> Iterator[None]:
    """Signals that would stop us wait until the block has ended."""
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
