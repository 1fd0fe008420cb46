"""Asking a daemon for a BuildKit build: through the docker client, which holds the session that
passwords need, or through the API where the client has no BuildKit and no password is needed."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gopatch.verify._wire.api import DaemonReply, Login
from gopatch.verify._wire.dockerd import RunningDaemon

_SINCE = (1, 39)


@dataclass(frozen=True)
class Client:
    """`docker`, the path of a client; `buildkit` says whether it can do such builds."""

    docker: str
    buildkit: bool
    folder: Path

    def able(self, daemon: RunningDaemon, login: Login | None) -> bool:
        return daemon.api.version() >= _SINCE and (self.buildkit or login is None)

    def build(self, daemon: RunningDaemon, name: str, login: Login | None) -> DaemonReply:
        if not self.buildkit:
            files = {"Dockerfile": _dockerfile(name)}
            return daemon.api.build(files, (), buildkit=True)
        context, config = self.folder / "context", self.folder / "config"
        for folder in (context, config):
            folder.mkdir(exist_ok=True)
        (context / "Dockerfile").write_bytes(_dockerfile(name))
        (config / "config.json").write_text(json.dumps({"auths": _auths(login)}))
        command = [self.docker, "--config", str(config), "--host", f"unix://{daemon.socket}"]
        return _run([*command, "build", "--pull", "--no-cache", "--progress=plain", str(context)])


def find_client(docker: str, folder: Path) -> Client:
    """The client at `docker`. Since v23 BuildKit builds need its plugin buildx."""
    done = _run([docker, "build", "--help"])
    return Client(docker, not done.error, folder)


def _dockerfile(name: str) -> bytes:
    return f"FROM {name}\nLABEL built=yes\n".encode()


def _auths(login: Login | None) -> dict[str, dict[str, str]]:
    if login is None:
        return {}
    secret = base64.b64encode(f"{login.user}:{login.password}".encode()).decode("ascii")
    return {login.server: {"auth": secret}}


def _run(command: list[str]) -> DaemonReply:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "DOCKER_BUILDKIT": "1"}
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return DaemonReply(f"{command[0]}: {error}")
    words = (done.stdout + done.stderr).strip()
    return DaemonReply("" if done.returncode == 0 else words[-400:] or "it fails", words)
