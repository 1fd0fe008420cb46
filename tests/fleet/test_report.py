"""A row's verdict, from what its judges say: as `gopatch.port.judged.decide` has it."""

from __future__ import annotations

from typing import Any

import pytest

from gopatch.fleet.report import decide, row

EDITS = [{"edit": "flag", "outcome": "applied"}, {"edit": "man", "outcome": "left out"}]
FLAG, PULL = ["edit", "flag"], ["road", "pull"]


def said(status: str, *judged: list[str], unrun: list[list[str]] | None = None) -> dict[str, Any]:
    return {"status": status, "judged": list(judged), "unrun": unrun}


@pytest.mark.parametrize(
    ("verdicts", "verdict", "unjudged"),
    [
        ([], None, []),
        ([said("pass", FLAG, PULL)], "pass", []),
        ([said("pass", FLAG)], "partial", ["pull"]),
        ([said("pass", FLAG, PULL), said("inconclusive")], "inconclusive", []),
        ([said("fail", PULL), said("inconclusive", FLAG)], "fail", []),
        # What no judge has run is not vouched for by one who does not note it.
        (
            [said("pass", PULL, unrun=[["flag", "a.go:1"]]), said("pass", FLAG, PULL)],
            "partial",
            ["flag"],
        ),
        (
            [
                said("pass", PULL, unrun=[["flag", "a.go:1"]]),
                said("pass", unrun=[["flag", "b.go:2"]]),
                said("pass", FLAG),
            ],
            "pass",
            [],
        ),
        ([said("pass", FLAG, PULL, unrun=[["man", "a.go:1"]])], "pass", []),
        # A report of an older run has no such note.
        ([{"status": "pass", "judged": [FLAG, PULL]}], "pass", []),
    ],
)
def test_a_row_is_decided(
    verdicts: list[dict[str, Any]], verdict: str | None, unjudged: list[str]
) -> None:
    found = row("v1", "0" * 40, "applied", "", EDITS)
    found["roads"] = [
        {"road": "pull", "outcome": "reached"},
        {"road": "search", "outcome": "missed"},
    ]
    found["verdicts"] = verdicts
    decide(found)
    assert (found["verdict"], found["unjudged"]) == (verdict, unjudged)
