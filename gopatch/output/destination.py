"""Where an output goes: one of stdout, a file, a folder, the source's tree, or a branch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.output import Existing, File, Format, NothingThere
from gopatch.source.compressed import plain
from gopatch.splice import FileChange

Kind = Literal["stdout", "file", "folder", "tree", "branch"]
_HEAD = 64 << 10  # bytes in which the header of a patch ends


class Destination(NamedTuple):
    """`path` is the file's, the folder's or the tree's, or the branch's name."""

    kind: Kind
    path: str = ""

    @property
    def existing(self) -> Existing:
        """What is there already."""
        if self.kind == "folder":
            return Folder(Path(self.path))
        if self.kind == "file":
            where = Path(self.path)
            return Folder(where.parent, where.name)
        return NothingThere()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folder that is written into, if one is."""
        where = {"folder": Path(self.path), "file": Path(self.path).parent}.get(self.kind)
        return () if where is None else (where,)

    @property
    def name(self) -> str:
        """The name of the one file that is written, "" where a format names its files."""
        return Path(self.path).name if self.kind == "file" else ""


def destination(output: str | None, source: str, ref: str | None, form: Format) -> Destination:
    """Where a format's files go, from the --output that was given.

    Raises SourceError where a link leads the format's own place in the source out of it.
    """
    if output == "-":
        return Destination("stdout")
    if output is not None:
        folder = output.endswith("/") or Path(output).is_dir()
        return Destination("folder" if folder else "file", output)
    if form.place is not None and not ref:
        found = Path(source) / form.place.folder
        if (found.parent / form.place.beside).is_file():
            if not found.resolve().is_relative_to(Path(source).resolve()):
                raise SourceError("leaves the source by a link", path=form.place.folder)
            return Destination("folder", str(found))
    return Destination("stdout")


def placed(form: Format, to: Destination, source: str, ref: str | None) -> Format:
    """A format with its place where the output goes, if a series lies there inside of the source.

    quilt's folder has any name; what its series lists comes before our patch all the same.
    """
    if form.place is None or ref or not to.folders:
        return form
    root, folder = Path(source).resolve(), to.folders[0].resolve()
    inside = folder != root and folder.is_relative_to(root)
    if (
        not inside
        or (root / form.place.folder / "series").exists()
        or not (folder / "series").is_file()
    ):
        return form
    return form._replace(place=form.place._replace(folder=folder.relative_to(root).as_posix()))


def demand_no_source(to: Destination, source: str) -> None:
    """Raise ApplyError where an output would be written over a file of the source, which is no patch."""
    path, root = Path(to.path).resolve(), Path(source).resolve()
    if to.kind != "file" or not (path.is_file() and root.is_dir() and path.is_relative_to(root)):
        return
    head = b"\n" + plain(path.read_bytes(), path.name)[:_HEAD]
    if b"\n+++ " not in head and _is_of_source(root, path):
        hint = "name another file; --force writes over it"
        raise ApplyError("is a file of the source", path=to.path, hint=hint)


def _is_of_source(root: Path, path: Path) -> bool:
    """Whether a file below a source is tracked; where there is no git, all are."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return True
    from gopatch.source.gitref import GitRef, Repository

    try:
        committed = GitRef(Repository(root), "HEAD")
        return committed.entry(path.relative_to(root).as_posix()) is not None
    except (SourceError, UsageError):
        return True  # nobody can tell


class Folder:
    """A folder on disk as an output sees it, or one file of it; links out of a folder are not followed."""

    def __init__(self, path: Path, only: str = "") -> None:
        self.path = path
        self.only = only

    def names(self) -> tuple[str, ...]:
        if not self.path.is_dir():
            return ()
        found = sorted(item.name for item in self.path.iterdir() if item.is_file())
        return tuple(n for n in found if self.only in ("", n) and not self._leaves(n))

    def read(self, name: str) -> bytes | None:
        if self._leaves(name):
            raise SourceError("leaves the folder by a link", path=str(self.path / name))
        return _read(self.path / name)

    def _leaves(self, name: str) -> bool:
        """Whether a file is a link out of the folder; of one file, whoever named it has named the link."""
        path = self.path / name
        inside = self.only or not path.is_symlink()
        return not inside and not path.resolve().is_relative_to(self.path.resolve())

    def head(self, name: str) -> bytes:
        try:
            with (self.path / name).open("rb") as file:
                return file.read(_HEAD)
        except OSError as error:
            raise _unreadable(self.path / name, error) from None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() or not path.exists() else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> SourceError:
    return SourceError(f"cannot be read: {error.strerror}", path=str(path))


class WrittenFile(NamedTuple):
    """A file of an output and whether it had to be written."""

    path: Path
    changed: bool


def write_files(
    folder: Path, files: Sequence[File], *, force: bool = False
) -> tuple[WrittenFile, ...]:
    """Write an output into a folder as one unit."""
    from gopatch.output.inplace import write

    if not files:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    there = Folder(folder)
    changes = [FileChange(file.name, there.read(file.name), file.data) for file in files]
    write(folder, [c for c in changes if c.before != c.after], force=force)
    return tuple(WrittenFile(folder / c.path, c.before != c.after) for c in changes)
