"""Where git writes a branch: links in a git directory would lead it out of there, and are data of strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gopatch.errors import SourceError


def refuse_links_out(git_dir: Path, branch: str) -> None:
    """Raise SourceError where an object or the branch, with its log, would be written outside of `git_dir`."""
    home = git_dir.resolve()
    for place in _written(git_dir, branch):
        if not place.resolve().is_relative_to(home):
            raise SourceError(
                "leaves the git directory by a link, and a branch is not written there",
                path=str(place),
                hint="name the repository that the link leads to",
            )


def _written(git_dir: Path, branch: str) -> Iterator[Path]:
    """The folders that objects come into, then the branch's file and its log."""
    objects = git_dir / "objects"
    yield objects
    if objects.is_dir():
        yield from (place for place in objects.iterdir() if place.is_symlink())
    name = f"refs/heads/{branch}"
    yield from (git_dir / name, git_dir / f"{name}.lock", git_dir / "logs" / name)
