"""A repository's pipes and devices: git would open them, and wait for ever.

What git reads of a repository are files in its git directory, in the folders that it borrows objects from,
and files that its configuration includes. Where one of them is a pipe or a device, gopatch says so before
git is started.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from gopatch.errors import SourceError

_LARGEST = 1 << 20  # bytes of a configuration that is looked at
_DEEPEST = 10  # includes in includes, as git has it
# Git directories of others, which git does not look into for this one.
_OTHERS = frozenset({"modules", "lfs", "annex"})
_FILE_NAMES = ("config", "config.worktree")

Includes = Callable[[Path], list[str]]


def refuse_endless(path: Path, includes: Includes) -> None:
    """Raise SourceError where the repository that git would find at `path` has a pipe or a device.

    `includes` gives the files that a regular file of configuration includes, as they stand there.
    """
    for folder in _git_directories(path):
        seen: set[tuple[int, int]] = set()
        for found in _special_in(folder, seen):
            raise _refusal(found)
        for found in _borrowed(folder / "objects", seen):
            raise _refusal(found)
        for name in _FILE_NAMES:
            _refuse_included(folder / name, includes, _DEEPEST)


def _refusal(path: Path) -> SourceError:
    return SourceError(
        "is a pipe or a device, and git would wait for what comes out of it", path=str(path)
    )


def _is_special(mode: int) -> bool:
    """A socket is none: to open it fails at once."""
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode)


def _mode(path: Path) -> int:
    """The mode of what a path leads to, 0 where it leads nowhere."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):
        return 0


def _git_directories(path: Path) -> Iterator[Path]:
    """The git directories that git would look at, the nearest first, each with that of all its work trees."""
    start = Path(os.path.abspath(path))
    for folder in (start, *start.parents):
        for place in (folder / ".git", folder):
            if _is_special(_mode(place)):
                raise _refusal(place)
            found = _led_to(place) if place.name == ".git" else place
            if found is None or not os.path.lexists(found / "HEAD"):
                continue
            common = _common(found)
            yield found
            if common != found:
                yield common
            if (common / "objects").is_dir():
                return


def _led_to(dot_git: Path) -> Path | None:
    """The git directory that `.git` is or, as a file, names."""
    if not stat.S_ISREG(_mode(dot_git)):
        return dot_git if dot_git.is_dir() else None
    named = _text(dot_git).removeprefix("gitdir:").strip()
    return dot_git.parent / named if named else None


def _common(folder: Path) -> Path:
    place = folder / "commondir"
    if _is_special(_mode(place)):
        raise _refusal(place)
    named = _text(place).strip()
    return folder / named if named else folder


def _text(path: Path) -> str:
    """The beginning of a regular file, "" where there is none."""
    if not stat.S_ISREG(_mode(path)):
        return ""
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read(_LARGEST))
    except OSError:
        return ""


def _identity(path: Path) -> tuple[int, int] | None:
    """What a path leads to, whatever its name; None where it leads nowhere."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _special_in(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """The pipes and devices below a folder; links are followed, each folder is looked into once."""
    todo = [folder]
    while todo:
        here = todo.pop()
        known = _identity(here)
        if known is None or known in seen:
            continue
        seen.add(known)
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue
        for entry in entries:
            if entry.is_file(follow_symlinks=False) or entry.name in _OTHERS:
                continue
            mode = _mode(Path(entry.path))
            if _is_special(mode):
                yield Path(entry.path)
            elif stat.S_ISDIR(mode):
                todo.append(Path(entry.path))


def _borrowed(objects: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """The pipes and devices in the folders that a folder of objects borrows from, and so on."""
    todo = [objects]
    while todo:
        here = todo.pop()
        for line in _text(here / "info/alternates").splitlines():
            other = here / line.strip('"')
            known = _identity(other) if line and not line.startswith("#") else None
            if known is not None and known not in seen:
                yield from _special_in(other, seen)
                todo.append(other)


def _refuse_included(config: Path, includes: Includes, depth: int) -> None:
    text = _text(config)
    if len(text) == _LARGEST:
        raise SourceError("is larger than gopatch reads a configuration", path=str(config))
    if not depth or "include" not in text.lower():
        return
    for named in includes(config):
        place = config.parent / os.path.expanduser(named)
        if _is_special(_mode(place)):
            raise _refusal(place)
        if stat.S_ISREG(_mode(place)):
            _refuse_included(place, includes, depth - 1)
