"""dockerd, stock and patched, out of one source: the port comes in as an overlay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.errors import SourceError, UsageError

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source
    from gopatch.verify._go.workspace import Workspace

_TIMEOUT = 1800.0
_SQLITE, _SQLITE_C = "github.com/mattn/go-sqlite3", "code/sqlite3-binding.c"
_MAIN, _OLD_MAIN = "cmd/dockerd", "docker"
Say = Callable[[str], None]


class Daemons(NamedTuple):
    """Paths of two dockerds; `words` say where they come from."""

    stock: str
    patched: str
    words: str


@contextmanager
def daemons(port: Port, source: Source, options: Mapping[str, Any], say: Say) -> Iterator[Daemons]:
    """The two that were given, or both built, for the time of a `with`.

    Raises UsageError where one is missing or cannot be built at all, SourceError where Go refuses.
    """
    given = (options.get("dockerd"), options.get("dockerd_patched"))
    if all(given):
        stock, patched = (_program(str(path)) for path in given)
        yield Daemons(stock, patched, f"as given: {stock} and {patched}")
        return
    if any(given):
        raise UsageError("--dockerd and --dockerd-patched go together")
    if not port.changes:
        raise UsageError(
            f"{port.source} is patched already, so there is no stock daemon to compare with",
            hint="--against ORIGINAL, or --dockerd STOCK --dockerd-patched PATCHED",
        )
    with _workspace(port, source, options, say) as workspace:
        yield _built(port, workspace, say)


def _program(path: str) -> str:
    import os

    place = Path(path).absolute()
    if not (place.is_file() and os.access(place, os.X_OK)):
        raise UsageError(f"{path} is no program")
    if str(place).startswith(("/run/", "/etc/")):
        raise UsageError(f"{path} will be hidden in the room, which has its own /run and /etc")
    return str(place)


def _workspace(
    port: Port, source: Source, options: Mapping[str, Any], say: Say
) -> AbstractContextManager[Workspace]:
    from gopatch.verify._go.layouts import GoSetting, prepared
    from gopatch.verify._go.toolchain import find_go
    from gopatch.verify._go.workspace import cache_folder

    go = find_go(options.get("go"))
    say(f"laying out {port.source} for {go}")
    work = cache_folder(options.get("work"))
    return prepared(source, port.roots.engine or "", GoSetting(go, work, _jobs(options)))


def _built(port: Port, workspace: Workspace, say: Say) -> Daemons:
    patched = {
        inside: change.after
        for change in port.changes
        if (inside := workspace.inside(change.path)) is not None
    }
    folder = workspace.work / "dockerd"
    folder.mkdir(exist_ok=True)
    stock = _build(workspace, "stock", {}, folder / "stock", say)
    made = _build(workspace, "patched", patched, folder / "patched", say)
    return Daemons(stock, made, f"built with {workspace.go}: {workspace.layout}")


def _jobs(options: Mapping[str, Any]) -> int:
    import os

    return int(options.get("jobs") or len(os.sched_getaffinity(0)))


def with_sqlite(workspace: Workspace) -> Workspace:
    """The same with the system's sqlite, where the tree's own lacks its C: not every clone has that large file."""
    folders = (workspace.tree / "vendor" / root / _SQLITE for root in ("", "src"))
    lacking = any(one.is_dir() and not (one / _SQLITE_C).is_file() for one in folders)
    return workspace.tagged("libsqlite3") if lacking else workspace


def ways(workspace: Workspace, main: str) -> list[tuple[Workspace, bool]]:
    """The workspaces to build `main` in, one after the other, and whether with C.

    Old daemons read quotas and processor times in C. In still older ones C starts containers: without, they
    build, and then they do not start.
    """
    import shutil

    without, with_c = (workspace, False), (with_sqlite(workspace), True)
    if not shutil.which("gcc"):
        return [without]
    return [with_c] if main == _OLD_MAIN else [without, with_c]


def _build(
    workspace: Workspace, name: str, files: Mapping[str, bytes | None], out: Path, say: Say
) -> str:
    import time

    from gopatch.verify._go.workspace import overlay

    main = next((m for m in (_MAIN, _OLD_MAIN) if (workspace.tree / m).is_dir()), None)
    if main is None:
        raise SourceError(f"has no {_MAIN} or {_OLD_MAIN}", path=str(workspace.tree))
    say(f"building dockerd ({name})")
    start = time.monotonic()
    package = f"{workspace.package}/{main}"
    arguments = ["build", "-ldflags", "-s -w", "-o", str(out), package]
    replaced = overlay(workspace, f"dockerd-{name}", files)
    for space, cgo in ways(workspace, main):
        ran = space.tool(arguments, replaced, cgo=cgo, timeout=_TIMEOUT)
        if not ran.code:
            break
    if ran.code:
        words = "\n".join((ran.err or ran.out).strip().splitlines()[-15:])
        raise SourceError(
            f"dockerd ({name}) does not build with {workspace.go}:\n{words}",
            hint="old sources want gcc (apt-get install gcc libc6-dev libsqlite3-dev), and may want an older Go (--go)",
        )
    say(f"built dockerd ({name}) in {time.monotonic() - start:.0f} s")
    return str(out)
