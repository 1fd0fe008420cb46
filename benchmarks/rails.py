"""Cut and move a fixture's Go files: no port that is made may leave a loop over addresses without its rail.

    python benchmarks/rails.py v1.13.1 v20.10.27 v28.5.2

Each Go file of each fixture is cut after each of its lines, and each file with such a loop is moved to
another folder. What a port that is accepted leaves is read line by line, by nothing that makes or checks
edits: a function that looks addresses up and goes over them must speak of a rail.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from gopatch.port.outcome import Port
from gopatch.port.work import Memo, work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory

FIXTURES = Path(__file__).parent.parent / "fixtures"
_LOOKS_UP = re.compile(r"\.(?:Lookup(?:Pull|Push)?|lookupV2)Endpoints\(")
_RAIL = re.compile(r"\.(?:Skips|SkipsPlainHTTP|GuardPlainHTTP)\(")
_HANDS_OUT = re.compile(r"func (?:\([^)]*\) )?[lL]ookup\w*Endpoints\(")
Files = dict[str, bytes]


def fixture(name: str) -> Files:
    """The files of a fixture by their paths."""
    root = FIXTURES / name
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def bare(files: Files) -> list[str]:
    """The functions, as `path: first line`, that go over addresses without a rail."""
    found = []
    for path, data in sorted(files.items()):
        own = path.endswith(".go") and not path.endswith("_test.go") and "third_party/" not in path
        for part in re.split(r"(?m)^(?=func )", data.decode(errors="replace")) if own else ():
            hands_out = _HANDS_OUT.match(part) is not None
            if _LOOKS_UP.search(part) and not hands_out and not _RAIL.search(part):
                found.append(f"{path}: {part.splitlines()[0]}")
    return found


def left(files: Files, memo: Memo) -> list[str] | None:
    """What a port leaves without a rail; None where it is refused."""
    port: Port = work_out(load("accept-insecure-registry"), FilesInMemory(files), memo)
    if port.failed:
        return None
    changed = {c.path: c.after for c in port.changes if c.after is not None}
    return bare({**files, **changed})


def cut(files: Files, paths: list[str]) -> Iterator[tuple[str, Files]]:
    """The files with one of `paths` cut after each of its lines."""
    for path in paths:
        lines = files[path].splitlines(keepends=True)
        for number in range(len(lines)):
            yield f"{path}, {number} lines", {**files, path: b"".join(lines[:number])}


def moved(files: Files) -> Iterator[tuple[str, Files]]:
    """The files with each one that looks addresses up moved to a folder of its own."""
    for path, data in files.items():
        if path.endswith(".go") and _LOOKS_UP.search(data.decode(errors="replace")):
            folder, _, name = path.rpartition("/")
            rest = {other: kept for other, kept in files.items() if other != path}
            yield f"{path}, moved", {**rest, f"{folder}/elsewhere/{name}": data}


def main() -> None:
    memo, wrong = Memo(), 0
    for name in sys.argv[1:]:
        files = fixture(name)
        paths = [p for p in sorted(files) if p.endswith(".go") and "third_party/" not in p]
        made = refused = 0
        for what, tree in (*cut(files, paths), *moved(files)):
            without = left(tree, memo)
            refused += without is None
            made += without is not None
            if without:
                wrong += 1
                print(f"{name}: {what}: {'; '.join(without)}")
        print(f"{name}: {made} ports made, {refused} refused")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
