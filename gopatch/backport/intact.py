"""Where the target has what a change touches to the byte, git's merge needs no second answer beside it.

Structure would put the same declarations in the same place. It is asked all the same where a gate refuses
what git made.
"""

from __future__ import annotations

from collections.abc import Mapping

from gopatch.backport.imports_by_need import imports
from gopatch.backport.lists import ListedRow, listing_of
from gopatch.backport.placed import PlacedFile
from gopatch.splice import Splice, splice

_Rows = Mapping[object, ListedRow]


def intact(file: PlacedFile) -> bytes | None:
    """The target's file with each declaration of the change as the change has it.

    None unless the target has each of them as it was before, or is afterwards, and the packages that they
    name by the same paths; where declarations come or go; and where what stands between them changes.
    """
    before, after, target = file.change.before, file.change.after, file.target
    if before is None or after is None or target is None or file.path != file.change.path:
        return None
    old, new, here = _rows(before), _rows(after), _rows(target)
    if old is None or new is None or here is None or old.keys() != new.keys():
        return None
    touched = [key for key in old if old[key].text != new[key].text]
    if not all(k in here and here[k].text in (old[k].text, new[k].text) for k in touched):
        return None
    made = splice(target, [Splice(here[k].start, here[k].end, new[k].text) for k in touched])
    return made if _means_the_same([new[k] for k in touched], after, made) else None


def _rows(data: bytes) -> _Rows | None:
    """A file's rows, comments by what they say; None where two go by one key."""
    rows = listing_of(data).rows
    found: dict[object, ListedRow] = {row.key or row.text: row for row in rows}
    return found if len(found) == len(rows) else None


def _means_the_same(rows: list[ListedRow], after: bytes, made: bytes) -> bool:
    """Whether what rows may call a package is imported by the same path in both files."""
    theirs = {(each.name, each.path) for each in imports(made)}
    others = [each for each in imports(after) if (each.name, each.path) not in theirs]
    names = [each.name.encode() for each in others]
    return b"." not in names and not any(b"%s." % n in row.text for n in names for row in rows)
