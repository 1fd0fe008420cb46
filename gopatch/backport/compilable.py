"""What Go says of a function's body by its syntax alone: no type need be known to see that it does not compile.

"Return statements", "Terminating statements", "Short variable declarations" and "Constant declarations" of the Go specification, and
"declared and not used", which it leaves to the compiler. A name that is taken from elsewhere in the change
and is a local here, or the other way about, may compile; it is not what the change says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gopatch.backport.blocks import OwnNames
from gopatch.backport.declared import counted
from gopatch.backport.doubled_names import said_twice
from gopatch.backport.go_files import go_file
from gopatch.backport.left_by import left_otherwise
from gopatch.backport.lists import ListedRow, listing_of
from gopatch.backport.scopes import bound_in
from gopatch.go import branches, ends
from gopatch.go.tree import LABEL, SWITCHES, Syntax

_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_JUMPS = {
    "break_statement": branches.stray,
    "continue_statement": branches.stray,
    "goto_statement": branches.unknown,
}
_STEPS = {
    LABEL: branches.unused,
    "fallthrough_statement": branches.falls,
    **dict.fromkeys(SWITCHES, branches.defaults),
    **dict.fromkeys(_FUNCTIONS, ends.unended),
}

Fault = tuple[int, str]
"""Where, and what is wrong."""

_Rows = Mapping[object, ListedRow]


def worse(
    change: tuple[bytes | None, bytes | None], port: tuple[bytes | None, bytes]
) -> Iterator[Fault]:
    """What is wrong with a port's file, but not with the target's or the change's, by its lines.

    Both are a file without the change and with it.
    """
    sides = [_by_key(data) for data in (*change, *port)]
    result = go_file(port[1])
    for key, row in sides[3].items():
        four = [side.get(key) for side in sides]
        if four[2] is None or four[2].text != row.text:
            yield from ((result.position(at)[0], reason) for at, reason in _of_row(four, row))
    yield from ((result.position(at)[0], reason) for at, reason in _constants(change[1], port))


def _by_key(data: bytes | None) -> _Rows:
    return {row.key: row for row in listing_of(data).rows if row.key and row.nodes} if data else {}


def _of_row(four: Sequence[ListedRow | None], row: ListedRow) -> Iterator[Fault]:
    known = {reason for each in (four[1], four[2]) if each for _, reason in _faults(each)}
    yield from (fault for fault in _faults(row) if fault[1] not in known)
    made, was, here = (_handed_on(each) if each else {} for each in (four[1], four[2], row))
    for callee in sorted(made.keys() & here.keys()):
        for many in sorted(here[callee].keys() - made[callee].keys() - was.get(callee, {}).keys()):
            reason = f"`return {_said(callee)}(...)` stands where {many} results are declared, {{}} in the source it was made for"
            yield here[callee][many], reason.format(min(made[callee]))
    nodes = [each.nodes[0] for each in four if each is not None]
    if len(nodes) == 4:
        both = (nodes[0], nodes[1]), (nodes[2], nodes[3])
        found = (*taken_otherwise(*both), *left_otherwise(*both))
        yield from ((row.nodes[0].start, reason) for reason in found)


def _handed_on(row: ListedRow) -> dict[bytes, dict[int, int]]:
    """What is returned by one call: for what is called, the counts of results around it, and where."""
    found: dict[bytes, dict[int, int]] = {}
    for node, gives in (each for top in row.nodes for each in _all_returns(top, None)):
        if _given(node) == -1:
            callee = _returned(node)[0].children[0].text
            found.setdefault(callee, {}).setdefault(_wanted(gives), node.start)
    return found


def _faults(row: ListedRow) -> Iterator[Fault]:
    return (fault for node in row.nodes for fault in faults(node))


def _constants(after: bytes | None, port: tuple[bytes | None, bytes]) -> Iterator[Fault]:
    """The constants without a value of their own that have another one here than on either side."""
    if port[0] is not None and _constant_rows(port[0]) == _constant_rows(port[1]):
        return
    sides = [repeated(data) if data else {} for data in (after, *port)]
    for name, (at, said) in sides[2].items():
        known = {side[name][1] for side in sides[:2] if name in side}
        if known and said not in known:
            yield (
                at,
                f"`{_said(name)}` has no value of its own, and comes to be `{_said(said)}` here",
            )


def _constant_rows(data: bytes) -> list[bytes]:
    return [row.text for row in listing_of(data).rows if row.kind == "const_declaration"]


def faults(declaration: Syntax) -> Iterator[Fault]:
    """What the compiler refuses in a top-level declaration."""
    bound = bound_in(declaration)
    for name, at in bound.unread:
        yield at, f"`{_said(name)}` is declared and not used"
    for at in bound.again:
        line = declaration.data[at : declaration.data.find(b"\n", at)]
        yield at, f"`{_said(line)}` declares nothing new"
    for at, name in said_twice(declaration):
        yield at, f"`{_said(name)}` is there twice"
    yield from _astray(declaration)
    yield from _returns(declaration)


def _astray(node: Syntax) -> Iterator[Fault]:
    """The jumps that lead nowhere, labels that none goes to, `fallthrough` where no case follows, `default` twice, ends without a `return`."""
    if node.kind in _JUMPS and any(_JUMPS[node.kind](node)):
        yield node.start, f"`{_said(node.text)}` leads nowhere"
    elif node.kind in _STEPS:
        yield from _STEPS[node.kind](node)
    for child in node.children:
        yield from _astray(child)


def _returns(declaration: Syntax) -> Iterator[Fault]:
    """The `return` that do not give as many values as the function around them says."""
    for node, gives in _all_returns(declaration, None):
        wanted, given = _wanted(gives), _given(node)
        if given == -1:
            given = max(1, wanted)  # a call gives something; how much, its own declaration says
        if given != wanted and not (given == 0 and _is_named(gives)):
            yield node.start, f"`return` gives {given} results here, {wanted} are declared"


def _all_returns(node: Syntax, gives: Syntax | None) -> Iterator[tuple[Syntax, Syntax]]:
    """Each `return`, with the function around it."""
    if node.kind in _FUNCTIONS:
        gives = node
    if node.kind == "return_statement" and gives is not None:
        yield node, gives
    for child in node.children:
        yield from _all_returns(child, gives)


def _wanted(function: Syntax) -> int:
    return max(0, counted(_results(function))[0])


def _results(function: Syntax) -> Syntax | None:
    return next((c for c in function.children if c.kind == "result_list"), None)


def _given(node: Syntax) -> int:
    """How many values a `return` gives; -1 where one call may give any number."""
    values = _returned(node)
    return -1 if len(values) == 1 and values[0].kind == "call_expression" else len(values)


def _returned(node: Syntax) -> list[Syntax]:
    return [c for each in node.children[1:] for c in _values(each) if c.token != b","]


def _values(node: Syntax) -> list[Syntax]:
    if node.kind == "expression_list":
        return node.children
    return [] if node.token == b";" else [node]


def _is_named(function: Syntax) -> bool:
    results = _results(function)
    return results is not None and any(
        c.names() for c in results.children if c.kind == "parameter_declaration"
    )


def taken_otherwise(change: tuple[Syntax, Syntax], port: tuple[Syntax, Syntax]) -> Iterator[str]:
    """The names that come as what is declared elsewhere on one side, and as a local on the other.

    Both are a declaration without the change and with it.
    """
    theirs, ours = _more(change), _more(port)
    for use in sorted(theirs[1].keys() & ours[0].keys() - theirs[0].keys() - ours[1].keys()):
        yield f"`{_said(use[0])}` is a local here, and none in the source it was made for"
    for use in sorted(theirs[0].keys() & ours[1].keys() - theirs[1].keys() - ours[0].keys()):
        yield f"`{_said(use[0])}` is no local here, as it is in the source it was made for"


def _more(both: tuple[Syntax, Syntax]) -> tuple[Counter[tuple[bytes, bytes]], ...]:
    """The uses of bound names, and of others, that are more with the change."""
    old, new = (bound_in(each) for each in both)
    return tuple(getattr(new, each) - getattr(old, each) for each in OwnNames._fields[:2])


def repeated(data: bytes) -> dict[bytes, tuple[int, bytes]]:
    """The constants whose value is that of one above, said again: the name, where it is, and the value."""
    found: dict[bytes, tuple[int, bytes]] = {}
    for row in listing_of(data).rows:
        for node in row.nodes:
            if node.kind == "const_declaration":
                found.update(_repeated(node))
    return found


def _repeated(node: Syntax) -> Iterator[tuple[bytes, tuple[int, bytes]]]:
    said = b""
    for spec in (c for c in node.children if c.kind == "const_spec"):
        names = spec.names()
        rest = spec.data[names[-1].end : spec.end].partition(b"=")[2].split() if names else []
        if rest:
            said = b" ".join(rest)
        else:
            yield from ((name.text, (name.start, said)) for name in names)


def _said(name: bytes) -> str:
    return name.decode(errors="replace").strip()
