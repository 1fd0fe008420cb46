"""A verdict as lines for a reader: what a reviewer must know first, what was tried last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gopatch.port.judged import Case, Finding, Opinion, Verdict, worst_of

_SHOWN = 3  # places of an edit that nobody has run
_FOLDED = 6  # families of cases that are shown one by one


def told(verdict: Verdict) -> Iterator[str]:
    """The verdict, the smallest counterexample of each judge, who judged what, and how."""
    yield f"verdict: {verdict.status}"
    for opinion in verdict.opinions:
        if opinion.counterexample:
            yield from ("", f"{opinion.judge}: the smallest case that goes wrong:")
            yield from (f"  {line}".rstrip() for line in opinion.counterexample.splitlines())
    if verdict.findings or verdict.unjudged:
        yield from ("", "who judged what:", *_findings(verdict))
    for opinion in verdict.opinions:
        yield from ("", *_opinion(opinion))


def _findings(verdict: Verdict) -> Iterator[str]:
    ordered = sorted(verdict.findings, key=lambda found: found.status == "pass")
    width = max((len(str(f.subject)) for f in ordered), default=0)
    for found in ordered:
        yield f"  {found.status:<12} {found.subject!s:<{width}}  {_by(found)}"
    for subject in verdict.unjudged:
        places = verdict.places(subject)
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        said = f"  not run: {', '.join(places[:_SHOWN])}{more}" if places else ""
        yield f"  {'nobody':<12} {subject!s:<{width}}{said}"


def _by(found: Finding) -> str:
    many = f", {found.cases} cases" if found.cases != 1 else ""
    reason = f": {found.reason}" if found.reason else ""
    return f"{found.judge}: {found.by}{many}{reason}"


def _opinion(opinion: Opinion) -> Iterator[str]:
    yield f"{opinion.judge}: {worst_of(opinion)}"
    yield from (f"  {line}" for line in opinion.summary)
    yield from (f"  {line}" for line in _cases(opinion.cases))
    if opinion.unseen:
        yield "  not run by any case:"
        yield from (f"    {place}" for place in opinion.unseen)


def _cases(cases: tuple[Case, ...]) -> Iterator[str]:
    """Families one by one where they are few or go wrong; the rest in one line for each status."""
    few = len(cases) <= _FOLDED
    shown = [case for case in cases if few or case.status != "pass"]
    width = max((len(case.name) for case in shown), default=0)
    for case in shown:
        many = f"  {case.total} cases" if case.total != 1 else ""
        yield f"{case.status:<12} {case.name:<{width}}{many}".rstrip()
    folded = [case for case in cases if case not in shown]
    for status, families in Counter(case.status for case in folded).items():
        yield f"{status:<12} {families} families, {sum(case.total for case in folded)} cases"
