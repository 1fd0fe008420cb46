"""The two sides of a change, parsed: fragments of Go become trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gopatch.engine._metavariables import Metavariable
from gopatch.engine._nodes import Head, Node, PatternImport, wrong
from gopatch.engine._parens import CLASHES
from gopatch.engine.notation import Change, Side
from gopatch.errors import PatchError
from gopatch.go.tree import BINARY, CLAUSES, IDENTIFIER, SWITCHES, Syntax, parse

_IMPORT = "import_declaration"
_PACKAGE = "package_clause"
# How a fragment that is not a file becomes one: text before, text after, kind of what holds it.
_SWITCHES = (
    ("switch {\n", "}\n", "expression_switch_statement"),
    ("switch x.(type) {\n", "}\n", "type_switch_statement"),
    ("select {\n", "}\n", "select_statement"),
)
_WRAPPERS = (
    ("", "", "source_file"),
    *_SWITCHES,
    ("var _ ", "", "var_declaration"),
    ("type _ struct {\n", "}\n", "field_declaration_list"),
)


_CLAUSE = re.compile(r"\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*(?:case|default)\b", re.DOTALL)


def readings(change: Change) -> Iterator[Change]:
    """The change for each kind of switch that its clauses may be of: `case a:` may name a value or a type."""
    sides = [side for side in (change.minus, change.plus) if side.text.strip()]
    seen: set[str] = set()
    found = 0
    for before, after, holder in _SWITCHES if all(_CLAUSE.match(s.text) for s in sides) else ():
        parsed = [_wrapped(side, before, after, holder) for side in sides]
        kinds = {node.kind for nodes in parsed for node in nodes or () if node.kind in CLAUSES}
        if all(nodes is not None for nodes in parsed) and not kinds <= seen:
            seen |= kinds
            found += 1
            yield change._replace(switch=holder)
    if not found:
        yield change


def parse_sides(
    change: Change, names: dict[str, Metavariable]
) -> tuple[list[Node], list[Node], str]:
    wrappers = [each for each in _WRAPPERS if change.switch in ("", each[2])]
    for before, after, holder in wrappers:
        sides = [_wrapped(side, before, after, holder) for side in (change.minus, change.plus)]
        if all(side is not None for side in sides):
            shift = len(before)
            minus, plus = (
                [Node(syntax, side, shift, names) for syntax in found or ()]
                for found, side in zip(sides, (change.minus, change.plus), strict=True)
            )
            if holder in SWITCHES:
                _open_bodies(minus, plus)
            nodes = [node for top in (*minus, *plus) for node in top.walk()]
            _refuse_glued(change, nodes)
            _refuse_one_token(change, nodes)
            return minus, plus, holder
    raise _unparsable(change)


def _refuse_glued(change: Change, nodes: Iterable[Node]) -> None:
    """A `...` that no comma parts from the `{` of the next element would be read as that one's type."""
    for node in (node for node in nodes if node.kind == "composite_literal"):
        first, *_, last = node.children or [node]
        if first.dots and b"\n" in node.side.data[first.end : last.start]:
            message = "no comma parts `...` from the element below it"
            raise wrong(change, first, message, "write `...,`")


def _refuse_one_token(change: Change, nodes: Iterable[Node]) -> None:
    """Go reads the longest token (Tokens), the grammar what fits: `f(c<-d)` would compare, and is no Go."""
    for node in (node for node in nodes if node.kind == BINARY):
        for operator, operand in zip(node.children[1::2], node.children[2::2], strict=True):
            data = node.side.data[operator.start : operand.start + 1]
            if operator.end == operand.start and data in CLASHES:
                hint = "write a blank between the two operators, or a statement of its own"
                raise wrong(change, operator, f"`{data.decode()}` is one operator to Go", hint)


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


def split(nodes: list[Node]) -> tuple[Head, list[Node]]:
    package = None
    imports: list[PatternImport] = []
    body = []
    for node in nodes:
        if node.kind == _PACKAGE:
            package = node.children[1]
        elif node.kind == _IMPORT:
            imports += [_import(s) for s in node.walk() if s.kind == "import_spec"]
        else:
            body.append(node)
    return Head(package, tuple(imports)), body


def agreed(one: Head, other: Head) -> Head:
    """A head where an import that the other side has, too, stays, whatever declares it there."""
    both = {i[:3] for i in other.imports}
    return one._replace(
        imports=tuple(i._replace(mark=" ") if i[:3] in both else i for i in one.imports)
    )


def _import(spec: Node) -> PatternImport:
    name, path = (spec.children[0], spec.children[-1]) if len(spec.children) > 1 else (None, spec)
    line = spec.side.line_at(spec.start)
    text = path.side.data[path.start : path.end].decode().strip('"`')
    written = None if name is None else name.side.data[name.start : name.end].decode()
    return PatternImport(text, written, bool(name is not None and name.var), line.number, line.mark)


def unbraced(minus: list[Node], plus: list[Node]) -> tuple[list[Node], list[Node]]:
    """`{ ... }` around a whole side only says that statements stand between."""
    sides = [side for side in (minus, plus) if side]
    if sides and all(len(side) == 1 and side[0].kind == "block" for side in sides):
        return tuple(side[0].children[1:-1] if side else [] for side in (minus, plus))  # type: ignore[return-value]
    return minus, plus


def close_clauses(minus: list[Node], plus: list[Node]) -> None:
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


def style_of(minus: list[Node], plus: list[Node], holder: str) -> str:
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


def named_by_head(node: Node, head: Head) -> bool:
    return node.var is not None and any(i.var and i.name == node.var.name for i in head.imports)
