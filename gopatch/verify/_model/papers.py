"""The papers by what they say: the manual, the reference page, completions and the flag's help agree with the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gopatch.port.judged import Finding, Status, Subject
from gopatch.verify._model import completions
from gopatch.verify._model.coverage import written
from gopatch.verify._model.flags import FlagTarget
from gopatch.verify._model.service import KEY
from gopatch.verify._model.wording import TextReading, joined, plain, read, without_head
from gopatch.verify._subjects import reference

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_SYNOPSIS = re.compile(r"^#+ SYNOPSIS$(.*?)^#", re.DOTALL | re.MULTILINE)
# What a text must state, and how it is told that it does not.
_MUST = (("risk", "names no risk"), ("offer", "does not say that plain HTTP is tried"))
_STATED = frozenset(clause for clause, _ in _MUST)


class Papers(NamedTuple):
    """What was found of the papers; `strange` is what is not understood: the edit, the place, the words."""

    findings: tuple[Finding, ...] = ()
    strange: tuple[tuple[str, str, str], ...] = ()

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The places that are not understood, each after its edit."""
        return tuple((edit, place) for edit, place, _ in self.strange)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(f"not understood: {place}: `{words}`" for _, place, words in self.strange)


class _Paper(NamedTuple):
    """What is wrong with a paper, and what of it is not understood: the place and the words."""

    wrong: tuple[str, ...] = ()
    strange: tuple[tuple[str, str], ...] = ()


def judge_papers(
    port: Port, source: Source, subjects: tuple[Subject, ...], flag: FlagTarget | None
) -> Papers:
    """A finding for each paper but tests, which are the compiler's to judge, and for help that is wrong. What is
    not understood gets none."""
    names = {subject.name for subject in subjects}
    usage = flag.usage if flag else ""
    held = {name: found for name, found in _papers(port, source, usage) if name in names}
    found = [_finding(name, papers, "reading what it says") for name, papers in held.items()]
    if flag is not None and flag.place and "flag" in names:
        told = _help(flag)
        held["flag"] = [told]
        found += [_finding("flag", [told], "reading its help")] if told.wrong else []
    strange = ((name, *each) for name, papers in held.items() for p in papers for each in p.strange)
    return Papers(tuple(filter(None, found)), tuple(strange))


def _finding(name: str, papers: list[_Paper], by: str) -> Finding | None:
    wrong = [line for paper in papers for line in paper.wrong]
    if not wrong and any(paper.strange for paper in papers):
        return None
    status: Status = "fail" if wrong else "pass"
    return Finding("model", "edit", name, status, by, len(papers), "; ".join(wrong))


def _papers(port: Port, source: Source, usage: str) -> Iterator[tuple[str, list[_Paper]]]:
    """The papers of each edit that writes some."""
    after = {change.path: (change.before or b"", change.after or b"") for change in port.changes}
    group = {edit.name for edit in port.patch.edits if edit.group == "papers"}
    for step in reference(port, source).steps:
        paths = [c.path for c in step.changes if not c.path.endswith(".go") and c.path in after]
        if step.edit in group and paths:
            yield step.edit, [paper(path, *after[path], usage) for path in paths]


def _help(flag: FlagTarget) -> _Paper:
    reading = read(flag.usage)
    strange = [(flag.place, piece) for piece in reading.strange]
    return _judged(f"the help of --{KEY}", reading, strange)


def paper(path: str, before: bytes, after: bytes, usage: str = "") -> _Paper:
    """What a paper says of the option, whose flag has some help: what is wrong, and what is not understood."""
    text = after.decode(errors="replace")
    lines = text.splitlines()
    fresh = sorted(number for number in written(before, after) if number <= len(lines))
    if not any(KEY in lines[number - 1] for number in fresh):
        return _Paper((f"{path} does not name --{KEY}",))
    if "completion" in path:
        return _completion(path, text, usage)
    blocks = [(at, _read(said, usage)) for at, said in _blocks(lines, fresh)]
    strange = [(f"{path}:{at}", piece) for at, reading in blocks for piece in reading.strange]
    found = _judged(path, joined(reading for _, reading in blocks), strange)
    synopsis = _SYNOPSIS.search(text)
    if synopsis and "--insecure-registry" in synopsis[1] and KEY not in synopsis[1]:
        found = found._replace(wrong=(*found.wrong, f"the synopsis of {path} lacks it"))
    return found


def _judged(name: str, reading: TextReading, strange: list[tuple[str, str]]) -> _Paper:
    """What is not understood may be what the text must state."""
    lacks = [told for clause, told in _MUST if clause not in reading.said and not strange]
    wrong = (*(f"says {denied}" for denied in reading.denied), *lacks)
    return _Paper(tuple(f"{name} {told}" for told in wrong), tuple(strange))


def _read(text: str, usage: str) -> TextReading:
    """A text that is the flag's help stands and falls with that."""
    reading = read(text)
    same = plain(text).split() == plain(usage).split()
    return TextReading(_STATED, reading.denied) if same else reading


def _blocks(lines: list[str], fresh: list[int]) -> Iterator[tuple[int, str]]:
    """Running texts among some lines, each with the number of its first line; what names the option alone is left out."""
    block: list[str] = []
    first, last = 0, 0
    for number in fresh:
        headed, rest = without_head(lines[number - 1])
        if block and (headed or not rest or number != last + 1):
            yield first, " ".join(block)
            block = []
        if rest:
            first = first if block else number
            block.append(rest)
        last = number
    if block:
        yield first, " ".join(block)


def _completion(path: str, text: str, usage: str) -> _Paper:
    found = list(completions.places(path, text))
    wrong = [] if found else [f"{path} does not name --{KEY}"]
    strange: list[tuple[str, str]] = []
    for place in found:
        reading = _read(place.says, usage)
        wrong += [f"{path}:{place.line}: {place.wrong}"] if place.wrong else []
        wrong += [f"{path} says {denied}" for denied in reading.denied]
        pieces = reading.strange if place.known else ("the place",)
        strange += [(f"{path}:{place.line}", piece) for piece in pieces]
    return _Paper(tuple(wrong), tuple(strange))
