"""Statements of a port that nothing has run, and functions that nobody can call."""

from __future__ import annotations

import pytest

from gopatch.evaluate import Library, Machine, Package
from gopatch.go.tree import parse
from gopatch.splice import FileChange
from gopatch.verify._model.coverage import WhatRan, unseen
from gopatch.verify._model.idle import idle

HEAD = "package registry\n\n"
CALLED = "func init() {\n\tone()\n}\n\n"


def _idle(text: str, others: tuple[bytes, ...] = ()) -> list[str]:
    file = parse((HEAD + text).encode())
    found = idle([("a.go", file, set(range(1, 99)))], others)
    return sorted(body.name.decode() for body in found)


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("func one() {\n}\n", []),
        ("func two() {\n}\n", ["two"]),
        ("func two() {\n\tthree()\n}\n\nfunc three() {\n\tthree()\n}\n", ["three", "two"]),
        ("// two is said in a comment.\nfunc two() {\n}\n", ["two"]),
        ('var text = "two"\n\nfunc two() {\n}\n', ["two"]),
        ("var f = two\n\nfunc two() {\n}\n", []),
        ("func init() {\n}\n", []),
        ("func (e Endpoint) Skips() {\n}\n", ["Skips"]),
        ("func (e Endpoint) Error() string {\n\treturn e.text\n}\n", []),
        ("type own struct{}\n\nfunc (o *own) RoundTrip() {\n}\n", ["RoundTrip"]),
        ("type own struct{}\n\nvar made own\n\nfunc (o *own) RoundTrip() {\n}\n", []),
    ],
)
def test_nobody_calls(text: str, nobody: list[str]) -> None:
    assert _idle(CALLED + text) == nobody


def test_somebody_may_call_a_method_through_an_interface() -> None:
    text = CALLED + "func (e Endpoint) Skips() {\n}\n"
    assert _idle(text, (b"type asks interface {\n\tSkips()\n}\n",)) == []
    assert _idle(text, (b"// Skipping, Skips of which nobody speaks\n",)) == ["Skips"]


def test_what_was_moved_is_called_by_what_stayed() -> None:
    assert _idle("func two() {\n}\n", (b"func stays() {\n\ttwo()\n}\n",)) == []


def _unseen(before: str, after: str, ran: set[str]) -> list[int]:
    data = (HEAD + after).encode()
    change = FileChange("a.go", (HEAD + before).encode() if before else None, data)
    places = {("a.go", data.index(text.encode())) for text in ran}
    return sorted(line for _, line in unseen((change,), WhatRan(places, set())))


def test_what_was_run_is_seen() -> None:
    text = "func init() {\n\tif a {\n\t\tb()\n\t}\n\treturn\n}\n"
    assert _unseen("", text, {"if a", "b()", "return"}) == []
    assert _unseen("", text, {"if a", "return"}) == [5]
    assert _unseen("", text, set()) == [4, 5, 7]


def test_what_the_original_has_is_not_asked_for() -> None:
    before = "func init() {\n\treturn\n}\n"
    after = "func init() {\n\ta()\n\treturn\n}\n"
    assert _unseen(before, after, set()) == [4]


@pytest.mark.parametrize(
    ("path", "head", "seen"),
    [
        ("a_test.go", "", True),
        ("notes.md", "", True),
        ("a.go", "", True),
        ("a_linux.go", "", True),
        ("a_windows.go", "", False),
        ("a_arm64.go", "", False),
        ("a.go", "// +build never\n\n", False),
        ("a.go", "//go:build !linux\n\n", False),
        ("a.go", "//go:build linux\n\n", True),
    ],
)
def test_a_file_that_is_not_built_here_was_seen_by_nobody(path: str, head: str, seen: bool) -> None:
    change = FileChange(path, None, f"{head}package a\n\nvar a = 1\n".encode())
    assert list(unseen((change,), WhatRan(set(), set()))) == ([] if seen else [(path, 1)])


