"""Whose turn it is: one run at a time in a folder, and signals once it has ended."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from gopatch.errors import SourceError

_STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@contextlib.contextmanager
def locked(root: Path, *, wait: bool = False) -> Iterator[None]:
    """Only one run writes into a folder. The lock is the folder's own and leaves no file."""
    try:
        handle = os.open(root, os.O_RDONLY)
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror}", path=str(root)) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise SourceError(
                "another gopatch is writing here", path=str(root), hint="wait for it to end"
            ) from None
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL):
                raise
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def postponed() -> Iterator[Callable[[], bool]]:
    """Signals that would stop us wait until the block has ended; gives whether one does."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    heard = {each for each in _STOPS if signal.getsignal(each) is not signal.SIG_IGN}
    try:
        yield lambda: bool(heard & signal.sigpending())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
