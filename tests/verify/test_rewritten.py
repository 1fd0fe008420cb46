"""Ports that somebody else would write otherwise: right ones, and no judge may look at the writing."""

from __future__ import annotations

from collections import Counter

import pytest

from gopatch.go.tree import parse
from gopatch.verify import Verdict, verdict_of
from gopatch.verify.model import judge
from tests.drawing import one_of
from tests.verify.rewritten import Rewrite, rewrites, rewritten

pytestmark = pytest.mark.thorough

CASES = [(row, fixture) for row in rewrites() for fixture in row.fixtures]
QUICK = {row.name for row in rewrites()[::10]}
_MEMO: dict[str, object] = {}
_VERDICTS: Counter[str] = Counter()


def _verdict(row: Rewrite, fixture: str) -> Verdict:
    port, source = rewritten(row, fixture)
    return verdict_of([judge(port, source, {"memo": _MEMO})], port, source)


@pytest.mark.parametrize(
    ("row", "fixture"),
    [
        pytest.param(
            row,
            fixture,
            id=f"{row.name}-{fixture}",
            marks=() if row.name in QUICK and fixture == row.fixtures[0] else pytest.mark.kills,
        )
        for row, fixture in CASES
        if row.name in QUICK or fixture in one_of(row.fixtures, row.name)
    ],
)
def test_a_port_of_another_hand_is_right(row: Rewrite, fixture: str) -> None:
    verdict = _verdict(row, fixture)
    if row.doubted:
        reasons = {found.reason for found in verdict.findings if found.status != "pass"}
        assert (verdict.status, reasons) == ("inconclusive", {row.doubted})
        return
    said = "\n".join((*verdict.opinions[0].summary, *verdict.opinions[0].unseen))
    # What the daemon never reaches no model has run: only there it may be `partial`.
    assert verdict.status == ("pass" if row.lean else "partial"), said


def test_there_are_enough_of_them_and_each_is_another_go() -> None:
    assert len(CASES) >= 30
    assert sum(row.lean for row, _ in CASES) * 2 >= len(CASES)
    texts = set()
    for row, fixture in CASES:
        port, _ = rewritten(row, fixture)
        texts.add(port.changes)
        assert not any(parse(change.after or b"").errors() for change in port.changes), row.name
    assert len(texts) == len(CASES)
