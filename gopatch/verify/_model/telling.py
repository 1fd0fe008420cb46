"""What is said about a port: the verdict's lines, its cases, the smallest counterexample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from gopatch.model import Traits
from gopatch.verify import Case, Finding, Opinion, Status, Subject, subjects
from gopatch.verify._model.flag_chain import Chain
from gopatch.verify._model.flags import FlagTarget
from gopatch.verify._model.grid import WORLD, CaseFamily, families
from gopatch.verify._model.papers import Papers, judge_papers
from gopatch.verify._model.questions import StateAnswers, WrongAnswer
from gopatch.verify._model.service import ROADS, repository
from gopatch.verify._subjects import unrun

if TYPE_CHECKING:
    from gopatch.verify._model.trial import Trial


def inconclusive(lines: Iterable[str], counterexample: str = "") -> Opinion:
    return Opinion("model", "inconclusive", tuple(lines), (), counterexample)


def condemned(broken: Iterable[str], further: str) -> Opinion:
    """The opinion on a port that is wrong, and cannot be run."""
    lines = [f"broken: {line}" for line in broken]
    return Opinion("model", "fail", (*lines, further), (), lines[0])


_NO_LOOKUPS = StateAnswers({}, []), StateAnswers({}, [])
_SHOWN = 6  # misses of one point
_LEAK = " a leak: "


def opinion(
    trial: Trial,
    answers: tuple[StateAnswers | None, StateAnswers] | None,
    chains: Iterable[Chain],
    flag: FlagTarget | None,
) -> Opinion:
    """The opinion on a port whose original is as the model says, or not at hand; `answers` are those of the
    lookups, where there are any."""
    (stock, found), chains = answers or _NO_LOOKUPS, list(chains)
    things = subjects(trial.port, trial.source)
    places = trial.unseen()
    papers = judge_papers(trial.port, trial.source, things, flag)
    by_edit = (*unrun(trial.port, trial.source, places), *papers.places)
    findings = _findings(trial, things, papers, {edit for edit, _ in by_edit})
    broken = [line for chain in chains for line in chain.broken]
    misses = [miss for point in trial.points for miss in _told_of(point.misses)]
    doubts = [doubt for point in trial.points for doubt in list(dict.fromkeys(point.doubts))[:1]]
    lines = [f"broken: {line}" for line in dict.fromkeys((*broken, *misses))]
    lines += [f"not known: {line}" for line in dict.fromkeys(doubts)]
    lines += [*papers.lines, *(point.silent for point in trial.points if point.silent)]
    lines += [line for chain in chains for line in chain.steps]
    lines += [f"{p.name}: {p.cases} cases, {p.status}" for p in trial.points if p.cases]
    if answers is None:
        lines.append("there are no lookups here: every road goes by the ping of an endpoint")
    elif stock is None:
        lines.append("the original is not at hand: held against the model alone")
    else:
        lines.append(f"original: {len(stock.results)} lookups, all as the model says")
    if answers is not None:
        lines.append(f"patched: {len(found.results)} lookups, {_compared(found.misses)}")
    used = sorted(found.used | trial.patched.program.library.used)
    lines.append(f"modelled, as it is outside of the package: {', '.join(used)}")
    bad = bool(broken or misses or any(f.status == "fail" for f in findings))
    status: Status = "fail" if bad else "inconclusive" if doubts else "pass"
    shown = told(found.misses, trial.traits) if found.misses else next(iter(misses), "")
    plain = Opinion("model", status, tuple(lines), _cases(trial.traits, found), shown, findings)
    if stock is None and answers is not None:  # nothing was run beside it
        return plain
    return plain._replace(unseen=tuple(f"{p}:{line}" for p, line in places), unrun=by_edit)


def _findings(
    trial: Trial, things: tuple[Subject, ...], papers: Papers, hidden: set[str]
) -> tuple[Finding, ...]:
    """Those of what was run, and those of what was read, which count more."""
    read = {found.name for found in papers.findings}
    return (*trial.findings(things, hidden | read), *papers.findings)


def _told_of(misses: Iterable[str]) -> list[str]:
    """Some of a point's misses: leaks first, and no more than two of those that end in the same words."""
    kept: dict[str, list[str]] = {}
    for miss in sorted(dict.fromkeys(misses), key=lambda each: _LEAK not in each):
        kind = _LEAK if _LEAK in miss else miss.rpartition(": ")[2]
        kept.setdefault(kind, []).append(miss)
    return [miss for some in kept.values() for miss in some[:2]][:_SHOWN]


