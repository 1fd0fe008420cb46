"""What condemns a port is asked twice.

Roads, clients and starts talk to servers over time limits, on a machine that may have no time for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gopatch.verify._go.two_sides import GoWork, Report

_VARIES = re.compile(r"0x[0-9a-f]+|\d+")  # ports, pointers and folders are others each time
_DOUBT = "  asked again it is not so: the machine is too busy, or the port is not always the same"


def confirmed(work: GoWork, step: Callable[[GoWork], None]) -> None:
    """Take a step, and once more where it condemns, both sides anew.

    A case that fails stays one where something that is wrong is so again; else it is inconclusive.
    """
    first = _taken(work, step)
    failed = [case.name for case in first.cases if case.status == "fail"]
    # Nothing that is remembered of the original counts then.
    anew = work._replace(options={**work.options, "memo": None})
    again = _taken(anew, step) if failed else first
    once = {name for name in failed if not _wrong(first, name) & _wrong(again, name)}
    lost = {line for name in once for line in first.lines[name]}
    work.report.summary += [line for line in first.summary if line not in lost]
    for case in first.cases:
        if case.name in once:
            lines = _doubted(first.lines[case.name])
            work.report.add(case.name, "inconclusive", case.total, *lines)
        else:
            work.report.cases.append(case)


def _taken(work: GoWork, step: Callable[[GoWork], None]) -> Report:
    report = Report()
    step(work._replace(report=report))
    return report


def _wrong(report: Report, name: str) -> set[str]:
    """What is wrong with a case, a line each; the first line counts."""
    return {_VARIES.sub("", line) for line in report.lines.get(name, ())[1:]}


def _doubted(lines: Sequence[str]) -> list[str]:
    """What was wrong once; it is called no leak."""
    said = [line.replace("a leak: ", "") for line in lines if not line.startswith("  a leak: ")]
    return [*said, _DOUBT]
