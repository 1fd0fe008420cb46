"""What the judge of types says of a declaration, as its tests ask for it."""

from __future__ import annotations

from gopatch.backport.go_files import go_file
from gopatch.backport.index import Index
from gopatch.backport.mistyped import misfits
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import Placed, ShownTypes
from tests.backport.memory import Memory


def reasons(files: dict[str, bytes], path: str) -> list[str]:
    """What is wrong with the last declaration of a file of a source."""
    shown = ShownTypes(OverlaidSource(Index(Memory(files)), {}))
    declaration = go_file(files[path]).root.children[-1]
    return [reason for _, reason in misfits(shown, Placed(shown.place(path), declaration))]
