"""Whether the edits of a patch say what they need of each other, so that a part of it compiles.

What an edit brings are the names that its files and its variants declare. Another edit that uses one
needs it, unless it brings the name itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gopatch.engine.compiled import patterns_of
from gopatch.engine.notation import Change
from gopatch.go.tree import GoFile, Syntax, declared, parse
from gopatch.recipe.values import GoEdit, NewFile, NewFiles, Patch, PatchEdit

_USED = frozenset({"identifier", "field_identifier", "type_identifier"})
_MEMBERS = frozenset({"field_declaration", "method_elem"})
_NO_VALUES = frozenset({"function_declaration", "method_declaration", "type_spec"})
_ALL = _NO_VALUES | {"var_spec", "const_spec"}


class Unsaid(NamedTuple):
    """`edit` uses `name`, which only one of `of` brings, and says of none that it needs it."""

    edit: str
    name: str
    of: tuple[str, ...]


def unsaid(patch: Patch) -> Iterator[Unsaid]:
    """What is used without a `needs`; the patch must have been compiled before."""
    brought = {edit.name: _brought(edit) for edit in patch.edits}
    needed = _needed(patch)
    for edit in patch.edits:
        for name in sorted(_used(edit) - brought[edit.name] - _own(edit)):
            of = tuple(other for other, names in brought.items() if name in names)
            if of and not needed[edit.name] & set(of):
                yield Unsaid(edit.name, name, of)


def _needed(patch: Patch) -> Mapping[str, set[str]]:
    """For each edit all that it needs, in one step or in several."""
    found: dict[str, set[str]] = {}
    for edit in patch.edits:  # what an edit needs comes before it
        found[edit.name] = set(edit.needs).union(*(found[name] for name in edit.needs))
    return found


def _files(edit: PatchEdit, *, tests: bool) -> Iterator[GoFile]:
    for new in _adds(edit):
        if new.name.endswith(".go") and (tests or not new.name.endswith("_test.go")):
            yield parse(new.content)


def _adds(edit: PatchEdit) -> Iterator[NewFile]:
    if isinstance(edit, NewFiles):
        yield from edit.adds
    elif isinstance(edit, GoEdit):
        yield from (new for variant in edit.variants for new in variant.adds)


def _changes(edit: PatchEdit) -> Iterator[Change]:
    if isinstance(edit, GoEdit):
        for variant in edit.variants:
            yield from (p.change for p in patterns_of(variant))


def _own(edit: PatchEdit) -> set[str]:
    """Names that its files declare for themselves, wherever that is."""
    files = list(_files(edit, tests=True))
    members = {name for file in files for name in _members(file)}
    return members | {_text(name) for file in files for name, _ in declared(file)}


def _brought(edit: PatchEdit) -> set[str]:
    found = {name for file in _files(edit, tests=False) for name in _declares(file)}
    for change in _changes(edit):
        new, old = parse(change.plus.data), parse(change.minus.data)
        # A variable may be that of a function that a variant shows without its head.
        before = {*_declares(old), *_members(old), *(v.name for v in change.metavariables)}
        found |= {*_declares(new, _NO_VALUES), *_members(new)} - before
    return found


def _declares(file: GoFile, kinds: frozenset[str] = _ALL) -> Iterator[str]:
    """What stands in no function, and of the methods those that are exported."""
    for name, declaration in declared(file):
        if declaration.kind not in kinds:
            continue
        line = file.data[file.data.rfind(b"\n", 0, declaration.start) + 1 :]
        own = declaration.kind != "method_declaration" or _text(name)[:1].isupper()
        if own and line.startswith((b"func ", b"type ", b"var ", b"const ")):
            yield _text(name)


def _members(file: GoFile) -> Iterator[str]:
    """The fields and methods of structs and interfaces."""
    return (_text(name) for member in file.nodes(_MEMBERS) for name in member.names())


def _used(edit: PatchEdit) -> set[str]:
    found = {_text(node) for file in _files(edit, tests=True) for node in file.nodes(_USED)}
    for change in _changes(edit):
        nodes = parse(change.plus.data).nodes(_USED)
        found |= {_text(node) for node in nodes} - {v.name for v in change.metavariables}
    return found


def _text(node: Syntax) -> str:
    return node.text.decode(errors="replace")
