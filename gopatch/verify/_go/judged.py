"""What the steps of the judge `go` say of which edit: a finding for each that a step could have refused.

That a port compiles says nothing of what it means, so it is no finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from gopatch.port.outcome import Port
from gopatch.verify import Case, Finding
from gopatch.verify._go.work import worst

# The harness puts options into NewService and reads endpoints from the lookups.
_LOOKUPS = ("option", "store", "hub", "guard-v1", "guard-v2")


def judged(port: Port, cases: Sequence[Case]) -> tuple[Finding, ...]:
    """The findings of one run, in the order of the port's edits."""
    harness = [case for case in cases if case.name.startswith("harness")]
    tests = [case for case in cases if case.name == "tests"]
    made = {o.edit for o in port.outcomes if o.status in ("applied", "already")}
    tested = {edit.name for edit in port.patch.edits if _brings_tests(port, edit.name)}
    found = []
    for edit in (edit.name for edit in port.patch.edits if edit.name in made):
        if edit in _LOOKUPS and harness:
            found.append(_finding(edit, "a harness of lookups", harness))
        elif edit in tested and tests and sum(case.total for case in tests):
            found.append(_finding(edit, "the Go tests that it brings", tests))
    return tuple(found)


def _finding(edit: str, by: str, cases: Sequence[Case]) -> Finding:
    status = worst(case.status for case in cases)
    return Finding("go", "edit", edit, status, by, sum(case.total for case in cases))


def _brings_tests(port: Port, edit: str) -> bool:
    """Whether an edit adds tests to the registry package, whose tests are run."""
    changed = (change.path for step in port.steps if step.edit == edit for change in step.changes)
    return any("registry/" in path and path.endswith("_test.go") for path in changed)
