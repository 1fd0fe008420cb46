"""The package clause and the imports of one file: what a patch's head changes there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from typing import NamedTuple

from gopatch.engine._head import (
    ANY,
    fits_import,
    import_name,
    import_path,
    imports_of,
    package_name,
)
from gopatch.engine._import_needs import is_asked_for, is_for_cgo, is_used
from gopatch.engine._import_place import (
    NewImport,
    declaration_of,
    inserted,
    key_of,
    removed,
    stays,
)
from gopatch.engine._nodes import PatternImport
from gopatch.engine._place import UnwritableError
from gopatch.engine._scopes import hidden_uses
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GROUPS, GoFile, Syntax, elements_of
from gopatch.splice import Splice

__all__ = [
    "guesses",
    "head_steps",
    "imports_of",
    "is_used",
    "local_name_of",
    "package_edits",
    "path_of",
    "refuse_hidden",
    "step_edits",
    "usual_name",
]

Bound = Mapping[str, Syntax | bytes]


class ImportStep(NamedTuple):
    """One import that goes, comes or becomes another; `leaving` are those that go after it."""

    old: PatternImport | None
    new: PatternImport | None
    leaving: tuple[PatternImport, ...]


def head_steps(pattern: Pattern, file: GoFile) -> list[ImportStep]:
    """What becomes of the imports of `file`, one after the other: each finds what the last has left.

    Raises UnwritableError where a path that comes is not to be known.
    """
    gone = [i for i in pattern.minus_head.imports if i.mark == "-"]
    come = _followed(pattern, file)
    pairs = [pair for old, new in zip_longest(gone, come) for pair in _parted_steps(old, new, file)]
    rests = accumulate((old is not None for old, _ in pairs))
    return [
        ImportStep(old, new, tuple(gone[at:])) for (old, new), at in zip(pairs, rests, strict=True)
    ]


def _parted_steps(
    old: PatternImport | None, new: PatternImport | None, file: GoFile
) -> list[tuple[PatternImport | None, PatternImport | None]]:
    """One import for another, but where the old one stays for a directive: its place is not free."""
    stays_there = old is not None and new is not None and is_asked_for(file, old.path)
    return [(old, None), (None, new)] if stays_there else [(old, new)]


def step_edits(step: ImportStep, bound: Bound, file: GoFile) -> list[Splice]:
    """What a step changes in `file`, whose body has been changed already.

    Raises UnwritableError where an import that comes has no place or a name that is taken.
    """
    specs = list(imports_of(file))
    leaving = [s for s in specs if any(fits_import(old, s) for old in step.leaving)]
    old, new = step.old, step.new
    spec = next((s for s in specs if old is not None and fits_import(old, s)), None)
    if old is not None and spec is not None:
        return list(_replaced(old, new, spec, bound, file))
    return list(_added(new, bound, file, leaving)) if new is not None else []


def _followed(pattern: Pattern, file: GoFile) -> list[PatternImport]:
    """The imports that come, with what the file has where a path starts with `.../`.

    That is what the file's own import with these last parts has, else what stands for `...` in the
    change's other imports.
    """
    specs = list(imports_of(file))
    fits = [
        import_path(spec).removesuffix(old.path.removeprefix(ANY))
        for old in pattern.minus_head.imports
        if old.path.startswith(ANY)
        for spec in specs
        if fits_import(old, spec)
    ]
    return [_at_home(new, specs, fits) for new in pattern.plus_head.imports if new.mark == "+"]


def _at_home(new: PatternImport, specs: Sequence[Syntax], fits: Sequence[str]) -> PatternImport:
    if not new.path.startswith(ANY):
        return new
    rest = new.path.removeprefix(ANY)
    own = [import_path(spec) for spec in specs if fits_import(new._replace(var=True), spec)]
    if not own and not fits:
        raise UnwritableError(
            f'no import of this file ends in "{rest}", so nothing says what `...` stands for', 0
        )
    return new._replace(path=own[0] if own else fits[0] + rest)


def package_edits(pattern: Pattern, bound: Bound, file: GoFile) -> Iterator[Splice]:
    """What becomes of the name in the package clause."""
    old, new = pattern.minus_head.package, pattern.plus_head.package
    name = package_name(file)
    if old is None or new is None or name is None:
        return
    text = bound[new.var.name] if new.var else new.token or b""
    text = text.text if isinstance(text, Syntax) else text
    if text != name.text:
        yield Splice(name.start, name.end, text)


def _name(item: PatternImport, bound: Bound, spec: Syntax | None) -> str | None:
    """The name to write: a metavariable keeps the file's own way, named or not."""
    if not item.var or item.name is None:
        return item.name
    if spec is not None:
        return import_name(spec)
    value = bound[item.name]
    return (value.text if isinstance(value, Syntax) else value).decode()


