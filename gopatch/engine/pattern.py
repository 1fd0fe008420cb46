"""Change -> Pattern: the minus side as a tree to match, and what the plus side does to it.

Both sides are parsed and aligned once, when a patch is read. What stands on both sides is kept,
so that a match leaves it untouched to the byte; the rest becomes `NodeRun`s: minus nodes that go and
plus nodes that come, between two nodes that stay. Whatever is wrong with a patch is found here,
before any Go is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._align import Aligner
from gopatch.engine._comments import Remark, remarks_of
from gopatch.engine._nodes import Head, Node, NodeRun, wrong
from gopatch.engine._over_lines import lists_over_lines
from gopatch.engine._pairs import moved_context, moved_twins, pair_dots
from gopatch.engine._segments import segments
from gopatch.engine._sides import (
    agreed,
    close_clauses,
    named_by_head,
    parse_sides,
    readings,
    split,
    style_of,
    unbraced,
)
from gopatch.engine.notation import OR, Change, comments_of, parse_notation
from gopatch.errors import PatchError
from gopatch.go.tree import STATEMENT_HOLDERS, SWITCHES

_TOP_LEVEL = {"function_declaration", "method_declaration"}  # they stand nowhere else
_HOLDERS = {
    "source_file": STATEMENT_HOLDERS,
    **dict.fromkeys(SWITCHES, SWITCHES),
}


class Pattern(NamedTuple):
    """A compiled change.

    `style` is "expression", "sequence" (statements, declarations, clauses or fields that follow
    each other) or "head" (package and imports only). `holders` are the kinds of nodes in which
    a sequence is looked for; `literals` and `plus_literals` are words that every match of a side
    must contain.
    """

    change: Change
    style: str
    holders: frozenset[str]
    minus: tuple[Node, ...]
    plus: tuple[Node, ...]
    minus_head: Head
    plus_head: Head
    runs: tuple[NodeRun, ...]
    pairs: tuple[tuple[Node, Node], ...]  # plus dots, and context that moves -> minus nodes
    kept: tuple[tuple[Node, Node], ...]  # minus and plus nodes that live on in what changes
    literals: tuple[bytes, ...]
    plus_literals: tuple[bytes, ...]
    remarks: tuple[Remark, ...]  # comments that go and come beside what stays or is replaced
    over_lines: tuple[tuple[Node, Node], ...]  # lists that get lines where the file has them on one

    @property
    def inserts(self) -> bool:
        return any(run.come for run in self.runs)


def head_changes(pattern: Pattern) -> bool:
    """Whether the package's name or an import changes."""
    minus, plus = pattern.minus_head, pattern.plus_head
    package = minus.package and plus.package and minus.package.token != plus.package.token
    return bool(package) or any(i.mark != " " for i in minus.imports + plus.imports)


def changes(pattern: Pattern) -> bool:
    """Whether a pattern changes anything: one that does not only tells that a file has its place."""
    return bool(pattern.runs or pattern.remarks) or head_changes(pattern)


def compile_patch(text: str, path: str) -> tuple[Pattern, ...]:
    """All changes of a .patch file; PatchError for anything wrong with it."""
    return tuple(map(_told, map(compile_change, lone_changes(text, path))))


def _told(pattern: Pattern) -> Pattern:
    """A change whose lines say twice the same could never be told to be made."""
    marked = next((line for line in pattern.change.lines if line.mark != " "), None)
    if marked is not None and not changes(pattern):
        raise PatchError(
            "both sides say the same, so nothing would change",
            path=pattern.change.path,
            line=marked.number,
            column=1,
            hint="blanks, empty lines and where lines end are no part of a pattern",
        )
    return pattern


def lone_changes(text: str, path: str) -> Iterator[Change]:
    """The changes of a file for itself, none of which is a form of another but for what its clauses may be."""
    for change in parse_notation(text, path):
        for variable in change.metavariables:
            if variable.kind in ("bound", "given"):
                raise PatchError(
                    f"`{variable.name}` is {variable.kind}, which only a patch folder knows",
                    path=path,
                    line=variable.line,
                    column=variable.column,
                    hint="the kinds are `identifier` and `expression`",
                )
        if change.uses:
            raise PatchError(
                f"there is no folder that would have the fragment `{change.uses[0]}`", path=path
            )
        for line in change.lines:
            if line.mark == OR:
                raise PatchError(
                    "`|` is another form of a line, which only a patch folder knows",
                    path=path,
                    line=line.number,
                    column=1,
                    hint="make a change of its own for it",
                )
        first, *others = readings(change._replace(is_form=False))
        yield from (first, *(other._replace(is_form=True) for other in others))


