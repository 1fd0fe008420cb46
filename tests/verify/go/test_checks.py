"""What is asked of which Go."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gopatch.verify._go import checks
from gopatch.verify._go.toolchain import Go
from gopatch.verify._go.two_sides import GoWork, Report

SIDES = {"original": Path("before.json"), "port": Path("after.json")}


def told(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> tuple[Report, list[Path]]:
    """What vet's part of a report is with a Go of this version, and of which sides it was asked."""
    asked: list[Path] = []

    def vetted(space: object, side: Path, *_: object, **__: object) -> tuple[()]:
        asked.append(side)
        return ()

    monkeypatch.setattr(checks, "vet", vetted)
    report = Report()
    work: Any = SimpleNamespace(space=SimpleNamespace(go=Go("go", "gofmt", version)), report=report)
    checks._vet(cast(GoWork, work), SIDES, ["registry"], {"registry": False})
    return report, asked


@pytest.mark.parametrize("version", [(1, 21, 13), (1, 23, 9)])
def test_a_vet_that_does_not_see_the_port_is_not_asked(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    report, asked = told(version, monkeypatch)
    assert asked == []
    (case,) = report.cases
    assert (case.status, case.total) == ("pass", 0)
    assert "not asked" in "\n".join(report.summary)


@pytest.mark.parametrize("version", [(1, 24, 0), (1, 27, 1)])
def test_one_that_does_is_asked_of_both_sides(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    report, asked = told(version, monkeypatch)
    assert set(asked) == set(SIDES.values())
    assert "vet: no new findings, 0 that the original has too" in report.summary
