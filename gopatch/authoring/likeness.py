"""Two variants, or two forms of a change, in; what a variable could say of both out.

They are alike where they have the same steps, and differ only in names that stand on lines that go or
stay, in more or fewer things that `...` could leave out, or in an import that one demands and the other
brings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gopatch.engine.notation import Change

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|`[^`]*`|\'(?:\\.|[^\'\\])*\'|\.\.\.|\w+|[^\w\s]'
)
_IMPORT = re.compile(r'import\s+(?:(?P<name>\w+)\s+)?"(?P<path>[^"]+)"\s*\Z')
_WORD = re.compile(r"[^\W\d]\w*\Z")
_VARIABLE = "$"
_LEFT_OUT = {_VARIABLE, "...", ","}


class _Token(NamedTuple):
    mark: str
    text: str


def differing(one: Sequence[Change], other: Sequence[Change]) -> str | None:
    """What two lists of changes differ in, where a variable could say it; None where it could not."""
    if len(one) != len(other):
        return None
    found = [_differing(a, b) for a, b in zip(one, other, strict=True)]
    told = [words for words in found if words]
    return None if None in found or not told else told[0]


def _differing(one: Change, other: Change) -> str | None:
    """As `differing`; "" where both say the same."""
    if (one.inside, one.is_form) != (other.inside, other.is_form):
        return None
    brought = _brought(one, other)
    if brought is None:
        return None
    ours, theirs = list(_tokens(one)), list(_tokens(other))
    names: dict[str, str] = {}
    told = [f'import "{path}"' for path in sorted(brought)]
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        gone, come = ours[a:b], theirs[c:d]
        if tag == "equal":
            continue
        if _left_out(gone) and _left_out(come):
            told.append("...")
        elif not _renamed(gone, come, names):
            return None
    bound = {t.text for t in ours if t.mark in " -"}, {t.text for t in theirs if t.mark in " -"}
    if not (set(names) <= bound[0] and set(names.values()) <= bound[1]):
        return None
    return ", ".join([*(f"{a} or {b}" for a, b in names.items()), *dict.fromkeys(told)])


def _renamed(gone: Sequence[_Token], come: Sequence[_Token], names: dict[str, str]) -> bool:
    """Whether a name stands for another, wherever it does; `names` remembers which."""
    if len(gone) != len(come):
        return False
    for old, new in zip(gone, come, strict=True):
        both = _WORD.match(old.text) and _WORD.match(new.text)
        if old.mark != new.mark or not both or names.setdefault(old.text, new.text) != new.text:
            return False
    return len(set(names.values())) == len(names)


def _left_out(tokens: Sequence[_Token]) -> bool:
    return all(token.text in _LEFT_OUT and token.mark == " " for token in tokens)


def _brought(one: Change, other: Change) -> set[str] | None:
    """The paths that one of the changes demands and the other brings; None where they want others."""
    ours, theirs = (dict(_imports(change)) for change in (one, other))
    if ours.keys() != theirs.keys() or "-" in (*ours.values(), *theirs.values()):
        return None if ours != theirs else set()
    return {path for path in ours if ours[path] != theirs[path]}


def _imports(change: Change) -> Iterator[tuple[str, str]]:
    for line in change.lines:
        if found := _IMPORT.match(line.text.strip()):
            yield found["path"], line.mark


def _tokens(change: Change) -> Iterator[_Token]:
    imported = {
        found["name"] for line in change.lines if (found := _IMPORT.match(line.text.strip()))
    }
    variables = {v.name for v in change.metavariables} - imported
    for line in change.lines:
        if _IMPORT.match(line.text.strip()):
            continue
        for text in _TOKEN.findall(line.text):
            yield _Token(line.mark, _VARIABLE if text in variables else text)
