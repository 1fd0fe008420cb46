"""The tests of a touched package, before and after, where each program is one that is made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gopatch.source.memory import FilesInMemory
from gopatch.verify._go import own_tests
from gopatch.verify._go.suite import Runner, Suite
from gopatch.verify._go.two_sides import GoWork, JudgedSide, Report

BROKEN = "vendor/x/subtest.go:63:11: cannot use tc"
OWN = {"registry/own_test.go": b"package registry\n"}


class _Space(NamedTuple):
    work: Path
    prefix: str = ""
    tree: Path = Path("tree")


class Programs(NamedTuple):
    """What a compiler says: of upstream's tests, of the port's own, and of none at all."""

    upstream: str = ""
    own: str = ""
    none: str = ""

    def build(
        self, space: _Space, name: str, folder: str, files: dict[str, bytes | None], data: Path
    ) -> Runner | str:
        hidden = "registry/upstream_test.go" in files
        probe = any(path.endswith("probe_test.go") for path in files)
        said = self.none if probe else self.own if hidden else self.upstream
        return said or Runner(space, Path(name), data)  # type: ignore[arg-type]


def judged(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: Programs,
    results: dict[str, str],
    own: dict[str, bytes | None] | None = None,
) -> tuple[str, int, str]:
    """The status, the number of tests and the words for one touched package, the registry's."""

    def ran(runner: Runner, jobs: int, only: Any = None) -> Suite:
        return Suite(results, dict.fromkeys(results, "it failed"))

    monkeypatch.setattr(own_tests, "build", programs.build)
    monkeypatch.setattr(own_tests, "run_all", ran)
    source = FilesInMemory({"registry/upstream_test.go": b"package registry\n"})
    before, after = JudgedSide("original", {}, {}), JudgedSide("port", own or {}, {})
    space: Any = _Space(tmp_path)
    work = GoWork(space, source, before, after, "registry", (), 1, {}, Report())
    own_tests.tests(work)
    (case,) = work.report.cases
    return case.status, case.total, "\n".join(work.report.summary)


def test_tests_that_do_not_compile_either_way_are_named_and_nobody_judges_by_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, total, told = judged(tmp_path, monkeypatch, Programs(BROKEN, BROKEN), {})
    assert (status, total) == ("pass", 0)
    assert told.startswith("tests of registry: not judged: the original's do not compile")
    assert BROKEN in told


class Alone(NamedTuple):
    """The port's own tests by themselves: what compiles, how it ends, and what is right then."""

    programs: Programs
    results: dict[str, str]
    right: tuple[str, int]


@pytest.mark.parametrize(
    "case",
    [
        Alone(Programs(BROKEN), {"TestOwn": "pass"}, ("pass", 1)),
        Alone(Programs(BROKEN), {"TestOwn": "fail"}, ("fail", 1)),
        Alone(Programs(BROKEN, BROKEN, BROKEN), {}, ("pass", 0)),
        Alone(Programs(BROKEN, BROKEN), {}, ("fail", 0)),
    ],
    ids=["its own pass", "its own fail", "nothing compiles there", "only its own do not compile"],
)
def test_the_own_tests_of_a_port_are_run_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Alone
) -> None:
    found = judged(tmp_path, monkeypatch, case.programs, case.results, {**OWN})
    assert found[:2] == case.right


def test_tests_that_the_port_has_broken_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaks(Programs):
        def build(self, space: Any, name: str, *rest: Any) -> Runner | str:
            return BROKEN if name == "port" else Runner(space, Path(name), tmp_path)

    status, _, told = judged(tmp_path, monkeypatch, Breaks(), {})
    assert status == "fail"
    assert "they do not compile any more" in told
