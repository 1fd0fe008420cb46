"""A ref of a git repository, read from git's objects: nothing is checked out.

The only module beside output/branch.py that knows git, by way of GitPython's object database,
which keeps one `git cat-file --batch` process open.
"""

from __future__ import annotations

import os
from binascii import hexlify, unhexlify
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gopatch.errors import SourceError, UsageError, nearest
from gopatch.source.values import Entry

if TYPE_CHECKING:
    import git

_KINDS = {0o040000: "dir", 0o120000: "link", 0o160000: "other"}


def open_repository(path: str | Path) -> git.Repo:
    """The repository at `path` (a work tree, a folder inside one, or a bare one)."""
    import git

    try:
        repo = git.Repo(path, odbt=git.GitCmdObjectDB, search_parent_directories=True)
        # A bare repository need not say so in its configuration, or have one at all.
        repo.git.update_environment(GIT_DIR=str(repo.git_dir))
        return repo
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        raise UsageError(
            f"{path} is not a git repository", hint="leave --ref out to read the folder itself"
        ) from None
    except (git.GitCommandNotFound, OSError) as error:
        raise SourceError(f"git cannot be run: {error}", hint="install git") from None


class Repository:
    """A git repository and what has been read from it; trees and blobs are read once."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.repo = open_repository(path)
        self.bare = self.repo.bare or Path(self.repo.git_dir).resolve() == Path(path).resolve()
        self.prefix = "" if self.bare else _prefix(self.repo, Path(path))
        self._trees: dict[str, tuple[Entry, ...]] = {}
        self._blobs: dict[str, bytes] = {}

    def resolve(self, ref: str) -> str:
        """The commit (40 hex) that `ref` stands for."""
        import git

        if not ref or ref.startswith("-"):
            raise UsageError(f"`{ref}` is not a ref")
        try:
            return str(self.repo.git.rev_parse("--verify", "--quiet", f"{ref}^{{commit}}"))
        except git.GitCommandError:
            pass
        if ref == "HEAD" and not self.refs():
            raise SourceError("the repository has no commits", path=self.path)
        near = nearest(ref, self.refs())
        hint = f"did you mean `{near}`?" if near else "`git tag` and `git branch -a` show the refs"
        raise UsageError(f"no ref `{ref}` in {self.path}, or its commit is missing", hint=hint)

    def refs(self) -> dict[str, str]:
        """Short names of tags, branches and remote branches -> commits (40 hex)."""
        return self.refs_of("refs/tags", "refs/heads", "refs/remotes")

    def refs_of(self, *spaces: str) -> dict[str, str]:
        """As `refs`, of some name spaces; the first space wins where a name stands in two."""
        form = "%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
        found: dict[str, str] = {}
        listed = [self.repo.git.for_each_ref(f"--format={form}", space) for space in spaces]
        for line in "\n".join(listed).split():
            name, kind, commit, peeled_kind, peeled = line.split("\0")
            short = name.split("/", 2)[2]
            if kind == "commit":
                found.setdefault(short, commit)
            elif peeled_kind == "commit":
                found.setdefault(short, peeled)
        return found

    def between(self, first: str, last: str) -> list[str]:
        """The first-parent commits after `first` up to `last`, oldest first."""
        span = f"{self.resolve(first)}..{self.resolve(last)}"
        listed = self.repo.git.rev_list("--first-parent", "--reverse", span)
        return str(listed).split()

    def tree_of(self, commit: str) -> str:
        """The tree (40 hex) of a commit."""
        data = self._object(commit, b"commit")
        return data[5:45].decode("ascii")

    def tree(self, id: str) -> tuple[Entry, ...]:
        """The entries of a tree object, sorted by name."""
        found = self._trees.get(id)
        if found is None:
            entries = _entries(self._object(id, b"tree"))
            found = self._trees[id] = tuple(sorted(entries, key=lambda e: e.name))
        return found

    def blob(self, id: str) -> bytes:
        found = self._blobs.get(id)
        if found is None:
            found = self._blobs[id] = self._object(id, b"blob")
        return found

    def _object(self, id: str, kind: bytes) -> bytes:
        try:
            stream: Any = self.repo.odb.stream(unhexlify(id))
            data: bytes = stream.read()
        except (ValueError, OSError, KeyError, IndexError) as error:
            raise _broken(self.path, id, error) from None
        except Exception as error:  # gitdb's BadObject is no subclass of anything narrower
            raise _broken(self.path, id, error) from None
        if stream.type != kind:
            raise SourceError(f"object {id} is a {stream.type.decode()}", path=self.path)
        return data

    def uncommitted(self, paths: Iterable[str]) -> list[str]:
        """Those of `paths` (relative to the top) that differ from the last commit."""
        import git

        names = list(paths)
        if self.bare or not names:
            return []
        try:
            listed = self.repo.git.status("--porcelain", "-z", "--", *names)
        except git.GitCommandError as error:
            raise SourceError(f"git status failed: {error.stderr}", path=self.path) from None
        return [line[3:] for line in str(listed).split("\0") if line[3:] and line[:2] != "!!"]


def _broken(path: str, id: str, error: Exception) -> SourceError:
    return SourceError(
        f"object {id} is missing or broken ({type(error).__name__})",
        path=path,
        hint="`git fsck` shows what else is; fetch the repository anew",
    )


def _prefix(repo: git.Repo, path: Path) -> str:
    """Where `path` lies below the repository's top: "" or a folder."""
    if repo.working_tree_dir is None:
        return ""
    top = Path(repo.working_tree_dir).resolve()
    try:
        below = path.resolve().relative_to(top)
    except ValueError:
        return ""
    return "" if below.parts[:1] == (".git",) else below.as_posix().removeprefix(".")


def _entries(data: bytes) -> Iterable[Entry]:
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        mode = int(data[at:space], 8)
        name = os.fsdecode(data[space + 1 : end])
        yield Entry(
            name, _KINDS.get(mode, "file"), mode, hexlify(data[end + 1 : end + 21]).decode()
        )
        at = end + 21


class GitRef:
    """A source: the tree of one commit. A sub-folder of a work tree shows that folder only."""

    def __init__(self, repository: Repository, ref: str) -> None:
        self.repository = repository
        self.ref = ref
        is_id = len(ref) == 40 and not ref.strip("0123456789abcdef")
        self.commit = ref if is_id else repository.resolve(ref)
        self.prefix = repository.prefix
        self._tree = repository.tree_of(self.commit)
        for part in self.prefix.split("/") if self.prefix else []:
            entry = self._child(self._tree, part)
            if entry is None or entry.id is None:
                raise SourceError(f"`{ref}` has no folder {self.prefix}", path=repository.path)
            self._tree = entry.id
        self._find = lru_cache(maxsize=4096)(self._look)

    @property
    def name(self) -> str:
        return self.ref

    def _child(self, tree: str, name: str) -> Entry | None:
        return next((e for e in self.repository.tree(tree) if e.name == name), None)

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

    def read(self, path: str) -> bytes:
        entry = self._find(path)
        if entry is None or entry.id is None or entry.kind != "file":
            raise SourceError("there is no such file", path=path)
        return self.repository.blob(entry.id)
