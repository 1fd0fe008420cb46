"""(Pattern, file) -> where it matches, or how far it came. Pure: nothing is changed here.

A match maps every node of the pattern to the nodes of the file that it met. What was bound so
far is a persistent value, so that trying another way for `...` needs no undoing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine.pattern import Head, Import, Node, Pattern
from gopatch.go.tree import CLAUSES, GROUPS, IDENTIFIER, SWITCHES, GoFile, Syntax, elements_of

_TARGETS_NO_NAME = {"package_clause", "import_spec"}


class Trail(NamedTuple):
    """What has been met, newest first."""

    earlier: Trail | None
    node: Node
    met: tuple[Syntax, ...]


class Env(NamedTuple):
    """The state of one attempt: metavariables, the trail, and the score: how many leaves agreed."""

    bound: dict[str, Syntax | bytes]
    trail: Trail | None
    score: int

    def meet(self, node: Node, met: tuple[Syntax, ...], count: int = 0) -> Env:
        return Env(self.bound, Trail(self.trail, node, met), self.score + count)

    def bind(self, name: str, value: Syntax) -> Env:
        return Env({**self.bound, name: value}, self.trail, self.score)


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

    def note(self, env: Env, node: Node, syntax: Syntax | None, near: int) -> None:
        if not self.explain or env.score < self.count:
            return
        likeness = _likeness(node, syntax)
        if env.score == self.count and likeness <= self.likeness:
            return
        self.count, self.likeness = env.score, likeness
        self.wanted, self.step = node.text.strip(), node.place
        self.offset = near if syntax is None else syntax.start
        text = b"" if syntax is None else syntax.text.split(b"\n")[0]
        self.found = text.decode(errors="replace").strip()


def _likeness(node: Node, syntax: Syntax | None) -> float:
    """How much of a node that did not fit is there all the same."""
    if syntax is None:
        return 0
    from difflib import SequenceMatcher

    words = {n.token for n in node.walk() if n.token and n.named and not n.dots and n.var is None}
    alike = sum(1 for word in words if word in syntax.text)
    near = 0.0
    if node.token is not None and syntax.token is not None and not alike:
        near = SequenceMatcher(None, node.token, syntax.token, autojunk=False).ratio()
    kinds = 2 * (node.kind == syntax.kind) + (node.kind[-5:] == syntax.kind[-5:])
    return 4 * alike + kinds + near


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
    start = head_env(search, file)
    if start is None:
        return []
    if not search.nodes:
        return [Match(0, 0, {}, start.bound, None)]
    if search.pattern.style == "expression":
        found = list(_expressions(search, file, start))
    else:
        found = list(_sequences(search, file, start, explain))
    if search.miss.count < 0:
        search.miss.wanted, search.miss.step = search.nodes[0].text, search.nodes[0].place
    return found


def _expressions(search: Search, file: GoFile, start: Env) -> Iterator[Match]:
    (node,) = search.nodes
    end = -1
    for syntax in file.nodes(frozenset({node.kind})):
        if node.token is not None and syntax.token != node.token:
            continue
        if syntax.kind == IDENTIFIER and _is_name_of_file(file, syntax):
            continue
        env = next(_node(node, syntax, start, search.miss), None)
        if env is not None:
            yield _matched(env, syntax.start, syntax.end, None)
            end = max(end, syntax.end)


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


def _matched(env: Env, start: int, end: int, holder: Syntax | None) -> Match:
    met: dict[Node, tuple[Syntax, ...]] = {}
    trail = env.trail
    while trail is not None:
        met[trail.node] = trail.met
        trail = trail.earlier
    return Match(start, end, met, env.bound, holder)


# Nodes ---------------------------------------------------------------------------------------


def _node(node: Node, syntax: Syntax, env: Env, miss: Miss) -> Iterator[Env]:
    if node.dots:
        yield env.meet(node, (syntax,))
    elif node.var is not None:
        yield from _variable(node, syntax, env, miss)
    elif not node.children and node.token is not None:
        if node.token == syntax.token:
            # A word says more than a bracket: it counts for more when the nearest is looked for.
            yield env.meet(node, (syntax,), 3 if node.named else 1)
        else:
            miss.note(env, node, syntax, syntax.start)
    elif node.kind.removesuffix(" head") != syntax.kind:
        miss.note(env, node, syntax, syntax.start)
    elif node.kind in GROUPS:
        yield from _group(node, syntax, env, miss)
    else:
        wanted, children = _wanted(node, syntax)
        inner = env.meet(node, (syntax,))
        for found, _ in _list(wanted, 0, children, 0, inner, miss, False, syntax):
            yield found


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
            miss.note(env, nodes[-1] if nodes else _last(env), elements[j], elements[j].start)
        return
    node = nodes[i]
    if node.dots:
        stops = range(j, len(elements) + 1)
        if i == len(nodes) - 1:
            stops = range(len(elements), len(elements) + 1)
        for stop in stops:
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


# The head of a file --------------------------------------------------------------------------


def head_env(search: Search, file: GoFile) -> Env | None:
    """Bind what a side says of package and imports, or None where the file has others."""
    env = Env({}, None, 0)
    package = search.head.package
    if package is not None:
        name = package_name(file)
        if name is None:
            return None
        if package.var is not None:
            env = env.bind(package.var.name, name)
        elif package.token != name.token:
            search.miss.note(env, package, name, name.start)
            return None
    specs = list(imports_of(file))
    for wanted in search.head.imports:
        spec = next((s for s in specs if fits_import(wanted, s)), None)
        if spec is None:
            miss = search.miss
            if miss.count < 0:
                named = f"{wanted.name} " if wanted.name else ""
                miss.count, miss.wanted = 0, f'import {named}"{wanted.path}"'
                near = next((s for s in specs if import_path(s) == wanted.path), None)
                near = near or (specs[0] if specs else None)
                miss.found = near.text.decode(errors="replace") if near else ""
                miss.offset, miss.step = (near.start if near else 0), (wanted.line, 1)
            return None
        if wanted.var and wanted.name:
            env.bound[wanted.name] = local_name(wanted, spec)
    return env


def package_name(file: GoFile) -> Syntax | None:
    for child in file.root.children:
        if child.kind == "package_clause":
            return child.children[1]
    return None


def imports_of(file: GoFile) -> Iterator[Syntax]:
    """The import specs of a file, in order."""
    for child in file.root.children:
        if child.kind == "import_declaration":
            yield from (spec for spec in elements_of(child) if spec.kind == "import_spec")


def import_path(spec: Syntax) -> str:
    return spec.children[-1].text.decode(errors="replace").strip('"`')


def import_name(spec: Syntax) -> str | None:
    return spec.children[0].text.decode() if len(spec.children) > 1 else None


def fits_import(wanted: Import, spec: Syntax) -> bool:
    """Unnamed fits unnamed, a name fits that name, a metavariable fits both."""
    if import_path(spec) != wanted.path:
        return False
    return wanted.var or wanted.name == import_name(spec)


def local_name(wanted: Import, spec: Syntax) -> bytes:
    """What the file calls the package; for an unnamed import, the metavariable's own name."""
    name = import_name(spec)
    return (name or wanted.name or "").encode()