def compile_change(change: Change) -> Pattern:
    """Parse both sides, align them and check that the plus side can always be written."""
    names = {v.name: v for v in change.metavariables if v.kind in ("identifier", "expression")}
    minus, plus, holder = parse_sides(change, names)
    minus_head, minus_body = split(minus)
    plus_head, plus_body = split(plus)
    minus_head, plus_head = agreed(minus_head, plus_head), agreed(plus_head, minus_head)
    minus_body, plus_body = unbraced(minus_body, plus_body)
    close_clauses(minus_body, plus_body)
    style = _style(change, minus_body, plus_body, holder)
    _check_bound(change, minus_head, minus_body, plus_head, plus_body)
    if plus_body and not minus_body:
        raise wrong(change, plus_body[0], "nothing is matched: the change only adds lines")
    if minus_body and all(node.dots for node in minus_body):
        raise wrong(change, minus_body[0], "`...` alone matches everything")
    if style == "expression" and minus_body[0].var and not named_by_head(minus_body[0], minus_head):
        raise wrong(change, minus_body[0], "a metavariable alone matches everything")
    _check_groups(change, plus_head)
    pairs = pair_dots(change, minus_body, plus_body)
    aligner = Aligner(change, pairs)
    aligner.align_lists(None, minus_body, plus_body)
    pairs = {**moved_twins(aligner), **moved_context(aligner.runs), **pairs}
    runs = [part for run in aligner.runs for part in segments(run, pairs, aligner.placed)]
    remarks = remarks_of(change, (minus_body, plus_body), aligner.kept, runs)
    return Pattern(
        change,
        style,
        _holders(holder, (*minus_body, *plus_body)),
        tuple(minus_body),
        tuple(plus_body),
        minus_head,
        plus_head,
        tuple(runs),
        tuple(pairs.items()),
        tuple(aligner.kept),
        _words(minus_body),
        _words(plus_body),
        remarks,
        tuple(lists_over_lines(aligner.kept, remarks)),
    )


def _holders(holder: str, nodes: Sequence[Node]) -> frozenset[str]:
    """The kinds of nodes in which what parses inside a `holder` is looked for."""
    if any(node.kind in _TOP_LEVEL for node in nodes):
        return frozenset({"source_file"})
    return frozenset(_HOLDERS.get(holder, {holder}))


def _check_bound(
    change: Change, minus_head: Head, minus: list[Node], plus_head: Head, plus: list[Node]
) -> None:
    bound = {n.var.name for node in minus for n in node.walk() if n.var}
    bound |= {i.name for i in minus_head.imports if i.var and i.name}
    if minus_head.package is not None and minus_head.package.var:
        bound.add(minus_head.package.var.name)
    for node in plus:
        for part in node.walk():
            if part.var and part.var.name not in bound:
                raise wrong(
                    change,
                    part,
                    f"nothing binds the metavariable `{part.var.name}`",
                    "it must also stand on a line with `-` or on a context line",
                )
    for item in plus_head.imports:
        if item.var and item.name not in bound:
            raise PatchError(
                f"nothing binds the metavariable `{item.name}`",
                path=change.path,
                line=item.line,
                column=1,
                hint="it must also name an import on a line with `-`",
            )


def _check_groups(change: Change, plus: Head) -> None:
    seen: set[tuple[str | None, str]] = set()
    for item in plus.imports:
        if (item.name, item.path) in seen:
            raise PatchError(
                f"`{item.path}` is imported twice", path=change.path, line=item.line, column=1
            )
        seen.add((item.name, item.path))


def _style(change: Change, minus: list[Node], plus: list[Node], holder: str) -> str:
    """A comment beside an expression makes it a statement: it stands beside no other."""
    style = style_of(minus, plus, holder)
    if style == "expression" and holder == "source_file":
        return "sequence" if _comments_beside(change, minus[0], plus[0]) else style
    return style


def _comments_beside(change: Change, minus: Node, plus: Node) -> bool:
    """Whether comments go or come above, below or behind an expression, not in it."""
    return any(
        side.line_at(start).mark != " " and not node.start < start < node.end
        for side, node in ((change.minus, minus), (change.plus, plus))
        for start, _ in comments_of(side)
    )


def _words(nodes: Sequence[Node]) -> tuple[bytes, ...]:
    found = set()
    for node in nodes:
        for leaf in node.walk():
            if leaf.token and not leaf.var and not leaf.dots and leaf.named:
                found.add(leaf.token.split(b"\n")[0])  # lines of a raw string end as the file's do
    return tuple(sorted(found, key=len, reverse=True))
