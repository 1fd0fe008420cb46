"""Files and functions stay short; ruff holds their complexity and parameters (pyproject.toml)."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent.parent
LINES, LONGEST, MIDDLE = 300, 40, 12
FILES = sorted((*(ROOT / "gopatch").rglob("*.py"), *(ROOT / "tests").rglob("*.py")))


def functions(text: str) -> list[tuple[str, int]]:
    """The functions of a file, each with how many lines it has."""
    found = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef))
    return [(one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in found]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES
    assert [name for name, length in functions(text) if length > LONGEST] == []


def test_a_function_in_the_middle_is_short() -> None:
    package = (path for path in FILES if path.is_relative_to(ROOT / "gopatch"))
    lengths = [n for path in package for _, n in functions(path.read_text(encoding="utf-8"))]
    assert median(lengths) < MIDDLE


def test_a_long_function_would_be_seen() -> None:
    body = "    pass\n" * LONGEST
    assert functions(f"def f():\n{body}") == [("f", LONGEST + 1)]
