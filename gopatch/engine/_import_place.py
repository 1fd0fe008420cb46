"""Where an import stands in a file: gofmt's order, beside the ones whose paths are most like its own.

Nothing else knows how imports are grouped. Groups are chosen as goimports does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.engine._head import import_name, import_path
from gopatch.engine._import_needs import CGO
from gopatch.engine._place import UnwritableError
from gopatch.go.tree import GoFile, Syntax, elements_of
from gopatch.splice import Splice

_COMMENTS = rb"(?:/\*(?:(?!\*/)[^\n])*\*/[ \t;]*)*"
_QUIET = re.compile(rb"[ \t;]*" + _COMMENTS + rb"(?://[^\n]*)?\r?\n?")  # a line's rest without code
_PARTED = re.compile(rb"[ \t]*" + _COMMENTS.replace(b";", b"") + rb";[ \t]*")
_SHARED = "no line of its own is there for an import: more stands {}"
_HEADS = {"package_clause", "import_declaration"}


class NewImport(NamedTuple):
    """An import that is to stand in a file; `name` is None where it has none of its own."""

    path: str
    name: str | None

    @property
    def text(self) -> bytes:
        return (f'{self.name} "{self.path}"' if self.name else f'"{self.path}"').encode()

    @property
    def key(self) -> tuple[str, str]:
        """What gofmt sorts by."""
        return self.path, self.name or ""


def declaration_of(spec: Syntax, file: GoFile) -> Syntax:
    """The declaration that holds an import."""
    return next(
        c
        for c in file.root.children
        if c.kind == "import_declaration" and c.start <= spec.start and spec.end <= c.end
    )


def _lines(data: bytes, start: int, end: int) -> tuple[int, int]:
    first = data.rfind(b"\n", 0, start) + 1
    stop = data.find(b"\n", end)
    return first, len(data) if stop < 0 else stop + 1


def removed(spec: Syntax, file: GoFile) -> Iterator[Splice]:
    """An import goes with its line, or alone from one that holds more."""
    declaration = declaration_of(spec, file)
    alone = len(elements_of(declaration)) == 1 and not _has_other_comments(declaration, spec, file)
    node = declaration if alone else spec
    if not _has_lines(file.data, node.start, node.end):
        yield _cut_from_line(file.data, node.start, node.end)
        return
    first, stop = _lines(file.data, node.start, node.end)
    above, below = file.data[:first], file.data[stop:]
    if alone and not below.strip():
        yield Splice(len(above.rstrip()) + len(_newline(file)), len(file.data), b"")
        return
    blank = re.match(rb"(?:[ \t]*\r?\n)+", below)
    blank_above = re.search(rb"\n(\r?\n)\Z", above)
    opens = above.rstrip(b" \t\r\n").endswith(b"(") and not blank_above
    if blank and (blank_above or opens):
        stop += blank.end()
    elif not alone and blank_above and re.match(rb"[ \t]*\)", below):
        first -= len(blank_above[1])
    yield Splice(first, stop, b"")


def _has_other_comments(declaration: Syntax, spec: Syntax, file: GoFile) -> bool:
    """Whether a comment stands in the brackets of a declaration on other lines than an import's own."""
    first, stop = _lines(file.data, spec.start, spec.end)
    inside = (start for start, _ in file.comments() if declaration.start < start < declaration.end)
    return any(not first <= start < stop for start in inside)


def _newline(file: GoFile) -> bytes:
    return b"\r\n" if b"\r\n" in file.data[:4096] else b"\n"


def _has_lines(data: bytes, start: int, end: int) -> bool:
    """Whether a range has its lines for itself, but for comments that end behind it."""
    first, stop = _lines(data, start, end)
    return not data[first:start].strip() and _ends_line(data[end:stop])


def _ends_line(rest: bytes) -> bool:
    return _QUIET.fullmatch(rest) is not None


def _cut_from_line(data: bytes, start: int, end: int) -> Splice:
    """A cut with the `;` behind it, or else with the one before it."""
    first, stop = _lines(data, start, end)
    parted = _PARTED.match(data[end:stop])
    if parted is not None:
        return Splice(start, end + parted.end(), b"")
    return Splice(first + len(data[first:start].rstrip(b" \t;")), end, b"")


def _runs(file: GoFile, without: Syntax | None = None) -> list[list[Syntax]]:
    """Imports of brackets that stand on neighbouring lines: gofmt sorts inside such runs."""
    runs: list[list[Syntax]] = []
    for declaration in file.root.children:
        if declaration.kind != "import_declaration" or declaration.children[1].token != b"(":
            continue
        last = None
        for spec in elements_of(declaration):
            line = file.data.count(b"\n", 0, spec.start)
            if last is None or line != last + 1:
                runs.append([])
            last = line
            if without is None or spec.start != without.start:
                runs[-1].append(spec)
    return [run for run in runs if run]


