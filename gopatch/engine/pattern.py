"""Change -> Pattern: the minus side as a tree to match, and what the plus side does to it.

Both sides are parsed and aligned once, when a patch is read. What stands on both sides is kept,
so that a match leaves it untouched to the byte; the rest becomes `Run`s: minus nodes that go and
plus nodes that come, between two nodes that stay. Whatever is wrong with a patch is found here,
before any Go is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from gopatch.engine.notation import Change, Metavariable, Side, parse_notation
from gopatch.errors import PatchError
from gopatch.go.tree import (
    CLAUSES,
    COMMA_LISTS,
    GROUPS,
    IDENTIFIER,
    LINE_LISTS,
    NAMED,
    RESULT,
    STATEMENT_HOLDERS,
    SWITCHES,
    Syntax,
    parse,
)

_IMPORT = "import_declaration"
_PACKAGE = "package_clause"
# How a fragment that is not a file becomes one: text before, text after, kind of what holds it.
_WRAPPERS = (
    ("", "", "source_file"),
    ("switch {\n", "}\n", "expression_switch_statement"),
    ("select {\n", "}\n", "select_statement"),
    ("var _ ", "", "var_declaration"),
    ("type _ struct {\n", "}\n", "field_declaration_list"),
)
_TOP_LEVEL = {"function_declaration", "method_declaration"}  # they stand nowhere else
_PAIRS = 0.3  # nodes less alike than this are replaced, not changed inside


class Node:
    """A node of a pattern. Identity matters: a match maps nodes to what they matched."""

    __slots__ = (
        "_context",
        "children",
        "dots",
        "end",
        "kind",
        "leaves",
        "mark",
        "named",
        "parent",
        "side",
        "start",
        "token",
        "var",
    )

    def __init__(self, syntax: Syntax, side: Side, shift: int, names: dict[str, Metavariable]):
        self.side = side
        self.start, self.end = syntax.start - shift, syntax.end - shift
        self.kind, self.token = syntax.kind, syntax.token
        self.mark = side.line_at(self.start).mark
        self.named = syntax.named
        self.parent: Node | None = None
        self.dots = (self.start, self.end) in side.holes
        name = "" if self.token is None else self.token.decode()
        self.var = names.get(name) if self.kind == IDENTIFIER and not self.dots else None
        self.children: list[Node] = []
        if not self.dots and self.var is None:
            self.children = [Node(c, side, shift, names) for c in _children(syntax, side, shift)]
        for child in self.children:
            child.parent = self
        self.leaves: tuple[Node, ...] = (
            tuple(leaf for child in self.children for leaf in child.leaves)
            if self.children
            else (self,)
        )
        # Where the context lines below this node stand: asked for again and again in alignment.
        self._context: frozenset[tuple[int, int]] | None = None

    @property
    def context(self) -> frozenset[tuple[int, int]]:
        """The places of the leaves that stand on context lines."""
        if self._context is None:
            self._context = (
                frozenset().union(*(child.context for child in self.children))
                if self.children
                else frozenset({self.place} if self.mark == " " else ())
            )
        return self._context

    @property
    def is_context(self) -> bool:
        """Whether all leaves stand on context lines."""
        return all(leaf.mark == " " for leaf in self.leaves)

    @property
    def text(self) -> str:
        """As the author wrote it, for messages."""
        text, at = b"", self.start
        for dots in self.side.dots:
            if self.start <= dots.start and dots.end <= self.end:
                text += self.side.data[at : dots.start] + b"..."
                at = dots.end
        return (text + self.side.data[at : self.end]).decode().split("\n")[0]

    @property
    def place(self) -> tuple[int, int]:
        return self.side.place(self.start)

    def walk(self) -> Iterator[Node]:
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(node.children)


def _children(syntax: Syntax, side: Side, shift: int) -> Iterator[Syntax]:
    """`..., x T` reads as two names of one parameter: the dots are a parameter of their own."""
    for child in syntax.children:
        parts = child.children if side.dots and child.kind == "parameter_declaration" else []
        lead = 0
        while lead < len(parts) - 1 and _is_hole(parts[lead], side, shift):
            lead += 1
        yield from parts[:lead]
        if lead:
            span = parts[lead].start, child.end
            yield Syntax.made(child.kind, child.data, span, parts[lead:], syntax)
        else:
            yield child


def _is_hole(syntax: Syntax, side: Side, shift: int) -> bool:
    return (syntax.start - shift, syntax.end - shift) in side.holes


class Import(NamedTuple):
    """One import of a side: `name` is None when unnamed, `var` is set if it is a metavariable."""

    path: str
    name: str | None
    var: bool
    line: int
    mark: str


class Run(NamedTuple):
    """What goes and what comes between two nodes that stay, inside one parent.

    `before` and `after` are the minus nodes on either side, None at the parent's edges.
    `style` is "lines" (elements on lines of their own), "commas" or "tokens"; `first`..`last`
    are the plus side's lines (indices) that come, with their comments and blank lines.
    """

    parent: Node | None
    before: Node | None
    gone: tuple[Node, ...]
    come: tuple[Node, ...]
    after: Node | None
    style: str
    first: int
    last: int
    kept_before: Node | None  # the plus side's twins of before and after
    kept_after: Node | None


class Head(NamedTuple):
    """What a side says of the file: its package and its imports."""

    package: Node | None
    imports: tuple[Import, ...]


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
    runs: tuple[Run, ...]
    pairs: tuple[tuple[Node, Node], ...]  # plus dots, and context that moves -> minus nodes
    literals: tuple[bytes, ...]
    plus_literals: tuple[bytes, ...]

    @property
    def inserts(self) -> bool:
        return any(run.come for run in self.runs)


def compile_patch(text: str, path: str) -> tuple[Pattern, ...]:
    """All changes of a .patch file; PatchError for anything wrong with it."""
    return tuple(compile_change(change) for change in parse_notation(text, path))


def compile_change(change: Change) -> Pattern:
    """Parse both sides, align them and check that the plus side can always be written."""
    names = {variable.name: variable for variable in change.metavariables}
    minus, plus, holder = _parse_sides(change, names)
    minus_head, minus_body = _split(minus)
    plus_head, plus_body = _split(plus)
    minus_body, plus_body = _unbraced(minus_body, plus_body)
    _close_clauses(minus_body, plus_body)
    style = _style(minus_body, plus_body, holder)
    _check_bound(change, minus_head, minus_body, plus_head, plus_body)
    if plus_body and not minus_body:
        raise _wrong(change, plus_body[0], "nothing is matched: the change only adds lines")
    if minus_body and all(node.dots for node in minus_body):
        raise _wrong(change, minus_body[0], "`...` alone matches everything")
    if (
        style == "expression"
        and minus_body[0].var
        and not _named_by_head(minus_body[0], minus_head)
    ):
        raise _wrong(change, minus_body[0], "a metavariable alone matches everything")
    _check_groups(change, plus_head)
    pairs = _pair_dots(change, minus_body, plus_body)
    aligner = _Aligner(change, pairs)
    aligner.align_lists(None, minus_body, plus_body)
    _check_comments(change, aligner.runs)
    holders = {
        "source_file": STATEMENT_HOLDERS,
        "expression_switch_statement": SWITCHES,
        "select_statement": SWITCHES,
    }.get(holder, {holder})
    if any(node.kind in _TOP_LEVEL for node in (*minus_body, *plus_body)):
        holders = {"source_file"}
    return Pattern(
        change,
        style,
        frozenset(holders),
        tuple(minus_body),
        tuple(plus_body),
        minus_head,
        plus_head,
        tuple(aligner.runs),
        tuple({**_moved_twins(aligner), **_moved_context(aligner.runs), **pairs}.items()),
        _words(minus_body),
        _words(plus_body),
    )


# Parsing -------------------------------------------------------------------------------------


def _parse_sides(
    change: Change, names: dict[str, Metavariable]
) -> tuple[list[Node], list[Node], str]:
    for before, after, holder in _WRAPPERS:
        sides = [_wrapped(side, before, after, holder) for side in (change.minus, change.plus)]
        if all(side is not None for side in sides):
            shift = len(before)
            minus, plus = (
                [Node(syntax, side, shift, names) for syntax in found or ()]
                for found, side in zip(sides, (change.minus, change.plus), strict=True)
            )
            if holder in ("expression_switch_statement", "select_statement"):
                _open_bodies(minus, plus)
            return minus, plus, holder
    raise _unparsable(change)


def _wrapped(side: Side, before: str, after: str, holder: str) -> list[Syntax] | None:
    """The top nodes of a side inside a wrapper, or None where it does not parse."""
    if not side.text.strip():
        return []
    body = side.text.strip() + "\n" if holder == "var_declaration" else side.text
    if holder == "var_declaration" and side.text[:1].isspace():
        return None
    tree = parse((before + body + after).encode())
    if tree.errors():
        return None
    top = tree.root.children
    if holder == "source_file":
        return top
    if len(top) != 1:
        return None
    if holder == "var_declaration":
        spec = top[0].children[1]
        return [spec.children[1]] if len(spec.children) == 2 else None
    node = top[0]
    if holder == "field_declaration_list":
        node = node.children[1].children[1].children[1]
    return [c for c in node.children if c.start >= len(before) and c.end <= len(before + body)]


def _open_bodies(*sides: list[Node]) -> None:
    """A lone `case x:` says nothing about its body: mark it as open."""
    for nodes in sides:
        for node in nodes:
            if node.kind in CLAUSES and node.children and node.children[-1].token == b":":
                node.kind = node.kind + " head"


def _unparsable(change: Change) -> PatchError:
    for name, side in (("minus", change.minus), ("plus", change.plus)):
        errors = parse(side.data).errors() if side.text.strip() else []
        if errors:
            start = errors[0][0]
            while start < errors[0][1] and side.data[start : start + 1].isspace():
                start += 1
            line, column = side.place(start)
            return PatchError(
                f"the {name} side does not parse as Go",
                path=change.path,
                line=line,
                column=column,
                hint=f"lines with `{'-' if name == 'minus' else '+'}` and context lines "
                "must together be Go",
            )
    first = change.lines[0]
    return PatchError(
        "the two sides are not the same kind of Go",
        path=change.path,
        line=first.number,
        column=1,
        hint="both must be an expression, statements, a declaration, or clauses of a switch",
    )


def _split(nodes: list[Node]) -> tuple[Head, list[Node]]:
    package = None
    imports: list[Import] = []
    body = []
    for node in nodes:
        if node.kind == _PACKAGE:
            package = node.children[1]
        elif node.kind == _IMPORT:
            imports += [_import(s) for s in node.walk() if s.kind == "import_spec"]
        else:
            body.append(node)
    return Head(package, tuple(imports)), body


def _import(spec: Node) -> Import:
    name, path = (spec.children[0], spec.children[-1]) if len(spec.children) > 1 else (None, spec)
    line = spec.side.line_at(spec.start)
    text = path.side.data[path.start : path.end].decode().strip('"`')
    written = None if name is None else name.side.data[name.start : name.end].decode()
    return Import(text, written, bool(name is not None and name.var), line.number, line.mark)


def _unbraced(minus: list[Node], plus: list[Node]) -> tuple[list[Node], list[Node]]:
    """`{ ... }` around a whole side only says that statements stand between."""
    sides = [side for side in (minus, plus) if side]
    if sides and all(len(side) == 1 and side[0].kind == "block" for side in sides):
        return tuple(side[0].children[1:-1] if side else [] for side in (minus, plus))  # type: ignore[return-value]
    return minus, plus


def _close_clauses(minus: list[Node], plus: list[Node]) -> None:
    """After a clause's own last `...`, another one stands for the clauses that follow.

    Go reads both as part of the body. Between them comes what is added behind the clause.
    """
    following = {
        clause.children[-1].place
        for clause in _clauses(minus)
        if len(clause.children) > 1 and clause.children[-1].dots and clause.children[-2].dots
    }
    for clause in _clauses([*minus, *plus]):
        dots = clause.children[-1]
        if dots.dots and dots.place in following and dots.mark == " ":
            switch = clause.parent
            assert switch is not None
            clause.children.pop()
            clause.leaves = clause.leaves[:-1]
            clause.end = clause.children[-1].end
            switch.children.insert(switch.children.index(clause) + 1, dots)
            dots.parent = switch


def _clauses(nodes: list[Node]) -> list[Node]:
    """The clauses of switches in `nodes` that have a body or a head."""
    return [
        node
        for top in nodes
        for node in top.walk()
        if node.kind in CLAUSES and node.parent is not None and node.children
    ]


def _style(minus: list[Node], plus: list[Node], holder: str) -> str:
    if not minus and not plus:
        return "head"
    if holder == "var_declaration":
        return "expression"
    single = len(minus) == 1 and len(plus) == 1
    if single and all(_is_expression(side[0]) for side in (minus, plus)):
        return "expression"
    return "sequence"


def _is_expression(node: Node) -> bool:
    return (
        node.dots
        or node.kind
        in (
            IDENTIFIER,
            "composite_literal",
            "func_literal",
            "interpreted_string_literal",
            "raw_string_literal",
            "rune_literal",
            "int_literal",
            "float_literal",
            "imaginary_literal",
        )
        or (node.kind.endswith(("_expression", "_type")) and node.named)
    )


# Checks --------------------------------------------------------------------------------------


def _wrong(change: Change, node: Node, message: str, hint: str | None = None) -> PatchError:
    line, column = node.place
    return PatchError(message, path=change.path, line=line, column=column, hint=hint)


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
                raise _wrong(
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


def _named_by_head(node: Node, head: Head) -> bool:
    return node.var is not None and any(i.var and i.name == node.var.name for i in head.imports)


def _check_groups(change: Change, plus: Head) -> None:
    seen: set[tuple[str | None, str]] = set()
    for item in plus.imports:
        if (item.name, item.path) in seen:
            raise PatchError(
                f"`{item.path}` is imported twice", path=change.path, line=item.line, column=1
            )
        seen.add((item.name, item.path))


def _check_comments(change: Change, runs: Sequence[Run]) -> None:
    """Comments are not matched, so a lone `-` comment could not go, nor a lone `+` one come."""
    come = {
        run.come[0].side.lines[i].number
        for run in runs
        if run.come
        for i in range(run.first, run.last + 1)
    }
    for line in change.lines:
        text = line.text.strip()
        if not text.startswith(("//", "/*")) or line.mark == " " or line.number in come:
            continue
        raise PatchError(
            "a comment alone cannot be matched or placed",
            path=change.path,
            line=line.number,
            column=line.column,
            hint="comments come only with a `+` line of code right beside them, and never go",
        )


def _pair_dots(change: Change, minus: list[Node], plus: list[Node]) -> dict[Node, Node]:
    """Which `...` of the minus side each `...` of the plus side stands for.

    The same context line pairs with itself; inside a block of changed lines they pair in order.
    """
    gone = [n for node in minus for n in node.walk() if n.dots]
    come = [n for node in plus for n in node.walk() if n.dots]
    blocks = _blocks(change)

    def block(node: Node) -> tuple[int, int]:
        line, column = node.place
        mark = node.side.line_at(node.start).mark
        return (blocks[line], 0) if mark in "+-" else (-line, column)

    waiting: dict[tuple[int, int], list[Node]] = {}
    for node in gone:
        waiting.setdefault(block(node), []).append(node)
    pairs: dict[Node, Node] = {}
    for node in come:
        partners = waiting.get(block(node), [])
        same = [p for p in partners if _holder(p) == _holder(node)] or partners
        if not same:
            raise _wrong(
                change,
                node,
                "`...` without a partner: nothing on the minus side says what it stands for",
                "write as many `...` with `-` as with `+`, or put it on a context line",
            )
        pairs[node] = same[0]
        partners.remove(same[0])
    return pairs


def _holder(node: Node) -> str:
    return node.parent.kind if node.parent is not None else ""


def _blocks(change: Change) -> dict[int, int]:
    """Line number -> the block of neighbouring changed lines that it belongs to."""
    found: dict[int, int] = {}
    current, last = 0, " "
    for line in change.lines:
        if line.mark != " ":
            current += last == " "
            found[line.number] = current
        last = line.mark
    return found


# Alignment -----------------------------------------------------------------------------------


class _Aligner:
    """Finds which nodes of the minus side live on in the plus side."""

    def __init__(self, change: Change, pairs: dict[Node, Node]) -> None:
        self.change = change
        self.pairs = pairs
        self.runs: list[Run] = []

    def align_lists(self, parent: Node | None, minus: list[Node], plus: list[Node]) -> None:
        kept = self._kept(minus, plus)
        edges = [(-1, -1), *kept, (len(minus), len(plus))]
        for (i, j), (k, m) in pairwise(edges):
            gone, come = tuple(minus[i + 1 : k]), tuple(plus[j + 1 : m])
            before = minus[i] if i >= 0 else None
            after = minus[k] if k < len(minus) else None
            if gone or come:
                twins = (plus[j] if j >= 0 else None, plus[m] if m < len(plus) else None)
                self._run(parent, before, gone, come, after, twins)
            if after is not None and not self.same(minus[k], plus[m]):
                self.align_lists(minus[k], minus[k].children, plus[m].children)

    def _run(
        self,
        parent: Node | None,
        before: Node | None,
        gone: tuple[Node, ...],
        come: tuple[Node, ...],
        after: Node | None,
        twins: tuple[Node | None, Node | None],
    ) -> None:
        style = _run_style(parent, gone + come)
        first, last = self._lines(come, *twins) if come else (0, -1)
        between = before is not None and before.dots and after is not None and after.dots
        if come and not gone and between and style != "tokens":
            raise _wrong(
                self.change,
                come[0],
                "what is added between two `...` has no neighbour to stand beside",
                "drop one of the `...`, or name the line before or after it",
            )
        self.runs.append(Run(parent, before, gone, come, after, style, first, last, *twins))

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
        rows = len(minus) + 1
        best = [[0.0] * (len(plus) + 1) for _ in range(rows)]
        weight = [[self._likeness(m, p) for p in plus] for m in minus]
        for i in range(len(minus) - 1, -1, -1):
            for j in range(len(plus) - 1, -1, -1):
                pair = weight[i][j] + best[i + 1][j + 1] if weight[i][j] else 0.0
                best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
        found = []
        i = j = 0
        while i < len(minus) and j < len(plus):
            if weight[i][j] and best[i][j] == weight[i][j] + best[i + 1][j + 1]:
                found.append((i, j))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return found

    def _likeness(self, minus: Node, plus: Node) -> float:
        """0 if one cannot become the other by edits inside, else how alike they are."""
        if minus.kind != plus.kind and not (minus.dots or plus.dots):
            return 0.0
        if self.same(minus, plus):
            size = len(minus.leaves)
            return 1.0 + (0.5 if minus.is_context else 0.0) + min(size, 100) / 1000
        if minus.kind == plus.kind == RESULT:
            return 1.0
        if minus.kind != plus.kind or not minus.children or not plus.children:
            return 0.0
        if not minus.context.isdisjoint(plus.context):
            return 1.2
        ratio = _ratio(minus, plus)
        return ratio if ratio >= _PAIRS else 0.0

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


def _moved_context(runs: Sequence[Run]) -> dict[Node, Node]:
    """Context lines inside what comes (a body that is wrapped or unwrapped): plus -> minus.

    Such lines are copied from the file, not from the patch.
    """
    found: dict[Node, Node] = {}
    for run in runs:
        if not (run.gone and run.come):
            continue
        old = {_places(n): n for g in reversed(run.gone) for n in g.walk() if n.named}
        todo = list(run.come)
        while todo:
            node = todo.pop()
            places = _places(node)
            if places and places in old and not node.dots and node.var is None:
                found[node] = old[places]
            else:
                todo += node.children
    return found


def _moved_twins(aligner: _Aligner) -> dict[Node, Node]:
    """What comes inside something else just as it went, `...` and all: plus -> minus.

    It is copied from the file, so that comments, line breaks and indentation go along.
    """
    found: dict[Node, Node] = {}
    for run in aligner.runs:
        old = [node for gone in run.gone for node in gone.walk() if _is_whole(node)]
        todo = list(run.come) if old else []
        while todo:
            node = todo.pop(0)
            twin = (
                next((o for o in old if aligner.same(o, node)), None) if _is_whole(node) else None
            )
            if twin is None:
                todo += node.children
            else:
                found[node] = twin
                old.remove(twin)
    return found


def _is_whole(node: Node) -> bool:
    return bool(node.children) and node.named and node.kind not in GROUPS and node.start < node.end


def _places(node: Node) -> tuple[tuple[int, int], ...]:
    """Where a node's leaves stand, () unless all of them are context."""
    if not node.is_context:
        return ()
    return tuple(leaf.place for leaf in node.leaves)


def _is_quiet(side: Side, index: int) -> bool:
    line = side.lines[index]
    text = line.text.strip()
    return line.mark == "+" and (not text or text.startswith(("//", "/*")))


def _ratio(minus: Node, plus: Node) -> float:
    """How many of the words of two nodes are the same, from 0 to 1."""
    old = [leaf.text for leaf in minus.leaves]
    new = [leaf.text for leaf in plus.leaves]
    left = list(old)
    for word in new:
        if word in left:
            left.remove(word)
    return 2 * (len(old) - len(left)) / (len(old) + len(new))


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


def _words(nodes: Sequence[Node]) -> tuple[bytes, ...]:
    found = set()
    for node in nodes:
        for leaf in node.walk():
            if leaf.token and not leaf.var and not leaf.dots and leaf.named:
                found.add(leaf.token)
    return tuple(sorted(found, key=len, reverse=True))
