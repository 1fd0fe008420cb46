"""The one door to git: nothing else in gopatch starts it.

A repository is data of strangers, and what git does with one is told by its configuration, hooks,
attributes, helpers and remotes. So git is not told of the repository: it works with a git directory of
gopatch's own, which is empty (`_empty/`), and with the repository's folder of objects
(GIT_OBJECT_DIRECTORY). Nothing of the above is in reach then, whatever git's version: no promisor
to fetch from, no hook, no filter, no command of any kind.

Three calls see the repository itself. `rev-parse` finds it, reads no object, and holds git's owner
check (CVE-2022-24765); what it would wait for in vain is refused before (`_endless`). `update-ref`
moves a branch to a commit that is there. Both run with hooks, fsmonitor, lazy fetches and every protocol
off, which goes over what a configuration says. The third, `config`, does not look at it at all: it asks
for the user's own name, and which files a file of configuration includes, without following any.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError, UsageError
from gopatch.source._endless import refuse_endless

_EMPTY = Path(__file__).parent / "_empty"
_SECONDS = 60  # for one answer of git; it reads a pack of gigabytes in less
# Where the user says what is in the user's own configuration, and which folder ends a search.
_OWN = (
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_TEST_ASSUME_DIFFERENT_OWNER",
)  # fmt: skip
_CALM = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}
_OFF = (
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.pager=cat",
    "-c", "core.fsync=all", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
)  # fmt: skip
# git that is kept running maps whole packs, and keeps 96 MiB of what it has made of them.
_SPARING = (
    "-c", "core.packedGitLimit=32m", "-c", "core.packedGitWindowSize=1m", "-c", "core.deltaBaseCacheLimit=32m",
)  # fmt: skip
_CHECKS_OWNERS = (2, 35, 2)


class GitFailedError(Exception):
    """git said no; `str()` is its words, without `fatal: `."""


class FoundRepository(NamedTuple):
    """Where a repository is: its git directory, that of all its work trees, and the folder in it.

    `digest` is "sha1" or "sha256"; `prefix` is the folder below the work tree's top, "" for the
    top and for what has no work tree (`bare`).
    """

    path: str
    git_dir: Path
    common_dir: Path
    bare: bool
    digest: str
    prefix: str


def find(path: str | Path) -> FoundRepository:
    """The repository at `path`: a work tree, a folder inside one, or a bare one.

    Raises UsageError where there is none, SourceError for one that git refuses (of another
    user, of a later format, with a broken configuration), in git's words.
    """
    where = Path(path)
    refuse_endless(where, _includes)
    names = ("--absolute-git-dir", "--git-common-dir", "--is-bare-repository", "--show-object-format", "--show-prefix")  # fmt: skip
    try:
        told = run(["rev-parse", *names], within=where)
    except GitFailedError as error:
        raise _refused(path, str(error)) from None
    git_dir, common, bare, digest, prefix = map(os.fsdecode, told.split(b"\n")[:5])
    found = FoundRepository(
        str(path),
        Path(git_dir),
        Path(os.path.normpath(where / common)),
        bare == "true" or Path(git_dir).resolve() == where.resolve(),
        digest if digest == "sha256" else "sha1",
        prefix.rstrip("/"),
    )
    _check(found)
    return found


def _includes(config: Path) -> list[str]:
    """What a file of configuration includes; nothing of that is followed."""
    key = r"^include(if\..*)?\.path$"
    words = ("config", "--file", str(config), "--no-includes", "--null", "--get-regexp", key)
    told = _call(words, _calm({"GIT_DIR": str(_EMPTY / "sha1")})).stdout
    rows = os.fsdecode(told).split("\0")
    return [row.partition("\n")[2] for row in rows if row]


def _refused(path: str | Path, words: str) -> SourceError | UsageError:
    if words.startswith("not a git repository"):
        return UsageError(
            f"{path} is not a git repository", hint="leave --ref out to read the folder itself"
        )
    first, _, rest = words.partition("\n")
    advice = re.search(r"git config --global --add safe\.directory .*", rest)
    hint = f"`{advice[0]}` if you trust whose it is" if advice else None
    return SourceError(first, path=str(path), hint=hint)


def _check(found: FoundRepository) -> None:
    """Refuse what could not be read in safety, or not read as it is."""
    if (found.common_dir / "reftable").is_dir():
        raise SourceError(
            "keeps its refs in a reftable, which gopatch does not read",
            path=found.path,
            hint="git refs migrate --ref-format=files",
        )
    for place in (found.git_dir, found.common_dir):
        if place.stat().st_uid != os.geteuid() and _version() < _CHECKS_OWNERS:
            raise SourceError(
                f"{place} is of another user, and this git is too old to be told that it is safe",
                path=found.path,
                hint="git 2.35.2 or later asks whose a repository is",
            )


@lru_cache(maxsize=1)
def _version() -> tuple[int, ...]:
    told = re.search(rb"(\d+)\.(\d+)(?:\.(\d+))?", _call(["version"], _calm({})).stdout)
    return tuple(int(number or 0) for number in told.groups()) if told else (0,)


def inert(found: FoundRepository, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which git knows nothing of a repository but where its objects are."""
    shallow = found.common_dir / "shallow"
    return _calm(
        {
            "GIT_DIR": str(_EMPTY / found.digest),
            "GIT_OBJECT_DIRECTORY": str(found.common_dir / "objects"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **({"GIT_SHALLOW_FILE": str(shallow)} if shallow.is_file() else {}),
            **(more or {}),
        }
    )


def _calm(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **_CALM, **more}


def run(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    within: Path | None = None,
    data: bytes = b"",
    fine: tuple[int, ...] = (0,),
) -> bytes:
    """What git says on stdout; `data` is its stdin. Raises GitFailedError where git says no.

    `fine` are the exit codes that are an answer: 1 of `git merge-tree` is one with conflicts.

    Without `environment` git is told of the repository that it is `within`, and of the user's
    own configuration, which has safe.directory.
    """
    if environment is None:
        own = {name: os.environ[name] for name in _OWN if name in os.environ}
        environment = _calm(own)
        arguments = ["-C", str(within), *_OFF, *arguments]
    done = _call(arguments, environment, data)
    if done.returncode not in fine:
        words = done.stderr.decode("utf-8", "surrogateescape").strip()
        lines = [line for line in words.splitlines() if not line.startswith("warning: ")]
        raise GitFailedError("\n".join(lines).removeprefix("fatal: ") or "git failed")
    return done.stdout


def _call(
    arguments: Sequence[str], environment: Mapping[str, str], data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    child = _start(arguments, environment, subprocess.PIPE)
    with child:
        try:
            out, err = child.communicate(data, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise SourceError(f"git {arguments[0]} gave no answer in {_SECONDS} s") from None
        finally:
            child.kill()
    return subprocess.CompletedProcess(arguments, child.returncode, out, err)


def stream(found: FoundRepository, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """git, kept running, with a pipe for questions and one for answers."""
    return _start([*_SPARING, *arguments], inert(found), subprocess.DEVNULL)


def _start(
    arguments: Sequence[str], environment: Mapping[str, str], stderr: int
) -> subprocess.Popen[bytes]:
    """A child. Its current folder is the user's, so where that is searched for programs GitPython starts it.

    (On Windows, CVE-2023-40590; elsewhere its `safer_popen` is `Popen`, and its import costs more than
    three runs of git.) Its own objects and commands are not used: they hand all of the environment on,
    and do not read SHA-256.
    """
    try:
        return _opener()(
            ["git", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=dict(environment),
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        raise SourceError(f"git cannot be run: {error}", hint="install git") from None


def _opener() -> Callable[..., subprocess.Popen[bytes]]:
    if sys.platform == "win32":
        from git.cmd import safer_popen

        return safer_popen
    return subprocess.Popen


def identity() -> dict[str, str]:
    """The user's name and mail as git's variables: from the environment, or the user's own configuration."""
    own = {name: os.environ[name] for name in _OWN if name in os.environ}
    environment = _calm({**own, "GIT_DIR": str(_EMPTY / "sha1")})
    found = {}
    for key, names in (("user.name", "NAME"), ("user.email", "EMAIL")):
        told = _call(["config", "--get", key], environment).stdout.decode("utf-8", "replace")
        for who in ("AUTHOR", "COMMITTER"):
            name = f"GIT_{who}_{names}"
            if text := os.environ.get(name) or told.removesuffix("\n"):
                found[name] = text
    dates = (f"GIT_{who}_DATE" for who in ("AUTHOR", "COMMITTER"))
    return found | {name: os.environ[name] for name in dates if name in os.environ}
