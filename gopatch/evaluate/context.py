"""What is known while a function is made ready to run: where names live, and what went wrong.

A function becomes a closure over an environment, a list: first the environment of the function
around it, then what it deferred, then one place for each variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from gopatch.evaluate.go_values import Many, UnsupportedError
from gopatch.evaluate.package import Package, SourceFile
from gopatch.go.tree import Syntax

if TYPE_CHECKING:
    from gopatch.evaluate.library import Library

Env = list[Any]
Run = Callable[[Env], Any]
Branch = tuple[str, int, bool]
"""A branch that was taken: path, offset of its condition, and how that came out."""

OUTER, DEFERRED, FIRST = 0, 1, 2


class Slot(NamedTuple):
    """A variable's place in its environment; `looped` if each round of a loop has its own."""

    at: int
    looped: bool


class Machinery:
    """What the parts of a machine share: the package, the library, and what has been seen."""

    def __init__(self, package: Package, library: Library) -> None:
        self.package = package
        self.library = library
        self.seen: set[Branch] = set()
        self.steps = 0
        self.depth = 0  # of calls inside of calls

    def variable(self, name: str) -> Any:
        raise NotImplementedError

    def set_variable(self, name: str, value: Any) -> None:
        raise NotImplementedError

    def constant(self, name: str) -> Any:
        raise NotImplementedError

    def function(self, name: str) -> Any:
        raise NotImplementedError

    def method(self, value: Any, name: str) -> Any:
        raise NotImplementedError

    def zero_of(self, type_name: str) -> Any:
        raise NotImplementedError

    def own(self, type_name: str) -> Any:
        """The name of a type of the package, which knows the package."""
        raise NotImplementedError

    def member(self, name: str) -> Any:
        """What the package gives to others by a name: a function, a variable, a constant."""
        raise NotImplementedError

    def expression(self, context: Context, node: Syntax) -> Run:
        raise NotImplementedError

    def statement(self, context: Context, node: Syntax, label: str = "") -> Run:
        raise NotImplementedError

    def setter(self, context: Context, target: Syntax) -> Callable[[Env, Any], None]:
        """A function that assigns a value to what `target` names."""
        raise NotImplementedError

    def assertion_and_ok(self, context: Context, node: Syntax) -> Callable[[Env], tuple[Any, bool]]:
        """`x.(T)` with the second value that says whether it holds."""
        raise NotImplementedError

    def closure(self, context: Context, node: Syntax) -> Run:
        raise NotImplementedError


class Context:
    """One function while it is made ready: its file, its variables, the function around it."""

    def __init__(self, machine: Machinery, file: SourceFile, outer: Context | None = None) -> None:
        self.machine = machine
        self.file = file
        self.outer = outer
        self.size = FIRST
        self.defers = False
        self._scopes: list[dict[str, Slot]] = [{}]
        self._loops = 0

    @contextmanager
    def scope(self, *, loop: bool = False) -> Iterator[None]:
        """Names declared inside are gone after it."""
        self._scopes.append({})
        self._loops += loop
        try:
            yield
        finally:
            self._loops -= loop
            self._scopes.pop()

    def declare(self, name: str) -> int:
        """A new variable in the innermost scope; "_" is one that nobody can name."""
        slot = Slot(self.size, self._loops > 0)
        self.size += 1
        if name != "_":
            self._scopes[-1][name] = slot
        return slot.at

    def declared_here(self, name: str) -> bool:
        return name in self._scopes[-1]

    def find(self, name: str) -> tuple[int, Slot] | None:
        """How many functions out a variable lives, and where there; None if it is not local."""
        for scope in reversed(self._scopes):
            if name in scope:
                return 0, scope[name]
        found = self.outer.find(name) if self.outer is not None else None
        return None if found is None else (found[0] + 1, found[1])

    def imported(self, node: Syntax) -> str | None:
        """The import path that an identifier stands for, or None."""
        if node.kind != "identifier":
            return None
        name = node.text.decode()
        return self.file.imports.get(name) if self.find(name) is None else None

    def expression(self, node: Syntax) -> Run:
        """A function that gives the value of an expression, of several by Many."""
        return self.machine.expression(self, node)

    def one(self, node: Syntax) -> Run:
        """The same where exactly one value is asked for."""
        while node.kind == "expression_list" and len(node.children) == 1:
            node = node.children[0]
        run = self.machine.expression(self, node)
        if node.kind != "call_expression":
            return run

        def single(env: Env) -> Any:
            value = run(env)
            if value.__class__ is Many:
                raise self.error(node, "several values where one is asked for")
            return value

        return single

    def truth(self, node: Syntax) -> Callable[[Env], bool]:
        """A condition."""
        run = self.one(node)

        def holds(env: Env) -> bool:
            value = run(env)
            if value is True or value is False:
                return value
            raise self.error(node, "a condition that is not a boolean")

        return holds

    def error(self, node: Syntax, what: str) -> UnsupportedError:
        return UnsupportedError(what, self.file.path, *node.point)

    def unknown(self, node: Syntax, what: str = "") -> Run:
        """What to run for Go that is not known here: it says so, with its place."""

        def run(_: Env) -> NoReturn:
            raise self.error(node, what or f"a {node.kind.replace('_', ' ')}")

        return run

    def placed(self, error: UnsupportedError, node: Syntax) -> UnsupportedError:
        """An error of the library with the place of the call that led to it."""
        return error if error.path else self.error(node, error.what)
