"""What a file declares under a name, functions with the counts of what they take and give."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.go_files import go_file
from gopatch.backport.lists import receiver_of
from gopatch.go.tree import Syntax


class Declared(NamedTuple):
    """A declaration: `kind` is "func", "type", "var", "const" or "member" (a field or a method).

    `parameters` and `results` are counts, -1 where it is no function; `variadic` as Go has it; `takes`
    are the types of the parameters without the names of packages, `named` what each one is called.
    """

    name: bytes
    kind: str
    path: str
    start: int
    parameters: int = -1
    results: int = -1
    variadic: bool = False
    owner: bytes = b""
    takes: bytes = b""
    named: tuple[bytes, ...] = ()

    @property
    def fixed(self) -> int:
        """How many arguments a call must have at least."""
        return self.parameters - self.variadic

    def fits(self, many: int) -> bool:
        """Whether it takes so many arguments, as far as that is known."""
        if self.parameters < 0:
            return True
        return many >= self.fixed if self.variadic else many == self.parameters


def declared_in(data: bytes, name: bytes, path: str) -> Iterator[Declared]:
    """What a file declares under a name."""
    if name not in data:
        return
    # Begins with the name itself: so it is searched for as fast as bytes are.
    found = re.finditer(re.escape(name) + rb"(?!\w)", data)
    hits = [m.start() for m in found if not _WORD.match(data, m.start() - 1)]
    if not hits:
        return
    if not any(_may_declare(data, at, len(name)) for at in hits):
        return
    root = go_file(data)
    for at in hits:
        if _may_declare(data, at, len(name)):
            yield from _declared_at(root.root, name, at, path)


def surely_declares(data: bytes, name: bytes) -> bool:
    """Whether a look at the bytes is enough: a function, or what has a keyword of its own, at the margin.

    Below a raw string or a comment of several lines that might be the text of either: then it is not.
    """
    for word in (b"func", b"type", b"var", b"const"):
        said = b"\n%s %s" % (word, name)
        at = data.find(said)
        if at >= 0 and not _WORD.match(data, at + len(said)):
            return not any(data.find(sign, 0, at) >= 0 for sign in (b"`", b"/*"))
    return False


def _may_declare(data: bytes, at: int, size: int) -> bool:
    """A quick look: a declaration's name is not in the middle of an expression."""
    low = data.rfind(b"\n", 0, at) + 1
    before = data[low:at]
    if before.startswith(b"func"):
        return _FUNC.fullmatch(before) is not None
    if _TOP.match(before):
        return True
    found = _BELOW.fullmatch(before)
    if found is None or _NO_DECLARATION.match(data, at + size):
        return False
    if found[1]:  # behind a package's name: an embedded type, which ends its line
        return _ENDED.match(data, at + size) is not None
    return not _SAID.match(data, at + size) or not _in_function(data, at)


def _in_function(data: bytes, at: int) -> bool:
    """Whether the last declaration that begins above is a function."""
    above = (data.rfind(b"\n" + word, 0, at) for word in _OTHERS)
    return data.rfind(b"\nfunc", 0, at) > max(above)


def _declared_at(root: Syntax, name: bytes, at: int, path: str) -> Iterator[Declared]:
    """The declaration whose name stands at an offset."""
    chain = _chain(root, at)
    if not chain or chain[-1].text != name:
        return
    inside = any(each.kind == "block" for each in chain)
    for each in reversed(chain[:-1]):
        if each.kind in _ENDS:
            return
        made = _declaration(each, name, at, path)
        if made is not None:
            if made.kind in ("func", "member") or not inside:
                yield made
            return


def _chain(root: Syntax, at: int) -> list[Syntax]:
    """The nodes around an offset, from the outside in, down to the token there."""
    chain: list[Syntax] = []
    node: Syntax | None = root
    while node is not None and node.token is None:
        node = _around(node.children, at)
        chain += [node] if node is not None else []
    return chain