@pytest.mark.parametrize(
    ("question", "answers", "seen"),
    [
        ('a == "x"', {True, False}, True),
        ('a == "x"', {True}, False),
        ('strings.Contains(a, "x")', {False}, False),
        ("len(a) > 3", {False}, False),
        ("a == many", {False}, False),
        # Whether there is any may well have one answer.
        ("len(a) > 0", {True}, True),
        ('a == ""', {False}, True),
        ('a == "https"', {True}, True),
        ("a == b", {True}, True),
    ],
)
def test_a_question_for_a_constant_has_two_answers(
    question: str, answers: set[bool], seen: bool
) -> None:
    head = 'package a\n\nimport "strings"\n\nconst many = "y"\n\nvar _ = strings.Contains\n\n'
    text = f"{head}func One(a, b string) bool {{\n\treturn {question}\n}}\n".encode()
    machine = Machine(Package((("a.go", text),)), Library(), watching=True)
    arguments = {True: ("x", "x"), False: ("no", "yes")}
    if "len" in question:
        arguments = {True: ("long text", ""), False: ("no", "")}
    if "0" in question or '""' in question or "https" in question:
        arguments = {True: ("https", ""), False: ("https", "")}
    for answer in answers:
        machine.call("One", *arguments[answer])
    change = FileChange("a.go", None, text)
    found = list(unseen((change,), WhatRan(machine.ran, machine.answers)))
    assert found == ([] if seen else [("a.go", 10)])


def test_a_question_of_the_original_may_have_one_answer() -> None:
    text = b'package a\n\nfunc One(a string) bool {\n\treturn a == "x"\n}\n'
    machine = Machine(Package((("a.go", text),)), Library(), watching=True)
    machine.call("One", "x")
    after = text + b"\nvar b = 1\n"
    assert not list(
        unseen((FileChange("a.go", text, after),), WhatRan(machine.ran, machine.answers))
    )


@pytest.mark.parametrize(
    ("line", "variables", "seen"),
    [
        ('return os.Getenv("PLAIN") != ""', [""], False),
        ('return os.Getenv("PLAIN") != ""', ["", "1"], True),
        ('on := os.Getenv("PLAIN"); return on != ""', ["1"], False),
        ('_, on := os.LookupEnv("PLAIN"); return on', [""], False),
        ('_, on := os.LookupEnv("PLAIN"); return on', ["", "1"], True),
        # There is never a file, so that one cannot be a switch.
        ('_, err := os.Stat("/etc/plain"); return err == nil', [""], False),
        ('found, _ := os.ReadDir("/etc/plain"); return len(found) > 0', [""], False),
        # What is never come to was not asked.
        ('return a && os.Getenv("PLAIN") != ""', ["", "1"], False),
        ('return os.Shout("PLAIN") != ""', [], True),
    ],
)
def test_a_question_for_a_file_or_a_variable_has_two_answers(
    line: str, variables: list[str], seen: bool
) -> None:
    text = f'package a\n\nimport "os"\n\nfunc One(a bool) bool {{\n\t{line}\n}}\n'.encode()
    library = Library()
    machine = Machine(Package((("a.go", text),)), library, watching=True)
    for value in variables:
        library.world.variables["PLAIN"] = value
        machine.call("One", False)
    ran = machine.ran or {("a.go", text.index(line.encode()))}
    change = FileChange("a.go", None, text)
    found = list(unseen((change,), WhatRan(ran, machine.answers, machine.questions)))
    assert found == ([] if seen else [("a.go", 6)])


def test_a_comparison_that_is_never_come_to_was_seen_by_nobody() -> None:
    text = b'package a\n\nfunc One(a string, b bool) bool {\n\treturn b && a == "x"\n}\n'
    machine = Machine(Package((("a.go", text),)), Library(), watching=True)
    machine.call("One", "x", False)
    change = FileChange("a.go", None, text)
    ran = WhatRan(machine.ran, machine.answers, machine.questions)
    assert list(unseen((change,), ran)) == [("a.go", 4)]
    machine.call("One", "x", True)
    machine.call("One", "y", True)
    assert not list(unseen((change,), ran))
