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
from gopatch.verify._model.wording import TextReading, head_of, joined, plain, read
from gopatch.verify._subjects import reference

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_SYNOPSIS = re.compile(r"^#+ SYNOPSIS$(.*?)^#", re.DOTALL | re.MULTILINE)
# What a text must state, and how it is told that it does not.
_MUST = (("risk", "names no risk"), ("offer", "does not say that plain HTTP is tried"))
_STATED = frozenset([*(clause for clause, _ in _MUST), "order"])
# What help, a page and a manual are to say as well: where they do not, nobody knows what they mean. A page shows
# the default by its row, or by leaving it out, as that of a boolean.
_HELP = (("order", "HTTPS, which comes first"),)
_PAGE = (*_HELP, ("hub", "Docker Hub"))
_MANUAL = (*_PAGE, ("default", "the default"))


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
    found = _judged(f"the help of --{KEY}", reading, strange)
    return (
        found
        if found.wrong or strange
        else found._replace(strange=tuple(_unsaid(flag.place, reading, _HELP)))
    )


def paper(path: str, before: bytes, after: bytes, usage: str = "") -> _Paper:
    """What a paper says of the option, whose flag has some help: what is wrong, and what is not understood."""
    text = after.decode(errors="replace")
    lines = text.splitlines()
    fresh = sorted(number for number in written(before, after) if number <= len(lines))
    if not any(KEY in lines[number - 1] for number in fresh):
        return _Paper((f"{path} does not name --{KEY}",))
    if "completion" in path:
        return _completion(path, text, usage)
    blocks = [(at, said, _read(said, usage)) for at, said in _blocks(lines, fresh)]
    strange = [(f"{path}:{at}", piece) for at, _, reading in blocks for piece in reading.strange]
    heads = {number: head_of(lines[number - 1]) for number in fresh}
    headed = joined(TextReading(denied=head.denied) for head in heads.values())
    reading = joined([*(found for _, _, found in blocks), headed])
    strange += [(path, f"`{line}` is gone") for line in _gone(before, lines)]
    found = _judged(path, reading, strange)
    prose = [at for at, said, _ in blocks if not (heads[at].is_head or _is_help(said, usage))]
    if not (found.wrong or strange):
        is_manual = "man/" in path
        wanted = _HELP if not prose else _MANUAL if is_manual else _PAGE
        lacking = list(_unsaid(path, reading, wanted))
        apart = is_manual and not any(h.is_head and n + 1 in prose for n, h in heads.items())
        lacking += [(path, "the option has no place of its own")] if apart else []
        found = found._replace(strange=tuple(lacking))
    synopsis = _SYNOPSIS.search(text)
    if synopsis and "--insecure-registry" in synopsis[1] and KEY not in synopsis[1]:
        found = found._replace(wrong=(*found.wrong, f"the synopsis of {path} lacks it"))
    return found


def _judged(name: str, reading: TextReading, strange: list[tuple[str, str]]) -> _Paper:
    """What is not understood may be what the text must state."""
    lacks = [told for clause, told in _MUST if clause not in reading.said and not strange]
    wrong = (*(f"says {denied}" for denied in reading.denied), *lacks)
    return _Paper(tuple(f"{name} {told}" for told in wrong), tuple(strange))


def _unsaid(
    path: str, reading: TextReading, wanted: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """What a text does not say, though it should."""
    yield from (
        (path, f"no word of {what}") for clause, what in wanted if clause not in reading.said
    )


def _gone(before: bytes, lines: list[str]) -> Iterator[str]:
    """The lines of a paper that are not there any more: a port adds some."""
    kept = set(lines)
    for line in before.decode(errors="replace").splitlines():
        if line.strip() and line not in kept:
            yield line.strip()


def _is_help(text: str, usage: str) -> bool:
    return plain(text).split() == plain(usage).split()


def _read(text: str, usage: str) -> TextReading:
    """A text that is the flag's help stands and falls with that."""
    reading = read(text)
    return TextReading(_STATED, reading.denied) if _is_help(text, usage) else reading


def _blocks(lines: list[str], fresh: list[int]) -> Iterator[tuple[int, str]]:
    """Running texts among some lines, each with the number of its first line; what names the option alone is left out."""
    block: list[str] = []
    first, last = 0, 0
    for number in fresh:
        head = head_of(lines[number - 1])
        rest = head.rest
        if block and (head.is_head or not rest or number != last + 1):
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
