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

Files = Mapping[str, tuple[bytes, int]]
_OPTIONS = ("-c", "merge.directoryRenames=true", "-c", "merge.renameLimit=2000")


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
        found = _git.FoundRepository(str(folder), folder, folder, True, "sha1", "")
        self.environment = _git.inert(found, {"GIT_DIR": str(folder)})

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
        rows = [row for row in self.git("ls-tree", "-r", "-z", tree).split(b"\0") if row]
        listed = [(row.split(b"\t", 1)[1], row.split(b" ")) for row in rows]
        asked = b"".join(head[2][:40] + b"\n" for _, head in listed)
        data, at, found = self.git("cat-file", "--batch", data=asked), 0, {}
        for path, head in listed:
            line = data.index(b"\n", at)
            size = int(data[at:line].split()[2])
            found[os.fsdecode(path)] = (data[line + 1 : line + 1 + size], int(head[0], 8))
            at = line + size + 2
        return found


def _quoted(path: str) -> bytes:
    raw = os.fsencode(path)
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
