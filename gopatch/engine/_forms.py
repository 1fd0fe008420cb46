"""The changes of a .patch file in a folder -> all their forms: each fragment that one uses, in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import islice, product

from gopatch.engine._metavariables import Metavariable, refuse_twice
from gopatch.engine._sides import readings
from gopatch.engine.notation import OR, Change, Line, Side, parse_notation
from gopatch.errors import PatchError

Fragments = tuple[tuple[str, str, str], ...]  # name, text, and what messages call it

_MOST = 64  # forms of one change
_WORDS = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*')"""
    r"|(?P<word>[^\W\d]\w*)",
    re.DOTALL,
)
_HEAD = re.compile(r"^(?:import\s*\(.*?\)|(?:import|package)\b[^\n]*)", re.DOTALL | re.MULTILINE)
_KEYWORDS = frozenset(
    [
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "return",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    ]
)


def changes_of(text: str, path: str, fragments: Fragments) -> tuple[Change, ...]:
    """The changes of a file, one for each form; those behind the first of a step say `is_form`.

    Raises PatchError for what is wrong with it, or with a fragment that it uses.
    """
    known = {name: _fragment(body, shown) for name, body, shown in fragments}
    found: list[Change] = []
    for change in parse_notation(text, path):
        forms = list(islice(_forms(change, known), _MOST + 1))
        if len(forms) > _MOST:
            number = change.lines[0].number if change.lines else 1
            raise PatchError(
                f"the change has more than {_MOST} forms", path=path, line=number, column=1
            )
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


@lru_cache(maxsize=256)
def _fragment(text: str, path: str) -> tuple[Change, ...]:
    return parse_notation(text, path, empty=True)


def _forms(change: Change, known: Mapping[str, tuple[Change, ...]]) -> Iterator[Change]:
    for chosen in product(*(known[name] for name in change.uses)):
        for one in _alternatives(change):
            yield from readings(_given(reduce(_joined, chosen, one)))


def _alternatives(change: Change) -> Iterator[Change]:
    """The change with each form of its lines, those that `|` opens in the place of the line above.

    They go together: the second form of the one with the second of the other. `|` alone: the line is
    not there.
    """
    rows: list[list[Line]] = []
    for line in change.lines:
        if line.mark != OR:
            rows.append([line])
        elif rows:
            rows[-1].append(line._replace(mark=rows[-1][0].mark))
        else:
            raise _line_error("`|` has no line above it", line, change.path)
    most = max(map(len, rows), default=1)
    for row in rows:
        if len(row) not in (1, most):
            message = f"the line has {len(row)} forms, another of this change {most}"
            raise _line_error(message, row[0], change.path)
    for number in range(most):
        name = f"{change.name}-{number + 1}" if change.name and number else change.name
        lines = [row[number if len(row) > 1 else 0] for row in rows]
        there = [line for line in lines if line.text.strip() or not number]
        yield change._replace(name=name).with_lines(tuple(there))


def _line_error(message: str, line: Line, path: str) -> PatchError:
    return PatchError(message, path=path, line=line.number, column=line.column)


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


def sure_words(change: Change, side: Side) -> tuple[bytes, ...]:
    """Words that are in every file which one of a change's sides fits, told from its text alone.

    They are some of those that a pattern has (`literals`): no metavariable, none of a head or a comment.
    """
    other = {variable.name for variable in change.metavariables} | _KEYWORDS | {"dts"}
    found = dict.fromkeys(_words(_HEAD.sub("", side.text)))
    return tuple(word.encode() for word in found if word not in other)
