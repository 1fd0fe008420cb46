"""`gopatch` from a process that has imported it already: what a test says, it forks and does.

A document calls the command dozens of times, and each call would import the same modules and compile
the same patch. `gopatch` is a command that asks one server for a session of pytest: it hands over
its three streams, folder, environment and words, and exits with the command's code.
What turns on a process's start (its locale, a closed stream) is not asked of it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import NoReturn, cast

ROOT = Path(__file__).parent.parent
_LARGEST = 1 << 20  # bytes of words and environment
_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
call = socket.socket(socket.AF_UNIX)
call.connect({door!r})
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(call, [b"%d " % len(asked)], [0, 1, 2])
call.sendall(asked)
told = call.recv(4)
os._exit(int(told) if told else 70)
"""


@cache
def gopatch() -> Path:
    """The command, whose server ends with this session."""
    folder = tempfile.TemporaryDirectory(prefix="gopatch-warm")
    door, script = f"{folder.name}/door", Path(folder.name, "gopatch")
    command = [sys.executable, "-m", "tests.warm", door, str(os.getpid())]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    atexit.register(_end, server, folder)
    assert server.stdout is not None
    assert server.stdout.readline() == b"open\n"
    script.write_text(_CLIENT.format(python=sys.executable, door=door))
    script.chmod(0o755)
    return script


def _end(server: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    server.kill()
    server.communicate()
    folder.cleanup()


def serve(place: str, owner: int) -> None:
    """Answer calls, one fork each, for as long as the process `owner` lives."""
    import gopatch

    for module in pkgutil.walk_packages(gopatch.__path__, "gopatch."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _port()
    gc.freeze()  # looking at every object would copy its page into each fork
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen(16)
        listening.settimeout(5)
        os.write(1, b"open\n")
        while os.getppid() == owner:
            try:
                call, _ = listening.accept()
            except TimeoutError:
                continue
            if os.fork() == 0:
                listening.close()
                _answer(call)
            call.close()
            _reap()


def _port() -> None:
    """Work the option out where documents do, and keep what changes do to which bytes."""
    from gopatch.fleet import run as fleet
    from gopatch.port import work
    from gopatch.recipe.read import load
    from gopatch.source import open_source
    from tests.documents import RELEASES

    memo, patch = work.Memo(), load("accept-insecure-registry")
    for name in RELEASES:
        work.work_out(patch, open_source(ROOT / "fixtures" / name), memo)
    for module in (work, fleet):
        module.__dict__["Memo"] = lambda: memo


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def _answer(call: socket.socket) -> NoReturn:
    code = 70
    try:
        call.setblocking(True)
        head, handles, _, _ = socket.recv_fds(call, _LARGEST, 3)
        size, _, data = head.partition(b" ")
        while len(data) < int(size):
            data += call.recv(_LARGEST)
        words, folder, environment = json.loads(data)
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
            os.close(handle)
        _become(folder, environment)
        code = _run(words)
        call.sendall(b"%d" % code)
    finally:
        os._exit(code)


def _become(folder: str, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin = _stream(0, "r")
    sys.stdout = _stream(1, "w")
    sys.stderr = _stream(2, "w")
    sys.stderr.reconfigure(line_buffering=True, errors="backslashreplace")


def _stream(number: int, mode: str) -> io.TextIOWrapper:
    return cast(io.TextIOWrapper, open(number, mode, encoding="utf-8", closefd=False))


def _run(words: list[str]) -> int:
    from gopatch.cli.main import entry_point

    sys.argv = ["gopatch", *words]
    try:
        entry_point()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
