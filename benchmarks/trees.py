"""User time and memory of one patch on a whole tree of Go, beside another program that can say the same.

    python benchmarks/trees.py FOLDER... (--peer UBER_GOPATCH | --gofmt GOFMT) [--runs N]

A FOLDER is a tree on disk (`git archive v20.10.27 | tar -x`). Three patches are tried on each: one that
fits nowhere, one that fits few places, one that fits many. The other program is uber-go/gopatch, which is
given the same patch and writes its diff, as gopatch does, or gofmt with a rule that says the same (`-r`, which
lists what it would change and writes none). It is given the files that gopatch looks at: nothing vendored,
no testdata. The best of N runs counts. Prints a row for each; exit 1 if gopatch takes more user time than
the other one, or more than 100 MiB.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gopatch.port._own_files import SKIPPED

RULES = {
    "nowhere": "zzz.Nowhere(a) -> zzz.Somewhere(a, 1)",
    "few": "strconv.ParseBool(a) -> parse.Bool(a, 1)",
    "many": "errors.New(a) -> failure.New(a, 1)",
}
PATCH = "@@\nvar a expression\n@@\n-{}\n+{}\n"
MIB = 100
# An installed package has its byte code; a checkout gets it in the first run, unless this is set.
ANEW = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ANEW["GOPATCH_NO_CACHE"] = "1"


class Cost(NamedTuple):
    """Seconds of user time, MiB at most."""

    seconds: float
    mib: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    beside = parser.add_mutually_exclusive_group()
    beside.add_argument("--peer", help="the program that uber-go/gopatch builds")
    beside.add_argument("--gofmt", default="gofmt")
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    is_good = True
    for folder in chosen.folders:
        files = [str(path) for path in sorted(folder.rglob("*.go")) if is_own(path, folder)]
        for name, rule in RULES.items():
            with tempfile.TemporaryDirectory() as work:
                patch = Path(work) / f"{name}.patch"
                patch.write_text(PATCH.format(*rule.split(" -> ")))
                other = (
                    [chosen.peer, "-d", "-p", str(patch)]
                    if chosen.peer
                    else [chosen.gofmt, "-r", rule, "-l"]
                )
                theirs = best([*other, *files], chosen.runs)
                words = ["-m", "gopatch", "apply", "--docker-src", str(folder)]
                words += ["--patch", str(patch), "--output", f"{work}/diff"]
                ours = best([sys.executable, *words], chosen.runs)
                diff = Path(work) / "diff"
                places = diff.read_text().count("\n+") if diff.exists() else 0
            ratio = ours.seconds / theirs.seconds
            is_good = is_good and ratio <= 1 and ours.mib <= MIB
            print(
                f"{folder.name}: {len(files)} files, {name}, {places} lines: gopatch {ours.seconds:.2f} s "
                f"{ours.mib:.0f} MiB, {Path(other[0]).name} {theirs.seconds:.2f} s {theirs.mib:.0f} MiB, {ratio:.2f}",
                flush=True,
            )
    return int(not is_good)


def is_own(path: Path, folder: Path) -> bool:
    return path.is_file() and SKIPPED.isdisjoint(path.relative_to(folder).parts)


def best(command: Sequence[str], runs: int) -> Cost:
    return min(cost(command) for _ in range(runs))


def cost(command: Sequence[str]) -> Cost:
    """What a command takes; what it prints is thrown away, and that it finds nothing is no fault."""
    quiet = [(os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_WRONLY, 0) for one in (1, 2)]
    found = os.posix_spawnp(command[0], list(command), ANEW, file_actions=quiet)
    _, _, used = os.wait4(found, 0)
    return Cost(used.ru_utime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
