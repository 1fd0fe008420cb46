"""Which nodes of the minus side live on in the plus side: the rest becomes runs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from gopatch.engine._nodes import Node, NodeRun, is_flat, operands_of, wrong
from gopatch.engine._row_span import begins_row
from gopatch.engine.notation import Change, Side
from gopatch.go.tree import (
    CLAUSES,
    COMMA_LISTS,
    GROUPS,
    IDENTIFIER,
    LINE_LISTS,
    NAMED,
    RESULT,
    SWITCHES,
)
from gopatch.heaviest import heaviest

_PAIRS = 0.3  # nodes less alike than this are replaced, not changed inside
_OPERANDS = 3  # two operands, and what stands between them
_MOST = 1_000_000  # pairs of nodes of two sides that are weighed against each other


class Aligner:
    """Finds which nodes of the minus side live on in the plus side."""

    def __init__(self, change: Change, pairs: dict[Node, Node]) -> None:
        self.change = change
        self.pairs = pairs
        self.runs: list[NodeRun] = []
        self._words: dict[Node, Counter[str]] = {}
        self._comments = [x.number for x in change.lines if x.mark == " " and _is_comment(x.text)]
        self.kept: list[tuple[Node, Node]] = []  # minus and plus nodes that live on in what changes

    def align_lists(self, parent: Node | None, minus: list[Node], plus: list[Node]) -> None:
        chain = parent is not None and is_flat(parent) and max(len(minus), len(plus)) > _OPERANDS
        kept = self._kept_operands(minus, plus) if chain else self._kept(minus, plus)
        edges = [(-1, -1), *kept, (len(minus), len(plus))]
        for (i, j), (k, m) in pairwise(edges):
            gone, come = tuple(minus[i + 1 : k]), tuple(plus[j + 1 : m])
            before = minus[i] if i >= 0 else None
            after = minus[k] if k < len(minus) else None
            if gone or come:
                twins = (plus[j] if j >= 0 else None, plus[m] if m < len(plus) else None)
                style = _run_style(parent, gone + come)
                run = NodeRun(parent, before, gone, come, after, style, 0, -1, *twins)
                self.runs.append(self.placed(run))
            if after is not None:
                self.kept.append((after, plus[m]))
            if after is not None and not self.same(after, plus[m]):
                self.align_lists(minus[k], *_parts(minus[k], plus[m]))

    def placed(self, run: NodeRun) -> NodeRun:
        """The run with the lines that come; PatchError where nothing says where they go."""
        if not run.come:
            return run
        before, after = run.before, run.after
        between = before is not None and before.dots and after is not None and after.dots
        if not run.gone and between and run.style != "tokens":
            raise wrong(
                self.change,
                run.come[0],
                "what is added between two `...` has no neighbour to stand beside",
                "drop one of the `...`, or name the line before or after it",
            )
        first, last = self._lines(run.come, run.kept_before, run.kept_after)
        return run._replace(first=first, last=last)

    def _lines(
        self, come: tuple[Node, ...], before: Node | None, after: Node | None
    ) -> tuple[int, int]:
        """The plus side's lines of `come`, with the `+` comments and blank lines around them."""
        side = come[0].side
        first, last = (
            side.data.count(b"\n", 0, come[0].start),
            side.data.count(b"\n", 0, come[-1].end),
        )
        low = side.data.count(b"\n", 0, before.end) + 1 if before else 0
        high = side.data.count(b"\n", 0, after.start) if after else len(side.lines)
        while first > low and _is_quiet(side, first - 1):
            first -= 1
        while last + 1 < high and _is_quiet(side, last + 1):
            last += 1
        return first, last

    def _kept(self, minus: list[Node], plus: list[Node]) -> list[tuple[int, int]]:
        """Pairs of indices that live on, in order: the heaviest common subsequence."""
        if len(minus) * len(plus) > _MOST:
            raise wrong(self.change, minus[0], "has too many lines side by side", "make it two")
        return heaviest([[self._likeness(m, p) for p in plus] for m in minus])

    def _kept_operands(self, minus: list[Node], plus: list[Node]) -> list[tuple[int, int]]:
        """As `_kept`, of the operands of one operator: each keeps the operator behind it."""
        operands = self._kept(minus[::2], plus[::2])
        pairs = {(2 * i, 2 * j) for i, j in operands}
        edges = [(-1, -1), *operands, (len(minus[::2]), len(plus[::2]))]
        for (i, j), (k, m) in pairwise(edges):
            pairs |= {(2 * i + 1, 2 * j + 1)} if i >= 0 else set()
            if k - i == m - j:  # one operand for each
                pairs |= {(2 * (i + n) + 1, 2 * (j + n) + 1) for n in range(1, k - i)}
        return sorted((i, j) for i, j in pairs if i < len(minus) and j < len(plus))

    def _likeness(self, minus: Node, plus: Node) -> float:
        """0 if one cannot become the other by edits inside, else how alike they are."""
        if self.same(minus, plus):
            size = len(minus.leaves)
            return 1.0 + (0.5 if minus.is_context else 0.0) + min(size, 100) / 1000
        if minus.kind == plus.kind == RESULT:
            return 1.0
        if minus.parent is not None and minus.parent.kind == RESULT:
            return 0.0  # a result is written anew: a name that comes may need brackets
        if minus.kind != plus.kind or not minus.children or not plus.children:
            return 0.0
        if _is_round(minus, plus) or _is_round(plus, minus) or _is_bracketed_anew(minus, plus):
            return 0.0
        if (self._comments and self._is_parted(minus, plus)) or self._goes_inside(minus, plus):
            return 0.0
        if minus.context or plus.context:  # it lives on with what it holds, or not at all
            return 0.0 if minus.context.isdisjoint(plus.context) else 1.2
        ratio = self._ratio(minus, plus)
        return ratio if ratio >= _PAIRS else 0.0

    def _is_parted(self, minus: Node, plus: Node) -> bool:
        """Whether a comment that stays is between two nodes: what comes is beyond it."""
        edges = sorted(
            (n.side.line_at(n.start).number, n.side.line_at(n.end).number) for n in (minus, plus)
        )
        return any(edges[0][1] < number < edges[1][0] for number in self._comments)

    def _goes_inside(self, minus: Node, plus: Node) -> bool:
        """Whether an element of a list is a row of a list inside of another one: its comments go along."""
        if minus.parent is None or minus.parent.kind not in COMMA_LISTS:
            return False
        inside = (node for node in plus.walk() if node.parent and node.parent.kind in COMMA_LISTS)
        rows = (n for n in inside if n is not plus and begins_row(n.side.data, n.start))
        return any(self.same(minus, row) for row in rows)

    def _ratio(self, minus: Node, plus: Node) -> float:
        """How many of the words of two nodes are the same, from 0 to 1."""
        old, new = self._words_of(minus), self._words_of(plus)
        return 2 * (old & new).total() / (old.total() + new.total())

    def _words_of(self, node: Node) -> Counter[str]:
        words = self._words.get(node)
        if words is None:
            words = self._words[node] = Counter(leaf.text for leaf in node.leaves)
        return words

    def same(self, minus: Node, plus: Node) -> bool:
        if minus.dots or plus.dots:
            return self.pairs.get(plus) is minus
        if minus.var or plus.var:
            return minus.var == plus.var
        if (minus.kind, minus.token) != (plus.kind, plus.token):
            return False
        if len(minus.children) != len(plus.children):
            return False
        return all(map(self.same, minus.children, plus.children))


