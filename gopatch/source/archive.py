"""An archive (.tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst, .zip) as a source, read once.

What it may cost is bounded while it is read, whatever its headers say: see the numbers below.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from gopatch.errors import SourceError
from gopatch.source.entries import DEEPEST, LARGEST, Entry, Source
from gopatch.source.links import link

if TYPE_CHECKING:
    import tarfile

_TAR = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tzst")
SUFFIXES = (*_TAR, ".zip")
# The largest source of Docker's so far has 250 MB in 21,000 files.
_KEPT = 512 << 20  # bytes of all files together
_UNPACKED = 1 << 30  # bytes of a tar, with what is not kept
_MEMBERS = 250_000
_HEADER = 1 << 20  # bytes of one header of a tar that is as long as it likes

Member = tuple[str, str, int, bytes | None]
"""Name, kind, git's mode, and bytes; None for a file that is too large to be one of Docker's."""


class Archive:
    """The members of an archive. Links are known by name; they are never followed."""

    def __init__(self, path: str | Path) -> None:
        self.name = str(path)
        self._files: dict[str, bytes | None] = {}
        self._links: dict[str, str] = {}
        self._folders: dict[str, dict[str, Entry]] = {"": {}}
        size = 0
        for number, (name, kind, mode, data) in enumerate(_members(Path(path))):
            clean = _inside(name, self.name)
            size += len(data or b"")
            if size > _KEPT or number > _MEMBERS:
                raise _too_large(self.name)
            if clean.count("/") > DEEPEST:
                raise SourceError(f"has folders more than {DEEPEST} deep", path=self.name)
            if clean:
                self._add(clean, kind, mode, data)
        if not self._files:
            raise SourceError("the archive holds no files", path=self.name)

    def _add(self, path: str, kind: str, mode: int, data: bytes | None) -> None:
        folder, _, name = path.rpartition("/")
        if kind != "dir" or path not in self._folders:
            self._parents(folder)[name] = Entry(name, kind, mode)
        if kind == "dir":
            self._folders.setdefault(path, {})
        elif kind == "file":
            self._files[path] = data
        elif kind == "link":
            self._links[path] = os.fsdecode(data or b"")

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

    def link(self, path: str) -> str | None:
        return self._links[path] or None

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise SourceError("there is no such file in the archive", path=path)
        found = self._files[path]
        if found is None:
            raise SourceError(f"has more than {LARGEST:,} bytes, which gopatch reads", path=path)
        return found


class Subfolder:
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

    def link(self, path: str) -> str | None:
        return link(self.source, self._path(path))

    def _path(self, path: str) -> str:
        return f"{self.folder}/{path}" if path else self.folder


def unpacked(source: Source) -> Source:
    """Where a build stands once it has unpacked an archive: in its only folder, if it has one.

    Any other source is returned as it is.
    """
    top = source.listdir("") if isinstance(source, Archive) else ()
    return Subfolder(source, top[0].name) if len(top) == 1 and top[0].kind == "dir" else source


def _inside(name: str, archive: str) -> str:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise SourceError(
            f"the member `{name}` leaves the archive",
            path=archive,
            hint="do not trust this archive",
        )
    return "/".join(part for part in parts if part != ".")


def _too_large(path: str) -> SourceError:
    return SourceError(
        f"is too large for a source of Docker: more than {_KEPT >> 20} MiB of files, "
        f"{_UNPACKED >> 20} MiB unpacked or {_MEMBERS:,} members",
        path=path,
        hint="unpack it, and name the folder",
    )


def _members(path: Path) -> Iterator[Member]:
    try:
        with path.open("rb") as file:
            yield from _zip(file, path) if path.suffix == ".zip" else _tar(file, path)
    except SourceError:
        raise
    except Exception as error:
        # tarfile, zipfile and the decompressors have errors of a dozen kinds for what is broken.
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(
            f"cannot be read as an archive: {why or type(error).__name__}", path=str(path)
        ) from None


def _tar(file: IO[bytes], path: Path) -> Iterator[Member]:
    import tarfile

    stream: Any = _Counted(_unpacked(file, path), str(path))
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_tarinfo(str(path))) as archive:
        for member in archive:
            if (
                not 0 <= member.size <= _UNPACKED
            ):  # tarfile would skip that much, be it there or not
                raise _too_large(str(path))
            if member.isdir():
                yield member.name, "dir", 0o040000, b""
            elif member.issym() or member.islnk():
                _check_link(member, path)
                text = member.linkname if member.issym() else ""  # no folder is a hard one
                yield member.name, "link", 0o120000, os.fsencode(text)
            elif member.isfile():
                mode = 0o100755 if member.mode & 0o100 else 0o100644
                content = archive.extractfile(member) if member.size <= LARGEST else None
                yield member.name, "file", mode, None if content is None else content.read()


def _tarinfo(path: str) -> type[tarfile.TarInfo]:
    """Headers that are as long as they like, but for the longest."""
    import tarfile

    long = (
        tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
    )  # fmt: skip

    class Bounded(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Bounded:
            found = super().frombuf(buf, encoding, errors)
            if found.type in long and found.size > _HEADER:
                raise SourceError(f"has a header of {found.size:,} bytes", path=path)
            return found

    return Bounded


class _Counted:
    """A stream that ends with an error where it gives more than an archive may hold."""

    def __init__(self, stream: Any, path: str) -> None:
        self._stream = stream
        self._path = path
        self._left = _UNPACKED

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(min(size, 1 << 20))
        self._left -= len(data)
        if self._left < 0:
            raise _too_large(self._path)
        return data


def _unpacked(file: IO[bytes], path: Path) -> Any:
    """The bytes of the tar itself, as they are asked for."""
    import bz2
    import gzip
    import lzma

    start = file.read(6)
    file.seek(0)
    if start[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=file)
    if start[:3] == b"BZh":
        return bz2.BZ2File(file)
    if start == b"\xfd7zXZ\0" or start[:3] == b"\x5d\0\0":
        return lzma.LZMAFile(file)
    return _unzstd(file) if path.suffix in (".zst", ".tzst") else file


def _check_link(member: tarfile.TarInfo, path: Path) -> None:
    if not member.issym():
        _inside(member.linkname, str(path))
        return
    depth = len(PurePosixPath(member.name).parts) - 1
    for part in PurePosixPath(member.linkname).parts:
        depth += -1 if part == ".." else 1
        if depth < 0 or part == "/":
            raise SourceError(
                f"the link `{member.name}` leaves the archive",
                path=str(path),
                hint="do not trust this archive",
            )


def _zip(file: IO[bytes], path: Path) -> Iterator[Member]:
    import stat
    import zipfile

    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        sizes = [info.file_size for info in members if info.file_size <= LARGEST]
        if sum(sizes) > _KEPT or len(members) > _MEMBERS:
            raise _too_large(str(path))
        for info in members:
            mode = info.external_attr >> 16
            if info.is_dir():
                yield info.filename, "dir", 0o040000, b""
            elif stat.S_ISLNK(mode):
                yield info.filename, "link", 0o120000, archive.read(info)[:_HEADER]
            else:
                bits = 0o100755 if mode & 0o100 else 0o100644
                data = archive.read(info) if info.file_size <= LARGEST else None
                yield info.filename, "file", bits, data


def _unzstd(file: IO[bytes]) -> Any:
    import importlib

    try:
        return importlib.import_module("compression.zstd").ZstdFile(file)  # Python 3.14
    except ImportError:
        pass
    try:
        import zstandard
    except ImportError:
        raise SourceError(
            "reading .zst needs the package zstandard", hint="pip install 'gopatch[zst]'"
        ) from None
    # What a window may take is the stream's own word, and is held in memory.
    return zstandard.ZstdDecompressor(max_window_size=128 << 20).stream_reader(file)
