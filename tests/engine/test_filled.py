"""Whether two pieces of Go mean the same, and whether `...` holds what it stood for."""

from __future__ import annotations

import pytest

from gopatch.engine._filled import bare, same_tree, unlisted
from gopatch.go.tree import Syntax, parse


def expression(text: str) -> Syntax:
    """The value of a variable."""
    file = parse(f"package a\n\nvar _ = {text}\n".encode())
    assert not file.errors()
    return file.root.children[1].children[1].children[-1].children[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "a"),
        ("a", "((a))"),
        ("a + b*c", "(a + (b * c))"),
        ("f(a, b)", "f(\n\ta,\n\tb,\n)"),
        ("f(a /* x */)", "f(a)"),
        ("-a.b[1]", "-(a.b[1])"),
        ("T{1, 2}", "T{\n\t1,\n\t2,\n}"),
    ],
)
def test_parentheses_and_space_make_no_difference(one: str, other: str) -> None:
    assert same_tree(expression(one), expression(other))
    assert same_tree(expression(other), expression(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("a", "a()"),
        ("a()", "a"),
        ("a + b*c", "(a + b) * c"),
        ("a - b", "b - a"),
        ("a - b", "a + b"),
        ("f(a, b)", "f(a)"),
        ("f(a)", "f(a...)"),
        ("f(a)", "f[a]"),
        ('"a"', "`a`"),
        ("-(-a)", "a"),
    ],
)
def test_another_tree_is_another(one: str, other: str) -> None:
    assert not same_tree(expression(one), expression(other))
    assert not same_tree(expression(other), expression(one))


def test_bytes_are_a_name() -> None:
    assert same_tree(b"a", expression("a"))
    assert not same_tree(b"a", expression("b"))
    assert not same_tree(b"a", expression("a()"))


def test_what_stands_inside_of_parentheses() -> None:
    assert bare(expression("((a + b))")).text == b"a + b"
    assert bare(expression("a + b")).text == b"a + b"


def test_a_list_without_brackets_is_what_it_holds() -> None:
    file = parse(b"package a\n\nfunc f() (int, error) {\n\treturn a, b\n}\n")
    (listed,) = file.nodes(frozenset({"expression_list"}))
    assert [node.text for node in unlisted([listed])] == [b"a", b"b"]
    assert unlisted([listed, listed]) == [listed, listed]
    assert [node.text for node in unlisted([expression("f(a, b)")])] == [b"f(a, b)"]
    assert unlisted([]) == []
