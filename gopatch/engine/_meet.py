"""(Node of a pattern, node of a file) -> each way in which one meets the other. Pure.

What was bound so far is a persistent value, so that trying another way for `...` needs no undoing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gopatch.engine._attempt import Env, ListPart, Miss, met_of
from gopatch.engine._filled import holds_filled, same_tree, unlisted
from gopatch.engine._nodes import Node
from gopatch.go.tree import CLAUSES, GROUPS, IDENTIFIER, SWITCHES, Syntax, elements_of


@dataclass(frozen=True)
class Lists:
    """A list of the pattern, and the list of the file, in `parent`, that it is to meet.

    The first node meets the first element and so on; a `loose` list need not reach the end. `dead`:
    for a `...`, and what was bound, from where on it has been tried in vain, so that several in
    one list cost no more than one.
    """

    nodes: Sequence[Node]
    elements: Sequence[Syntax]
    parent: Syntax
    loose: bool = False
    dead: dict[Hashable, int] = field(default_factory=dict)


def meet(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    """Each way in which a node meets one of the file, as what is bound afterwards."""
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
        for found, _ in meet_list(Lists(wanted, children, syntax), 0, 0, inner, miss):
            yield found


def _chain(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    """The operands of a conjunction or disjunction, flat: `...` may stand for any number."""
    parts = syntax.operands(node.children[1].token or b"")
    named = any(n.token and n.named and not n.dots and n.var is None for n in node.leaves)
    if len(parts) == 1 and not named and env.filled is None:
        miss.note(env, node, syntax, syntax.start)
        return
    inner = env.meet(node, (syntax,))
    wanted = node.children[::2]
    for found, _ in meet_list(Lists(wanted, parts[::2], syntax), 0, 0, inner, miss):
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
        for found, _ in meet_list(Lists(node.children, syntax.children, syntax), 0, 0, whole, miss):
            yield found
        return
    keyword = next(meet(node.children[0], syntax.children[0], whole, miss), None)
    if keyword is None:
        return
    specs = elements_of(syntax)
    if is_group:
        # The declaration and its keyword are met only where the group holds nothing else.
        env = keyword if len(specs) == 1 else env
        for spec in specs:
            for found, _ in meet_list(Lists(node.children[1:], [spec], syntax), 0, 0, env, miss):
                yield found
    else:
        for found, _ in meet_list(Lists(node.children[2:-1], specs, syntax), 0, 0, keyword, miss):
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
    elif fits and known is not None and _same_text(known, syntax):
        yield env.meet(node, (syntax,), 1)
    else:
        miss.note(env, node, syntax, syntax.start)


def _same_text(one: Syntax | bytes, other: Syntax | bytes) -> bool:
    """Whether two pieces of Go are the same but for white space, comments and parentheses."""
    if isinstance(other, bytes):
        return other == (one if isinstance(one, bytes) else one.text)
    return same_tree(one, other)


def meet_list(lists: Lists, i: int, j: int, env: Env, miss: Miss) -> Iterator[tuple[Env, int]]:
    """Each way in which the nodes from `i` on meet the elements from `j` on, and where it stops."""
    nodes, elements, parent, loose = lists.nodes, lists.elements, lists.parent, lists.loose
    if i == len(nodes):
        if loose or j == len(elements):
            yield env, j
        else:
            miss.note_rest(env, nodes or [_last(env)], elements, j)
        return
    node = nodes[i]
    if node.dots:
        yield from _meet_dots(lists, i, j, env, miss)
        return
    if j == len(elements):
        end = elements[-1].end if elements else parent.start
        miss.note(env, node, None, min(end, parent.end))
        return
    for found in meet(node, elements[j], env, miss):
        yield from meet_list(lists, i + 1, j + 1, found, miss)


def _meet_dots(lists: Lists, i: int, j: int, env: Env, miss: Miss) -> Iterator[tuple[Env, int]]:
    """`...` stands for any number of elements; the last one for all that are left."""
    node, elements = lists.nodes[i], lists.elements
    # The second half of a clause's open end has met its body already.
    is_met = _is_met(env, node)
    if env.filled is not None and not is_met:
        yield from _meet_filled(lists, i, j, env, miss)
        return
    key = (i, is_met, env.known())
    if j >= lists.dead.get(key, len(elements) + 1):
        return
    in_vain, is_last = True, i == len(lists.nodes) - 1
    words = () if is_last or miss.explain else lists.nodes[i + 1].words
    for stop in range(len(elements) if is_last else j, len(elements) + 1):
        if words and not (stop < len(elements) and elements[stop].holds(words)):
            continue
        met = env if is_met else env.meet(node, ListPart(elements, j, stop))
        for found in meet_list(lists, i + 1, stop, met, miss):
            in_vain = False
            yield found
    if in_vain:
        lists.dead[key] = j


def _meet_filled(lists: Lists, i: int, j: int, env: Env, miss: Miss) -> Iterator[tuple[Env, int]]:
    """Where it is told what `...` stands for, it has that length, flat or as one list."""
    node, elements = lists.nodes[i], lists.elements
    is_last = i == len(lists.nodes) - 1
    stops: Iterable[int] = range(len(elements) if is_last else j, len(elements) + 1)
    meant = (env.filled or {}).get(node)
    if meant is not None and not is_last and not (node.parent and node.parent.is_chain):
        lengths = {len(unlisted(meant)), 1}
        stops = [j + length for length in sorted(lengths) if j + length <= len(elements)]
    for stop in stops:
        if holds_filled(node, elements[j:stop], env):
            yield from meet_list(
                lists, i + 1, stop, env.meet(node, ListPart(elements, j, stop)), miss
            )


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
