"""(Pattern, file) -> where it matches, or how far it came. Pure: nothing is changed here.

A match maps every node of the pattern to the nodes of the file that it met. What was bound so
far is a persistent value, so that trying another way for `...` needs no undoing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._attempt import Env, Match, Miss, met_of
from gopatch.engine._filled import holds_filled, same_tree
from gopatch.engine._head import head_env
from gopatch.engine._inside import declarations
from gopatch.engine._nodes import Head, Node
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import (
    CLAUSES,
    GROUPS,
    IDENTIFIER,
    SWITCHES,
    GoFile,
    Syntax,
    elements_of,
)

__all__ = ["Match", "Miss", "Search", "find", "same_text"]

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
    for syntax in file.nodes(frozenset({node.kind})):
        if node.token is not None and syntax.token != node.token:
            continue
        if syntax.kind == IDENTIFIER and _is_name_of_file(file, syntax):
            continue
        if node.is_chain and not _is_whole_chain(node, syntax):
            continue
        env = next(_node(node, syntax, start, search.miss), None)
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
        at = 0
        while at < len(elements):
            if alone and not file.holds(elements[at], search.literals):
                at += 1
                continue
            if len(nodes) == 1 and nodes[0].kind in GROUPS:
                yield from _specs(nodes[0], elements[at], holder, start, search.miss)
                at += 1
                continue
            found = next(_list(nodes, 0, elements, at, start, search.miss, True, holder), None)
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
    for env in _node(node, element, start, miss):
        match = _matched(env, element.start, element.end, holder)
        spans = [s.start for p in node.children if p.named for s in match.met.get(p, ())]
        if spans and spans[0] <= last:
            continue
        last = spans[0] if spans else last
        yield match


def fits(nodes: Sequence[Node], elements: Sequence[Syntax], env: Env, miss: Miss) -> bool:
    """Whether all of `elements` are what `nodes` say, with all that `env` has bound and filled in."""
    if len(nodes) == len(elements) == 1:
        return next(_node(nodes[0], elements[0], env, miss), None) is not None
    parent = elements[0] if elements else None
    if parent is None:
        return all(node.dots and not (env.filled or {}).get(node) for node in nodes)
    return next(_list(nodes, 0, elements, 0, env, miss, False, parent), None) is not None


def _matched(env: Env, start: int, end: int, holder: Syntax | None) -> Match:
    return Match(start, end, met_of(env), env.bound, holder)


def _node(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    if node.dots:
        if holds_filled(node, (syntax,), env):
            yield env.meet(node, (syntax,))
        else:
            miss.note(env, node, syntax, syntax.start)
    elif node.var is not None:
        yield from _variable(node, syntax, env, miss)
    elif not node.children and node.token is not None:
        if node.token == syntax.token:
            # A word says more than a bracket: it counts for more when the nearest is looked for.
            yield env.meet(node, (syntax,), 3 if node.named else 1)
        else:
            miss.note(env, node, syntax, syntax.start)
    elif node.is_chain:
        yield from _chain(node, syntax, env, miss)
    elif node.kind.removesuffix(" head") != syntax.kind:
        miss.note(env, node, syntax, syntax.start)
    elif node.kind in GROUPS:
        yield from _group(node, syntax, env, miss)
    else:
        wanted, children = _wanted(node, syntax)
        inner = env.meet(node, (syntax,))
        for found, _ in _list(wanted, 0, children, 0, inner, miss, False, syntax):
            yield found


def _chain(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    """The operands of a conjunction or disjunction, flat: `...` may stand for any number."""
    parts = syntax.operands(node.children[1].token or b"")
    named = any(n.token and n.named and not n.dots and n.var is None for n in node.leaves)
    if len(parts) == 1 and not named:
        miss.note(env, node, syntax, syntax.start)
        return
    inner = env.meet(node, (syntax,))
    wanted = node.children[::2]
    for found, _ in _list(wanted, 0, parts[::2], 0, inner, miss, False, syntax):
        yield _operators(node, parts[1::2], found)


def _operators(node: Node, operators: list[Syntax], env: Env) -> Env:
    """Meet the operators of a chain: beside a `...` that stands for none there is none."""
    met = met_of(env)
    left = bool(met[node.children[0]])
    for operator, operand in zip(node.children[1::2], node.children[2::2], strict=True):
        found = met[operand]
        at = [o for o in operators if found and o.end <= found[0].start][-1:] if left else []
        env = env.meet(operator, tuple(at), len(at))
        left = left or bool(found)
    return env


def _wanted(node: Node, syntax: Syntax) -> tuple[Sequence[Node], Sequence[Syntax]]:
    """The children to compare, where a construct has parts that need not be written."""
    if node.kind.endswith(" head"):
        colon = next(i for i, c in enumerate(syntax.children) if c.token == b":")
        return node.children, syntax.children[: colon + 1]
    if node.kind in SWITCHES:
        return list(_open_clauses(node.children)), syntax.children
    if node.kind == "range_clause" and node.children and node.children[0].dots:
        # `for ... := range x` also means `for range x`.
        return [c for c in node.children if c.token != b":="], syntax.children
    return node.children, syntax.children


def _open_clauses(children: list[Node]) -> Iterator[Node]:
    """`...` at the end of a clause stands for the rest of its body and for further clauses."""
    for child in children:
        yield child
        if child.kind in CLAUSES and child.children and child.children[-1].dots:
            yield child.children[-1]


def _group(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    """A declaration of one thing also fits inside a group, and a group of one outside of it."""
    wanted_group = len(node.children) > 1 and node.children[1].token == b"("
    is_group = len(syntax.children) > 1 and syntax.children[1].token == b"("
    whole = env.meet(node, (syntax,))
    if wanted_group == is_group:
        for found, _ in _list(node.children, 0, syntax.children, 0, whole, miss, False, syntax):
            yield found
        return
    keyword = next(_node(node.children[0], syntax.children[0], whole, miss), None)
    if keyword is None:
        return
    specs = elements_of(syntax)
    if is_group:
        # The declaration and its keyword are met only where the group holds nothing else.
        env = keyword if len(specs) == 1 else env
        for spec in specs:
            for found, _ in _list(node.children[1:], 0, [spec], 0, env, miss, False, syntax):
                yield found
    else:
        for found, _ in _list(node.children[2:-1], 0, specs, 0, keyword, miss, False, syntax):
            yield found


def _variable(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    variable = node.var
    assert variable is not None
    if env.filled is not None:
        if same_tree(env.bound[variable.name], syntax):
            yield env.meet(node, (syntax,), 1)
        else:
            miss.note(env, node, syntax, syntax.start)
        return
    fits = syntax.kind == IDENTIFIER if variable.kind == "identifier" else syntax.is_expression
    known = env.bound.get(variable.name)
    if fits and known is None:
        yield env.meet(node, (syntax,), 1).bind(variable.name, syntax)
    elif fits and known is not None and same_text(known, syntax):
        yield env.meet(node, (syntax,), 1)
    else:
        miss.note(env, node, syntax, syntax.start)


def same_text(one: Syntax | bytes, other: Syntax | bytes) -> bool:
    """Whether two pieces of Go are the same but for white space and comments."""
    return _tokens(one) == _tokens(other)


def _tokens(value: Syntax | bytes) -> list[bytes | None]:
    return [value] if isinstance(value, bytes) else [leaf.token for leaf in value.leaves()]


def _list(
    nodes: Sequence[Node],
    i: int,
    elements: Sequence[Syntax],
    j: int,
    env: Env,
    miss: Miss,
    loose: bool,
    parent: Syntax,
) -> Iterator[tuple[Env, int]]:
    """Match `nodes[i:]` with `elements[j:]`; a loose list need not reach the end."""
    if i == len(nodes):
        if loose or j == len(elements):
            yield env, j
        else:
            miss.note_rest(env, nodes or [_last(env)], elements, j)
        return
    node = nodes[i]
    if node.dots:
        stops = range(j, len(elements) + 1)
        if i == len(nodes) - 1:
            stops = range(len(elements), len(elements) + 1)
        if env.filled is not None and not _is_met(env, node):
            stops = range(j, len(elements) + 1)
        for stop in stops:
            if not _is_met(env, node) and not holds_filled(node, tuple(elements[j:stop]), env):
                continue
            # The second half of a clause's open end has met its body already.
            met = env if _is_met(env, node) else env.meet(node, tuple(elements[j:stop]))
            yield from _list(nodes, i + 1, elements, stop, met, miss, loose, parent)
        return
    if j == len(elements):
        end = elements[-1].end if elements else parent.start
        miss.note(env, node, None, min(end, parent.end))
        return
    for found in _node(node, elements[j], env, miss):
        yield from _list(nodes, i + 1, elements, j + 1, found, miss, loose, parent)


def _is_met(env: Env, node: Node) -> bool:
    if node.parent is None or node.parent.kind not in CLAUSES:
        return False
    trail = env.trail
    while trail is not None:
        if trail.node is node:
            return True
        trail = trail.earlier
    return False


def _last(env: Env) -> Node:
    assert env.trail is not None
    return env.trail.node
