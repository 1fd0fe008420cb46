"""What Go says of a body by its syntax: a port that would not compile, or means another name, is not written."""

from __future__ import annotations

import pytest

from gopatch.backport.compilable import worse


def _run(*lines: str, gives: str = " error", before: str = "", after: str = "") -> bytes:
    body = "".join(f"\t{line}\n" for line in lines)
    return f"package s\n\n{before}func Run(n int){gives} {{\n{body}}}\n{after}".encode()


def _found(before: bytes, after: bytes, target: bytes, result: bytes) -> list[str]:
    return [reason for _, reason in worse((before, after), (target, result))]


MADE = _run("x, err := get(n)", "use(x)", "return err")
NEGATIVE = ("if x < 0 {", "\treturn fail(x)", "}")
FIXED = _run("x, err := get(n)", *NEGATIVE, "use(x)", "return err")


def test_a_port_that_is_well_is_left_alone() -> None:
    assert _found(MADE, FIXED, MADE, FIXED) == []
    assert _found(MADE, FIXED, _run(gives=""), _run(gives="")) == []


def test_a_call_is_returned_where_other_counts_are_declared() -> None:
    old = _run("x, err := get(n)", "use(x)", "return x, err", gives=" (int, error)")
    new = _run("x, err := get(n)", *NEGATIVE, "use(x)", "return x, err", gives=" (int, error)")
    (found,) = _found(MADE, FIXED, old, new)
    assert found.startswith("`return fail(...)` stands where 2 results are declared, 1 in")


@pytest.mark.parametrize(
    ("gives", "said", "reason"),
    [
        ("", "return nil", "`return` gives 1 results here, 0 are declared"),
        (" (int, error)", "return nil", "`return` gives 1 results here, 2 are declared"),
        (" error", "return", "`return` gives 0 results here, 1 are declared"),
        (" (err error)", "return", ""),
        ("", "return", ""),
        (" (int, error)", "return get(n)", ""),
        (" (a, b int)", "return func() (int, int) { return 1, 2 }()", ""),
    ],
)
def test_what_is_returned_is_counted(gives: str, said: str, reason: str) -> None:
    old, new = _run("panic(n)", gives=gives), _run(said, gives=gives)
    assert _found(b"", b"", old, new) == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("n := 1", "use(n)"), "`n := 1` declares nothing new"),
        (("n, err := get(1)", "use(err)"), ""),
        (("if n := 1; n > 0 {", "}"), ""),
        (("k := 1", "k = 2"), ""),
        (("k := 1",), "`k` is declared and not used"),
        (("var k int",), "`k` is declared and not used"),
        (("const k = 1", "type t int"), ""),
        (("switch v := any(n).(type) {", "}"), "`v` is declared and not used"),
        (("switch n {", "case 1, 2:", "case 2:", "}"), "`2` is there twice"),
        (("switch n {", "case f(1):", "case f(1):", "}"), ""),
        (('use(map[string]int{"a": 1, "a": 2})',), '`"a"` is there twice'),
        (("use(struct{ A, B, A int }{})",), "`A` is there twice"),
        (("use(struct{ _, _ int }{})",), ""),
        (("break",), "`break` leads nowhere"),
        (("switch n {", "case 1:", "continue", "}"), "`continue` leads nowhere"),
        (("switch n {", "case 1:", "break", "}"), ""),
        (("for n > 0 {", "func() { break }()", "}"), "`break` leads nowhere"),
        (("for n > 0 {", "if n > 0 {", "continue", "}", "}"), ""),
        (("for n > 0 {", "continue outer", "}"), "`continue outer` leads nowhere"),
        (("outer:", "for n > 0 {", "continue outer", "}"), ""),
        (("goto end", "end:"), ""),
        (
            ("outer:", "for n > 0 {", "}", "for n > 0 {", "continue outer", "}"),
            "`continue outer` leads nowhere",
        ),
        (("switch n {", "default:", "case 1:", "default:", "}"), "two clauses are `default`"),
        (("select {", "default:", "}"), ""),
        (("panic(n)",), "`return nil` is never reached"),
        (("use(func() int {", "})"), "`return` is missing where the function ends"),
        (("end:", "use(n)"), "the label `end` is not used"),
        (("switch n {", "case 1:", "fallthrough", "default:", "}"), ""),
        (("switch n {", "case 1:", "fallthrough", "}"), "`fallthrough` stands in the last clause"),
    ],
)
def test_what_the_compiler_would_refuse(lines: tuple[str, ...], reason: str) -> None:
    old, new = _run("return nil"), _run(*lines, "return nil")
    assert _found(b"", b"", old, new) == ([reason] if reason else [])
    assert _found(old, new, old, new) == []  # the change itself is a step of several


