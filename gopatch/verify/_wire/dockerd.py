"""A dockerd with a containerd of its own, in a folder of its own; started, reloaded, stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gopatch.verify._wire.api import Api
from gopatch.verify._wire.daemon_command import daemon_command

_START = 60.0
_STOP = 15.0
_CONTAINERD = """
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
"""


class StartError(Exception):
    """A program did not come up; the message ends with its last words."""


class RunningDaemon:
    """A running dockerd. `log` is its standard error so far."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.socket = folder / "docker.sock"
        self.api = Api(str(self.socket))

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def log(self) -> str:
        return (self.folder / "dockerd.log").read_text("utf-8", "replace")

    def configure(self, values: dict[str, object]) -> None:
        """Change daemon.json as far as `values` go."""
        path = self.folder / "daemon.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    def reload(self) -> bool:
        """SIGHUP; whether the daemon lives and answers once it has said that it is through."""
        before = _reloads(self.log())
        self.process.send_signal(signal.SIGHUP)
        for _ in _until(10):
            if not self.alive or _reloads(self.log()) > before:
                break
        # A daemon that dies of it may first say that all is well.
        time.sleep(0.5)
        return self.alive and not self.api.ping().error


def _reloads(log: str) -> int:
    """How often the daemon has told of a reload, done or refused."""
    return log.count("econfigur") + log.count("Reloaded") + log.count("reloading")


@contextmanager
def running(
    binary: str, folder: Path, flags: Sequence[str], values: dict[str, object]
) -> Iterator[RunningDaemon]:
    """A daemon for the time of a `with`; `values` are its daemon.json.

    Raises StartError where it, or its containerd, does not come up in time.
    """
    folder.mkdir(parents=True)
    containerd = _containerd(folder)
    try:
        daemon = _dockerd(binary, folder, flags, values)
        try:
            _await(daemon)
            yield daemon
        finally:
            _stop(daemon.process)
    finally:
        _stop(containerd)


def _dockerd(
    binary: str, folder: Path, flags: Sequence[str], values: dict[str, object]
) -> RunningDaemon:
    known = daemon_command(binary)
    places = {
        "--config-file": "daemon.json",
        "--containerd": "containerd.sock",
        "--exec-root": "exec",
        "--pidfile": "docker.pid",
        "--data-root" if "--data-root" in known.flags else "--graph": "data",
    }
    fixed = {flag: str(folder / name) for flag, name in places.items()}
    fixed |= {"--bridge": "none", "--iptables": "false", "--userland-proxy": "false"}
    # v1.12 does not start where it may not lower its own
    fixed["--oom-score-adjust"] = Path("/proc/self/oom_score_adj").read_text().strip()
    command = [
        *known.words,
        "--debug",
        *(f"{flag}={value}" for flag, value in fixed.items() if flag in known.flags),
        f"--host=unix://{folder / 'docker.sock'}",
        *flags,
    ]
    (folder / "daemon.json").write_text(json.dumps(values))
    # New daemons refuse old clients unless they are told otherwise.
    environment = {**_environment(folder), "DOCKER_MIN_API_VERSION": "1.24"}
    process = _start(command, folder / "dockerd.log", environment)
    return RunningDaemon(process, folder)


def _containerd(folder: Path) -> subprocess.Popen[bytes]:
    (folder / "containerd.toml").write_text(_CONTAINERD)
    command = [
        "containerd",
        f"--config={folder / 'containerd.toml'}",
        f"--root={folder / 'containerd'}",
        f"--state={folder / 'containerd-state'}",
        f"--address={folder / 'containerd.sock'}",
    ]
    process = _start(command, folder / "containerd.log", _environment(folder))
    for _ in _until(_START):
        if (folder / "containerd.sock").exists():
            return process
        if process.poll() is not None:
            break
    _stop(process)
    raise StartError(f"containerd does not start: {_last_words(folder / 'containerd.log')}")


def _environment(folder: Path) -> dict[str, str]:
    import os

    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}


def _start(
    command: Sequence[str], log: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    out: IO[bytes]
    with log.open("ab") as out:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
        )


def _await(daemon: RunningDaemon) -> None:
    for _ in _until(_START):
        if not daemon.alive:
            break
        if daemon.socket.exists() and not daemon.api.ping().error:
            return
    raise StartError(f"dockerd does not start: {_last_words(daemon.folder / 'dockerd.log')}")


def _last_words(log: Path) -> str:
    """What is worth reading of a log: from a Go panic on, or its last lines."""
    lines = log.read_text("utf-8", "replace").splitlines()
    panic = next((n for n, line in enumerate(lines) if line.startswith(("panic:", "fatal"))), None)
    chosen = lines[panic : panic + 3] if panic is not None else lines[-3:]
    return " | ".join(line.strip() for line in chosen if line.strip())


def _until(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
