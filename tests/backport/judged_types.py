"""What the judge of types says of a declaration, as its tests ask for it."""

from __future__ import annotations

from gopatch.backport.go_files import go_file
from gopatch.backport.index import Index
from gopatch.backport.mistyped import misfits
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import Placed
from gopatch.backport.valued import ValuedNodes
from tests.backport.memory import Memory


def reasons(files: dict[str, bytes], path: str) -> list[str]:
    """What is wrong with the last declaration of a file of a source."""
    shown = ShownTypes(OverlaidSource(Index(Memory(files)), {}))
    declaration = go_file(files[path]).root.children[-1]
    return [
        reason for _, reason in misfits(ValuedNodes(shown, Placed(shown.place(path), declaration)))
    ]


def reasons_in(types: bytes, body: str, takes: str = "", *, imports: str = "") -> list[str]:
    """What is wrong in the body of a function that stands beside a file of types, in the package `s`."""
    data = f"package s\n\n{imports}func f({takes}) {{\n\t{body}\n}}\n".encode()
    return reasons({"go.mod": b"module m\n", "s/s.go": types, "s/f.go": data}, "s/f.go")