def stays(spec: Syntax, new: NewImport, file: GoFile) -> bool:
    """Whether `new` can stand where `spec` does: sorted there, and among its own kind."""
    run = next((r for r in _runs(file) if any(s.start == spec.start for s in r)), [spec])
    keys = [new.key if s.start == spec.start else key_of(s) for s in run]
    others = [s for r in _runs(file, spec) for s in r]
    moves = _outside(new.path) != _outside(import_path(spec)) and any(
        _outside(import_path(s)) == _outside(new.path) for s in others
    )
    return keys == sorted(keys) and not moves


def key_of(spec: Syntax) -> tuple[str, str]:
    """gofmt sorts by path, then name."""
    return import_path(spec), import_name(spec) or ""


def _likeness(one: str, other: str) -> tuple[int, int]:
    """Same kind (standard library or not) first, then how many leading parts agree."""
    standard = ("." in one.split("/", maxsplit=1)[0]) == ("." in other.split("/", maxsplit=1)[0])
    shared = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        shared += 1
    return int(standard), shared


def inserted(new: NewImport, file: GoFile, without: Syntax | None = None) -> Iterator[Splice]:
    """Put an import into the group where it belongs; `without` is an import that goes."""
    runs = _runs(file, without)
    newline = _newline(file)
    if runs:
        best = max(runs, key=lambda run: max(_likeness(import_path(s), new.path) for s in run))
        fits = max(_likeness(import_path(s), new.path) for s in best)[0]
        if not fits and _outside(new.path):
            best = runs[-1]
        yield _into_run(new, file, best, bool(fits), newline)
        return
    single = [
        c
        for c in file.root.children
        if c.kind == "import_declaration"
        and c.children[1].token != b"("
        and import_path(elements_of(c)[0])
        != CGO  # the comment above it is C, and stays with it alone
        and not (without is not None and c.start <= without.start < c.end)
    ]
    if single:
        yield _into_group(new, file, single[-1], newline)
        return
    package = next((c for c in reversed(file.root.children) if c.kind in _HEADS), None)
    if package is None:
        raise UnwritableError("no package clause is there, so there is no place for an import", 0)
    _, stop = _lines(file.data, package.start, package.end)
    if not _ends_line(file.data[package.end : stop]):
        raise UnwritableError(_SHARED.format("behind the package clause"), package.end)
    yield Splice(stop, stop, newline + b"import " + new.text + newline)


def _into_run(
    new: NewImport, file: GoFile, run: list[Syntax], fits: bool, newline: bytes
) -> Splice:
    for spec in (run[0], run[-1]):
        if not _has_lines(file.data, spec.start, spec.end):
            raise UnwritableError(_SHARED.format("beside another one"), spec.start)
    first, stop = _lines(file.data, run[-1].start, run[-1].end)
    indent = file.data[first : run[-1].start]
    line = indent + new.text + newline
    if not fits:
        # Another kind of package than all that stand there: a run of its own.
        if not _outside(new.path):
            first, _ = _lines(file.data, run[0].start, run[0].end)
            return Splice(first, first, line + newline)
        return Splice(stop, stop, newline + line)
    for spec in run:
        if key_of(spec) > new.key:
            at, _ = _lines(file.data, spec.start, spec.end)
            return Splice(at, at, line)
    return Splice(stop, stop, line)


def _into_group(new: NewImport, file: GoFile, declaration: Syntax, newline: bytes) -> Splice:
    """`import "a"` gets brackets: two lines of one kind, or two runs of different kinds.

    A comment behind it goes along: it is about its line.
    """
    spec = elements_of(declaration)[0]
    _, stop = _lines(file.data, declaration.start, declaration.end)
    end, tail = declaration.end, file.data[declaration.end : stop].rstrip()
    if tail.strip().startswith(b"//"):
        end += len(tail)
    else:
        tail = b""
    old = NewImport(import_path(spec), import_name(spec))
    lead = file.data[declaration.children[0].end : spec.start].strip()
    lead += b" " * bool(lead)
    lines = [(old, lead + spec.text + tail), (new, new.text)]
    pair = sorted(lines, key=lambda item: (_outside(item[0].path), item[0].key))
    glue = newline if _outside(old.path) == _outside(new.path) else newline + newline
    body = glue.join(b"\t" + written for _, written in pair)
    return Splice(declaration.start, end, b"import (" + newline + body + newline + b")")


def _outside(path: str) -> bool:
    return "." in path.split("/", maxsplit=1)[0]
