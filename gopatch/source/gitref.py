"""A ref of a git repository, read from git's objects: nothing is checked out, and nothing is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from gopatch.errors import NoFolderError, SourceError, UsageError, nearest
from gopatch.source import _git
from gopatch.source._objects import Object, Objects
from gopatch.source._refs import Refs, is_id
from gopatch.source._trees import entries_of, entry_named
from gopatch.source.entries import Entry

_SPACES = ("refs/tags", "refs/heads", "refs/remotes")
_KEPT = 4 << 20  # bytes of files that a repository keeps; what Docker's patches touch has less
_TREES = 1024  # trees that it keeps; one ref of Docker has some 500 of its own


class Repository:
    """A git repository and what has been read from it; trees and blobs are read once, as long as they are kept."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._found = _git.find(path)
        self.bare = self._found.bare
        self.prefix = self._found.prefix
        self.objects_folder = self._found.common_dir / "objects"
        self._refs = Refs(self._found)
        self._objects = Objects(self._found)
        self._trees: dict[str, tuple[Entry, ...]] = {}
        self._blobs: dict[str, bytes] = {}
        self._size = 0

    def resolve(self, ref: str) -> str:
        """The commit (40 hex, or 64) that `ref` stands for: a name, perhaps with `~3` or the like."""
        if not ref or ref.startswith("-") or any(sign in ref for sign in "\n\0"):
            raise UsageError(f"`{ref}` is not a ref")
        parts = re.fullmatch(r"(.+?)((?:[~^]|@\{|:).*)?", ref, re.DOTALL)
        base = parts[1] if parts else ref
        # An object's whole name is that object, whatever refs are called: none is read for it.
        known = None if is_id(base) else self._refs.find("HEAD" if base == "@" else base)
        id = f"{known or base}{(parts[2] or '') if parts else ''}"
        try:
            return self._objects.get(f"{id}^{{commit}}").id
        except SourceError:
            pass
        if ref == "HEAD" and not self.refs():
            raise SourceError("the repository has no commits", path=self.path)
        near = nearest(ref, self.refs())
        hint = f"did you mean `{near}`?" if near else "`git tag` and `git branch -a` show the refs"
        raise UsageError(f"no ref `{ref}` in {self.path}, or its commit is missing", hint=hint)

    def _git(self, *arguments: str, data: bytes = b"", **environment: str) -> bytes:
        """git on this repository's objects."""
        return _git.run(arguments, environment=_git.inert(self._found, environment), data=data)

    def refs(self) -> dict[str, str]:
        """Short names of tags, branches and remote branches -> commits (40 hex, or 64)."""
        return self.refs_of(*_SPACES)

    def refs_of(self, *spaces: str) -> dict[str, str]:
        """As `refs`, of some name spaces; the first space wins where a name stands in two."""
        found: dict[str, str] = {}
        known = self._refs.all()
        for space in spaces:
            for name, target in known.items():
                if name.startswith(space + "/"):
                    found.setdefault(name.split("/", 2)[2], target.peeled or target.id)
        commits = self._commits(set(found.values()))
        return {name: commits[id] for name, id in found.items() if id in commits}

    def _commits(self, ids: set[str]) -> dict[str, str]:
        """Those of `ids` that are, or lead to, commits which are there."""
        ordered = sorted(ids)
        asked = "".join(f"{id}^{{commit}}\n" for id in ordered).encode()
        try:
            told = self._git("cat-file", "--batch-check=%(objectname) %(objecttype)", data=asked)
        except _git.GitFailedError as error:
            raise SourceError(f"its objects cannot be read: {error}", path=self.path) from None
        rows = (line.split() for line in told.decode("utf-8", "replace").splitlines())
        pairs = zip(ordered, rows, strict=False)
        return {id: row[0] for id, row in pairs if len(row) == 2 and row[1] == "commit"}

    def between(self, first: str, last: str) -> list[str]:
        """The first-parent commits after `first` up to `last`, oldest first."""
        span = f"{self.resolve(first)}..{self.resolve(last)}"
        try:
            return self._git("rev-list", "--first-parent", "--reverse", span).decode().split()
        except _git.GitFailedError as error:
            raise SourceError(f"its history cannot be read: {error}", path=self.path) from None

    def tree_of(self, commit: str) -> str:
        """The tree (40 hex, or 64) of a commit."""
        return self.links_of(commit)[0]

    def links_of(self, commit: str) -> tuple[str, ...]:
        """The tree of a commit, and its parents."""
        head = self._object(commit, "commit").data.partition(b"\n\n")[0]
        rows = [line.split(b" ", 1) for line in head.split(b"\n")]
        found = [os.fsdecode(row[1]) for row in rows if row[0] in (b"tree", b"parent")]
        if not found or not all(map(is_id, found)):
            raise SourceError(f"object {commit} is no commit that git would make", path=self.path)
        return tuple(found)

    def commit_data(self, commit: str) -> bytes:
        """A commit as git keeps it: its header, an empty line, its message."""
        return self._object(commit, "commit").data

    def brought(self, commit: str, word: str, path: str) -> str:
        """The latest commit up to `commit` that added or took a word in a file; "" for none."""
        words = ("log", "-1", "--format=%H %s", "-S", word, commit, "--", path)
        try:
            return self._git(*words).decode("utf-8", "replace").strip()
        except _git.GitFailedError:
            return ""

    def tree(self, id: str) -> tuple[Entry, ...]:
        """The entries of a tree object, sorted by name."""
        found = self._trees.pop(id, None)
        if found is None:
            try:
                found = entries_of(self._object(id, "tree"))
            except (ValueError, IndexError):
                raise SourceError(f"object {id} is a broken tree", path=self.path) from None
        return self._keep_tree(id, found)

    def _keep_tree(self, id: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        self._trees[id] = entries  # the last that was asked for is the last to go
        if len(self._trees) > _TREES:
            del self._trees[next(iter(self._trees))]
        return entries

    def blob(self, id: str) -> bytes:
        found = self._blobs.pop(id, None)
        if found is None:
            return self._keep(id, self._object(id, "blob").data)
        self._blobs[id] = found  # the last that was asked for is the last to go
        return found

    def ahead(self, ids: Iterable[str]) -> None:
        """Read blobs and trees in one go; what is wrong with one is told when it is asked for by itself."""
        asked = dict.fromkeys(ids)
        try:
            found = self._objects.many(
                [id for id in asked if id not in self._blobs and id not in self._trees]
            )
            for object in found:
                if object.kind == "blob":
                    self._keep(object.id, object.data)
                elif object.kind == "tree":
                    self._keep_tree(object.id, entries_of(object))
        except (SourceError, ValueError, IndexError):
            return

    def _keep(self, id: str, data: bytes) -> bytes:
        self._blobs[id] = data
        self._size += len(data)
        while self._size > _KEPT and len(self._blobs) > 1:
            self._size -= len(self._blobs.pop(next(iter(self._blobs))))
        return data

    def _object(self, id: str, kind: str) -> Object:
        found = self._objects.get(id)
        if found.kind != kind:
            raise SourceError(f"object {id} is a {found.kind}, no {kind}", path=self.path)
        return found

    def uncommitted(self, folder: Path, paths: Iterable[str]) -> list[str]:
        """Those of `paths`, files below `folder`, that are not as the last commit has them.

        `folder` is where this repository was opened. Compared with git's objects, byte by byte but
        for line ends, so that no filter is asked; where the commit has no such folder, none is.
        """
        head = self._refs.find("HEAD")
        if self.bare or head is None:
            return [] if self.bare else list(paths)
        try:
            committed = GitRef(self, head)
        except NoFolderError:
            return []
        return [path for path in paths if not self._is_committed(committed, folder, path)]

    def _is_committed(self, committed: GitRef, folder: Path, path: str) -> bool:
        entry = committed.entry(path)
        data = (folder / path).read_bytes()
        if entry is None or entry.id is None:
            return False
        return entry.id in (self._name(data), self._name(data.replace(b"\r\n", b"\n")))

    def _name(self, data: bytes) -> str:
        import hashlib  # a ref's files are named by git

        made = hashlib.new(self._found.digest, b"blob %d\0" % len(data), usedforsecurity=False)
        made.update(data)
        return made.hexdigest()

    # What `gopatch.output.branch` writes -------------------------------------------------------

    def is_branch_name(self, name: str) -> bool:
        """Whether git takes a name for a branch."""
        try:
            self._git("check-ref-format", f"refs/heads/{name}")
        except _git.GitFailedError:
            return False
        return not name.startswith("-")

    def checked_out(self) -> set[str]:
        """The branches (`refs/heads/…`) that a work tree stands on."""
        return self._refs.checked_out()

    def store(self, kind: str, data: bytes) -> str:
        """Write an object; its name."""
        return self._write("hash-object", "-w", "-t", kind, "--stdin", data=data)

    def commit(self, tree: str, parent: str, message: str, environment: Mapping[str, str]) -> str:
        """Write a commit; its name. `environment` has git's variables for names and dates."""
        data = message.encode("utf-8", "surrogateescape")
        return self._write("commit-tree", tree, "-p", parent, data=data, **environment)

    def _write(self, *arguments: str, data: bytes, **environment: str) -> str:
        try:
            return self._git(*arguments, data=data, **environment).decode().strip()
        except _git.GitFailedError as error:
            raise SourceError(f"git {arguments[0]} failed: {error}", path=self.path) from None

    def move_branch(self, name: str, new: str, old: str | None) -> None:
        """Move a branch in one step, and only from where it was seen (None: it is new)."""
        words = ["update-ref", "-m", "gopatch: commit", f"refs/heads/{name}", new]
        try:
            _git.run([*words, old or "0" * len(new)], within=Path(self.path))
        except _git.GitFailedError as error:
            raise SourceError(f"git update-ref failed: {error}", path=self.path) from None


def identity() -> dict[str, str]:
    """Who commits, as git's variables: from the environment, or the user's own configuration."""
    return _git.identity()


class GitRef:
    """A source: the tree of one commit. A sub-folder of a work tree shows that folder only."""

    def __init__(self, repository: Repository, ref: str) -> None:
        self.repository = repository
        self.ref = ref
        self.commit = ref if is_id(ref) else repository.resolve(ref)
        self.prefix = repository.prefix
        self._tree = repository.tree_of(self.commit)
        for part in self.prefix.split("/") if self.prefix else []:
            entry = self._child(self._tree, part)
            if entry is None or entry.id is None:
                raise NoFolderError(f"`{ref}` has no folder {self.prefix}", path=repository.path)
            self._tree = entry.id
        self._find = lru_cache(maxsize=4096)(self._look)

    @property
    def name(self) -> str:
        return self.ref

    def _child(self, tree: str, name: str) -> Entry | None:
        return entry_named(self.repository.tree(tree), name)

    def _look(self, path: str) -> Entry | None:
        folder, _, name = path.rpartition("/")
        above = self._folder(folder)
        return None if above is None else self._child(above, name)

    def _folder(self, path: str) -> str | None:
        if not path:
            return self._tree
        entry = self._find(path)
        return entry.id if entry is not None and entry.kind == "dir" else None

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        tree = self._folder(folder)
        return () if tree is None else self.repository.tree(tree)

    def entry(self, path: str) -> Entry | None:
        return self._find(path)

    def ahead(self, paths: Iterable[str]) -> None:
        """Have git read the files and folders at `paths` in one go, before they are asked for."""
        entries = map(self._find, paths)
        self.repository.ahead(e.id for e in entries if e and e.id and e.kind in ("file", "dir"))

    def read(self, path: str) -> bytes:
        return self._blob(path, "file")

    def link(self, path: str) -> str:
        return os.fsdecode(self._blob(path, "link"))

    def _blob(self, path: str, kind: str) -> bytes:
        entry = self._find(path)
        if entry is None or entry.id is None or entry.kind != kind:
            raise SourceError(f"there is no such {kind}", path=path)
        return self.repository.blob(entry.id)
