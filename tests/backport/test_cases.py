"""Every case of tests/backport/cases: a change, a target, and what comes of it.

Files below `made/` and `after/` are the change's two sides, those below `target/` the other source, `port/`
what the touched files of it become (nothing: the file goes); `refused` has parts of the reasons, `told` parts of what the reviewer
reads. A comment `--as FROM=TO`, `--skip FILE` or `--without tests` is what the user says.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.backport.anywhere import backport_onto
from gopatch.backport.change import differences
from gopatch.backport.foreign import ForeignChange, Wishes
from gopatch.backport.view import told
from tests.backport.memory import Memory

CASES = sorted((Path(__file__).parent / "cases").glob("*.txtar"))


def wishes_in(comment: str) -> Wishes:
    words = shlex.split(comment, comments=True)
    pairs = list(zip(words[::2], words[1::2], strict=True))
    names = [value.partition("=") for word, value in pairs if word == "--as"]
    return Wishes(
        tuple(value for word, value in pairs if word == "--skip"),
        tuple((old, new) for old, _, new in names),
        ("--without", "tests") not in pairs,
    )


def sides_of(files: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {"made": {}, "after": {}, "target": {}, "port": {}}
    for name, data in files.items():
        side, _, rest = name.partition("/")
        if rest:
            found[side][rest] = data
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    comment, files = read_txtar(path.read_bytes())
    sides = sides_of(files)
    made, after = Memory(sides["made"], "made"), Memory(sides["after"], "after")
    change = ForeignChange("fix", tuple(differences(made, after)), made, "its parent")
    done = backport_onto(change, Memory(sides["target"]), wishes_in(comment))
    said = "\n".join(told(done))
    assert len(said.splitlines()) == len(set(said.splitlines()))
    for name in ("refused", "told"):
        for line in files.get(name, b"").decode().splitlines():
            assert line in said
    assert (done.status == "failed") == ("refused" in files), said
    if "refused" not in files:
        assert {c.path: c.after or b"" for c in done.changes} == sides["port"]


@pytest.mark.thorough
def test_a_second_run_changes_nothing() -> None:
    for path in CASES:
        comment, files = read_txtar(path.read_bytes())
        if "refused" in files:
            continue
        sides = sides_of(files)
        made, after = Memory(sides["made"]), Memory(sides["after"])
        change = ForeignChange("fix", tuple(differences(made, after)), made, "its parent")
        done = backport_onto(
            change, Memory({**sides["target"], **sides["port"]}), wishes_in(comment)
        )
        assert done.changes == () or done.refusals, path.stem
