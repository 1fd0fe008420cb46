"""How far a textual patch made at one ref goes on others, next to a port by structure.

Makes the patch at BASE (by default v1.13.1) in a repository, then asks `git apply`, `patch` and
`git apply --3way` at every ref, each with a temporary index or folder; the repository itself is
only read, but for the objects of one commit in a copy of its object store's alternates.

    python benchmarks/textual.py REPOSITORY BASE 'v*' 'docker-v*'
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gopatch.fleet.refs import Ref, select
from gopatch.fleet.run import run
from gopatch.output.branch import commit
from gopatch.recipe.read import load
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange

# Refs that the change is for: older ones have no lookup of endpoints.
ANCHOR = ("registry/service_v2.go", "daemon/pkg/registry/service_v2.go")


def git(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, **variables}
    )


def clone(repository: Repository, folder: Path) -> Path:
    """An empty repository that borrows the objects, so that the real one stays as it is."""
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    objects = repository.objects_folder.resolve()
    (folder / "objects/info/alternates").write_text(f"{objects}\n")
    for name, value in (("user.name", "benchmark"), ("user.email", "benchmark@localhost")):
        git(folder, "config", name, value)
    return folder


def takes(folder: Path, ref: Ref, patch: Path, *options: str) -> bool:
    index = folder / "index.tmp"
    index.unlink(missing_ok=True)
    git(folder, "read-tree", ref.commit, GIT_INDEX_FILE=str(index))
    done = git(folder, "apply", "--cached", *options, str(patch), GIT_INDEX_FILE=str(index))
    unmerged = git(folder, "ls-files", "-u", GIT_INDEX_FILE=str(index)).stdout
    return done.returncode == 0 and not unmerged


def takes_patch(repository: Repository, ref: Ref, names: list[str], patch: Path) -> bool:
    source = GitRef(repository, ref.commit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in names:
            if source.entry(path) is not None:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(source.read(path))
        done = subprocess.run(
            ["patch", "-p1", "-f", "-s", "--dry-run", "-i", str(patch)],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


def main() -> None:
    path, base, *patterns = sys.argv[1:]
    repository = Repository(path)
    recipe = load("accept-insecure-registry")
    refs = [
        ref
        for ref in select(repository, patterns)
        if any(GitRef(repository, ref.commit).entry(name) for name in ANCHOR)
    ]
    (made,) = run(recipe, repository, [Ref(base, repository.resolve(base))])
    code: list[FileChange] = [c for c in made.changes if c.path.endswith(".go")]
    counts = {"git apply": 0, "patch": 0, "git apply --3way": 0}
    with tempfile.TemporaryDirectory() as name:
        folder = clone(repository, Path(name, "copy.git"))
        done = commit(folder, made.ref.commit, code, name="textual", message="textual\n")
        patch = Path(name, "textual.patch")
        patch.write_bytes(git(folder, "diff", "--full-index", made.ref.commit, done.commit).stdout)
        for ref in refs:
            counts["git apply"] += takes(folder, ref, patch, "--check")
            counts["git apply --3way"] += takes(folder, ref, patch, "--3way")
            counts["patch"] += takes_patch(repository, ref, [c.path for c in code], patch)
    structural = sum(1 for r in run(recipe, repository, refs) if r.status == "applied")
    print(f"| refs | {len(refs)} |")
    for tool, count in counts.items():
        print(f"| `{tool}`, the patch of {base} | {count} |")
    print(f"| `gopatch port` | {structural} |")


if __name__ == "__main__":
    main()
