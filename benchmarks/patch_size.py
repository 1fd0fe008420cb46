"""How much a patch folder says, and how much of it twice: files, lines and changes.

    python benchmarks/patch_size.py [FOLDER]...

A change counts once for each header in a .patch file; it is told from another by its Go, without
comments, declarations and white space. An edit of text has to name its files; one of Go need not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from gopatch.engine.notation import Change, parse_notation
from gopatch.recipe.read import load, names, patches_folder
from gopatch.recipe.values import TextEdit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path)
    for folder in parser.parse_args().folder or [patches_folder() / name for name in names()]:
        print(f"{folder.name}: {_told(folder)}")


def _told(folder: Path) -> str:
    files = sorted(folder.glob("*.patch"))
    tests = [file for file in folder.glob("*.go") if "test" in file.stem.split("_")]
    found = [c for f in files for c in parse_notation(f.read_text(), f.name, empty=True)]
    counted = [folder / "patch.toml", *files, *tests]
    lines = sum(len(file.read_text().splitlines()) for file in counted)
    return (
        f"{len(files)} variants and fragments, {lines} lines with patch.toml and added tests, "
        f"{len(found)} changes, {len(set(map(_said, found)))} distinct, "
        f"{_found(folder)} edits of Go found by what they declare"
    )


def _found(folder: Path) -> str:
    edits = [edit for edit in load(str(folder)).edits if not isinstance(edit, TextEdit)]
    return f"{sum(not edit.files for edit in edits)} of {len(edits)}"


def _said(change: Change) -> tuple[object, ...]:
    lines = (f"{line.mark}{''.join(line.text.split())}" for line in change.lines)
    given = tuple("".join(v.text.split()) for v in change.metavariables if v.kind == "given")
    return (change.inside, *given, *(line for line in lines if line.strip("+- ")))


if __name__ == "__main__":
    main()
