"""The two stories of the article (docs/registries.md), from a real daemon's log and as `simulate` tells them.

    python benchmarks/article.py STOCK PATCHED --docker-src PATH [--ref REF]

STOCK and PATCHED are dockerds built from that source, as `verify --by wire` leaves them in its work folder. Each logs in to
222.222.222.222 in namespaces of its own, where a registry speaks plain HTTP on port 80 and nobody listens on 443: with the
registry not listed, listed, and with the option. What the daemon logs of it must be, line by line, what `gopatch simulate`
says that it will. Needs root, docker-registry, containerd and runc. Exit 1 where a line differs.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from gopatch.verify._wire.api import Login
from gopatch.verify._wire.dockerd import running
from gopatch.verify._wire.registry import RunningRegistry
from gopatch.verify._wire.required import environment
from gopatch.verify._wire.room import _UNSHARE

ROOT = Path(__file__).parent.parent
HOST = "222.222.222.222"
ROOM = Path("/run/gopatch")
LINE = re.compile(r'level=\w+ msg="(?:[^"\\]|\\.)*"')
TOLD = ("attempting v", "Error logging in", "Falling back to plain HTTP")


class Story(NamedTuple):
    """One login: which daemon, its flags, and which part of what `simulate` says is about it."""

    name: str
    patched: bool
    flags: tuple[str, ...] = ()


STORIES = (
    Story("stock, not listed", False),
    Story("stock, listed", False, (f"--insecure-registry={HOST}",)),
    Story("patched, off", True),
    Story("patched, listed", True, (f"--insecure-registry={HOST}",)),
    Story("patched, on", True, ("--accept-insecure-registry",)),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="the article's stories, real and simulated")
    parser.add_argument("stock", type=Path)
    parser.add_argument("patched", type=Path)
    parser.add_argument("--docker-src", required=True)
    parser.add_argument("--ref")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        again = [sys.executable, __file__, *sys.argv[1:], "--inside"]
        return subprocess.run([*_UNSHARE, *again], check=False, env=environment()).returncode
    furnish()
    wrong = 0
    for story in STORIES:
        found = list(logged(given.patched if story.patched else given.stock, story))
        wanted = list(simulated(story, given.docker_src, given.ref))
        wrong += found != wanted or not found
        print(f"{story.name}: {'as simulate says' if found == wanted else 'OTHERWISE'}")
        for line in found:
            print(f"  {line}")
        if found != wanted:
            print("  simulate:", *wanted, sep="\n    ")
    return 1 if wrong else 0


def furnish() -> None:
    """A loopback with the address, a /run that is forgotten, and the registry."""
    for command in (
        "ip link set lo up",
        f"ip address add {HOST}/32 dev lo",
        "mount -t tmpfs -o mode=755 gopatch /run",
    ):
        subprocess.run(command.split(), check=True)
    (ROOM / "registry").mkdir(parents=True)
    RunningRegistry(ROOM / "registry", HOST, 80, locked=False)


def logged(dockerd: Path, story: Story) -> Iterator[str]:
    """What a daemon logs of the login."""
    folder = ROOM / story.name.replace(", ", "-").replace(" ", "-")
    with running(str(dockerd), folder, (*story.flags, "--storage-driver=vfs"), {}) as daemon:
        before = len(daemon.log())
        daemon.api.login(Login("someone", "password", HOST))
        yield from lines(daemon.log()[before:])


def simulated(story: Story, source: str, ref: str | None) -> Iterator[str]:
    """What `gopatch simulate` says of it, in the part that is about this daemon."""
    at = ["--docker-src", source, *(["--ref", ref] if ref else [])]
    command = [sys.executable, "-m", "gopatch", "simulate", HOST, *at, *story.flags]
    answers = ["--answers", f"http://{HOST}=200"]
    told = subprocess.run(
        [*command, *answers], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    head = "patched" if story.patched else "stock"
    yield from lines(next(part for part in told.split("\n\n") if part.startswith(head)))


def lines(text: str) -> Iterator[str]:
    for line in LINE.findall(text):
        if line.partition('msg="')[2].startswith(TOLD):
            yield line


if __name__ == "__main__":
    sys.exit(main())
