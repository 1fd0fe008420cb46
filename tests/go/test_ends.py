"""Where the end of a function, or a statement in it, is reached: as Go's compiler and vet have it."""

from __future__ import annotations

import pytest

from gopatch.go.ends import unended
from gopatch.go.tree import Syntax, parse

_FUNCTIONS = {"function_declaration", "func_literal"}


def _found(body: str, gives: str = " int") -> list[str]:
    """What is wrong with a function and those in it."""
    root = parse(f"package p\n\nfunc f(n int){gives} {{\n{body}\n}}\n".encode()).root
    return [reason for node in _functions(root) for _, reason in unended(node)]


def _functions(node: Syntax) -> list[Syntax]:
    own = [node] if node.kind in _FUNCTIONS else []
    return own + [each for child in node.children for each in _functions(child)]


@pytest.mark.parametrize(
    "body",
    [
        "a()",
        "",
        "if n > 1 {\n\treturn 1\n}",
        "if n > 1 {\n\treturn 1\n} else if n > 2 {\n\treturn 2\n}",
        "if n > 1 {\n\treturn 1\n} else {\n\ta()\n}",
        "for n < 3 {\n\treturn 1\n}",
        "for i := 0; i < 3; i++ {\n\treturn 1\n}",
        "for range n {\n\treturn 1\n}",
        "for {\n\tif n > 1 {\n\t\tbreak\n\t}\n}",
        "L:\n\tfor {\n\t\tfor {\n\t\t\tbreak L\n\t\t}\n\t}",
        "for {\n\tselect {\n\tdefault:\n\t\treturn 1\n\t}\n\tbreak\n}",
        "switch n {\ncase 1:\n\treturn 1\n}",
        "switch n {\ncase 1:\n\treturn 1\ndefault:\n}",
        "switch n {\ncase 1:\n\tif n > 1 {\n\t\tbreak\n\t}\n\treturn 1\ndefault:\n\treturn 2\n}",
        "select {\ncase <-c:\n}",
        "a.panic(1)",
        "return 1\nL:\n\ta()\n\tgoto L\n\ta()",
        "func() int { return 1 }()",
    ],
)
def test_an_end_that_lacks_a_return(body: str) -> None:
    assert "`return` is missing where the function ends" in _found(body)


@pytest.mark.parametrize(
    "body",
    [
        "return 1",
        "panic(1)",
        "{\n\treturn 1\n}",
        "if n > 1 {\n\treturn 1\n} else {\n\tpanic(1)\n}",
        "if n > 1 {\n\treturn 1\n} else if n > 2 {\n\treturn 2\n} else {\n\treturn 3\n}",
        "for {\n\ta()\n}",
        "for ; ; n++ {\n\tif n > 3 {\n\t\treturn 1\n\t}\n\tcontinue\n}",
        "for {\n\tfor {\n\t\tbreak\n\t}\n}",
        "for {\n\tswitch n {\n\tcase 1:\n\t\tbreak\n\t}\n}",
        "L:\n\tfor {\n\t\tfor {\n\t\t\tcontinue L\n\t\t}\n\t}",
        "switch n {\ncase 1:\n\tfallthrough\ncase 2:\n\treturn 1\ndefault:\n\tpanic(1)\n}",
        "switch x := y.(type) {\ncase int:\n\treturn x\ndefault:\n\treturn 1\n}",
        "select {}",
        "select {\ncase <-c:\n\treturn 1\ncase d <- 1:\n\tpanic(1)\n}",
        "L:\n\ta()\n\tgoto L",
        "for {\n\tfunc() {\n\t\tfor {\n\t\t\tbreak\n\t\t}\n\t}()\n}",
        "goto L\nL:\n\treturn 1",
        "return 1\n;",
    ],
)
def test_an_end_that_is_never_reached(body: str) -> None:
    assert _found(body) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return\na()", "a()"),
        ("panic(1)\na()\nb()", "a()"),
        ("for {\n}\na()", "a()"),
        ("for {\n\tbreak\n\ta()\n}", "a()"),
        ("for n > 1 {\n\tcontinue\n\tif n > 2 {\n\t\ta()\n\t}\n}", "if n > 2 {"),
        ("if n > 1 {\n\treturn\n} else {\n\treturn\n}\na()", "a()"),
        ("switch n {\ncase 1:\n\tbreak\n\ta()\n}", "a()"),
        ("return\nL:\n\tfor {\n\t\tcontinue L\n\t}", "for {"),
        ("func() {\n\treturn\n\ta()\n}()", "a()"),
    ],
)
def test_what_is_never_reached(body: str, words: str) -> None:
    assert _found(body, "") == [f"`{words}` is never reached"]


@pytest.mark.parametrize(
    "body",
    [
        "a()",
        "if n > 1 {\n\treturn\n}\na()",
        "for {\n\tif n > 1 {\n\t\tbreak\n\t}\n}\na()",
        "goto L\nL:\n\ta()",
        "for n > 1 {\n\treturn\n}\na()",
        "switch n {\ncase 1:\n\treturn\n}\na()",
        "select {\ncase <-c:\n\treturn\ncase <-d:\n}\na()",
        "func() {\n\tpanic(1)\n}()\na()",
        "defer panic(1)\na()",
    ],
)
def test_what_is_reached(body: str) -> None:
    assert _found(body, "") == []


def test_a_function_without_a_body_is_left_alone() -> None:
    (function,) = _functions(parse(b"package p\n\nfunc f() int\n").root)
    assert list(unended(function)) == []
