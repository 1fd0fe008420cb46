"""What counts as a question for a constant, as far as what is written tells."""

from __future__ import annotations

import pytest

from gopatch.evaluate.constant_questions import KnownNames, questions, yields_bool
from gopatch.go.tree import parse

NAMES = KnownNames(
    {"many"},
    {"is"},
    {"http": "net/http", "time": "time", "own": "a.test/own", "net": "net", "unicode": "unicode"},
    {"times"},
    {"shorter"},
)


def asked(line: str) -> list[str]:
    file = parse(f"package a\n\nfunc f() bool {{\n\t{line}\n}}\n".encode())
    return [node.text.decode() for node in questions(file.root, NAMES)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('return a == "x" || b != many', ['a == "x"', "b != many"]),
        ("return c == http.StatusTeapot", ["c == http.StatusTeapot"]),
        ("return c.Method != http.MethodGet", ["c.Method != http.MethodGet"]),
        ("return time.Now().Weekday() == time.Sunday", ["time.Now().Weekday() == time.Sunday"]),
        ("return c == own.StatusTeapot", []),
        ("return c == http.NoBody", []),
        ('if on("x") {', ['on("x")']),
        ('for !on("x") {', ['on("x")']),
        ('if a, ok := on("x"); ok {', []),
        ('a := b && (on("x"))', ['on("x")']),
        ('a := is("x")', ['is("x")']),
        ('a := o.is("x")', ['o.is("x")']),
        ('a := strings.HasPrefix(b, "x")', ['strings.HasPrefix(b, "x")']),
        ('a, b := on("x"), c + "y"', []),
        ("const a = 2 == 3", []),
        ('return a == "" || len(a) > 0 || a == "https" || n == 1', []),
        (
            'return is(b == "x", "y") == c',
            ['is(b == "x", "y") == c', 'is(b == "x", "y")', 'b == "x"'],
        ),
        ('return c.Get("k") != ""', ['c.Get("k") != ""']),
        ('return len(c["k"]) > 0', ['len(c["k"]) > 0']),
        ("return time.Since(a) < 24*time.Hour", ["time.Since(a) < 24*time.Hour"]),
        ("return time.Since(a) < b", []),
        ('return a.Len() != len("HTTP/")', []),
        ('return f(func() string { return "x" }) == nil', []),
        ("if unicode.IsUpper(a) {", ["unicode.IsUpper(a)"]),
        ("if net.ParseIP(a).IsLoopback() {", ["net.ParseIP(a).IsLoopback()"]),
        ("if !own.IsUpper(a) || a.IsUpper() {", []),
        ("if net.ParseIP(a) == nil {", []),
        ("return a[0]+1 != a[1]", ["a[0]+1 != a[1]"]),
        ("return len(a) > len(b)+1", ["len(a) > len(b)+1"]),
        ("return n%2 == 0", ["n%2 == 0"]),
        ("return a[1:] == b", ["a[1:] == b"]),
        ("return times != 0 && other.times != 0", ["times != 0"]),
        ("return shorter(a) == a", ["shorter(a) == a"]),
        ("return longer(a) == a || o.shorter(a) == a", []),
        ("return len(a) == len(b) && a == b", []),
        ("n := a[0] + b[1]", []),
        ('return a[i].Scheme != "https"', []),
        ("return times.n == 1", []),
        ("if a[0] && times {", []),
    ],
)
def test_questions_for_a_constant(line: str, found: list[str]) -> None:
    assert asked(line) == found


@pytest.mark.parametrize(
    ("result", "found"),
    [("bool", True), ("(bool)", True), ("(ok bool)", True), ("(a, ok bool)", False), ("", False),
     ("string", False), ("(bool, error)", False), ("[]bool", False)],
)  # fmt: skip
def test_who_gives_true_or_false(result: str, found: bool) -> None:
    file = parse(f"package a\n\nfunc f(x string) {result} {{\n}}\n".encode())
    (function,) = file.nodes(frozenset({"function_declaration"}))
    assert yields_bool(function) is found