LIMIT = "var limit = 3\n\n"


def test_a_name_from_elsewhere_is_not_caught_by_a_local() -> None:
    made = _run("top := n", "return f(top)", before=LIMIT)
    fixed = _run("top := n", "g(top, limit)", "return f(top)", before=LIMIT)
    target = _run("limit := n", "return f(limit)", before=LIMIT)
    result = _run("limit := n", "g(limit, limit)", "return f(limit)", before=LIMIT)
    assert _found(made, fixed, target, result) == [
        "`limit` is a local here, and none in the source it was made for"
    ]
    assert _found(target, result, made, fixed) == [
        "`limit` is no local here, as it is in the source it was made for"
    ]


def test_a_package_and_a_local_of_one_name_are_told_apart() -> None:
    """The change names the package `box`, the target has a local of that name and calls the package otherwise."""
    made, fixed = _run("return f(b)"), _run("b := n", "box.Put(b)", "return f(b)")
    target = _run("box := n", "return f(box)")
    result = _run("box := n", "boxes.Put(box)", "return f(box)")
    assert _found(made, fixed, target, result) == []
    caught = _run("box := n", "box.Put(box)", "return f(box)")
    assert _found(made, fixed, target, caught) == [
        "`box` is a local here, and none in the source it was made for"
    ]


def _constants(*lines: str) -> bytes:
    return b"package s\n\nconst (\n%s)\n" % "".join(f"\t{line}\n" for line in lines).encode()


@pytest.mark.parametrize(
    ("target", "result", "reasons"),
    [
        (("A = 1", "B = 2"), ("A = 1", "D", "B = 2"), ["`D` has no value of its own, and comes to be `1` here"]),
        (("A kind = iota", "B", "C"), ("A kind = iota", "B", "D", "C"), []),
        (("A = iota", "B"), ("A = iota", "D = 7", "B"), ["`B` has no value of its own, and comes to be `7` here"]),
    ],
)  # fmt: skip
def test_a_constant_without_a_value_keeps_the_one_that_it_had(
    target: tuple[str, ...], result: tuple[str, ...], reasons: list[str]
) -> None:
    before, after = _constants("A = iota", "B"), _constants("A = iota", "D", "B")
    assert _found(before, after, _constants(*target), _constants(*result)) == reasons


LOOP = ("for {", "\tuse(n)", "}")
SWITCH = ("switch n {", "case 1:", "\tuse(n)", "}")
OTHER = ("func() {", "\tuse(n)", "}()")


def _with(lines: tuple[str, ...], jump: str) -> bytes:
    at = len(lines) - 1
    return _run(*lines[:at], *((jump,) if jump else ()), *lines[at:], "return nil")


@pytest.mark.parametrize(
    ("made", "target", "jump", "reason"),
    [
        (LOOP, SWITCH, "break", "`break` leaves a `switch` or `select` here, and a loop in"),
        (LOOP, OTHER, "defer use(n)", "`defer use(n)` leaves a function in it here, and the function in"),
        (LOOP, LOOP, "break", ""),
        (LOOP, SWITCH, "defer use(n)", ""),
        (OTHER, OTHER, "return", ""),
    ],
)  # fmt: skip
def test_a_jump_leaves_what_it_left(
    made: tuple[str, ...], target: tuple[str, ...], jump: str, reason: str
) -> None:
    found = _found(_with(made, ""), _with(made, jump), _with(target, ""), _with(target, jump))
    assert [each.startswith(reason) for each in found] == ([True] if reason else [])
