"""Debian's docker-registry on plain HTTP: with and without a password, on one storage."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path

from gopatch.verify._wire.dockerd import StartError
from gopatch.verify._wire.places import PASSWORD, USER

# bcrypt, as the registry demands it, of `places.PASSWORD`.
_HTPASSWD = "someone:$2y$04$Qx4e8E93/BVz.ogNHueN1e/NYgMQ9hFq.mc6BqwRIHcS3uEJ9Jzay\n"
_MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)
_ACCESS = re.compile(r'"[A-Z]+ \S+ HTTP/[\d.]+" \d{3} ')


class RunningRegistry:
    """A running docker-registry at one address."""

    def __init__(self, folder: Path, address: str, port: int, *, locked: bool) -> None:
        self._address, self._port = address, port
        self._log = folder / f"{address}-{port}.log"
        config = folder / f"{address}-{port}.yml"
        storage = folder / address
        config.write_text(_config(f"{address}:{port}", storage, folder if locked else None))
        (folder / "htpasswd").write_text(_HTPASSWD)
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                ["docker-registry", "serve", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)},
            )
        self._await(address, port)

    def requests(self) -> int:
        """How many requests have reached it so far."""
        return len(_ACCESS.findall(self._log.read_text("utf-8", "replace")))

    def digest(self, name: str) -> str:
        """The digest of `name`:latest, "" where there is none."""
        connection = HTTPConnection(self._address, self._port, timeout=10)
        secret = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode("ascii")
        headers = {"Accept": ", ".join(_MANIFESTS), "Authorization": f"Basic {secret}"}
        try:
            connection.request("HEAD", f"/v2/{name}/manifests/latest", headers=headers)
            response = connection.getresponse()
            return response.headers.get("Docker-Content-Digest") or ""
        finally:
            connection.close()

    def _await(self, address: str, port: int) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection((address, port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        words = self._log.read_text("utf-8", "replace").splitlines()[-1:]
        raise StartError(f"docker-registry does not start: {' '.join(words)}")


def _config(address: str, storage: Path, secrets: Path | None) -> str:
    auth = (
        f"auth:\n  htpasswd:\n    realm: basic\n    path: {secrets}/htpasswd\n" if secrets else ""
    )
    return (
        "version: 0.1\n"
        # What v1.8 and v1.9 push.
        "compatibility:\n  schema1:\n    enabled: true\n"
        f"storage:\n  filesystem:\n    rootdirectory: {storage}\n  delete:\n    enabled: true\n"
        f"http:\n  addr: {address}\n{auth}"
    )
