"""A command in a real terminal: what it shows, as bytes."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

from tests import warm

ROOT = Path(__file__).parent.parent


def shown(
    *arguments: object, columns: int = 100, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> tuple[str, int]:
    """What `gopatch` shows on a terminal `columns` wide, and its exit code.

    NO_COLOR, COLUMNS and TERM are those of `env` alone.
    """
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    unset = ("NO_COLOR", "COLUMNS", "LINES")
    clean = {k: v for k, v in os.environ.items() if k not in unset}
    child = subprocess.Popen(
        [str(warm.gopatch()), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        cwd=cwd,
        env=clean | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)} | (env or {}),
    )
    os.close(follower)
    out = b""
    try:
        while data := os.read(leader, 65536):
            out += data
    except OSError as error:  # Linux's way to say that the other end is closed
        if error.errno != errno.EIO:
            raise
    finally:
        os.close(leader)
    return out.decode(errors="replace").replace("\r\n", "\n"), child.wait(60)
