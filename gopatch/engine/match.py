"""(Pattern, file) -> where it matches, or how far it came. Pure: nothing is changed here.

A match maps every node of the pattern to the nodes of the file that it met (`_meet`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._attempt import Env, Match, Miss, met_of
from gopatch.engine._head import head_env
from gopatch.engine._inside import declarations
from gopatch.engine._meet import Lists, meet, meet_list
from gopatch.engine._nodes import Head, Node
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GROUPS, IDENTIFIER, GoFile, Syntax, elements_of

__all__ = ["Match", "Miss", "Search", "find", "fits"]

_TARGETS_NO_NAME = {"package_clause", "import_spec"}


class Search(NamedTuple):
    """What to look for: one side of a pattern."""

    pattern: Pattern
    nodes: tuple[Node, ...]
    head: Head
    literals: tuple[bytes, ...]
    miss: Miss

    @classmethod
    def minus(cls, pattern: Pattern) -> Search:
        return cls(pattern, pattern.minus, pattern.minus_head, pattern.literals, Miss())

    @classmethod
    def plus(cls, pattern: Pattern) -> Search:
        return cls(pattern, pattern.plus, pattern.plus_head, pattern.plus_literals, Miss())


def find(search: Search, file: GoFile, *, explain: bool = False) -> list[Match]:
    """All matches in the order of the file; overlapping ones of a sequence count once.

    With `explain`, places that cannot match are tried too, so that `search.miss` names the
    nearest candidate.
    """
    search.miss.explain = explain
    if not explain and not all(word in file.data for word in search.literals):
        return []
    start = head_env(search.head, file, search.miss)
    if start is None:
        return []
    if not search.nodes:
        return [Match(0, 0, {}, start.bound, None)]
    inside = search.pattern.change.inside
    ranges = list(declarations(inside, file)) if inside else [(0, len(file.data))]
    if not ranges:
        search.miss.wanted, search.miss.step = inside, (search.pattern.change.lines[0].number, 1)
        return []
    if search.pattern.style == "expression":
        found = list(_expressions(search, file, start))
    else:
        found = list(_sequences(search, file, start, explain))
    if search.miss.count < 0:
        search.miss.wanted, search.miss.step = search.nodes[0].text, search.nodes[0].place
    if inside:
        found = [m for m in found if any(low <= m.start and m.end <= high for low, high in ranges)]
    return found


def _expressions(search: Search, file: GoFile, start: Env) -> Iterator[Match]:
    (node,) = search.nodes
    end = -1
    words = () if search.miss.explain else search.literals
    for syntax in file.nodes(frozenset({node.kind}), words):
        if node.token is not None and syntax.token != node.token:
            continue
        if syntax.kind == IDENTIFIER and _is_name_of_file(file, syntax):
            continue
        if node.is_chain and not _is_whole_chain(node, syntax):
            continue
        env = next(meet(node, syntax, start, search.miss), None)
        if env is not None:
            yield _matched(env, syntax.start, syntax.end, None)
            end = max(end, syntax.end)


def _is_whole_chain(node: Node, syntax: Syntax) -> bool:
    operator = node.children[1].token or b""
    return syntax.children[1].token == operator and not syntax.continues(operator)


def _is_name_of_file(file: GoFile, syntax: Syntax) -> bool:
    """Whether an identifier names the package or an import, which only heads may change."""
    node = syntax._node
    return node is not None and node.parent is not None and node.parent.type in _TARGETS_NO_NAME


def _sequences(search: Search, file: GoFile, start: Env, explain: bool) -> Iterator[Match]:
    nodes = search.nodes
    alone = len(nodes) == 1 and not explain
    for holder in file.nodes(search.pattern.holders, () if explain else search.literals):
        elements = elements_of(holder)
        lists = Lists(nodes, elements, holder, loose=True)
        at = 0
        while at < len(elements):
            if alone and not elements[at].holds(search.literals):
                at += 1
                continue
            if len(nodes) == 1 and nodes[0].kind in GROUPS:
                yield from _specs(nodes[0], elements[at], holder, start, search.miss)
                at += 1
                continue
            found = next(meet_list(lists, 0, at, start, search.miss), None)
            if found is None:
                at += 1
                continue
            env, stop = found
            stop = max(stop, at + 1)
            yield _matched(env, elements[at].start, elements[stop - 1].end, holder)
            at = stop


def _specs(node: Node, element: Syntax, holder: Syntax, start: Env, miss: Miss) -> Iterator[Match]:
    """A declaration may fit several specs of one group."""
    last = -1
    for env in meet(node, element, start, miss):
        match = _matched(env, element.start, element.end, holder)
        spans = [s.start for p in node.children if p.named for s in match.met.get(p, ())]
        if spans and spans[0] <= last:
            continue
        last = spans[0] if spans else last
        yield match


def fits(nodes: Sequence[Node], elements: Sequence[Syntax], env: Env, miss: Miss) -> bool:
    """Whether all of `elements` are what `nodes` say, with all that `env` has bound and filled in."""
    if len(nodes) == len(elements) == 1:
        return next(meet(nodes[0], elements[0], env, miss), None) is not None
    parent = elements[0] if elements else None
    if parent is None:
        return all(node.dots and not (env.filled or {}).get(node) for node in nodes)
    return next(meet_list(Lists(nodes, elements, parent), 0, 0, env, miss), None) is not None


def _matched(env: Env, start: int, end: int, holder: Syntax | None) -> Match:
    return Match(start, end, met_of(env), env.bound, holder)
