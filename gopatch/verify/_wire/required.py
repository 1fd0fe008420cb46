"""What has to be there before anything starts, each by the Debian package that brings it."""

from __future__ import annotations

import os
import shutil
import sys

from gopatch.errors import UsageError

_PROGRAMS = {
    "ip": "iproute2",
    "unshare": "util-linux",
    "mount": "mount",
    "containerd": "containerd",
    "runc": "runc",
    "docker-registry": "docker-registry",
    "openssl": "openssl",
    "docker": "docker.io (or docker-cli)",
}


def demand(docker: str | None = None) -> str:
    """The path of the docker client, `docker` or the one on PATH.

    Raises UsageError, which names everything that is missing.
    """
    missing = []
    if not sys.platform.startswith("linux"):
        missing.append("Linux: namespaces")
    elif os.geteuid() != 0:
        missing.append("root: for namespaces and daemons (sudo)")
    path = _path()
    for program, package in _PROGRAMS.items():
        wanted = docker if program == "docker" and docker else program
        if shutil.which(wanted, path=path) is None:
            missing.append(f"{wanted}: apt-get install {package}")
    if missing:
        listed = "".join(f"\n  {line}" for line in missing)
        raise UsageError(f"the judge `wire` needs what is not here{listed}")
    found = shutil.which(docker or "docker", path=path)
    assert found is not None
    return os.path.abspath(found)


def _path() -> str:
    """PATH with the folders of the system's own programs, which not every root has on it."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def environment() -> dict[str, str]:
    """The environment of everything that the judge starts."""
    return {**os.environ, "PATH": _path()}
