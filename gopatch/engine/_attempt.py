"""One attempt to match: what was met and bound so far, and how far the best one came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gopatch.engine._nodes import Node
from gopatch.go.tree import Syntax


class ListPart(NamedTuple):
    """A part of a list, which is cut out only where somebody wants it."""

    elements: Sequence[Syntax]
    start: int
    stop: int

    def cut(self) -> tuple[Syntax, ...]:
        return tuple(self.elements[self.start : self.stop])


class Trail(NamedTuple):
    """What has been met, newest first."""

    earlier: Trail | None
    node: Node
    met: ListPart | tuple[Syntax, ...]


class Env(NamedTuple):
    """The state of one attempt: metavariables, the trail, and the score: how many leaves agreed.

    `filled` says what each `...` must hold, where it is asked whether a result is what was meant.
    """

    bound: dict[str, Syntax | bytes]
    trail: Trail | None
    score: int
    filled: dict[Node, tuple[Syntax, ...]] | None = None

    def meet(self, node: Node, met: ListPart | tuple[Syntax, ...], count: int = 0) -> Env:
        trail = Trail(self.trail, node, met)  # no _replace: this is asked for most of all
        return Env(self.bound, trail, self.score + count, self.filled)

    def bind(self, name: str, value: Syntax) -> Env:
        return self._replace(bound={**self.bound, name: value})

    def known(self) -> frozenset[tuple[str, bytes | tuple[int, int]]]:
        """What is bound, as a key."""
        return frozenset(
            (name, value if isinstance(value, bytes) else (value.start, value.end))
            for name, value in self.bound.items()
        )


def met_of(env: Env) -> dict[Node, tuple[Syntax, ...]]:
    """What each node has met; of what was met twice, the first."""
    met: dict[Node, tuple[Syntax, ...]] = {}
    trail = env.trail
    while trail is not None:
        met[trail.node] = trail.met.cut() if isinstance(trail.met, ListPart) else trail.met
        trail = trail.earlier
    return met


class Match(NamedTuple):
    """One place where a pattern fits.

    `met` maps pattern nodes to the file's nodes (several or none for `...`); a node that is not
    in it has no counterpart in the file. `holder` is what holds a sequence, None for an
    expression.
    """

    start: int
    end: int
    met: dict[Node, tuple[Syntax, ...]]
    bound: dict[str, Syntax | bytes]
    holder: Syntax | None


def _sort(kind: str) -> str:
    """What kind of thing a node is, roughly: a statement, a declaration, an expression."""
    return "statement" if kind == "short_var_declaration" else kind.rpartition("_")[2]


_LONG = 200  # bytes of a token that are compared; that takes the square of them


_MANY = 20_000  # attempts of one search that are weighed; a file of Docker's has some hundred


class Miss:
    """The attempt that came furthest: the step that failed and what stood there.

    `count` is how many leaves agreed (-1: nothing was tried), `wanted` what the pattern says at
    `step` (line and column in the .patch file), `found` what stands at `offset` of the file. It
    is only kept when somebody asks: `explain`.
    """

    def __init__(self) -> None:
        self.explain = False
        self.count = -1
        self.wanted = ""
        self.found = ""
        self.offset = 0
        self.step = (0, 0)
        self.likeness = -1.0
        self._weighed = 0
        self._words: dict[int, set[bytes]] = {}

    def note(self, env: Env, node: Node, syntax: Syntax | None, near: int) -> None:
        if not self.explain or env.score < self.count:
            return
        self._weighed += 1
        if self._weighed > _MANY:
            return
        likeness = 0.0 if syntax is None else self._likeness(node, syntax)
        if env.score == self.count and likeness <= self.likeness:
            return
        self.count, self.likeness = env.score, likeness
        self.wanted, self.step = node.text.strip(), node.place
        self.offset = near if syntax is None else syntax.start
        text = b"" if syntax is None else syntax.text.split(b"\n")[0]
        self.found = text.decode(errors="replace").strip()

    def note_rest(self, env: Env, wanted: Sequence[Node], found: Sequence[Syntax], at: int) -> None:
        """More stands there than is wanted: `found[at]` is the first that is too much."""
        last, extra = wanted[-1], found[at]
        before = self.count, self.likeness
        self.note(env, last, extra, extra.start)
        if (self.count, self.likeness) != before and self.wanted == self.found:
            # Two things of one text: all of the list tells them apart.
            span = (
                wanted[0].side.data[wanted[0].start : last.end],
                extra.data[found[0].start : found[-1].end],
            )
            self.wanted, self.found = (
                text.split(b"\n")[0].decode(errors="replace") for text in span
            )
            self.offset = found[0].start

    def _likeness(self, node: Node, syntax: Syntax) -> float:
        """How much of a node that did not fit is there all the same."""
        from difflib import SequenceMatcher

        words = self._words.get(id(node))
        if words is None:
            inner = node.walk()
            words = {n.token for n in inner if n.token and n.named and not n.dots and n.var is None}
            self._words[id(node)] = words
        alike = sum(1 for word in words if word in syntax.text)
        near = 0.0
        pair = node.token, syntax.token
        if not alike and pair[0] is not None and pair[1] is not None:
            near = SequenceMatcher(None, pair[0][:_LONG], pair[1][:_LONG], autojunk=False).ratio()
        kinds = (node.kind == syntax.kind) + (_sort(node.kind) == _sort(syntax.kind))
        return 4 * alike + kinds + near
