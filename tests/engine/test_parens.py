"""Where an expression needs parentheses to stay one: Go's specification, held by rows."""

from __future__ import annotations

import pytest

from gopatch.engine._parens import level, needs_parens, parted, steps_up
from gopatch.go.tree import parse

# What stands there, with X for the place; what comes; whether it needs parentheses.
ROWS = [
    ("-X", "a + b", True),
    ("-X", "a.b", False),
    ("!X", "a == b", True),
    ("!X", "!a", False),
    ("*X", "a.b", False),
    ("X.f", "*a", True),
    ("X.f", "a + b", True),
    ("X.f", "a.b()", False),
    ("X[1]", "<-a", True),
    ("X[1:]", "&a", True),
    ("X.(T)", "*a", True),
    ("X(1)", "*a", True),
    ("X(1)", "func(int)", True),
    ("X(1)", "<-chan int", True),
    ("X(1)", "chan int", False),
    ("X(1)", "[]int", False),
    ("f(X)", "a + b", False),
    ("m[X]", "a + b", False),
    ("s[X:]", "a + b", False),
    ("[]int{X}", "a || b", False),
    ("(X)", "a || b", False),
    ("X * c", "a + b", True),
    ("X * c", "a * b", False),
    ("X + c", "a * b", False),
    ("c * X", "a * b", True),
    ("c - X", "a - b", True),
    ("c - X", "a * b", False),
    ("c - X", "-a", False),
    ("X - c", "a - b", False),
    ("X && c", "a || b", True),
    ("c || X", "a && b", False),
    ("c || X", "a || b", True),
    ("X == c", "a == b", False),
    ("c == X", "a == b", True),
    ("X << c", "a + b", True),
    ("c + X", "a << b", False),
    ("c &^ X", "a & b", True),
]


@pytest.mark.parametrize(("around", "content", "wanted"), ROWS)
def test_an_operand_holds_together(around: str, content: str, wanted: bool) -> None:
    assert asked(f"var _ = {around}", content) is wanted


@pytest.mark.parametrize(
    ("around", "content", "wanted"),
    [
        ("if X == a {\n\t}", "T{}", True),
        ("if X.f() {\n\t}", "T{}", True),
        ("if X {\n\t}", "T{}.f", True),
        ("for X {\n\t}", "T{}.f()", True),
        ("for range X {\n\t}", "p.T{}", True),
        ("switch X {\n\t}", "T[int]{}", True),
        ("switch a := X; a {\n\t}", "&T{}", True),
        ("if f(X) {\n\t}", "T{}", False),
        ("if a[X] {\n\t}", "T{}", False),
        ("if a[X:] {\n\t}", "T{}", False),
        ("if X[1] {\n\t}", "T{}", True),
        ("if (X) == a {\n\t}", "T{}", False),
        ("if X == a {\n\t}", "f(T{})", False),
        ("if X == a {\n\t}", "[]int{}", False),
        ("if X == a {\n\t}", "map[T]int{}", False),
        ("if X == a {\n\t}", "b", False),
        ("switch {\n\tcase X:\n\t}", "T{}", False),
        ("if func() bool { return X }() {\n\t}", "T{}.f", False),
        ("if a {\n\t\tg(X)\n\t}", "T{}", False),
        ("for a := X; ; {\n\t}", "T{}", True),
    ],
)
def test_a_literal_opens_no_block(around: str, content: str, wanted: bool) -> None:
    assert asked(f"func _() {{\n\t{around}\n}}", content) is wanted


@pytest.mark.parametrize(
    ("around", "content", "wanted"),
    [
        ("var _ chan X", "<-chan int", True),
        ("var _ chan X", "chan int", False),
        ("var _ <-chan X", "<-chan int", False),
        ("var _ chan<- X", "<-chan int", False),
        ("var _ []X", "<-chan int", False),
        ("func f() X", "<-chan int", False),
    ],
)
def test_a_channel_is_not_read_into_another(around: str, content: str, wanted: bool) -> None:
    file = parse(f"package a\n\n{around.replace('X', 'XX')}\n".encode())
    start = file.data.index(b"XX")
    steps = steps_up(file, start, start + 2, "identifier")
    typed = parse(f"package a\n\nvar _ {content}\n".encode())
    node = typed.root.children[1].children[1].children[-1]
    assert needs_parens(node, steps) is wanted


def asked(go: str, content: str) -> bool:
    file = parse(f"package a\n\n{go.replace('X', 'XX')}\n".encode())
    assert not file.errors()
    start = file.data.index(b"XX")
    steps = steps_up(file, start, start + 2, "identifier")
    assert steps
    kinds = ("var _ = %s", "var _ = (%s)(nil)")
    for kind in kinds:
        other = parse(f"package a\n\n{kind % content}\n".encode())
        if not other.errors():
            value = other.root.children[1].children[1].children[-1].children[0]
            node = value if kind is kinds[0] else value.children[0].children[1]
            assert node.text == content.encode()
            return needs_parens(node, steps)
    raise AssertionError(content)


def test_nothing_is_asked_where_nothing_is_above() -> None:
    file = parse(b"package a\n\nvar _ = a + b\n")
    value = file.root.children[1].children[1].children[-1].children[0]
    assert not needs_parens(value, [])
    assert steps_up(file, value.start, value.end, "call_expression") == ()


@pytest.mark.parametrize(("operator", "wanted"), [(b"||", True), (b"&&", True), (b"", False)])
def test_a_run_of_operands_binds_by_its_operator(operator: bytes, wanted: bool) -> None:
    file = parse(b"package a\n\nvar _ = a == XX\n")
    start = file.data.index(b"XX")
    steps = steps_up(file, start, start + 2, "identifier")
    (node,) = [n for n in file.nodes(frozenset({"identifier"})) if n.text == b"XX"]
    assert needs_parens(node, steps, operator) is wanted


def test_levels_are_those_of_the_specification() -> None:
    levels = []
    for text in ("a || b", "a && b", "a == b", "a + b", "a * b", "-a", "a"):
        file = parse(f"package a\n\nvar _ = {text}\n".encode())
        levels.append(level(file.root.children[1].children[1].children[-1].children[0]))
    assert levels == sorted(set(levels))


@pytest.mark.parametrize(
    ("before", "text", "wanted"),
    [
        (b"x -", b"-y", b" -y"),
        (b"x +", b"+y", b" +y"),
        (b"x &", b"&y", b" &y"),
        (b"x &", b"^y", b" ^y"),
        (b"x /", b"*y", b" *y"),
        (b"x <", b"-y", b" -y"),
        (b"x -", b"+y", b"+y"),
        (b"x - ", b"-y", b"-y"),
        (b"", b"-y", b"-y"),
        (b"x -", b"y", b"y"),
    ],
)
def test_two_operators_stay_two(before: bytes, text: bytes, wanted: bytes) -> None:
    assert parted(before, text) == wanted
