"""Where and how Go is run on a source, without writing into it.

Files that differ from the source (the port, the harness, what a build generates) never reach the
tree: they are laid over it by `-overlay`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import UsageError
from gopatch.port import cache
from gopatch.verify._go.toolchain import Go, Ran, has_c, run

# What Go says of packages that do not compile: their paths, or their folders.
_COMPLAINED = re.compile(r"^# ([^\s\[]+)", re.MULTILINE)
_EXCLUDED = re.compile(r"build constraints exclude all Go files in (\S+)")
_OF_C = re.compile(rb'^import "C"|^// ?(?:\+build|go:build) .*\bcgo\b', re.MULTILINE)


class Workspace(NamedTuple):
    """Where and how Go is run on a source.

    `tree` is the engine root as Go sees it, `prefix` the same inside the source ("" for its top),
    `package` its import path; `generated` are files below `tree` that every build gets besides;
    `layout` says in words what was found.
    """

    go: Go
    work: Path
    tree: Path
    prefix: str
    package: str
    env: dict[str, str]
    flags: tuple[str, ...]
    generated: dict[str, bytes]
    layout: str

    def tool(
        self,
        arguments: Iterable[str],
        overlay: Path,
        *,
        cgo: bool = False,
        timeout: float | None = None,
    ) -> Ran:
        """`go VERB ...` with the flags of the layout and an overlay."""
        verb, *rest = arguments
        command = [self.go.go, verb, *self.flags, "-overlay", str(overlay), *rest]
        return run(command, self.tree, {**self.env, "CGO_ENABLED": "01"[cgo]}, timeout)

    def test_program(self, package: str, program: Path, overlay: Path) -> Ran:
        """Compile the tests of a package: without C, and with it where what does not compile has some.

        What the first try said is what is told of a failure, for it needs less.
        """
        program.unlink(missing_ok=True)
        command = ["test", "-vet=off", "-c", "-o", str(program), f"{self.package}/{package}"]
        ran = self.tool(command, overlay)
        if ran.code == 0 or not has_c() or not self._has_c_in(ran.err or ran.out):
            return ran
        with_c = self.tool(command, overlay, cgo=True)
        return with_c if with_c.code == 0 else ran

    def _has_c_in(self, said: str) -> bool:
        """Whether one of the packages that Go complains about has files that are left out without C."""
        paths = self.env.get("GOPATH", "").split(os.pathsep)
        places = (*(Path(path, "src") for path in paths), self.tree / "vendor")
        folders = set(map(Path, _EXCLUDED.findall(said)))
        for package in _COMPLAINED.findall(said):
            inside = package.removeprefix(f"{self.package}/")
            folders |= {self.tree / inside, *(place / package for place in places)}
        return any(_OF_C.search(file.read_bytes()) for f in folders for file in f.glob("*.go"))

    def tagged(self, *more: str) -> Workspace:
        """The same with more build tags."""
        at = self.flags.index("-tags") + 1
        tags = ",".join([self.flags[at], *more])
        return self._replace(flags=(*self.flags[:at], tags, *self.flags[at + 1 :]))

    def inside(self, path: str) -> str | None:
        """A path of the source relative to the engine root, None where it is not in it."""
        if not self.prefix:
            return path
        return path[len(self.prefix) + 1 :] if path.startswith(self.prefix + "/") else None


def overlay(workspace: Workspace, name: str, files: Mapping[str, bytes | None]) -> Path:
    """An overlay file for `go -overlay`: `files` are relative to the tree, None removes one."""
    folder = workspace.work / "overlay" / name
    folder.mkdir(parents=True, exist_ok=True)
    replaced: dict[str, str] = {}
    for path, data in {**workspace.generated, **files}.items():
        target = ""
        if data is not None:
            # Named by content, so that Go's cache sees the same file on a second run.
            file = folder / f"{hashlib.sha256(data).hexdigest()[:16]}-{path.rpartition('/')[2]}"
            # What a run that was cut short has written bears the name, and is not the content.
            if not file.is_file() or file.read_bytes() != data:
                file.write_bytes(data)
            target = str(file)
        replaced[str(workspace.tree / path)] = target
    made = folder / "overlay.json"
    made.write_text(json.dumps({"Replace": replaced}, indent=1, sort_keys=True))
    return made


def cache_folder(given: str | None = None) -> Path:
    """`given`, or a folder of gopatch's cache; UsageError where there is no home to have one in."""
    if given:
        return Path(given).absolute()
    kept = cache.folder()
    if kept is None:
        raise UsageError("there is no home folder to keep Go's cache in", hint="add --work DIR")
    return kept / "go"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a folder alone: who comes second waits."""
    import fcntl

    with open(folder / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
