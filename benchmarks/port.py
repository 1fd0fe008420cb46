"""What `gopatch port` costs for many refs, as a ratio to what nobody can do without.

    python benchmarks/port.py REPOSITORY [--ref GLOB]... [--jobs N] [--runs N]

The floor is measured in a process of its own, on the same files: each git tree on the way to a file
that the ports touch is looked up once, each distinct blob of such a file is read and parsed once.
Then come the command with its files written, and the same once more when one tag is new to its
report, beside the floor of that tag alone. All is CPU time, of all processes, best of the runs, in turns; nothing is kept between them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND = [sys.executable, "-m", "gopatch", "port"]
# An installed package has its byte code; a checkout gets it in the first run, unless this is set.
ANEW = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ANEW["GOPATCH_NO_CACHE"] = "1"
REFS = ("v*", "docker-v*", "master")


class Spent(NamedTuple):
    """Seconds of CPU of a process and of those that it started, and the MiB of the largest."""

    seconds: float
    memory: float


def touched(report: Path, ref: str = "") -> dict[str, list[str]]:
    """For each commit of a report, or of one ref, the files that its port changes, as its patches name them."""
    found = {}
    for row in json.loads(report.read_bytes())["refs"]:
        if row["file"] and ref in ("", row["ref"]):
            lines = (report.parent / row["file"]).read_text(errors="replace").split("\n")
            named = (line.split("\t")[0] for line in lines if line.startswith("--- a/"))
            found[row["commit"]] = [name.removeprefix("--- a/") for name in named]
    return found


def floor(repository: str, wanted: dict[str, list[str]]) -> int:
    """Look up, read and parse; the number of distinct blobs."""
    from gopatch.go.tree import GoFile
    from gopatch.source.gitref import GitRef, Repository

    opened = Repository(repository)
    blobs: dict[str, str] = {}
    for commit, paths in wanted.items():
        source = GitRef(opened, commit)
        for path in paths:
            entry = source.entry(path)
            if entry is not None and entry.id is not None:
                blobs.setdefault(entry.id, path)
    ids = list(blobs)
    for at in range(0, len(ids), 100):
        opened.ahead(ids[at : at + 100])
        for id in ids[at : at + 100]:
            if blobs[id].endswith(".go"):
                GoFile(opened.blob(id))
    return len(blobs)


def spent(command: Sequence[str]) -> Spent:
    """What a command takes; it may fail on a ref."""
    usage = f"{sys.executable} -c".split()
    code = (
        "import json, resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    done = subprocess.run([*usage, code, *command], check=True, capture_output=True, env=ANEW)
    seconds, memory = map(float, done.stdout.split())
    return Spent(seconds, memory)


class Round(NamedTuple):
    """The floor, the command on all refs, the command where one is new, and the floor of that one."""

    base: Spent
    whole: Spent
    more: Spent
    base_of_more: Spent


def rounds(chosen: argparse.Namespace, folder: Path) -> Iterator[Round]:
    refs = [word for ref in chosen.ref or REFS for word in ("--ref", ref)]
    out, again = folder / "out", folder / "again"
    command = [*COMMAND, "--docker-src", chosen.repository, *refs, "--jobs", str(chosen.jobs)]
    for _ in range(chosen.runs):
        shutil.rmtree(out, ignore_errors=True)
        whole = spent([*command, "--output", str(out)])
        floor_of = [sys.executable, __file__, chosen.repository, "--floor", str(out)]
        base = spent(floor_of)
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(out, again)
        ref = _forget_one(again / "report.json")
        more = spent([*command, "--output", str(again)])
        yield Round(base, whole, more, spent([*floor_of, "--of", ref]))


def _forget_one(report: Path) -> str:
    """Take the last ref that is ported out of a report; its name."""
    table = json.loads(report.read_bytes())
    ported = [number for number, row in enumerate(table["refs"]) if row["file"]]
    ref: str = table["refs"].pop(ported[-1])["ref"]
    report.write_text(json.dumps(table))
    return ref


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository")
    parser.add_argument("--ref", action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--floor", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--of", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.floor:
        print(floor(chosen.repository, touched(chosen.floor / "report.json", chosen.of)))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = list(rounds(chosen, Path(folder)))
        commits = touched(Path(folder) / "out/report.json")
        blobs = floor(chosen.repository, commits)
    base, whole, more, one = (min(column) for column in zip(*found, strict=True))
    print(
        f"{len(commits)} refs are ported, which touch {blobs} blobs; the floor is {base.seconds:.2f} s"
    )
    print(f"port takes {whole.seconds / base.seconds:.2f} times the floor, {whole.memory:.0f} MiB")
    print(
        f"one more tag takes {more.seconds / one.seconds:.2f} times its own floor, "
        f"{more.seconds / whole.seconds:.3f} times a full run"
    )


if __name__ == "__main__":
    main()
