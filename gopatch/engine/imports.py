"""The package clause and the imports of one file: what a patch's head changes there.

Nothing else knows how imports are grouped. New imports go into gofmt's order, beside the ones
whose paths are most like theirs, as goimports does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gopatch.engine._head import (
    fits_import,
    import_name,
    import_path,
    imports_of,
    package_name,
)
from gopatch.engine._nodes import Import
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GoFile, Syntax, elements_of
from gopatch.splice import Splice

Bound = Mapping[str, Syntax | bytes]


def head_edits(pattern: Pattern, bound: Bound, file: GoFile) -> list[Splice]:
    """What the head of `pattern` changes in `file`, whose body has been changed already."""
    edits = list(_package(pattern, bound, file))
    gone = [i for i in pattern.minus_head.imports if i.mark == "-"]
    come = [i for i in pattern.plus_head.imports if i.mark == "+"]
    specs = list(imports_of(file))
    for index, old in enumerate(gone):
        new = come[index] if index < len(come) else None
        spec = next((s for s in specs if fits_import(old, s)), None)
        if spec is not None:
            edits += _replaced(old, new, spec, bound, file)
        elif new is not None:
            edits += _added(new, bound, file)
    for new in come[len(gone) :]:
        edits += _added(new, bound, file)
    return edits


def _package(pattern: Pattern, bound: Bound, file: GoFile) -> Iterator[Splice]:
    old, new = pattern.minus_head.package, pattern.plus_head.package
    name = package_name(file)
    if old is None or new is None or name is None:
        return
    text = bound[new.var.name] if new.var else new.token or b""
    text = text.text if isinstance(text, Syntax) else text
    if text != name.text:
        yield Splice(name.start, name.end, text)


def _name(item: Import, bound: Bound, spec: Syntax | None) -> str | None:
    """The name to write: a metavariable keeps the file's own way, named or not."""
    if not item.var or item.name is None:
        return item.name
    if spec is not None:
        return import_name(spec)
    value = bound[item.name]
    return (value.text if isinstance(value, Syntax) else value).decode()


def _replaced(
    old: Import, new: Import | None, spec: Syntax, bound: Bound, file: GoFile
) -> Iterator[Splice]:
    local = _locals(old, spec, bound)
    same = new is not None and (
        (old.var and new.var and old.name == new.name) or bool(_new_locals(new) & local)
    )
    if not same and _is_used(file, local):
        if new is not None:
            yield from _added(new, bound, file)
        return
    if new is None or _has(file, new, bound):
        yield from _removed(spec, file)
        return
    name = _name(new, bound, spec if old.var else None)
    text = _written(name, new.path)
    if _stays_sorted(spec, new.path, file):
        yield Splice(spec.start, spec.end, text)
    else:
        yield from _removed(spec, file)
        yield from _inserted(text, new.path, file, without=spec)


def _added(new: Import, bound: Bound, file: GoFile) -> Iterator[Splice]:
    if not _has(file, new, bound):
        yield from _inserted(_written(_name(new, bound, None), new.path), new.path, file)


def _has(file: GoFile, new: Import, bound: Bound) -> bool:
    return any(
        import_path(s) == new.path and (new.var or import_name(s) == _name(new, bound, None))
        for s in imports_of(file)
    )


def _written(name: str | None, path: str) -> bytes:
    return (f'{name} "{path}"' if name else f'"{path}"').encode()


def guesses(path: str) -> set[str]:
    """What a package at `path` may be called, by the conventions of Go's import paths."""
    parts = [p for p in path.split("/") if p]
    if len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]):
        parts.pop()
    base = re.sub(r"\.v\d+\Z", "", parts[-1] if parts else path)
    plain = re.sub(r"\.(git|go)\Z", "", base)
    names = {base, plain, re.sub(r"^go-|-go\Z", "", plain), plain.replace("-", "_")}
    return names | {plain.replace("-", "")}


def _locals(old: Import, spec: Syntax, bound: Bound) -> set[str]:
    name = import_name(spec)
    if name is not None:
        return {name}
    if old.var and old.name:
        return {old.name}
    return guesses(old.path)


def _new_locals(new: Import) -> set[str]:
    return {new.name} if new.name else guesses(new.path)


def _is_used(file: GoFile, names: set[str]) -> bool:
    wanted = {name.encode() for name in names}
    return any(
        node.children and node.children[0].token in wanted
        for node in file.nodes(frozenset({"selector_expression"}))
    )


