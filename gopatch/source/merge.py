"""Git's own three-way merge, in a room of its own: a repository of a moment's, which has no
configuration, no hooks and no attributes of anybody's, and holds only the files that are handed in.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.source import _git
from gopatch.source._objects import Objects
from gopatch.source._trees import entries_of
from gopatch.source.entries import Entry

Files = Mapping[str, tuple[bytes, int]]
# Nothing of the room outlives the merge: so git does not wait until it lies on the disk, nor unpacks it.
_OPTIONS = (
    "-c", "merge.directoryRenames=true", "-c", "merge.renameLimit=2000", "-c", "core.fsync=none",
    "-c", "fastimport.unpackLimit=0",
)  # fmt: skip


class Merged(NamedTuple):
    """What git made of it: each path with its bytes and mode, and the paths that conflict."""

    files: dict[str, tuple[bytes, int]]
    conflicts: frozenset[str]


def merge(before: Files, after: Files, target: Files) -> Merged:
    """Merge the step from `before` to `after` into `target`; files that moved are found by git.

    Each side is path -> (bytes, git's mode). Raises SourceError where git cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="gopatch-") as name:
        room = _MergeRoom(Path(name))
        room.commits([("base", before, None), ("theirs", after, 1), ("ours", target, 1)])
        words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"]
        tree, *names = room.git(*words, "ours", "theirs", fine=(0, 1)).split(b"\0")
        conflicts = frozenset(os.fsdecode(each) for each in names if each)
        return Merged(room.files(tree.decode().strip()), conflicts)


class _MergeRoom:
    def __init__(self, folder: Path) -> None:
        for part in ("objects", "refs"):
            (folder / part).mkdir()
        (folder / "HEAD").write_text("ref: refs/heads/base\n")
        (folder / "config").write_text("[core]\n\tbare = true\n\trepositoryformatversion = 0\n")
        self.found = _git.FoundRepository(str(folder), folder, folder, True, "sha1", "")
        self.environment = _git.inert(self.found, {"GIT_DIR": str(folder)})

    def git(self, *arguments: str, data: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
        try:
            return _git.run(
                [*_OPTIONS, *arguments], environment=self.environment, data=data, fine=fine
            )
        except _git.GitFailedError as error:
            raise SourceError(f"git {arguments[0]} failed: {error}") from None

    def commits(self, made: Iterable[tuple[str, Files, int | None]]) -> None:
        stream: list[bytes] = []
        for number, (name, files, parent) in enumerate(made, 1):
            stream.append(
                f"commit refs/heads/{name}\nmark :{number}\n"
                "committer gopatch <gopatch@localhost> 0 +0000\ndata 0\n".encode()
            )
            if parent:
                stream.append(f"from :{parent}\ndeleteall\n".encode())
            for path, (data, mode) in sorted(files.items()):
                stream.append(f"M {mode:o} inline ".encode() + _quoted(path) + b"\n")
                stream.append(b"data %d\n%s\n" % (len(data), data))
        self.git("fast-import", "--quiet", data=b"".join(stream))

    def files(self, tree: str) -> dict[str, tuple[bytes, int]]:
        objects, todo = Objects(self.found), [("", tree)]
        found: list[tuple[str, Entry]] = []
        while todo:
            folders = objects.many([id for _, id in todo])
            paths = [path for path, _ in todo]
            todo = []
            for path, folder in zip(paths, folders, strict=True):
                for entry in entries_of(folder):
                    here = f"{path}/{entry.name}".lstrip("/")
                    if entry.kind == "dir":
                        todo.append((here, entry.id or ""))
                    else:
                        found.append((here, entry))
        blobs = objects.many([entry.id or "" for _, entry in found])
        return {
            path: (blob.data, entry.mode) for (path, entry), blob in zip(found, blobs, strict=True)
        }


def _quoted(path: str) -> bytes:
    raw = os.fsencode(path)
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
