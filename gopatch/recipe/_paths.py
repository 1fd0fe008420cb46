"""The names of files in a patch: they stay below the patch's folder and the source, and out of git's."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from gopatch.errors import PatchError
from gopatch.splice import is_inside

_DEEP = 2  # each `**` multiplies how often a folder is looked at
_LONGEST = 10_000  # bytes of a line
_LARGEST = 1 << 20  # bytes of one file of a patch; the largest that came along so far has 40,000


def patches_folder() -> Path:
    """Where the patches that come with gopatch are."""
    package = Path(__file__).parent.parent
    inside = package / "patches"
    return inside if inside.is_dir() else package.parent / "patches"


def relative(name: Any, key: str, what: str) -> str:
    """The name, or the glob, of a file below a folder that the patch does not choose itself."""
    if not isinstance(name, str) or not is_inside(name):
        raise PatchError(
            f"`{key}` names `{name}`, which is no name below the folder",
            path=what,
            hint="no absolute path, no `..`, no `.git`",
        )
    if name.split("/").count("**") > _DEEP:
        raise PatchError(f"`{key}` has more than {_DEEP} times `**`: `{name}`", path=what)
    return name


def own_file(folder: Path, name: Any, key: str, what: str) -> Path:
    """A file of the patch's folder; a link out of it names none."""
    path = folder / relative(name, key, what)
    plain = "/" not in name and not path.is_symlink()
    if not (plain or path.resolve().is_relative_to(folder.resolve())):
        raise PatchError(f"`{key}` names `{name}`, a link out of the patch's folder", path=what)
    return path


def read_case_file(path: Path) -> bytes:
    """An archive beside a patch: a regular file, and no link out of its folder."""
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise PatchError("is a link out of its folder", path=path.name)
    return read_bytes(path, path.name)


def read_bytes(path: Path, shown: str) -> bytes:
    """A file of a patch: a regular one, of at most 1 MiB."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PatchError("is not a regular file", path=shown)
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise PatchError(f"cannot be read: {error.strerror}", path=shown) from None
    if len(data) > _LARGEST:
        raise PatchError("is larger than 1 MiB, which no file of a patch is", path=shown)
    return data


def text(path: Path, shown: str) -> str:
    """The text of a file of a patch: UTF-8, no line of more than 10,000 bytes."""
    data = read_bytes(path, shown)
    for number, line in enumerate(data.split(b"\n"), 1):
        if len(line) > _LONGEST:
            raise PatchError(f"a line of more than {_LONGEST:,} bytes", path=shown, line=number)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise PatchError("is not UTF-8 text", path=shown) from None
