"""What the engine does with other people's patches on real Go, held against gofmt.

    python benchmarks/engine.py FOLDER --gofmt GOFMT [--files N] [--seed N] [--jobs N]

Every patch of engine.toml is tried on N Go files below FOLDER (all without --files) that gofmt leaves as
they are. A result must be right or refused: no crash, gofmt-clean, left alone by a second run, undone by
its own diff, and the tree that `gofmt -r` makes where a rule says the same. Prints what was refused, by
reason; exit 1 if anything is wrong or fewer than 98 % of the places are rewritten.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from gopatch.engine._filled import same_tree
from gopatch.engine.apply import apply, may_fit
from gopatch.engine.match import Search, find
from gopatch.engine.pattern import compile_patch
from gopatch.errors import ApplyError
from gopatch.go.tree import GoFile, parse

WANTED = 0.98
BATCH = 50


class Task(NamedTuple):
    """One patch on some files; `rule` is gofmt's way to say it, or empty."""

    name: str
    text: str
    rule: str
    files: tuple[Path, ...]
    gofmt: str


class Tally(NamedTuple):
    """Places by what became of them, and what is wrong, as lines."""

    places: Counter[str]
    wrong: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gofmt", default="gofmt")
    parser.add_argument("--files", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    files = clean_files(chosen.folder, chosen.gofmt, chosen.files, chosen.seed)
    total = Tally(Counter(), [])
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for tally in pool.map(run, tasks(files, chosen.gofmt)):
            total.places.update(tally.places)
            total.wrong.extend(tally.wrong)
    return report(total, len(files))


def report(total: Tally, files: int) -> int:
    places = sum(total.places.values())
    share = total.places["rewritten"] / places if places else 0.0
    print(f"{files} files, {places} places, {100 * share:.2f} % rewritten")
    for what, count in total.places.most_common():
        print(f"{count:7} {what}")
    print(*total.wrong[:40], f"{len(total.wrong)} wrong", sep="\n")
    return int(bool(total.wrong) or share < WANTED)


def clean_files(folder: Path, gofmt: str, count: int | None, seed: int) -> list[Path]:
    """Files that gofmt takes and leaves as they are: drawn by `seed`, each with its places once."""
    found = sorted(
        path for path in folder.rglob("*.go") if path.is_file() and not path.is_symlink()
    )
    random.Random(seed).shuffle(found)
    wanted = found if count is None else found[: 2 * count]
    untidy = set()
    for at in range(0, len(wanted), 200):
        said = subprocess.run(
            [gofmt, "-l", *wanted[at : at + 200]], check=False, capture_output=True, text=True
        )
        untidy |= set(said.stdout.splitlines())
        untidy |= {line.split(".go:")[0] + ".go" for line in said.stderr.splitlines()}
    return [path for path in wanted if str(path) not in untidy][:count]


def tasks(files: list[Path], gofmt: str) -> Iterator[Task]:
    chosen = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    patches = [(rule, patch_of(rule), rule) for rule in chosen["rules"]]
    patches += [(name, text.lstrip("\n"), "") for name, text in chosen["patches"].items()]
    for name, text, rule in patches:
        for at in range(0, len(files), BATCH):
            yield Task(name, text, rule, tuple(files[at : at + BATCH]), gofmt)


def patch_of(rule: str) -> str:
    """`a + b -> add(a, b)` as a patch."""
    minus, plus = rule.split(" -> ")
    names = ", ".join(sorted(set(re.findall(r"(?<![\w.\"%])[a-z](?![\w\"])", minus))))
    return f"@@\nvar {names} expression\n@@\n-{minus}\n+{plus}\n"


def run(task: Task) -> Tally:
    (pattern,) = compile_patch(task.text, "x.patch")
    tally = Tally(Counter(), [])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made: dict[Path, bytes] = {}
        for number, path in enumerate(task.files):
            data = path.read_bytes()
            places = len(find(Search.minus(pattern), parse(data))) if may_fit(pattern, data) else 0
            try:
                result = apply(pattern, data, path.name)
            except ApplyError as error:
                tally.places[re.sub(r"`[^`]*`", "`...`", error.message)] += places
                continue
            except Exception as error:
                tally.wrong.append(f"{task.name}: {path}: {error!r}")
                continue
            if result.status == "already" and places:
                tally.places["already"] += places
            if result.status != "applied":
                continue
            tally.places["rewritten"] += places
            made[folder / f"{number}.go"] = result.after
            if not _undone(data, result.after):
                tally.wrong.append(f"{task.name}: {path}: the reverse diff gives something else")
            try:
                if apply(pattern, result.after, path.name).after != result.after:
                    tally.wrong.append(f"{task.name}: {path}: a second run changes more")
            except ApplyError as error:
                tally.wrong.append(f"{task.name}: {path}: a second run is refused: {error.message}")
        tally.wrong.extend(_untidy(task, made))
        tally.wrong.extend(_other_trees(task, made, folder) if task.rule else [])
    return tally


def _undone(before: bytes, after: bytes) -> bool:
    from gopatch.output.diff import unified
    from gopatch.splice import FileChange

    forward = unified([FileChange("a.go", before, after)])
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "a.go").write_bytes(after)
        command = ["patch", "-p1", "-R", "-s", "-F0", "--batch"]
        subprocess.run(command, cwd=name, input=forward, check=False, capture_output=True)
        return (Path(name) / "a.go").read_bytes() == before


def _untidy(task: Task, made: dict[Path, bytes]) -> Iterator[str]:
    for path, data in made.items():
        path.write_bytes(data)
    if not made:
        return
    said = subprocess.run([task.gofmt, "-l", *made], check=False, capture_output=True, text=True)
    for line in said.stdout.splitlines():
        yield f"{task.name}: {task.files[int(Path(line).stem)]}: not gofmt's layout"
    for line in said.stderr.splitlines()[:5]:
        yield f"{task.name}: gofmt refuses: {line}"


def _other_trees(task: Task, made: dict[Path, bytes], folder: Path) -> Iterator[str]:
    theirs = {path: folder / f"gofmt{path.name}" for path in made}
    for path, other in theirs.items():
        other.write_bytes(task.files[int(path.stem)].read_bytes())
    if theirs:
        command = [task.gofmt, "-r", task.rule, "-w", *theirs.values()]
        subprocess.run(command, check=True, capture_output=True)
    for path, other in theirs.items():
        wanted = GoFile(other.read_bytes())
        if not wanted.errors() and not _agree(wanted, parse(made[path])):
            yield f"{task.name}: {task.files[int(path.stem)]}: not the tree of gofmt -r"


def _agree(one: GoFile, other: GoFile) -> bool:
    ours, theirs = one.root.children, other.root.children
    return len(ours) == len(theirs) and all(
        a.text == b.text or same_tree(a, b) for a, b in zip(ours, theirs, strict=True)
    )


if __name__ == "__main__":
    sys.exit(main())
