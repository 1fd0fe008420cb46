"""A search for a difference that a port makes while the option is off: its lookups against the original's.

No model is asked. Cases are drawn without an end from a seed; hosts, lists and mirrors are made of those of
the harness, of what the port itself names (strings, numbers, variables of the environment), and at random. The cases
are the same for the same seed and port; how many of them are asked is a matter of the seconds that there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import Any, NamedTuple

from gopatch.model import Traits
from gopatch.verify._go import lookup_answers, lookup_cases, smaller
from gopatch.verify._go.fuzz_cases import Words, batches
from gopatch.verify._go.harness import Harness, ask
from gopatch.verify._go.lookup_cases import LookupCase
from gopatch.verify._go.two_sides import GoWork, indented

FUZZ = "fuzz"
_STRING = re.compile(r'"((?:[^"\\\n]|\\.){1,80})"|`([^`]{1,80})`')
_NUMBER = re.compile(r"(?<![\w.])\d{1,5}(?![\w.])")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}")

Ask = Callable[[Harness, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]


class Sides(NamedTuple):
    """Both harnesses, how they are asked, and by which names a repository is looked up."""

    before: Harness
    after: Harness
    traits: Traits
    ask: Ask = ask

    def answers(self, cases: Sequence[LookupCase]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """What the original and the port say to each case; whether there is a field for the option is no answer."""
        asked = [case.question(self.traits) for case in cases]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda side: self.ask(side, asked), (self.before, self.after)))
        told = [[{**reply, "option": None} for reply in side] for side in found]
        return list(zip(*told, strict=True))

    def within(self, variables: Sequence[str]) -> Sides:
        """The same with variables of the environment set, unless they are."""
        made = []
        for side in (self.before, self.after):
            env = {**dict.fromkeys(variables, "1"), **side.workspace.env}
            made.append(side._replace(workspace=side.workspace._replace(env=env)))
        return self._replace(before=made[0], after=made[1])


def fuzz(
    work: GoWork,
    sides: Sides,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Search for as many seconds as the option says, at least one batch; report what was found."""
    seconds, seed = work.options["fuzz"], work.options.get("seed", lookup_cases.SEED)
    words = words_of(work)
    end, total = clock() + seconds, 0
    for number, batch in enumerate(batches(seed, words, sides.traits)):
        asked = sides.within(words.variables) if number % 2 else sides
        answers = asked.answers(batch)
        total += len(batch)
        at = next((i for i, (one, other) in enumerate(answers) if one != other), None)
        if at is not None:
            _report(work, asked, batch, at, total)
            return
        if clock() >= end:
            break
    line = f"fuzz: {total} cases of seed {seed} with the option off: the port answers as the original does"
    work.report.add(FUZZ, "pass", total, line)


def words_of(work: GoWork) -> Words:
    """What the port's own lines name that are not the original's, in the package of the registry and beside it."""
    known = {line for data in work.before.registry.values() for line in data.splitlines()}
    fresh = "\n".join(
        line.decode("utf-8", "replace")
        for path, data in sorted(work.after.files.items())
        if data is not None and not path.endswith("_test.go")
        for line in data.splitlines()
        if line not in known and not line.lstrip().startswith(b"//")
    )
    texts = {found[1] or found[2] for found in _STRING.finditer(fresh)}
    plain = {text for text in texts if text.isprintable() and " " not in text and "\\" not in text}
    variables = {text for text in plain if _VARIABLE.fullmatch(text)}
    return Words(
        tuple(sorted(plain - variables)),
        tuple(sorted({int(number) for number in _NUMBER.findall(fresh)})),
        tuple(sorted(variables)),
    )


def _report(work: GoWork, sides: Sides, batch: Sequence[LookupCase], at: int, total: int) -> None:
    """Say what is different, by the smallest case; who does not say the same twice is no witness."""
    again = sides.answers([batch[at]])[0]
    if again[0] == again[1]:
        first, second = sides.answers(batch[: at + 1])[at]
        if first == second or first != again[0]:
            line = "fuzz: asked again, the sides do not answer as before: nothing can be told"
            work.report.add(FUZZ, "inconclusive", total, line)
            return
        _tell(work, batch[at], (first, second), total, f"after {at} other cases in one process")
        return
    case = smallest(sides, batch[at])
    _tell(work, case, sides.answers([case])[0], total, "")


def smallest(sides: Sides, case: LookupCase) -> LookupCase:
    """The case cut down as far as the sides still differ."""
    while True:
        less = list(_smaller(case))
        answers = sides.answers(less) if less else []
        found = next((c for c, (a, b) in zip(less, answers, strict=True) if a != b), None)
        if found is None:
            return case
        case = found


def _smaller(case: LookupCase) -> Iterator[LookupCase]:
    """Cases that say less, most daring first; at last a host with one sign less."""
    yield from smaller.smaller(case)
    for at in range(len(case.host)):
        yield replace(case, host=case.host[:at] + case.host[at + 1 :])


def _tell(
    work: GoWork,
    case: LookupCase,
    answers: tuple[dict[str, Any], dict[str, Any]],
    total: int,
    when: str,
) -> None:
    line = f"fuzz: with the option off, the port does not answer as the original does ({total} cases asked)"
    work.report.add(FUZZ, "fail", total, line, f"  {case}{', ' if when else ''}{when}")
    if work.report.counterexample:
        return
    rows = [f"port of {work.source.name}", f"--case '{case}'"]
    for name, found in zip(("original", "port"), answers, strict=True):
        rows += [f"the {name} says:", *indented("\n".join(_words(found, answers)))]
    work.report.counterexample = "\n".join(rows)


def _words(found: dict[str, Any], answers: tuple[dict[str, Any], dict[str, Any]]) -> list[str]:
    """An answer in the words of the harness; in full where those are the same on both sides."""
    told = [lookup_answers.heard(answer).lines() for answer in answers]
    return lookup_answers.heard(found).lines() if told[0] != told[1] else [json.dumps(found)]