# Where an import stands ----------------------------------------------------------------------


def _declaration(file: GoFile, spec: Syntax) -> Syntax:
    return next(
        c
        for c in file.root.children
        if c.kind == "import_declaration" and c.start <= spec.start and spec.end <= c.end
    )


def _lines(data: bytes, start: int, end: int) -> tuple[int, int]:
    first = data.rfind(b"\n", 0, start) + 1
    stop = data.find(b"\n", end)
    return first, len(data) if stop < 0 else stop + 1


def _removed(spec: Syntax, file: GoFile) -> Iterator[Splice]:
    declaration = _declaration(file, spec)
    alone = len(elements_of(declaration)) == 1
    node = declaration if alone else spec
    first, stop = _lines(file.data, node.start, node.end)
    above, below = file.data[:first], file.data[stop:]
    blank = re.match(rb"(?:[ \t]*\r?\n)+", below)
    opens = above.rstrip(b" \t\r\n").endswith(b"(") and not above.endswith(b"\n\n")
    if blank and (above.endswith((b"\n\n", b"\n\r\n")) or opens):
        stop += blank.end()
    elif not alone and above.endswith(b"\n\n") and re.match(rb"[ \t]*\)", below):
        first -= 1
    yield Splice(first, stop, b"")


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


def _stays_sorted(spec: Syntax, path: str, file: GoFile) -> bool:
    run = next((r for r in _runs(file) if any(s.start == spec.start for s in r)), [spec])
    paths = [path if s.start == spec.start else import_path(s) for s in run]
    return paths == sorted(paths)


def _likeness(one: str, other: str) -> tuple[int, int]:
    """Same kind (standard library or not) first, then how many leading parts agree."""
    standard = ("." in one.split("/", maxsplit=1)[0]) == ("." in other.split("/", maxsplit=1)[0])
    shared = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        shared += 1
    return int(standard), shared


def _inserted(
    text: bytes, path: str, file: GoFile, without: Syntax | None = None
) -> Iterator[Splice]:
    runs = _runs(file, without)
    newline = b"\r\n" if b"\r\n" in file.data[:4096] else b"\n"
    if runs:
        best = max(runs, key=lambda run: max(_likeness(import_path(s), path) for s in run))
        fits = max(_likeness(import_path(s), path) for s in best)[0]
        if not fits and _outside(path):
            best = runs[-1]
        yield _into_run(text, path, file, best, bool(fits), newline)
        return
    single = [
        c
        for c in file.root.children
        if c.kind == "import_declaration"
        and c.children[1].token != b"("
        and not (without is not None and c.start <= without.start < c.end)
    ]
    if single:
        yield _into_group(text, path, single[-1], newline)
        return
    package = next(c for c in file.root.children if c.kind == "package_clause")
    _, stop = _lines(file.data, package.start, package.end)
    yield Splice(stop, stop, newline + b"import " + text + newline)


def _into_run(
    text: bytes, path: str, file: GoFile, run: list[Syntax], fits: bool, newline: bytes
) -> Splice:
    first, stop = _lines(file.data, run[-1].start, run[-1].end)
    indent = file.data[first : run[-1].start]
    line = indent + text + newline
    if not fits:
        # Another kind of package than all that stand there: a run of its own.
        standard = "." not in path.split("/", maxsplit=1)[0]
        if standard:
            first, _ = _lines(file.data, run[0].start, run[0].end)
            return Splice(first, first, line + newline)
        return Splice(stop, stop, newline + line)
    for spec in run:
        if import_path(spec) > path:
            at, _ = _lines(file.data, spec.start, spec.end)
            return Splice(at, at, line)
    return Splice(stop, stop, line)


def _into_group(text: bytes, path: str, declaration: Syntax, newline: bytes) -> Splice:
    """`import "a"` gets brackets: two lines of one kind, or two runs of different kinds."""
    spec = elements_of(declaration)[0]
    old = import_path(spec)
    pair = sorted([(old, spec.text), (path, text)], key=lambda item: (_outside(item[0]), item[0]))
    glue = newline if _outside(old) == _outside(path) else newline + newline
    body = glue.join(b"\t" + written for _, written in pair)
    return Splice(declaration.start, declaration.end, b"import (" + newline + body + newline + b")")


def _outside(path: str) -> bool:
    return "." in path.split("/", maxsplit=1)[0]
