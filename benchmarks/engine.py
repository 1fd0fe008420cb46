"""What the engine does with other people's patches on real Go, held against gofmt.

    python benchmarks/engine.py FOLDER --gofmt GOFMT [--files N] [--from M] [--seed N] [--jobs N]

Every patch of engine.toml is tried on N Go files below FOLDER (all without --files) that gofmt leaves as
they are; with --from the first M of those that the seed draws are passed over, so that many can be
tried in parts. A result must be right or refused: no crash, gofmt-clean, left alone by a second run, undone by
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
from gopatch.engine.pattern import Pattern, compile_patch
from gopatch.errors import ApplyError
from gopatch.go.tree import GoFile, parse
from gopatch.output.diff import unified
from gopatch.splice import FileChange

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
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    files = clean_files(chosen)
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


def clean_files(chosen: argparse.Namespace) -> list[Path]:
    """Files that gofmt takes and leaves as they are, drawn by the seed."""
    found = sorted(p for p in chosen.folder.rglob("*.go") if p.is_file() and not p.is_symlink())
    random.Random(chosen.seed).shuffle(found)
    count = len(found) if chosen.files is None else chosen.files
    clean: list[Path] = []
    wanted: int = chosen.first + count
    for at in range(0, len(found), 200):
        if len(clean) >= wanted:
            break
        some = found[at : at + 200]
        said = subprocess.run(
            [chosen.gofmt, "-l", *some], check=False, capture_output=True, text=True
        )
        untidy = set(said.stdout.splitlines())
        untidy |= {line.split(".go:")[0] + ".go" for line in said.stderr.splitlines()}
        clean += [path for path in some if str(path) not in untidy]
    return clean[chosen.first : chosen.first + count]


def tasks(files: list[Path], gofmt: str) -> Iterator[list[Task]]:
    """Some files with all patches: a file that was parsed for one is at hand for the next."""
    chosen = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    patches = [(rule, patch_of(rule), rule) for rule in chosen["rules"]]
    patches += [(name, text.lstrip("\n"), "") for name, text in chosen["patches"].items()]
    for at in range(0, len(files), BATCH):
        batch = tuple(files[at : at + BATCH])
        yield [Task(name, text, rule, batch, gofmt) for name, text, rule in patches]


def patch_of(rule: str) -> str:
    """`a + b -> add(a, b)` as a patch."""
    minus, plus = rule.split(" -> ")
    names = ", ".join(sorted(set(re.findall(r"(?<![\w.\"%])[a-z](?![\w\"])", minus))))
    return f"@@\nvar {names} expression\n@@\n-{minus}\n+{plus}\n"


def run(some: list[Task]) -> Tally:
    total = Tally(Counter(), [])
    for task in some:
        with tempfile.TemporaryDirectory() as name:
            _try(task, Path(name), total)
    return total


def _try(task: Task, folder: Path, tally: Tally) -> None:
    (pattern,) = compile_patch(task.text, "x.patch")
    made: dict[Path, bytes] = {}
    for number, path in enumerate(task.files):
        after = _applied(task, pattern, path, tally)
        if after is not None:
            made[folder / f"{number}.go"] = after
    if made:
        for path, data in made.items():
            path.write_bytes(data)
        tally.wrong.extend(_untidy(task, made))
        tally.wrong.extend(_not_undone(task, made, folder / "undone"))
        tally.wrong.extend(_other_trees(task, made, folder) if task.rule else [])


def _applied(task: Task, pattern: Pattern, path: Path, tally: Tally) -> bytes | None:
    """What a patch makes of a file, None where it makes nothing; a second run must leave it."""
    data = path.read_bytes()
    if not may_fit(pattern, data):
        return None
    places = len(find(Search.minus(pattern), parse(data)))
    try:
        result = apply(pattern, data, path.name)
        if result.status == "applied" and apply(pattern, result.after, "a").after != result.after:
            tally.wrong.append(f"{task.name}: {path}: a second run changes more")
    except ApplyError as error:
        reason = re.sub(r"`[^`]*`", "`...`", error.message)
        if error.path == "a":
            tally.wrong.append(f"{task.name}: {path}: a second run is refused: {error.message}")
        tally.places[reason] += places
        return None
    except Exception as error:
        tally.wrong.append(f"{task.name}: {path}: {error!r}")
        return None
    if result.status != "applied":
        if places:
            tally.places[result.status] += places
        return None
    tally.places["rewritten"] += places
    return result.after


def _not_undone(task: Task, made: dict[Path, bytes], folder: Path) -> Iterator[str]:
    """The reverse diff must give what was there, byte for byte."""
    folder.mkdir()
    before = {path: task.files[int(path.stem)].read_bytes() for path in made}
    diff = unified([FileChange(path.name, before[path], data) for path, data in made.items()])
    for path, data in made.items():
        (folder / path.name).write_bytes(data)
    command = ["patch", "-p1", "-R", "-s", "-F0", "--batch"]
    subprocess.run(command, cwd=folder, input=diff, check=False, capture_output=True)
    for path in made:
        if (folder / path.name).read_bytes() != before[path]:
            yield f"{task.name}: {task.files[int(path.stem)]}: the reverse diff gives something else"


def _untidy(task: Task, made: dict[Path, bytes]) -> Iterator[str]:
    said = subprocess.run([task.gofmt, "-l", *made], check=False, capture_output=True, text=True)
    for line in said.stdout.splitlines():
        yield f"{task.name}: {task.files[int(Path(line).stem)]}: not gofmt's layout"
    for line in said.stderr.splitlines()[:5]:
        yield f"{task.name}: gofmt refuses: {line}"


def _other_trees(task: Task, made: dict[Path, bytes], folder: Path) -> Iterator[str]:
    theirs = {path: folder / f"gofmt{path.name}" for path in made}
    for path, other in theirs.items():
        other.write_bytes(task.files[int(path.stem)].read_bytes())
    command = [task.gofmt, "-r", task.rule, "-w", *map(str, theirs.values())]
    subprocess.run(command, check=True, capture_output=True)
    for path, other in theirs.items():
        (pattern,) = compile_patch(task.text, "x.patch")
        before = parse(task.files[int(path.stem)].read_bytes())
        if find(Search.plus(pattern), before):
            continue  # what shows the plus side is left alone; gofmt -r does it once more
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
