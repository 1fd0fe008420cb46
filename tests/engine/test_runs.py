"""What goes and comes at one match, with the neighbours that are there: `...` may stand for none."""

from __future__ import annotations

import pytest

from gopatch.engine._nodes import NodeRun
from gopatch.engine._runs import runs_at
from tests.engine.places import fit


def told(diff: str, go: str, variables: str = "") -> list[tuple[str, str, str, str]]:
    """Of each run what stands before, what goes, what comes, what stands behind."""
    there = fit(diff, go, variables)
    return [_told(run) for run in runs_at(there.pattern, there.matches[0])]


def _told(run: NodeRun) -> tuple[str, str, str, str]:
    gone, come = (" ".join(n.text for n in nodes) for nodes in (run.gone, run.come))
    return (
        run.before.text if run.before is not None else "",
        gone,
        come,
        run.after.text if run.after is not None else "",
    )


BOTH = "-f(...)\n+f(a, ..., b)"


@pytest.mark.parametrize(
    ("go", "runs"),
    [
        pytest.param("f(x)", [("(", "", "a", "..."), ("...", "", "b", ")")], id="one"),
        pytest.param("f()", [("(", "", "a b", ")")], id="none: both are one run"),
    ],
)
def test_runs_meet_where_dots_stand_for_none(
    go: str, runs: list[tuple[str, str, str, str]]
) -> None:
    assert told(BOTH, f"var _ = {go}") == runs


def test_what_moves_past_dots_that_stand_for_none_stays() -> None:
    assert told("-f(a, ...)\n+f(..., a)", "var _ = f(a)") == [("(", "a", "a", ")")]
    assert len(told("-f(a, ...)\n+f(..., a)", "var _ = f(a, b)")) == 2


def headed(minus: str, plus: str, condition: str) -> list[tuple[str, str, str, str]]:
    diff = f"-if {minus} {{\n+if {plus} {{\n   ...\n }}"
    return told(diff, f"func _() {{\n\tif {condition} {{\n\t}}\n}}")


def test_an_operator_beside_dots_that_stand_for_none_does_not_change() -> None:
    assert headed("a == nil && ...", "a == nil || ...", "a == nil") == []
    assert headed("a == nil && ...", "a == nil || ...", "a == nil && b") == [
        ("a == nil", "&&", "||", "...")
    ]


@pytest.mark.parametrize("condition", ["a == nil", "a == nil && b"])
def test_an_operand_changes_whether_dots_stand_for_some_or_none(condition: str) -> None:
    runs = headed("a == nil && ...", "b(a) && ...", condition)
    assert [run[1:3] for run in runs] == [("a == nil", "b(a)")]


def test_statements_and_results_keep_their_runs() -> None:
    lines = told(" f()\n+g()\n ...\n+h()\n i()", "func _() {\n\tf()\n\ti()\n}")
    assert [run[2] for run in lines] == ["g()", "h()"]
    results = told("-func f() (...) {\n+func f() (a, ..., b) {\n   ...\n }", "func f() {\n}")
    assert all("a" in run[2] or "b" in run[2] or "(" in run[2] for run in results)
