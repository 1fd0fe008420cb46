"""Each mutant before the judges, until one of them says no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from gopatch.port.judged import Opinion, decide, worst_of
from gopatch.port.outcome import Port
from gopatch.source import Source
from gopatch.verify._mutants.drawing import Equivalent, Mutant, drawn, mutants
from gopatch.verify._subjects import subjects

Fate = Literal["killed", "doubted", "survives", "equivalent"]
NO_GO = "build"  # the case of the judge `go` that fails where a mutant is no Go


class Tried(NamedTuple):
    """What became of a mutant: killed or doubted `by` a judge, for a reason. One is doubted where a
    judge could not decide, or where nobody looked at its edit."""

    mutant: Mutant
    fate: Fate
    by: str = ""
    reason: str = ""

    def table(self) -> dict[str, Any]:
        """As a value for JSON."""
        mutant = self.mutant
        return {
            "edit": mutant.edit, "path": mutant.path, "line": mutant.line, "operator": mutant.operator,
            "diff": mutant.diff, "fate": self.fate, "by": self.by, "reason": self.reason,
        }  # fmt: skip


class Judging(Protocol):
    """A judge, as far as mutants need one."""

    @property
    def name(self) -> str: ...
    @property
    def judge(self) -> Callable[[Port, Source, Mapping[str, Any]], Opinion]: ...


class Asked(NamedTuple):
    """How mutants are tried: who is asked, with which options, how many at most (0: all) and by what
    seed; `known` are those that the patch itself calls equivalent."""

    judges: Sequence[Judging]
    options: Mapping[str, Any]
    limit: int = 0
    seed: str = "1"
    known: Sequence[Equivalent] = ()


def try_mutants(port: Port, source: Source, asked: Asked) -> Iterator[Tried]:
    """The mutants of a port in the order of the draw, each as soon as it was tried. One that does not
    compile is none, and the next is drawn, where the judge `go` is asked."""
    options = {"memo": {}, **asked.options, "briefly": True, "progress": None}
    number = 0
    for mutant in drawn(list(mutants(port, source)), asked.seed):
        if asked.limit and number >= asked.limit:
            return
        stated = next((e for e in asked.known if e.is_meant(mutant)), None)
        if stated is not None:
            yield Tried(mutant, "equivalent", "", stated.why)
            continue
        found = _tried(mutant, port, source, asked.judges, options)
        if found is not None:
            number += 1
            yield found


def _tried(
    mutant: Mutant,
    port: Port,
    source: Source,
    judges: Sequence[Judging],
    options: Mapping[str, Any],
) -> Tried | None:
    broken = mutant.of(port)
    opinions: list[Opinion] = []
    for judge in judges:
        opinion = judge.judge(broken, source, options)
        if any(case.name == NO_GO and case.status == "fail" for case in opinion.cases):
            return None
        opinions.append(opinion)
    for status, fate in (("fail", "killed"), ("inconclusive", "doubted")):
        for opinion in opinions:
            if worst_of(opinion) == status:
                return Tried(mutant, fate, opinion.judge, _why(opinion))  # type: ignore[arg-type]
    unjudged = [subject.name for subject in decide(opinions, subjects(broken, source)).unjudged]
    if mutant.edit in unjudged:
        return Tried(mutant, "doubted", "", f"nobody looked at {mutant.edit}")
    return Tried(mutant, "survives")


def _why(opinion: Opinion) -> str:
    found = [f.reason for f in opinion.findings if f.status != "pass" and f.reason]
    lines = (line for line in opinion.summary if ": fail" in line or "new" in line)
    return next(iter([*found, *lines, *opinion.summary]), "")


class Tally(NamedTuple):
    """What became of all of them: by edit, how many were killed, doubted, and survive."""

    tried: tuple[Tried, ...]

    def of(self, fate: Fate) -> list[Tried]:
        return [each for each in self.tried if each.fate == fate]

    @property
    def counted(self) -> list[Tried]:
        """Without those that are known to be equivalent."""
        return [each for each in self.tried if each.fate != "equivalent"]

    def lines(self) -> Iterator[str]:
        """For a reader: the counts, each edit, and the diff of each that survives."""
        by = Counter(each.by for each in self.of("killed"))
        judges = ", ".join(f"{name} {count}" for name, count in by.most_common())
        known = len(self.of("equivalent"))
        yield (
            f"mutants: {len(self.counted)} tried, {len(self.of('killed'))} killed"
            f"{f' ({judges})' if judges else ''}, {len(self.of('doubted'))} doubted, "
            f"{len(self.of('survives'))} survive"
            f"{f'; {known} known to be equivalent' if known else ''}"
        )
        edits = dict.fromkeys(each.mutant.edit for each in self.counted)
        width = max(map(len, edits), default=0)
        for edit in edits:
            mine = Counter(each.fate for each in self.counted if each.mutant.edit == edit)
            told = ", ".join(f"{count} {fate}" for fate, count in mine.most_common())
            yield f"  {edit:<{width}}  {told}"
        for each in [*self.of("survives"), *self.of("doubted")]:
            mutant, why = each.mutant, f" ({each.reason})" if each.reason else ""
            yield f"{each.fate}: {mutant.path}:{mutant.line}: {mutant.operator}, {mutant.edit}{why}"
            yield from (f"  {line}" for line in mutant.diff.splitlines())
