"""CPU of `gopatch backport` of one commit onto one ref, beside `git apply` and the import of the parser.

    benchmarks/beside_git.py CLONE COMMIT REF [RUNS]

The floor is `git apply --check` of the commit's diff on the ref's files (taken or not), and an interpreter
that imports tree-sitter and Go's grammar: whoever ports by structure has to do both. The best of RUNS (3),
with Python's bytecode at hand, as an installed package has it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PARSER = "import tree_sitter, tree_sitter_go; tree_sitter.Language(tree_sitter_go.language())"
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def cpu(command: Sequence[str], folder: Path) -> float:
    """Seconds of CPU, of the user and of the system, whatever comes of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def files(clone: str, commit: str, ref: str, folder: Path) -> None:
    """The commit's diff as `change.diff`, and its files as they are in the ref."""
    git = ["git", "-C", clone]
    diff = subprocess.run([*git, "diff", f"{commit}^", commit], capture_output=True, check=True)
    (folder / "change.diff").write_bytes(diff.stdout)
    names = [*git, "diff", "--name-only", f"{commit}^", commit]
    for path in subprocess.run(names, capture_output=True, check=True, text=True).stdout.split():
        found = subprocess.run([*git, "show", f"{ref}:{path}"], capture_output=True, check=False)
        if found.returncode == 0:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(found.stdout)


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__)
        return 2
    clone, commit, ref, runs = (*sys.argv[1:4], int((*sys.argv, "3")[4]))
    clone = str(Path(clone).resolve())
    port = ["-m", "gopatch", "backport", commit, "--docker-src", clone, "--onto", ref]
    with tempfile.TemporaryDirectory(prefix="beside-") as name:
        folder = Path(name)
        files(clone, commit, ref, folder)
        commands = {
            "git apply": ["git", "apply", "--check", "change.diff"],
            "import": [sys.executable, "-c", PARSER],
            "backport": [sys.executable, *port],
        }
        best = {key: min(cpu(c, folder) for _ in range(runs)) for key, c in commands.items()}
    floor = best["git apply"] + best["import"]
    for key, seconds in best.items():
        print(f"{key:10} {seconds:.3f} s")
    print(f"backport is {best['backport'] / floor:.1f} times the other two")
    return 0


if __name__ == "__main__":
    sys.exit(main())
