"""The cases of a patch: what it makes of a small tree, one txtar archive each.

They lie beside the patch: `<folder>/cases/*.txtar`, and for a lone `x.patch` `x.txtar` and `x-*.txtar`.
An archive opens with a line on what the case is about; a line `edits: a, b` takes these edits
alone. Its files are `before/PATH` (the source), then either `after/PATH` (the files that the patch
changes or adds) or `refused` (the edits that do not apply, one a line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gopatch.authoring.txtar import read_txtar, write_txtar
from gopatch.errors import ApplyError, GopatchError, PatchError, UsageError
from gopatch.port.work import Port, work_out
from gopatch.recipe import patch_keys
from gopatch.recipe.read import patches_folder, read_case_file
from gopatch.recipe.values import Patch, forms_in
from gopatch.source.memory import FilesInMemory
from gopatch.source.overlay import Overlay
from gopatch.source.roots import Roots, find_roots
from gopatch.splice import FileChange

REFUSED = "refused"


class PatchCase(NamedTuple):
    """One archive: what it is about, the edits it takes (all if empty), and its files."""

    path: Path
    comment: str
    edits: tuple[str, ...]
    sections: dict[str, bytes]

    @property
    def before(self) -> dict[str, bytes]:
        return _below(self.sections, "before/")

    @property
    def wanted(self) -> dict[str, bytes]:
        return {k: v for k, v in self.sections.items() if not k.startswith("before/")}


class CaseResult(NamedTuple):
    """What became of a case: `got` as an archive would hold it, and the variants that were used."""

    case: PatchCase
    got: dict[str, bytes]
    variants: frozenset[tuple[str, str]] = frozenset()

    @property
    def passed(self) -> bool:
        return bool(self.case.comment.strip()) and self.got == self.case.wanted

    def updated(self) -> bytes:
        """The archive with what came out."""
        kept = {k: v for k, v in self.case.sections.items() if k.startswith("before/")}
        return write_txtar(self.case.comment, {**kept, **self.got})

    def difference(self) -> str:
        """From what is wanted to what came, as a unified diff."""
        from gopatch.output.diff import unified

        names = sorted(self.case.wanted.keys() | self.got.keys())
        pairs = (FileChange(n, self.case.wanted.get(n), self.got.get(n)) for n in names)
        text = unified([c for c in pairs if c.before != c.after]).decode("utf-8", "replace")
        return text if self.case.comment.strip() else f"{text}say in the comment what it is about\n"


def case_files(which: str, patch: Patch) -> list[Path]:
    """The archives beside the patch that `which` names, sorted."""
    path = Path(which)
    if patch.lone:
        return sorted(
            {*path.parent.glob(f"{path.stem}.txtar"), *path.parent.glob(f"{path.stem}-*.txtar")}
        )
    folder = path if path.is_dir() else patches_folder() / which
    return sorted(folder.glob("cases/*.txtar"))


def read_case(path: Path, patch: Patch) -> PatchCase:
    """Raises PatchError for an archive that is no case of this patch."""
    shown = path.name
    try:
        comment, sections = read_txtar(read_case_file(path))
    except UnicodeDecodeError:
        raise PatchError("its comment is not UTF-8 text", path=shown) from None
    if not any(name.startswith("before/") for name in sections):
        raise PatchError("has no `-- before/PATH --`", path=shown, hint="put a small source there")
    for name in sections:
        if name != REFUSED and not re.match(r"(before|after)/[^/]", name):
            raise PatchError(
                f"has a file `{name}`", path=shown, hint="known are before/, after/ and refused"
            )
    found = re.search(r"^edits:(.*)$", comment, re.MULTILINE)
    edits = tuple(re.split(r"[,\s]+", found[1].strip())) if found else ()
    known = {edit.name for edit in patch.edits}
    for name in edits:
        if name not in known:
            raise PatchError(
                f"takes the edit `{name}`, which the patch has not",
                path=shown,
                hint=patch_keys.meant(name, sorted(known)) or f"it has {', '.join(sorted(known))}",
            )
    return PatchCase(path, comment, edits, sections)


def run_case(case: PatchCase, patch: Patch) -> CaseResult:
    """Work the patch out on the case's tree; what is made must be `already` there afterwards."""
    if case.edits:
        patch = patch._replace(edits=tuple(e for e in patch.edits if e.name in case.edits))
    source = FilesInMemory(case.before, case.path.stem)
    roots = find_roots(source)
    try:
        port = work_out(patch, source, roots=roots if roots.engine is not None else Roots("", None))
        if port.failed:
            failed = "".join(f"{outcome.edit}\n" for outcome in port.failed)
            return CaseResult(case, {REFUSED: failed.encode()})
        _demand_rest(port, source, patch)
    except GopatchError as error:
        return CaseResult(case, {REFUSED: f"{error}\n".encode()})
    made = {f"after/{c.path}": c.after for c in port.changes if c.after is not None}
    used = {
        (outcome.edit, variant)
        for outcome in port.outcomes
        for variant in forms_in(outcome.variant)
    }
    return CaseResult(case, made, frozenset(used))


def _demand_rest(port: Port, source: FilesInMemory, patch: Patch) -> None:
    again = work_out(patch, Overlay(source, port.changes), roots=port.roots)
    if again.failed or again.changes:
        raise ApplyError("it does not find itself: a second run is not `already`")


def _below(sections: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    return {k.removeprefix(prefix): v for k, v in sections.items() if k.startswith(prefix)}


def run_cases(which: str, patch: Patch) -> Iterator[CaseResult]:
    """Run all cases of a patch; UsageError where it has none."""
    paths = case_files(which, patch)
    if not paths:
        where = f"{Path(which).stem}.txtar" if patch.lone else f"{patch.name}/cases/*.txtar"
        raise UsageError(
            f"the patch `{patch.name}` has no cases",
            hint=f"write {where}; docs/own-patch.md tells how",
        )
    for path in paths:
        yield run_case(read_case(path, patch), patch)
