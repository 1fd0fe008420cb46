"""What a build of old Docker needs besides its source: written by its scripts, or mended for today's Go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.verify._go.trees import NEVER_GO

CODEC = "github.com/ugorji/go/codec"
_TWICE = b'base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789__")'
_ONCE = _TWICE.replace(b"__", b"_-")
_TARSUM = "pkg/tarsum/tarsum.go"
_NEXT, _WRITE = b"\t\t\tcurrentHeader, err := ts.tarR.Next()\n", b"ts.tarW.Write(buf2[:n])"
_LAST_BYTES = b"""\
			if _, err := ts.tarW.Write(buf2[:n]); err != nil {
				return 0, err
			}
			n = 0
"""
_GRAPHDB = "pkg/graphdb"
_NO_SQLITE = b"""//go:build !cgo

package graphdb

// NewSqliteConn wants C.
func NewSqliteConn(string) (*Database, error) {
	panic("sqlite wants C")
}
"""


def import_path(source: Source, engine: str) -> str:
    """The import path of the engine, as its own files import each other."""
    counts: dict[str, int] = {}
    for folder in ("registry", "daemon", "cmd/dockerd", "docker", "daemon/command"):
        for entry in source.listdir(join(engine, folder)):
            if entry.kind != "file" or not entry.name.endswith(".go"):
                continue
            text = source.read(join(engine, f"{folder}/{entry.name}")).decode("utf-8", "replace")
            for found in re.findall(
                r'"([\w.\-]+(?:/[\w.\-]+)+)/(?:registry|opts|daemon|image)"', text
            ):
                counts[found] = counts.get(found, 0) + 1
    # A distribution's registry or a library's image package is imported less often.
    return (
        max(counts, key=lambda name: (counts[name], name)) if counts else "github.com/docker/docker"
    )


def written_by_scripts(source: Source, engine: str, package: str) -> dict[str, bytes]:
    """Packages that upstream's build scripts write: hack/make/.go-autogen up to v1.9.

    Every name that the tree takes from such a package becomes a string variable of it.
    """
    folder = "autogen/dockerversion"
    if source.entry(join(engine, folder)) is not None:
        return {}
    names: set[str] = set()
    wanted = f'"{package}/{folder}"'
    for path in _go_files(source, engine):
        data = source.read(path)
        if wanted.encode() in data:
            names |= set(
                re.findall(r"\bdockerversion\.([A-Z]\w*)", data.decode("utf-8", "replace"))
            )
    if not names:
        return {}
    lines = "".join(f'\t{name} = "gopatch"\n' for name in sorted(names))
    text = f"package dockerversion\n\nvar (\n{lines})\n"
    return {f"{folder}/dockerversion.go": text.encode()}


def vendored_imports(source: Source, engine: str, package: str) -> dict[str, bytes]:
    """Files that import what is vendored by its folder, as v1.3 to v1.6 do, with its own path instead.

    Since Go 1.5 no import may have vendor/ in it (https://go.dev/s/go15vendor).
    """
    wanted = f'"{package}/vendor/src/'.encode()
    found = {}
    for path in _go_files(source, engine):
        data = source.read(path)
        if wanted in data:
            inside = path.removeprefix(engine).lstrip("/")
            found[inside] = data.replace(wanted, b'"')
    return found


def mended(tree: Path, vendored: Path) -> dict[str, bytes]:
    """A vendored file that stops every program at its start when built with Go 1.22 or later.

    Its code generator, which no daemon runs, makes a base64 alphabet with one letter twice;
    encoding/base64 panics at that since Go 1.22 (https://go.dev/doc/go1.22#encoding/base64).
    """
    inside = ((tree, f"vendor/{CODEC}/gen.go"), (Path(), str(vendored / f"src/{CODEC}/gen.go")))
    for root, path in inside:
        data = _read(root / path)
        if _TWICE in data:
            return {path: data.replace(_TWICE, _ONCE)}
    return {}


def whole_tarsum(source: Source, engine: str) -> dict[str, bytes]:
    """The sum of a build's tar, which loses the last bytes of each file when built with Go 1.10 or later.

    archive/tar gives them together with io.EOF since then, and until v18.06 they were written after the
    next file's header.
    """
    wanted = join(engine, _TARSUM)
    data = source.read(wanted) if source.entry(wanted) else b""
    before, mark, after = data.partition(_NEXT)
    if not mark or _WRITE in before:
        return {}
    return {_TARSUM: before + _LAST_BYTES + mark + after}


def without_c(source: Source, engine: str) -> dict[str, bytes]:
    """What v1.13 to v17.04 have not: the function that opens sqlite, where there is no C.

    Until v1.12 a file of upstream's says the same, conn_unsupported.go.
    """
    wanted = join(engine, f"{_GRAPHDB}/conn_sqlite3_linux.go")
    if source.entry(wanted) is None or b"+build cgo" not in source.read(wanted):
        return {}
    return {f"{_GRAPHDB}/gopatch_unsupported.go": _NO_SQLITE}


def _go_files(source: Source, folder: str) -> Iterable[str]:
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir" and entry.name not in {*NEVER_GO, "vendor"}:
            yield from _go_files(source, path)
        elif entry.kind == "file" and entry.name.endswith(".go"):
            yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
