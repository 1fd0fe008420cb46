"""What a file asks of the machine that it runs on: for files and variables of the environment, by itself or by a
function of another package of Docker's that does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gopatch.evaluate.constant_questions import CALL, names_outside
from gopatch.evaluate.package import Package, text_of
from gopatch.evaluate.program import own_folder
from gopatch.go.tree import Syntax, parse

_WANTED = frozenset([CALL, "selector_expression"])
PackageOf = Callable[[str], Package]


def outside(
    data: bytes, before: bytes, imports: Mapping[str, str], package_of: PackageOf
) -> Iterator[tuple[int, int]]:
    """Begin and end of each such question. `package_of` gives the package in a folder below the engine root; a call
    that the original's file has as well is none of the port's."""
    for node in parse(data).nodes(_WANTED):
        led = node.kind == CALL and node.text not in before and _leads(node, imports, package_of)
        if led or names_outside(node, imports):
            yield node.start, node.end


def _leads(call: Syntax, imports: Mapping[str, str], package_of: PackageOf) -> bool:
    base, _, name = text_of(call.field("function")).partition(".")
    folder = own_folder(imports.get(base, ""))
    return folder is not None and _asks(package_of(folder), name, frozenset())


def _asks(package: Package, name: str, callers: frozenset[str]) -> bool:
    """Whether a function of a package asks, or one that it calls there."""
    place = package.functions.get(name)
    if place is None or name in callers:
        return False
    inside = list(_inside(place.node))
    if any(names_outside(node, place.file.imports) for node in inside):
        return True
    called = {text_of(node.field("function")) for node in inside if node.kind == CALL}
    return any(_asks(package, each, callers | {name}) for each in called)


def _inside(node: Syntax) -> Iterator[Syntax]:
    todo = [node]
    while todo:
        found = todo.pop()
        yield found
        todo += found.children
