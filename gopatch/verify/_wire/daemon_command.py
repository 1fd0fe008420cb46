"""How a daemon's program is called, as its own help tells: `dockerd`, before that `docker daemon`, and at
first `docker --daemon`."""

from __future__ import annotations

import re
import subprocess
from typing import NamedTuple

_FLAG = re.compile(r"--[a-z][a-z0-9-]*")
# What makes a daemon of a program that is the client, too, by what its help says of it.
_MODES = {"daemon": re.compile(r"\bdocker daemon \["), "--daemon": re.compile(r"-d, --daemon\b")}


class DaemonCommand(NamedTuple):
    """`words` start the daemon; `flags` are those that it knows."""

    words: tuple[str, ...]
    flags: frozenset[str]


def daemon_command(binary: str) -> DaemonCommand:
    """How `binary` is started as a daemon."""
    told = _help(binary)
    mode = [word for word, said in _MODES.items() if said.search(told)]
    known = _help(binary, *mode) if mode else told
    return DaemonCommand((binary, *mode), frozenset(_FLAG.findall(known)))


def _help(*command: str) -> str:
    done = subprocess.run([*command, "--help"], check=False, capture_output=True, text=True)
    return done.stdout + done.stderr