def _around(children: list[Syntax], at: int) -> Syntax | None:
    """The one of some nodes, in the order of their starts, that holds an offset."""
    stop = bisect_right(children, at, key=lambda child: child.start)
    # One that is empty may start where another does.
    return next((c for c in children[max(0, stop - 2) : stop] if at < c.end), None)


_WORD = re.compile(rb"\w")
_FUNC = re.compile(rb"func[ \t]*(\([^)]*\))?[ \t]*")
_TOP = re.compile(rb"(type|var|const)\b")
_OTHERS = (b"type", b"var", b"const", b"import")
_BELOW = re.compile(rb"\t+(?:\w+, )*\*?(\w+\.)?")
_ENDED = re.compile(rb"[ \t]*(?:[`\n\"]|//|/\*|$)")
# What follows a key, a label or a variable that is there already, or what is looked into.
_NO_DECLARATION = re.compile(rb"[ \t]*(?::|\+\+|--|[-+*/%&|^]=)|\.")
# What follows a name that is called or set: it declares a method or a constant, or is a statement.
_SAID = re.compile(rb"[ \t]*(?:\(|=)")
_ENDS = {"parameter_declaration", "block", "literal_value"}


def _declaration(node: Syntax, name: bytes, at: int, path: str) -> Declared | None:
    """What a node declares by the name at an offset, None where it declares nothing."""
    kind = node.kind
    names = {n.start for n in node.names()}
    if kind in ("function_declaration", "method_declaration"):
        return _function(node, name, path) if at in names else None
    if kind in ("field_declaration", "method_elem"):
        # An embedded field is called as its type is.
        if names and at not in names and node.children[0].start != at:
            return None
        made = _function(node, name, path) if kind == "method_elem" else None
        return (made or Declared(name, "member", path, at))._replace(kind="member")
    if kind in ("var_spec", "const_spec", "type_spec") and at in names:
        return Declared(name, kind.removesuffix("_spec"), path, at)
    return None


def _function(node: Syntax, name: bytes, path: str) -> Declared:
    owner = receiver_of(node)
    kind = "member" if node.kind != "function_declaration" else "func"
    parameters = next((c for c in _signature(node) if c.kind == "parameter_list"), None)
    results = next((c for c in node.children if c.kind == "result_list"), None)
    many, variadic = counted(parameters)
    gives = counted(results)[0]
    takes, named = _types(parameters), _called(parameters)
    return Declared(name, kind, path, node.start, many, gives, variadic, owner, takes, named)


def outward(function: Syntax) -> tuple[int, int]:
    """The byte range of what a function is called, takes and gives: behind a receiver, before the body."""
    receiver = function.field("receiver") if function.kind == "method_declaration" else None
    body = next((c.start for c in function.children if c.kind == "block"), function.end)
    return (receiver.end if receiver is not None else function.start), body


def _called(holder: Syntax | None) -> tuple[bytes, ...]:
    parts = [c for c in holder.children if c.kind == "parameter_declaration"] if holder else []
    return tuple(name.text for part in parts for name in part.names())


def _signature(node: Syntax) -> list[Syntax]:
    if node.kind == "method_declaration":
        receiver = node.field("receiver")
        return [c for c in node.children if receiver is None or c.start != receiver.start]
    return node.children


def _types(holder: Syntax | None) -> bytes:
    """The types in a list of parameters, written without packages and spaces."""
    parts = [c for c in holder.children if c.kind == "parameter_declaration"] if holder else []
    texts = (
        part.data[part.names()[-1].end if part.names() else part.start : part.end] for part in parts
    )
    return b",".join(re.sub(rb"\w+\.|\s+", b"", text) for text in texts)


def counted(holder: Syntax | None) -> tuple[int, bool]:
    """How many values a list of parameters or results stands for, and whether the last is `...`."""
    if holder is None:
        return -1, False
    parts = [c for c in holder.children if c.kind == "parameter_declaration"]
    variadic = bool(parts) and b"..." in parts[-1].text
    return sum(max(1, len(p.names())) for p in parts), variadic
