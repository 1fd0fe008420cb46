"""A room of namespaces: its own network, mounts, processes. It ends with us, however we end.

Its first process leaves when its standard input closes, which the kernel does for whoever held the
other end; `unshare --kill-child` ends it when unshare is killed. With it go all processes, the mounts
and the network. What was written stood in memory.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any

from gopatch.errors import SourceError
from gopatch.verify._wire.observation import Observation, parse
from gopatch.verify._wire.required import environment

_UNSHARE = (
    *("unshare", "--net", "--mount", "--pid", "--ipc", "--uts"),
    *("--fork", "--kill-child", "--mount-proc"),
)


def observations(plan: Mapping[str, Any], limit: float) -> Iterator[Observation]:
    """Hold the conversation of `plan`, for at most `limit` seconds.

    Raises SourceError where the room breaks down or takes too long.
    """
    command = [*_UNSHARE, sys.executable, "-m", "gopatch.verify._wire.inside"]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(),
            start_new_session=True,
        ) as process,
    ):
        try:
            yield from _read(process, plan, time.monotonic() + limit, errors)
        finally:
            # Never the child alone: with unshare gone, the kernel ends everything in the room.
            process.kill()


def _read(
    process: subprocess.Popen[bytes], plan: Mapping[str, Any], end: float, errors: IO[bytes]
) -> Iterator[Observation]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(plan).encode() + b"\n")
    process.stdin.flush()
    for line in _lines(process.stdout, end):
        found = json.loads(line)
        if found.get("done"):
            return
        if "broken" in found:
            raise SourceError(f"the room cannot be set up: {found['broken']}")
        yield parse(line)
    errors.seek(0)
    words = errors.read().decode("utf-8", "replace").strip().splitlines()
    raise SourceError(f"the room broke down: {' | '.join(words[-3:]) or 'without a word'}")


def _lines(stream: IO[bytes], end: float) -> Iterator[str]:
    """Lines until the stream ends; SourceError when the time is up."""
    import os

    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, end - time.monotonic())):
                raise SourceError("the daemons took too long", hint="--time-limit SECONDS")
            data = os.read(stream.fileno(), 1 << 16)
            if not data:
                return
            *whole, rest = (rest + data).split(b"\n")
            yield from (line.decode() for line in whole)