def _compared(misses: list[WrongAnswer]) -> str:
    wrong = len({miss.key for miss in misses})
    return f"{wrong} wrong; the grid ends where the first are" if wrong else "all as the model says"


def told_in_line(misses: list[WrongAnswer]) -> str:
    """The smallest of the lookups that go wrong, as one line."""
    miss = _smallest(misses)
    asked = "NewService" if miss.key.road == "start" else f"a {miss.key.road} of {miss.key.host}"
    wanted, had = ", ".join(miss.expected), ", ".join(miss.found)
    wrong = miss.beside or f"{had}, not {wanted}"
    return f"lookup: {asked}, {_case(miss.family, miss.key.accept)}: {wrong}"


def _cases(traits: Traits, found: StateAnswers) -> tuple[Case, ...]:
    wrong = {(miss.key.family, miss.key.accept) for miss in found.misses}
    counts: dict[tuple[int, bool], int] = {}
    for key in found.results:
        counts[key.family, key.accept] = counts.get((key.family, key.accept), 0) + 1
    known = dict(enumerate(families(traits)))
    solved = sum(total for (number, _), total in counts.items() if number not in known)
    grid = tuple(
        Case(_case(known[number], accept), "fail" if (number, accept) in wrong else "pass", total)
        for (number, accept), total in counts.items()
        if number in known
    )
    asked = Case("what the port's own conditions ask", _solved(wrong, known), solved)
    return (*grid, asked) if solved else grid


def _solved(wrong: set[tuple[int, bool]], known: Mapping[int, CaseFamily]) -> Status:
    return "fail" if any(number not in known for number, _ in wrong) else "pass"


def _case(family: CaseFamily, accept: bool) -> str:
    """How the daemon is called, and which files are there."""
    called = _called(family, accept)
    return f"{called}, with {family.files}" if family.files else called


def _called(family: CaseFamily, accept: bool) -> str:
    on = "--accept-insecure-registry"
    if not accept:
        return family.name
    return on if family.name == "no options" else f"{on} {family.name}"


def _smallest(misses: list[WrongAnswer]) -> WrongAnswer:
    """The case with the fewest options and the plainest host."""

    def size(miss: WrongAnswer) -> tuple[int, bool, int]:
        hosts = list(miss.family.hosts)
        host = hosts.index(miss.key.host) if miss.key.host in hosts else -1
        return miss.key.family, miss.key.accept, host

    return min(misses, key=size)


def told(misses: list[WrongAnswer], traits: Traits) -> str:
    """The smallest of the cases that go wrong, with what was expected and what was found."""
    miss = _smallest(misses)
    called = _called(miss.family, miss.key.accept)
    with_what = "without options" if called == "no options" else f"with {called}"
    name = repository(miss.key.host) if traits.by_repository else miss.key.host
    call = "NewService" if miss.key.road == "start" else f'{ROADS[miss.key.road]}("{name}")'
    lines = [f"{call} {with_what}"]
    bare = miss.key.host.partition(":")[0]
    if bare in WORLD and miss.key.road != "start":
        lines.append(f"({bare} resolves to {', '.join(WORLD[bare])})")
    if miss.family.files:
        lines.append(f"(there is {miss.family.files})")
    if miss.beside:
        lines.append(f"{miss.beside}:")
    names = ("the original:", "the port:") if miss.beside else ("the model:", "the Go:")
    for heading, found in zip(names, (miss.expected, miss.found), strict=True):
        lines += [heading, *(f"  {line}" for line in found)]
    return "\n".join(lines)
