"""One name for one thing: no class name and no module name of the package stands for two."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "gopatch"


def classes(text: str) -> list[str]:
    return re.findall(r"(?m)^ *class (\w+)[(:]", text)


def twice(found: list[tuple[str, Path]]) -> dict[str, list[str]]:
    """The names that stand in more than one file, each with its files."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, path in found:
        homes[name].append(path.relative_to(PACKAGE).as_posix())
    return {name: paths for name, paths in homes.items() if len(paths) > 1}


def test_no_class_name_stands_for_two_things() -> None:
    found = [(name, p) for p in PACKAGE.rglob("*.py") for name in classes(p.read_text())]
    assert len(found) > 100
    assert twice(found) == {}


def test_no_module_name_stands_for_two_things() -> None:
    """A command bears the name of what it calls, and so does a judge's module."""
    own = [p for p in PACKAGE.rglob("*.py") if p.stem not in ("__init__", "__main__")]
    found = [(p.stem, p) for p in own if p.parent.name != "commands"]
    judges = {"model", "go", "wire"}
    assert {name for name in twice(found) if name not in judges} == set()


@pytest.mark.parametrize("text", ["class A: ...\nclass A: ...", "class A:\n  class A: ..."])
def test_the_count_sees_a_name_that_comes_twice(text: str) -> None:
    assert twice([(name, PACKAGE / "x.py") for name in classes(text)]) == {"A": ["x.py", "x.py"]}
