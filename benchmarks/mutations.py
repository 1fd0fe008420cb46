"""What can be broken in a part of the package, and in which order it is drawn: see mutants.py."""

from __future__ import annotations

import ast
import copy
import tomllib
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
DATA = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


class Mutant(NamedTuple):
    """One break: bytes [start, end) of the module become `new`."""

    part: str
    module: str
    operator: str
    start: int
    end: int
    new: bytes

    def applied(self) -> bytes:
        data = (ROOT / self.module).read_bytes()
        return data[: self.start] + self.new + data[self.end :]

    def lines(self) -> tuple[int, str, str]:
        """The number of the first line, the lines as they are, and what becomes of them."""
        data = (ROOT / self.module).read_bytes()
        low = data.rfind(b"\n", 0, self.start) + 1
        high = data.find(b"\n", self.end) % (len(data) + 1)
        broken = data[low : self.start] + self.new + data[self.end : high]
        return data.count(b"\n", 0, low) + 1, data[low:high].decode(), broken.decode()

    def __str__(self) -> str:
        number, old, new = self.lines()
        diff = [f"-{line}" for line in old.split("\n")] + [f"+{line}" for line in new.split("\n")]
        return "\n".join([f"{self.module}:{number}: {self.operator}", *diff])


# The operators: a node -> the nodes that may stand in its place ------------------------------------

New = Iterator[ast.AST]


def negated(node: ast.AST) -> New:
    tests = [node.test] if isinstance(node, ast.While | ast.Assert) else []
    if isinstance(node, ast.If) and not node.orelse:
        tests = [node.test]
    for test in [*tests, *(node.ifs if isinstance(node, ast.comprehension) else ())]:
        yield ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def branches(node: ast.AST) -> New:
    """Swapped: by the test, so that the lines stay what they are."""
    if isinstance(node, ast.IfExp) or (isinstance(node, ast.If) and node.orelse):
        yield ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)


def comparison(node: ast.AST) -> New:
    if isinstance(node, ast.Compare):
        for index, one in enumerate(node.ops):
            ops = [*node.ops[:index], OPPOSITE[type(one)](), *node.ops[index + 1 :]]
            yield ast.copy_location(ast.Compare(node.left, ops, node.comparators), node)


def no_not(node: ast.AST) -> New:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.copy_location(copy.copy(node.operand), node)


def and_or(node: ast.AST) -> New:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.copy_location(ast.BoolOp(other, node.values), node)


def operand(node: ast.AST) -> New:
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            values = [*node.values[:index], *node.values[index + 1 :]]
            one = values[0] if len(values) == 1 else ast.BoolOp(node.op, values)
            yield ast.copy_location(copy.copy(one), node)


def constant(node: ast.AST) -> New:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        value = node.value
        others = [not value] if isinstance(value, bool) else [value + 1, value - 1]
        for other in others:
            yield ast.copy_location(ast.Constant(other), node)


def off_by_one(node: ast.AST) -> New:
    """A sum with a constant without it."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub):
        return
    if isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
        yield ast.copy_location(copy.copy(node.left), node)


def statement(node: ast.AST) -> New:
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Continue | ast.Break) and not text:
        yield ast.copy_location(ast.Pass(), node)


def returned(node: ast.AST) -> New:
    if isinstance(node, ast.Return) and node.value is not None:
        nothing = isinstance(node.value, ast.Constant) and node.value.value is None
        if not nothing:
            yield ast.copy_location(ast.Return(ast.Constant(None)), node)


def keyword(node: ast.AST) -> New:
    if isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            kept = [*node.keywords[:index], *node.keywords[index + 1 :]]
            yield ast.copy_location(ast.Call(node.func, node.args, kept), node)


OPERATORS: tuple[Callable[[ast.AST], New], ...] = (
    negated, branches, comparison, no_not, and_or, operand, constant, off_by_one, statement,
    returned, keyword,
)  # fmt: skip


# The draw ------------------------------------------------------------------------------------------


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those of f-strings, which have no places of their own before Python 3.12."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.JoinedStr):
            yield from nodes(child)


def mutants_of(part: str, module: str, operator: Callable[[ast.AST], New]) -> Iterator[Mutant]:
    data = (ROOT / module).read_bytes()
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    for node in nodes(ast.parse(data)):
        for new in operator(node):
            assert isinstance(new, ast.expr | ast.stmt)
            assert new.end_lineno is not None
            assert new.end_col_offset is not None
            text = ast.unparse(new)
            if isinstance(new, ast.expr) and not isinstance(new, ast.Constant):
                text = f"({text})"
            start = starts[new.lineno - 1] + new.col_offset
            end = starts[new.end_lineno - 1] + new.end_col_offset
            yield Mutant(part, module, operator.__name__, start, end, text.encode())


def rank(mutant: Mutant, seed: str) -> str:
    _, old, new = mutant.lines()
    return sha256(f"{seed}:{mutant.module}:{mutant.operator}:{old}:{new}".encode()).hexdigest()


def in_turn(rows: list[list[Mutant]]) -> Iterator[Mutant]:
    for some in zip_longest(*rows):
        yield from (one for one in some if one is not None)


def drawn(seed: str) -> Iterator[Mutant]:
    """All mutants that there can be, in the order of the draw."""
    parts = []
    for part in DATA["part"]:
        rows = [
            sorted(
                (
                    one
                    for module in part["modules"]
                    for one in mutants_of(part["name"], module, operator)
                ),
                key=lambda one: rank(one, seed),
            )
            for operator in OPERATORS
        ]
        rows.sort(key=lambda row: rank(row[0], seed) if row else "")
        parts.append(list(in_turn(rows)))
    return in_turn(parts)


def argued(mutant: Mutant) -> tuple[str, str, str, str]:
    _, old, new = mutant.lines()
    return mutant.module, mutant.operator, old.strip(), new.strip()
