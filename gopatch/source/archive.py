"""An archive (.tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst, .zip) as a source, read once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from gopatch.errors import SourceError
from gopatch.source.values import Entry, Source

_TAR = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst")
SUFFIXES = (*_TAR, ".zip")
_LIMIT = 4 << 30  # bytes of all members together: more is no source of Docker


class Archive:
    """The members of an archive. Links are known by name; they are never followed."""

    def __init__(self, path: str | Path) -> None:
        self.name = str(path)
        self._files: dict[str, tuple[int, bytes]] = {}
        self._folders: dict[str, dict[str, Entry]] = {"": {}}
        size = 0
        for name, kind, mode, data in _members(Path(path)):
            clean = _inside(name, self.name)
            size += len(data)
            if size > _LIMIT:
                raise SourceError("is too large for a source of Docker", path=self.name)
            if clean:
                self._add(clean, kind, mode, data)
        if not self._files:
            raise SourceError("the archive holds no files", path=self.name)

    def _add(self, path: str, kind: str, mode: int, data: bytes) -> None:
        folder, _, name = path.rpartition("/")
        if kind != "dir" or path not in self._folders:
            self._parents(folder)[name] = Entry(name, kind, mode)
        if kind == "dir":
            self._folders.setdefault(path, {})
        elif kind == "file":
            self._files[path] = mode, data

    def _parents(self, folder: str) -> dict[str, Entry]:
        if folder not in self._folders:
            above, _, name = folder.rpartition("/")
            self._parents(above)[name] = Entry(name, "dir", 0o040000)
            self._folders[folder] = {}
        return self._folders[folder]

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        found = self._folders.get(folder, {})
        return tuple(found[name] for name in sorted(found))

    def entry(self, path: str) -> Entry | None:
        folder, _, name = path.rpartition("/")
        return self._folders.get(folder, {}).get(name)

    def read(self, path: str) -> bytes:
        found = self._files.get(path)
        if found is None:
            raise SourceError("there is no such file in the archive", path=path)
        return found[1]


class Folder:
    """One folder of a source as a source of its own."""

    def __init__(self, source: Source, folder: str) -> None:
        self.source = source
        self.folder = folder

    @property
    def name(self) -> str:
        return self.source.name

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        return self.source.listdir(self._path(folder))

    def entry(self, path: str) -> Entry | None:
        return self.source.entry(self._path(path))

    def read(self, path: str) -> bytes:
        return self.source.read(self._path(path))

    def _path(self, path: str) -> str:
        return f"{self.folder}/{path}" if path else self.folder


def unpacked(source: Source) -> Source:
    """Where a build stands once it has unpacked an archive: in its only folder, if it has one.

    Any other source is returned as it is.
    """
    top = source.listdir("") if isinstance(source, Archive) else ()
    return Folder(source, top[0].name) if len(top) == 1 and top[0].kind == "dir" else source


def _inside(name: str, archive: str) -> str:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise SourceError(
            f"the member `{name}` leaves the archive",
            path=archive,
            hint="do not trust this archive",
        )
    return "/".join(part for part in parts if part != ".")


def _members(path: Path) -> Iterator[tuple[str, str, int, bytes]]:
    """Name, kind, git's mode and bytes of every member."""
    import lzma
    import tarfile
    import zipfile
    import zlib

    wrong = (tarfile.TarError, zipfile.BadZipFile, EOFError, lzma.LZMAError, zlib.error)
    try:
        with path.open("rb") as file:
            yield from _zip(file) if path.suffix == ".zip" else _tar(file, path)
    except (*wrong, OSError, RuntimeError, NotImplementedError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(f"cannot be read as an archive: {why}", path=str(path)) from None


def _tar(file: IO[bytes], path: Path) -> Iterator[tuple[str, str, int, bytes]]:
    import tarfile

    stream = _unzstd(file) if path.suffix in (".zst", ".tzst") else file
    with tarfile.open(fileobj=stream, mode="r:*") as archive:
        for member in archive:
            if member.isdir():
                yield member.name, "dir", 0o040000, b""
            elif member.issym() or member.islnk():
                _check_link(member, path)
                yield member.name, "link", 0o120000, b""
            elif member.isfile():
                content = archive.extractfile(member)
                mode = 0o100755 if member.mode & 0o100 else 0o100644
                yield member.name, "file", mode, content.read() if content else b""


def _check_link(member: object, path: Path) -> None:
    name, target = str(member.name), str(member.linkname)  # type: ignore[attr-defined]
    if not member.issym():  # type: ignore[attr-defined]
        _inside(target, str(path))
        return
    depth = len(PurePosixPath(name).parts) - 1
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0 or part == "/":
            raise SourceError(
                f"the link `{name}` leaves the archive",
                path=str(path),
                hint="do not trust this archive",
            )


def _zip(file: IO[bytes]) -> Iterator[tuple[str, str, int, bytes]]:
    import stat
    import zipfile

    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            if info.is_dir():
                yield info.filename, "dir", 0o040000, b""
            elif stat.S_ISLNK(mode):
                yield info.filename, "link", 0o120000, b""
            else:
                bits = 0o100755 if mode & 0o100 else 0o100644
                yield info.filename, "file", bits, archive.read(info)


def _unzstd(file: IO[bytes]) -> IO[bytes]:
    try:
        import zstandard
    except ImportError:
        return _unzstd_builtin(file)
    try:
        with zstandard.ZstdDecompressor().stream_reader(file) as reader:
            return io.BytesIO(reader.read())
    except zstandard.ZstdError as error:
        raise OSError(f"not zstd: {error}") from None


def _unzstd_builtin(file: IO[bytes]) -> IO[bytes]:
    import importlib

    try:
        zstd = importlib.import_module("compression.zstd")  # Python 3.14
    except ImportError:
        raise SourceError(
            "reading .zst needs the package zstandard", hint="pip install 'gopatch[zst]'"
        ) from None
    return io.BytesIO(zstd.decompress(file.read()))
