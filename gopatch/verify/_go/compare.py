"""The harness on both sides, compared with the reference model case by case.

A case with the option on has a twin with it off. The port is to blame where the twin shows that the
model speaks about this source at all; where it does not, that is said, and is no pass either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from gopatch.errors import SourceError
from gopatch.go.net import GoRules, go_rules
from gopatch.model import ModelError, Traits, read_traits
from gopatch.source.roots import join
from gopatch.verify import Status
from gopatch.verify._go import lookup_answers, lookup_cases, smaller
from gopatch.verify._go.confirming import confirmed
from gopatch.verify._go.fuzz import FUZZ, Sides, fuzz
from gopatch.verify._go.go_packages import packages
from gopatch.verify._go.harness import Harness, UnfitError, ask, build
from gopatch.verify._go.lookup_answers import LookupAnswer
from gopatch.verify._go.lookup_cases import LookupCase
from gopatch.verify._go.ping_door import pings
from gopatch.verify._go.traffic import traffic
from gopatch.verify._go.two_sides import GoWork, JudgedSide, indented, remembered
from gopatch.verify._go.walks import roads


class TriedCase(NamedTuple):
    """One case with the model's answer and the source's."""

    case: LookupCase
    wanted: LookupAnswer
    got: LookupAnswer

    @property
    def agrees(self) -> bool:
        return lookup_answers.agree(self.wanted, self.got)


def harness(work: GoWork) -> None:
    """Ask both sides everything, or the one case that was given."""
    try:
        traits = read_traits(lambda path: _read(work, path), lookups=True)
        traits = replace(traits, go=_rules(work))
    except ModelError as error:
        _older(work, error)
        return
    text = work.options.get("case")
    count, seed = (
        work.options.get("cases", lookup_cases.COUNT),
        work.options.get("seed", lookup_cases.SEED),
    )
    questions = [lookup_cases.read(text)] if text else lookup_cases.make(count, seed, traits)
    before = (
        remembered(work, "harness", lambda: _built(work, work.before)) if work.changes else None
    )
    known = [True] * len(questions) if before is None else _stock(work, before, questions, traits)
    if known is None:
        return
    after = _built(work, work.after)
    if isinstance(after, str):
        lines = ["harness: the port cannot be asked:", *indented(after)]
        work.report.add("harness: port", "fail", 0, *lines)
        return
    _patched(work, after, zip(questions, known, strict=True), traits)
    if not text and not isinstance(before, str):
        if work.options.get("fuzz"):
            _search(work, before, after, traits)
        confirmed(work, lambda again: traffic(again, traits, before, after))
        roads(work, traits)


def _older(work: GoWork, error: ModelError) -> None:
    """A source without lookups: what it has instead is a ping, or nothing that is known."""
    if work.options.get("case") or not pings(packages(work, work.before).get("registry")):
        line = f"harness: the model does not know this: {error}"
        work.report.add("harness", "inconclusive", 0, line)
    else:
        work.report.summary.append("harness: there are no lookups here: every road goes by a ping")
        roads(work, Traits())


def _search(work: GoWork, before: Harness | None, after: Harness, traits: Traits) -> None:
    """Search for a difference while the option is off, where there is an original."""
    if before is None:
        work.report.summary.append("fuzz: there is no original to compare the port with")
        return
    try:
        fuzz(work, Sides(before, after, traits))
    except UnfitError as error:
        work.report.add(FUZZ, "inconclusive", 0, *indented(f"fuzz: {error}"))


def _rules(work: GoWork) -> GoRules:
    """Those of the toolchain that compiles the harness, which is not the one Docker was built with."""
    module = _read(work, "go.mod") if work.space.env.get("GO111MODULE") == "on" else None
    language = re.search(rb"^go ([0-9.]+)", module or b"", re.MULTILINE)
    version = ".".join(map(str, work.space.go.version))
    return go_rules(version, language[1].decode() if language else "")


def _read(work: GoWork, path: str) -> bytes | None:
    try:
        return work.source.read(join(work.space.prefix, path))
    except SourceError:
        return None


def _stock(
    work: GoWork, made: Harness | str, questions: Sequence[LookupCase], traits: Traits
) -> list[bool] | None:
    """For each question whether the original, with the option off, answers as the model does."""
    twins = [_off(question) for question in questions]
    if isinstance(made, str):
        lines = ["harness: the original cannot be asked:", *indented(made)]
        work.report.add("harness: original", "inconclusive", 0, *lines)
        return None
    tried, _ = _try(made, twins, traits)
    wrong = [one for one in tried if not one.agrees]
    line = f"harness: stock, {_of(tried)} cases agree with the model"
    if wrong:
        line += "; where they do not, the model does not know this source"
        _counterexample(work, made, work.before, wrong, traits)
    status: Status = "inconclusive" if wrong else "pass"
    work.report.add("harness: original", status, len(tried), line)
    return [one.agrees for one in tried]


def _patched(
    work: GoWork, made: Harness, questions: Iterable[tuple[LookupCase, bool]], traits: Traits
) -> None:
    """Ask the port; each question comes with whether the model speaks about this source there."""
    given, known = zip(*questions, strict=True)
    tried, option = _try(made, given, traits)
    rows = list(zip(tried, known, strict=True))
    if not option:
        line = "harness: the port's options have no field for accept-insecure-registry"
        work.report.add("harness: option", "fail", 1, line)
        rows = [row for row in rows if not row[0].case.options.accept_insecure_registry]
    asked = [one for one, is_known in rows if is_known]
    wrong = [one for one in asked if not one.agrees]
    work.report.add(
        "harness: port",
        "fail" if wrong else "pass" if asked else "inconclusive",
        len(asked),
        f"harness: patched, {_of(asked)} cases agree with the model",
    )
    if wrong:
        _counterexample(work, made, work.after, wrong, traits)


def _off(case: LookupCase) -> LookupCase:
    return replace(case, options=replace(case.options, accept_insecure_registry=False))


def _built(work: GoWork, side: JudgedSide) -> Harness | str:
    if work.registry is None:
        return "there is no registry package"
    try:
        return build(work.space, side.name, work.registry, side.runs, side.registry)
    except UnfitError as error:
        return str(error) if side.run is None else _built(work, side._replace(run=None))


def _try(
    made: Harness, questions: Sequence[LookupCase], traits: Traits
) -> tuple[list[TriedCase], bool]:
    """All questions with their answers, and whether there is a field for the option."""
    replies: list[dict[str, Any]] = ask(made, [one.question(traits) for one in questions])
    tried = [
        TriedCase(one, lookup_answers.expected(one, traits), lookup_answers.heard(reply))
        for one, reply in zip(questions, replies, strict=True)
    ]
    return tried, any(reply["option"] for reply in replies)


def _of(tried: Sequence[TriedCase]) -> str:
    return f"{sum(one.agrees for one in tried)} of {len(tried)}"


def _counterexample(
    work: GoWork, made: Harness, side: JudgedSide, wrong: Sequence[TriedCase], traits: Traits
) -> None:
    """Note the smallest case that goes wrong; one of the port counts for more."""
    least = _smallest(made, min(wrong, key=lambda one: smaller.size(one.case)), traits)
    rows = [f"{side.name} of {work.source.name}", f"--case '{least.case}'"]
    rows += ["the model says:", *indented("\n".join(least.wanted.lines()))]
    rows += ["the source says:", *indented("\n".join(least.got.lines()))]
    work.report.counterexample = "\n".join(rows)


def _smallest(made: Harness, worst: TriedCase, traits: Traits) -> TriedCase:
    """The case cut down as far as it still goes wrong."""
    while True:
        tried, _ = _try(made, list(smaller.smaller(worst.case)), traits)
        wrong = next((one for one in tried if not one.agrees), None)
        if wrong is None:
            return worst
        worst = wrong
