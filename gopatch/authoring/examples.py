"""Cases from ports that are known to be right: for each variant a tree that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gopatch.authoring.cases import PatchCase, run_case
from gopatch.authoring.txtar import write_txtar
from gopatch.output import file_name
from gopatch.recipe.values import Patch
from gopatch.splice import FileChange

Trees = Sequence[Sequence[FileChange]]


def cases_from(patch: Patch, ports: Iterable[tuple[str, Trees]]) -> dict[str, bytes]:
    """The archives, by their names below the patch's folder, of ports that show something new.

    A port is a ref and its changes, perhaps several times: the first tree on which the patch gives
    just these bytes is taken. A port that shows no variant which an earlier one did not, is left out.
    """
    found: dict[str, bytes] = {}
    seen: set[tuple[str, str]] = set()
    for name, trees in ports:
        for changes in trees:
            case = _case(patch, name, changes)
            result = run_case(case, patch)
            if not result.passed:
                continue
            if not result.variants <= seen:
                seen |= result.variants
                found[f"cases/{case.path.name}"] = write_txtar(case.comment, case.sections)
            break
    return found


def _case(patch: Patch, name: str, changes: Sequence[FileChange]) -> PatchCase:
    before = {f"before/{c.path}": c.before for c in changes if c.before is not None}
    after = {f"after/{c.path}": c.after for c in changes if c.after is not None}
    comment = f"{patch.title}: as it is in {name}.\n\n"
    return PatchCase(Path(file_name(name, ".txtar")), comment, (), {**before, **after})
