"""What judges say of a port, as values: findings, opinions and the verdict that comes of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple

Status = Literal["pass", "fail", "inconclusive"]
VerdictStatus = Literal["pass", "fail", "inconclusive", "partial"]
Kind = Literal["edit", "road"]

_WORST: tuple[Status, ...] = ("fail", "inconclusive")


class Case(NamedTuple):
    """One thing, or one family of `total` alike things, that a judge tried."""

    name: str
    status: Status
    total: int = 1


class Subject(NamedTuple):
    """What can be judged: an edit of the patch, or a road of the source, by its name."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return self.name if self.kind == "edit" else f"the road {self.name}"


class Finding(NamedTuple):
    """What one judge says of one edit or road.

    `by` is what it was judged by, as a phrase; `cases` is how many cases there were; `reason` is
    one line where `status` is no pass, with its place where there is one.
    """

    judge: str
    kind: Kind
    name: str
    status: Status
    by: str
    cases: int = 1
    reason: str = ""

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.name)


class Opinion(NamedTuple):
    """What one judge found.

    `summary` are lines for a reader: what was looked at, and the reason where it is no pass.
    `counterexample` is the smallest case that went wrong, as text of several lines. Only "pass"
    is a pass: what cannot be judged is "inconclusive", and `summary` says where. What has no
    finding, the judge did not look at; `unseen` are places in the port that nothing was run of, or that
    were never seen to come out both ways. `unrun` are these places by the edit that they belong to, None of
    a judge that does not note what it runs.
    """

    judge: str
    status: Status
    summary: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    counterexample: str = ""
    findings: tuple[Finding, ...] = ()
    unseen: tuple[str, ...] = ()
    unrun: tuple[tuple[str, str], ...] | None = None

    def table(self) -> dict[str, Any]:
        """As a value for JSON."""
        return {
            **self._asdict(),
            "cases": [case._asdict() for case in self.cases],
            "findings": [finding._asdict() for finding in self.findings],
            "unrun": None if self.unrun is None else [list(pair) for pair in self.unrun],
        }


class Verdict(NamedTuple):
    """On the port, from all findings: "fail" if one fails, else "inconclusive" if one is, else
    "partial" if a subject has no finding, else "pass". `unjudged` are those subjects, in the
    order of the patch. Of an edit of which no judge has run some place, nobody has a finding that it is
    right who does not note what he runs.
    """

    status: VerdictStatus
    opinions: tuple[Opinion, ...] = ()
    unjudged: tuple[Subject, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for opinion in self.opinions for f in opinion.findings)

    def places(self, subject: Subject) -> list[str]:
        """The places of an edit that no judge of the run has run, sorted."""
        pairs = unrun_by_all(opinion.unrun for opinion in self.opinions)
        return sorted(place for edit, place in pairs if Subject("edit", edit) == subject)

    def table(self) -> dict[str, Any]:
        """As a value for JSON, what comes first for a reader first."""
        return {
            "verdict": self.status,
            "findings": [finding._asdict() for finding in self.findings],
            "unjudged": [subject._asdict() for subject in self.unjudged],
            "opinions": [opinion.table() for opinion in self.opinions],
        }


def worst_of(opinion: Opinion) -> Status:
    """The status of an opinion and of all its findings together."""
    said = {opinion.status, *(finding.status for finding in opinion.findings)}
    return next((status for status in _WORST if status in said), "pass")


def unrun_by_all(
    noted: Iterable[Iterable[Sequence[str]] | None],
) -> frozenset[tuple[str, str]]:
    """Of what each of some judges has not run, edits with their places, what all of them have not: those who
    note nothing (None) have no say. Nothing where nobody notes."""
    known = [frozenset((edit, place) for edit, place in each) for each in noted if each is not None]
    return frozenset.intersection(*known) if known else frozenset()


def decide(opinions: Iterable[Opinion], subjects: Iterable[Subject]) -> Verdict:
    """The verdict of some judges on what there is to judge. Whoever saw no more than what comes out in the end does
    not vouch for an edit of which another judge has not run all: its special case may be the one that nobody had."""
    given = tuple(opinions)
    unrun = {edit for edit, _ in unrun_by_all(opinion.unrun for opinion in given)}
    asked = tuple(
        opinion if opinion.unrun is not None else _but(opinion, unrun) for opinion in given
    )
    found = {finding.subject for opinion in asked for finding in opinion.findings}
    unjudged = tuple(subject for subject in subjects if subject not in found)
    said = {worst_of(opinion) for opinion in asked}
    bad = next((status for status in _WORST if status in said), None)
    status: VerdictStatus = bad or ("partial" if unjudged or not asked else "pass")
    return Verdict(status, asked, unjudged)


def _but(opinion: Opinion, unrun: Collection[str]) -> Opinion:
    """An opinion that lets no edit of some pass."""
    kept = (
        finding for finding in opinion.findings
        if finding.status != "pass" or finding.kind != "edit" or finding.name not in unrun
    )  # fmt: skip
    return opinion._replace(findings=tuple(kept))


def read_opinion(table: dict[str, Any]) -> Opinion:
    """The opinion of `Opinion.table`. Raises TypeError or KeyError for another value."""
    unrun = table.get("unrun")  # a verdict that was kept by an older gopatch has none
    return Opinion(
        **{
            **table,
            "summary": tuple(table["summary"]),
            "cases": tuple(Case(**case) for case in table["cases"]),
            "findings": tuple(Finding(**finding) for finding in table["findings"]),
            "unseen": tuple(table["unseen"]),
            "unrun": unrun if unrun is None else tuple((edit, place) for edit, place in unrun),
        }
    )