def _is_bracketed_anew(minus: Node, plus: Node) -> bool:
    """Whether a declaration becomes a group of several, or the other way."""
    return minus.kind in GROUPS and len({n.children[1].token == b"(" for n in (minus, plus)}) > 1


def _is_round(outer: Node, inner: Node) -> bool:
    """Whether `inner` is context that stands inside of `outer`, which is put round it or taken away."""
    ours, theirs = outer.leaves, inner.leaves
    return (
        inner.is_context and ours[0].place < theirs[0].place and theirs[-1].place < ours[-1].place
    )


def _parts(minus: Node, plus: Node) -> tuple[list[Node], list[Node]]:
    """What two nodes are made of; the operands of one operator flat."""
    if is_flat(minus) and is_flat(plus) and minus.children[1].token == plus.children[1].token:
        return operands_of(minus.children), operands_of(plus.children)
    return minus.children, plus.children


def _is_comment(text: str) -> bool:
    return text.lstrip().startswith("//")


def _is_quiet(side: Side, index: int) -> bool:
    line = side.lines[index]
    text = line.text.strip()
    return line.mark == "+" and (not text or text.startswith(("//", "/*")))


def _run_style(parent: Node | None, nodes: tuple[Node, ...]) -> str:
    """How the parent parts its elements: by lines, by commas, or not at all."""
    if parent is None:
        return "lines"
    if any(node.token and not node.named for node in nodes):
        return "tokens"
    kind = parent.kind.removesuffix(" head")
    if kind in SWITCHES:
        return "lines" if all(n.kind in CLAUSES or n.dots for n in nodes) else "tokens"
    if kind in CLAUSES:
        colon = next((c for c in parent.children if c.token == b":"), None)
        return "lines" if colon and all(n.start >= colon.end for n in nodes) else "tokens"
    if kind in LINE_LISTS:
        return "lines"
    if kind in COMMA_LISTS:
        return "commas"
    if kind in NAMED and all(_is_name(n) for n in nodes):
        return "commas"
    return "tokens"


def _is_name(node: Node) -> bool:
    """Whether the node is one of the names in `a, b, c int`."""
    rest = node.side.data[node.end :].lstrip()
    before = node.side.data[: node.start].rstrip()
    return node.kind == IDENTIFIER and (rest.startswith(b",") or before.endswith(b","))
