"""What the compiler, vet and tests say, read and compared."""

from __future__ import annotations

from typing import Any

import pytest

from gopatch.verify._go import (
    findings,
    suite,
)
from gopatch.verify._go.findings import Complaint


def test_findings_are_read_with_their_place() -> None:
    printed = (
        "# github.com/docker/docker/registry\n"
        "registry/config.go:12:3: declared and not used: x\n"
        "/cache/overlay/port/0123456789abcdef-service.go:7:1: syntax error\n"
        "vet: registry/auth.go:1:2: undefined: y\n"
        "exit status 1\n"
    )
    assert findings.parse(printed) == (
        Complaint("config.go", 12, "declared and not used: x"),
        Complaint("service.go", 7, "syntax error"),
        Complaint("auth.go", 1, "undefined: y"),
    )


OWN = "# example.org/daemon\ndaemon/links.go:60:30: undefined: graphdb.Open\n"


@pytest.mark.parametrize(
    ("told", "compiles", "checked"),
    [
        ({"Export": "/cache/x"}, True, True),
        ({"Error": {"Err": OWN}}, False, True),
        ({"Export": "/cache/x", "Error": {"Err": OWN}}, False, True),
        ({}, False, False),
        ({"Error": {"Err": "build constraints exclude all Go files in daemon"}}, False, False),
        ({"Error": {"Err": OWN.replace("daemon", "quota")}}, False, False),
        ({"Error": {"Err": f"{OWN}too many errors\n"}}, False, False),
        ({"Error": {"Err": OWN}, "DepsErrors": [{"Err": "# example.org/q\nq.c:1: no"}]}, False, False),
        ({"DepsErrors": [{"Err": "# example.org/q\nq.c:1: no such file"}]}, False, False),
    ],
)  # fmt: skip
def test_a_package_is_checked_where_the_compiler_came_to_its_end(
    told: dict[str, Any], compiles: bool, checked: bool
) -> None:
    found = findings.built({"ImportPath": "example.org/daemon", **told}, "", cgo=False)
    assert (found.compiles, found.checked) == (compiles, checked)


def test_a_package_that_go_does_not_speak_of_is_not_checked() -> None:
    found = findings.built(None, "go: cannot find it", cgo=False)
    assert (found.compiles, found.checked, found.reason) == (False, False, "go: cannot find it")


def test_a_finding_that_has_moved_is_not_new() -> None:
    before = [Complaint("a.go", 1, "unused"), Complaint("a.go", 5, "unused")]
    assert (
        findings.new(before, [Complaint("a.go", 9, "unused"), Complaint("a.go", 8, "unused")]) == []
    )


@pytest.mark.parametrize(
    "fresh",
    [Complaint("b.go", 1, "unused"), Complaint("a.go", 1, "other"), Complaint("a.go", 1, "unused")],
)
def test_a_finding_is_new_by_file_words_or_number(fresh: Complaint) -> None:
    before = [Complaint("a.go", 1, "unused")]
    assert findings.new(before, [*before, fresh]) == [fresh]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ({"A": "pass"}, {"A": "pass", "B": "pass"}, []),
        ({"A": "fail"}, {"A": "fail"}, []),
        ({"A": "fail"}, {}, []),
        ({"A": "pass"}, {"A": "fail"}, ["A"]),
        ({"A": "skip"}, {"A": "fail"}, ["A"]),
        ({}, {"B": "fail"}, ["B"]),
        ({"A": "pass"}, {}, ["A"]),
    ],
)
def test_new_failures(before: dict[str, str], after: dict[str, str], new: list[str]) -> None:
    assert suite.new_failures(suite.Suite(before, {}), suite.Suite(after, {})) == new
