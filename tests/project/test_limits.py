"""Files and functions stay short; ruff holds their complexity and parameters (pyproject.toml)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent.parent
LINES, LONGEST, MIDDLE = 300, 40, 12
FILES = sorted((*(ROOT / "gopatch").rglob("*.py"), *(ROOT / "tests").rglob("*.py")))


def statements(block: ast.AST) -> Iterator[ast.AST]:
    """What stands in a block and in the blocks of what stands there; no expression is looked into."""
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        for one in getattr(block, field, ()):
            yield one
            yield from statements(one) if not isinstance(one, ast.Expr | ast.Assign) else ()


@cache
def functions(text: str) -> list[tuple[str, int]]:
    """The functions of a file, each with how many lines it has."""
    found = (n for n in statements(ast.parse(text)) if isinstance(n, ast.FunctionDef))
    return [(one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in found]


def too_long(text: str) -> list[str]:
    """What is too long of a file, and how long."""
    lines = text.count("\n")
    whole = [f"{lines} lines"] if lines > LINES else []
    return [*whole, *(f"{name}: {length}" for name, length in functions(text) if length > LONGEST)]


def test_files_and_their_functions_are_short() -> None:
    """In one test: a test for each of them costs more than what it looks at."""
    assert len(FILES) > 500
    found = {path.relative_to(ROOT): too_long(path.read_text(encoding="utf-8")) for path in FILES}
    assert {path.as_posix(): said for path, said in found.items() if said} == {}


def test_a_function_in_the_middle_is_short() -> None:
    package = (path for path in FILES if path.is_relative_to(ROOT / "gopatch"))
    lengths = [n for path in package for _, n in functions(path.read_text(encoding="utf-8"))]
    assert median(lengths) < MIDDLE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("def f():\n" + "    pass\n" * LONGEST, [f"f: {LONGEST + 1}"], id="function"),
        pytest.param("a = 1\n" * (LINES + 1), [f"{LINES + 1} lines"], id="file"),
        pytest.param("def f():\n" + "    pass\n" * (LONGEST - 1), [], id="function-that-fits"),
        pytest.param("a = 1\n" * LINES, [], id="file-that-fits"),
    ],
)
def test_what_is_too_long_would_be_seen(text: str, said: list[str]) -> None:
    assert too_long(text) == said
