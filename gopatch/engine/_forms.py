"""The changes of a .patch file in a folder -> all their forms: each fragment that one uses, in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import product

from gopatch.engine._metavariables import Metavariable, refuse_twice
from gopatch.engine.notation import Change, Line, parse_notation
from gopatch.errors import PatchError

Fragments = tuple[tuple[str, str, str], ...]  # name, text, and what messages call it

_WORDS = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*')"""
    r"|(?P<word>[^\W\d]\w*)",
    re.DOTALL,
)


def changes_of(text: str, path: str, fragments: Fragments) -> tuple[Change, ...]:
    """The changes of a file, one for each form; those behind the first of a step say `is_form`.

    Raises PatchError for what is wrong with it, or with a fragment that it uses.
    """
    known = {name: parse_notation(body, shown, empty=True) for name, body, shown in fragments}
    found: list[Change] = []
    for change in parse_notation(text, path):
        forms = list(_forms(change, known))
        if change.is_form and not found:
            raise PatchError(
                "`or` has no change above it",
                path=path,
                line=change.lines[0].number if change.lines else 1,
                column=1,
            )
        found += [forms[0], *(form._replace(is_form=True) for form in forms[1:])]
    _refuse_unbound(found)
    return tuple(found)


def _forms(change: Change, known: Mapping[str, tuple[Change, ...]]) -> Iterator[Change]:
    for chosen in product(*(known[name] for name in change.uses)):
        yield _given(reduce(_joined, chosen, change))


def _joined(change: Change, form: Change) -> Change:
    """A change with what a form of a fragment declares, and with its imports."""
    for line in form.lines:
        if line.text.strip() and not re.match(r'import\s|\)|"|\w+\s+"', line.text.strip()):
            raise PatchError(
                "a fragment has imports and declarations of names, and nothing else",
                path=form.path,
                line=line.number,
                column=line.column,
            )
    first = (change.lines or form.lines)[0].number if change.lines or form.lines else 1
    head = tuple(line._replace(number=first) for line in form.lines)
    blank = (Line(" ", "", first, 1),) if head else ()
    declared = refuse_twice((*change.metavariables, *form.metavariables), change.path)
    name = "-".join(filter(None, (change.name, form.name)))
    told = "\n".join(filter(None, (change.description, form.description)))
    return change._replace(name=name, description=told, metavariables=declared).with_lines(
        (*head, *blank, *change.lines)
    )


def with_imports(change: Change, imports: tuple[str, ...]) -> Change:
    """The change with further imports, `+import "path"` or `-import "path"`, above its lines."""
    if not imports:
        return change
    first = change.lines[0].number
    head = (Line(text[0], text[1:], first, 2) for text in imports)
    return change.with_lines((*head, Line(" ", "", first, 1), *change.lines))


def _given(change: Change) -> Change:
    """The change with what its names are given for the names."""
    texts = {v.name: v.text for v in change.metavariables if v.kind == "given"}
    if not texts:
        return change
    return change.with_lines(
        tuple(line._replace(text=replaced(line.text, texts)) for line in change.lines)
    )


def replaced(text: str, values: Mapping[str, str]) -> str:
    """Go with some of its names replaced, but for those in comments and strings."""

    def value(found: re.Match[str]) -> str:
        word = found["word"]
        new = values.get(word) if word else None
        return found[0] if new is None or "\n" in new else new

    return _WORDS.sub(value, text)


def _refuse_unbound(changes: Sequence[Change]) -> None:
    """What a change wants bound must be bound by every form of a change above it."""
    for step, before in _above(changes):
        for change in step:
            for variable in change.metavariables:
                if variable.kind == "bound" and variable.name not in before:
                    raise _unbound(change, variable)


def binds(changes: Sequence[Change]) -> set[str]:
    """What every port of a variant has bound in the end."""
    *_, (step, before) = _above(changes)
    return before | _bound_by(step)


def _above(changes: Sequence[Change]) -> Iterator[tuple[list[Change], set[str]]]:
    """Each step's forms, with what the steps above it bind."""
    steps: list[list[Change]] = []
    for change in changes:
        if change.is_form:
            steps[-1].append(change)
        else:
            steps.append([change])
    before: set[str] = set()
    for step in steps:
        yield step, before
        before = before | _bound_by(step)


def _bound_by(step: Sequence[Change]) -> set[str]:
    """What each form of a step binds for good: what stands on its plus side is found the second time."""
    return set.intersection(*map(_lasting, step))


def _lasting(change: Change) -> set[str]:
    there = set(_words(change.plus.text))
    found = {v.name for v in change.metavariables if v.kind != "bound" and v.name in there}
    inner = {v.name for v in change.metavariables if v.kind != "given"}
    given = (v for v in change.metavariables if v.kind == "given")
    return found | {v.name for v in given if set(_words(v.text)) & inner <= there}


def _words(text: str) -> Iterator[str]:
    return (found["word"] for found in _WORDS.finditer(text) if found["word"])


def _unbound(change: Change, variable: Metavariable) -> PatchError:
    return PatchError(
        f"nothing above binds `{variable.name}` in each of its forms",
        path=change.path,
        line=variable.line,
        column=variable.column,
        hint="an earlier change of this file must declare it, and show it on a line that stays or comes",
    )
