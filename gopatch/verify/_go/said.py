"""What the steps of the judge `go` say of which edit: a finding for each that a step could have refused.

That a port compiles says nothing of what it means, so it is no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gopatch.port.judged import Kind
from gopatch.port.outcome import Port
from gopatch.source import Source
from gopatch.verify import Case, Finding, subjects
from gopatch.verify._go.own_tests import TESTS
from gopatch.verify._go.traffic import TRAFFIC
from gopatch.verify._go.two_sides import worst
from gopatch.verify._subjects import reference

_TALKS = {"no-downgrade-login": "login", "search": "search"}  # an edit -> the road that shows it
_TALKED = "talks with servers on loopback"
# The harness puts options into NewService and reads endpoints from the lookups.
_LOOKUPS = ("option", "store", "hub", "guard-v1", "guard-v2")


def judged(port: Port, source: Source, cases: Sequence[Case]) -> tuple[Finding, ...]:
    """The findings of one run, in the order of the patch's edits. A port that somebody else made has
    the edits that the patch would make there."""
    harness = [case for case in cases if case.name.startswith("harness")]
    talks = {c.name.removeprefix(TRAFFIC): c for c in cases if c.name.startswith(TRAFFIC)}
    ran = {case.name.removeprefix(TESTS): case for case in cases if case.name.startswith(TESTS)}
    found = []
    for edit in (subject.name for subject in subjects(port, source) if subject.kind == "edit"):
        if edit in _LOOKUPS and harness:
            found.append(_finding(edit, "a harness of lookups", harness))
        elif edit in _TALKS and _TALKS[edit] in talks:
            found.append(_finding(edit, _TALKED, [talks[_TALKS[edit]]]))
        else:
            tests = [ran[folder] for folder in _tested(port, source, edit) if folder in ran]
            if sum(case.total for case in tests):
                found.append(_finding(edit, "the Go tests that it brings", tests))
    roads = (_finding(road, _TALKED, [case], kind="road") for road, case in talks.items())
    return (*found, *roads)


def _finding(name: str, by: str, cases: Sequence[Case], *, kind: Kind = "edit") -> Finding:
    status = worst(case.status for case in cases)
    return Finding("go", kind, name, status, by, sum(case.total for case in cases))


def _tested(port: Port, source: Source, edit: str) -> list[str]:
    """The folders, below the engine root, to which an edit adds tests, if the port brings some there."""
    root = f"{port.roots.engine}/" if port.roots.engine else ""
    steps = (step for step in reference(port, source).steps if step.edit == edit)
    wanted = _folders((change.path for step in steps for change in step.changes), root)
    return sorted(wanted & _folders((change.path for change in port.changes), root))


def _folders(paths: Iterable[str], root: str) -> set[str]:
    tests = (path.removeprefix(root) for path in paths if path.endswith("_test.go"))
    return {path.rpartition("/")[0] for path in tests}
