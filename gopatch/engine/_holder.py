"""What holds elements on lines of their own: a block, a group, a clause, a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gopatch.engine._indent import indent_at
from gopatch.engine._place import Span
from gopatch.go.tree import CLAUSES, GROUPS, SWITCHES, Syntax, elements_of


class Holder(NamedTuple):
    """A node, its elements and its brackets; a clause is opened by its colon and never closed."""

    node: Syntax
    elements: list[Syntax]
    opener: Syntax | None
    closer: Syntax | None

    @classmethod
    def of(cls, node: Syntax) -> Holder:
        return cls(node, elements_of(node), *_brackets(node))

    @property
    def is_on_one_line(self) -> bool:
        """Whether the brackets stand on one line."""
        if self.opener is None or self.closer is None:
            return False
        return b"\n" not in self.node.data[self.opener.end : self.closer.start]

    @property
    def indent(self) -> bytes:
        """What stands before an element on a line of its own, where there is none to look at."""
        if self.node.kind == "source_file":
            return b""
        start = self.opener.start if self.opener else self.node.start
        return indent_at(self.node.data, start) + (b"" if self.node.kind in SWITCHES else b"\t")

    def are_all(self, gone: Iterable[Span]) -> bool:
        """Whether no element is left without what goes."""
        return all(any(g.start <= e.start < g.end for g in gone) for e in self.elements)


def _brackets(node: Syntax) -> tuple[Syntax | None, Syntax | None]:
    if node.kind == "source_file":
        return None, None
    children = node.children
    if node.kind in CLAUSES:
        return next((c for c in children if c.token == b":"), None), None
    opener = next((c for c in children if c.token in (b"{", b"(")), None)
    if node.kind in SWITCHES:
        opener = next((c for c in reversed(children) if c.token == b"{"), None)
    if opener is None or (node.kind in GROUPS and children[1] is not opener):
        return None, None
    return opener, children[-1]