def _replaced(
    old: PatternImport, new: PatternImport | None, spec: Syntax, bound: Bound, file: GoFile
) -> Iterator[Splice]:
    local = _locals(old, spec, bound)
    same = new is not None and (
        (old.var and new.var and old.name == new.name) or bool(_new_locals(new) & local)
    )
    needed = not same and any(is_used(file, name.encode()) for name in local)
    if needed or is_for_cgo(spec, declaration_of(spec, file), file):
        if new is not None:
            yield from _added(new, bound, file)
        return
    blank = NewImport(import_path(spec), "_")
    if is_asked_for(file, blank.path):
        yield from _blanked(spec, blank, file)
        return
    if new is None or _has(file, new, bound):
        yield from removed(spec, file)
        return
    line = NewImport(new.path, _name(new, bound, spec if old.var else None))
    _refuse_taken(line, file, [spec])
    if stays(spec, line, file):
        yield Splice(spec.start, spec.end, line.text)
    else:
        yield from removed(spec, file)
        yield from inserted(line, file, without=spec)


def _blanked(spec: Syntax, blank: NewImport, file: GoFile) -> Iterator[Splice]:
    """An import that a directive asks for stays without a name, which Go would want used."""
    if any(key_of(s) == blank.key for s in imports_of(file) if s.start != spec.start):
        yield from removed(spec, file)
    elif import_name(spec) != blank.name:
        yield Splice(spec.start, spec.end, blank.text)


def _added(
    new: PatternImport, bound: Bound, file: GoFile, leaving: Sequence[Syntax] = ()
) -> Iterator[Splice]:
    if not _has(file, new, bound):
        line = NewImport(new.path, _name(new, bound, None))
        _refuse_taken(line, file, leaving)
        yield from inserted(line, file)


def _refuse_taken(new: NewImport, file: GoFile, leaving: Sequence[Syntax]) -> None:
    """Go knows one thing by a name: another import or a declaration of the file may have it."""
    name = new.name or usual_name(new.path)
    if name in ("_", "."):
        return
    gone = {spec.start for spec in leaving}
    for spec in imports_of(file):
        if spec.start not in gone and name == (import_name(spec) or usual_name(import_path(spec))):
            raise UnwritableError(
                f"`{name}` is the name of another import here, so `{new.path}` needs another one",
                spec.start,
            )
    for top in file.root.children:
        if top.kind == "function_declaration" or top.kind in GROUPS - {"import_declaration"}:
            specs = [top] if top.kind == "function_declaration" else elements_of(top)
            taken = next((n for s in specs for n in s.names() if n.text.decode() == name), None)
            if taken is not None:
                raise UnwritableError(
                    f"`{name}` is declared in this file, so `{new.path}` needs another name",
                    taken.start,
                )


def refuse_hidden(pattern: Pattern, before: GoFile, after: GoFile) -> None:
    """What comes must not mean a parameter or variable that is called like an import of the change."""
    for there in pattern.plus_head.imports:
        name = _called(there, after)
        hidden = hidden_uses(after, name.encode())
        if len(hidden) > len(hidden_uses(before, name.encode())):
            raise UnwritableError(
                f"`{name}` is a parameter or variable here, so `{there.path}` needs another name",
                hidden[0],
            )


def _called(there: PatternImport, file: GoFile) -> str:
    """What a file calls what an import of a change imports."""
    names = (import_name(spec) for spec in imports_of(file) if fits_import(there, spec))
    return next(names, None) or there.name or usual_name(there.path)


def _has(file: GoFile, new: PatternImport, bound: Bound) -> bool:
    return any(
        import_path(s) == new.path and (new.var or import_name(s) == _name(new, bound, None))
        for s in imports_of(file)
    )


def path_of(spec: Syntax) -> str:
    """The path that a spec imports."""
    return import_path(spec)


def local_name_of(spec: Syntax) -> str:
    """What a file calls what a spec imports, as far as its path tells."""
    return import_name(spec) or usual_name(import_path(spec))


def usual_name(path: str) -> str:
    """What a package at `path` is called where its last part is its name."""
    parts = [p for p in path.split("/") if p]
    if len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]):
        parts.pop()
    return re.sub(r"\.v\d+\Z", "", parts[-1] if parts else path)


def guesses(path: str) -> set[str]:
    """What a package at `path` may be called, by the conventions of Go's import paths."""
    base = usual_name(path)
    plain = re.sub(r"\.(git|go)\Z", "", base)
    names = {base, plain, re.sub(r"^go-|-go\Z", "", plain), plain.replace("-", "_")}
    return names | {plain.replace("-", "")}


def _locals(old: PatternImport, spec: Syntax, bound: Bound) -> set[str]:
    name = import_name(spec)
    if name is not None:
        return {name}
    if old.var and old.name:
        return {old.name}
    return guesses(old.path)


def _new_locals(new: PatternImport) -> set[str]:
    return {new.name} if new.name else guesses(new.path)
