"""The refs of a git repository, read from its files: `HEAD`, `refs/` and `packed-refs`.

As gitrepository-layout(5) has them. Nothing is followed out of the git directory.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.source._git import FoundRepository
from gopatch.source.entries import LARGEST
from gopatch.splice import is_inside

_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_DEEPEST = 5  # symbolic refs in a row, as git has it
_LARGEST = 4096  # bytes of a file of one ref
# gitrevisions(7): where a short name is looked for, in this order.
_RULES = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")  # fmt: skip


class RefTarget(NamedTuple):
    """The object that a ref names, and the one that a tag of it leads to, where git has noted it."""

    id: str
    peeled: str = ""


def is_id(word: str) -> bool:
    """Whether a word is a whole name of an object."""
    return _HEX.match(word) is not None


class Refs:
    """All refs, read when they are first asked for; one by its name is looked up alone."""

    def __init__(self, found: FoundRepository) -> None:
        self._found = found
        self._text: str | None = None
        self._known: dict[str, RefTarget] | None = None

    def all(self) -> dict[str, RefTarget]:
        """Full names, sorted -> what they name; refs that are broken are left out."""
        if self._known is None:
            known = self._packed()
            for name in self._loose():
                target = self._follow(name, known.get)
                if target is None:
                    known.pop(name, None)
                else:
                    known[name] = target
            self._known = dict(sorted(known.items()))
        return self._known

    def find(self, name: str) -> str | None:
        """The object that a short or full name stands for."""
        for rule in _RULES:
            full = rule.format(name)
            if _is_ref(full) and (target := self._follow(full, self._packed_one)):
                return target.id
        return None

    def branch_of_head(self, git_dir: Path) -> str:
        """The branch (`refs/heads/…`) that a git directory has checked out, or ""."""
        text = _text(git_dir / "HEAD") or ""
        return text.removeprefix("ref:").strip() if text.startswith("ref:") else ""

    def checked_out(self) -> set[str]:
        """The branches that this repository's work trees stand on."""
        common = self._found.common_dir
        trees = [common] if not _is_bare(self._found) else []
        others = common / "worktrees"
        if others.is_dir():
            trees += sorted(others.iterdir())
        return {self.branch_of_head(tree) for tree in trees} - {""}

    def _follow(self, name: str, packed: Callable[[str], RefTarget | None]) -> RefTarget | None:
        """What a file of a ref names, by way of others; None where that leads nowhere."""
        for _ in range(_DEEPEST):
            if not is_inside(name):
                return None
            folder = self._found.common_dir if name.startswith("refs/") else self._found.git_dir
            text = _text(folder / name)
            if text is None:
                return packed(name)
            if not text.startswith("ref:"):
                word = text.split("\n")[0].split("\t")[0].strip()
                return RefTarget(word) if is_id(word) else None
            name = text.removeprefix("ref:").strip()
        return None

    def _loose(self) -> Iterator[str]:
        top = self._found.common_dir / "refs"
        for folder, folders, names in os.walk(top):
            folders.sort()
            below = os.path.relpath(folder, self._found.common_dir)
            for name in names:
                if not name.endswith(".lock") and not name.startswith("."):
                    yield f"{below}/{name}"

    def _packed_one(self, name: str) -> RefTarget | None:
        """As `_packed`, of one name: a clone of Docker has 35,000 of them."""
        text = self._packed_text()
        at = text.find(f" {name}\n")
        if at < 0:
            return None
        id = text[text.rfind("\n", 0, at) + 1 : at]
        return RefTarget(id) if is_id(id) else self.all().get(name)

    def _packed_text(self) -> str:
        if self._text is None:
            path = self._found.common_dir / "packed-refs"
            self._text = (_text(path, LARGEST + 1) or "") + "\n"
            if len(self._text) > LARGEST:
                raise SourceError(
                    f"has more than {LARGEST:,} bytes, more than gopatch reads", path=str(path)
                )
        return self._text

    def _packed(self) -> dict[str, RefTarget]:
        path = self._found.common_dir / "packed-refs"
        found: dict[str, RefTarget] = {}
        name = ""
        for number, line in enumerate(self._packed_text().split("\n"), 1):
            if line.startswith("#") or not line:
                continue
            if line.startswith("^") and name and is_id(line[1:]):
                found[name] = found[name]._replace(peeled=line[1:])
                continue
            id, _, name = line.partition(" ")
            if not is_id(id) or not name.startswith("refs/"):
                raise SourceError(
                    "is no line of a file of refs", path=str(path), line=number,
                    hint="`git pack-refs --all` of a sound clone shows what it should be",
                )  # fmt: skip
            found[name] = RefTarget(id)
        return found


def _is_ref(name: str) -> bool:
    """Whether a full name is a ref's as git writes them."""
    last = name.rpartition("/")[2]
    if last.startswith(".") or last.endswith(".lock"):
        return False
    return name.startswith("refs/") or re.fullmatch("[A-Z_]+", name) is not None


def _is_bare(found: FoundRepository) -> bool:
    return found.bare and found.common_dir.name != ".git"


def _text(path: Path, most: int = _LARGEST) -> str | None:
    """A regular file's text, None where there is none: what is no file may never end."""
    try:
        kind = os.stat(path).st_mode
        if not stat.S_ISREG(kind):
            return None
        with open(path, "rb") as file:
            return os.fsdecode(file.read(most))
    except (OSError, ValueError):
        return None
