"""How long `port` takes for many refs, as a ratio to a floor measured in the same process.

The floor is what nobody can do without: git's lookup of the paths that the patch looks at, for
every ref, reading the distinct blobs, and parsing them once with tree-sitter.

    python benchmarks/port.py REPOSITORY 'v*' 'docker-v*'
"""

from __future__ import annotations

import resource
import sys
import time

from gopatch.fleet.refs import Ref, select
from gopatch.fleet.run import run
from gopatch.go.tree import parse
from gopatch.port._own_files import SKIPPED
from gopatch.recipe.read import load
from gopatch.recipe.values import Patch
from gopatch.source.gitref import GitRef, Repository
from gopatch.source.roots import find_roots, glob


def floor(patch: Patch, repository: Repository, refs: list[Ref]) -> int:
    """Look up, read and parse; returns the number of distinct blobs."""
    parsed: set[str] = set()
    for ref in refs:
        source = GitRef(repository, ref.commit)
        roots = find_roots(source)
        for root in {r for r in roots if r is not None}:
            for pattern in sorted({p for edit in patch.edits for p in edit.files}):
                for path in glob(source, root, pattern):
                    entry = source.entry(path)
                    if entry is None or entry.id is None or entry.id in parsed:
                        continue
                    parsed.add(entry.id)
                    data = source.read(path)
                    if path.endswith(".go") and not SKIPPED & set(path.split("/")):
                        parse.__wrapped__(data)
    return len(parsed)


def main() -> None:
    path, *patterns = sys.argv[1:]
    patch = load("accept-insecure-registry")
    select(Repository(path), patterns)  # warm the file cache
    started = time.perf_counter()
    repository = Repository(path)
    refs = select(repository, patterns)
    blobs = floor(patch, repository, refs)
    base = time.perf_counter() - started
    started = time.perf_counter()
    repository = Repository(path)
    refs = select(repository, patterns)
    results = list(run(patch, repository, refs))
    spent = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fine = sum(1 for result in results if result.status != "failed")
    print(f"{len(refs)} refs, {blobs} blobs, {fine} without failure")
    print(f"port takes {spent / base:.2f} times the floor; {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
