"""A package that is ready to run: its functions, methods, variables and constants by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import assertions, assign, calls, concurrent, expressions, literals
from gopatch.evaluate import statements as stated
from gopatch.evaluate.asked import is_there
from gopatch.evaluate.constant_questions import (
    KnownNames,
    asks_for_constant,
    asks_outside,
    compares,
)
from gopatch.evaluate.context import FIRST, Context, Env, Machinery, Run
from gopatch.evaluate.function import Bound, Function
from gopatch.evaluate.go_values import (
    GoError,
    GoPanicError,
    Native,
    Pointer,
    Struct,
    TypeName,
    UnsupportedError,
    copied,
)
from gopatch.evaluate.library import Library
from gopatch.evaluate.package import Package, Spot, Variable, parts, text_of
from gopatch.evaluate.types import Type, convert, named_zero_maker, zero_maker
from gopatch.go.tree import Syntax

_EXPRESSIONS = {**expressions.KINDS, **literals.KINDS, **calls.KINDS, **assertions.EXPRESSIONS}
_STATEMENTS = {**stated.KINDS, **assertions.STATEMENTS, **concurrent.STATEMENTS}


class _Poison:
    """A package variable whose value is not known, and why."""

    def __init__(self, why: UnsupportedError) -> None:
        self.why = why


class Machine(Machinery):
    """Runs functions of a package. Package variables keep their values from call to call."""

    def __init__(self, package: Package, library: Library, *, watching: bool = False) -> None:
        super().__init__(package, library)
        self.watching = watching
        self.ran: set[tuple[str, int]] = set()  # path and offset of each statement that was run
        # Path, begin and end of each question for a constant or for what is outside, and the answer.
        self.answers: set[tuple[str, int, int, bool]] = set()
        self.questions: set[tuple[str, int, int]] = set()  # such as may have got none
        self._names: dict[str, TypeName] = {}
        self._variables: dict[str, Any] = {}
        self._constants: dict[str, Any] = {}
        self._functions: dict[int, Function] = {}
        self._zeros: dict[str, Callable[[], Any]] = {}
        for place in package.inits:
            self._init(place)

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function of the package; several results are a Many."""
        self.steps = 0
        return self._ended(self.function(name)(*arguments))

    def _ended(self, result: Any) -> Any:
        """The result of a call from outside, once what it has started has run."""
        world = self.library.world
        while world.later and not world.waits:
            world.late = True
            world.later.pop(0)()
        return result

    def call_method(self, value: Any, name: str, *arguments: Any) -> Any:
        """Call a method of a value; UnsupportedError where it has none of that name."""
        self.steps = 0
        found = self.method(value, name)
        if found is None:
            raise UnsupportedError(f"there is no method `{name}`")
        return self._ended(found(*arguments))

    def member(self, name: str) -> Any:
        package = self.package
        if name in package.functions:
            return self.function(name)
        if name in package.variables:
            return self.variable(name)
        if name in package.constants:
            return self.constant(name)
        raise UnsupportedError(f"`{name}`, which the package does not declare")

    def own(self, type_name: str) -> TypeName:
        if type_name not in self._names:
            self._names[type_name] = TypeName(type_name)
            self._names[type_name].home = self
        return self._names[type_name]

    def function(self, name: str) -> Bound:
        if name not in self.package.functions:
            raise UnsupportedError(f"there is no function `{name}`")
        return Bound(self._made(self.package.functions[name]))

    def method(self, value: Any, name: str) -> Callable[..., Any] | None:
        """The method of a value, promoted from an embedded field where it is; None without."""
        struct = value.target if isinstance(value, Pointer) else value
        if isinstance(struct, Native):
            return struct.methods.get(name)
        if isinstance(struct, GoError):
            return self.library.error_method(struct, name)
        if not isinstance(struct, Struct):
            return self.library.plain_method(struct, name)
        home = getattr(struct.type, "home", None)
        if home is not None and home is not self:
            return home.method(value, name)  # type: ignore[no-any-return]
        place = self.package.methods.get((struct.type, name))
        if place is not None:
            made = self._made(place)
            return Bound(made, None, Pointer(struct) if made.by_pointer else struct.copy())
        known: Callable[..., Any] | None = self.library.method(struct, name)
        if known is not None:
            return known
        for part in struct.embedded:
            found = self.method(struct.fields[part], name)
            if found is not None:
                return found
        return None

    def _made(self, place: Spot) -> Function:
        key = id(place.node)
        if key not in self._functions:
            self._functions[key] = Function(Context(self, place.file), place.node)
        return self._functions[key]

    def setter(self, context: Context, target: Syntax) -> Callable[[Env, Any], None]:
        return assign.setter(context, target)

    def assertion_and_ok(self, context: Context, node: Syntax) -> Callable[[Env], tuple[Any, bool]]:
        return assertions.assertion_and_ok(context, node)

    def closure(self, context: Context, node: Syntax) -> Run:
        made = Function(Context(self, context.file, context), node)
        return lambda env: Bound(made, env)

    # Making ready --------------------------------------------------------------------------------

    def expression(self, context: Context, node: Syntax) -> Run:
        make = _EXPRESSIONS.get(node.kind)
        run = context.unknown(node) if make is None else make(context, node)
        if not self.watching:
            return run
        names, package = context.file.imports, self.package
        known = KnownNames(
            package.constants, frozenset(), names, package.variables, package.functions
        )
        outside = asks_outside(node, names)
        if not outside and not asks_for_constant(node, known):
            return run
        answers, place = self.answers, (context.file.path, node.start, node.end)
        if outside or compares(node):
            self.questions.add(place)

        def noted(env: Env) -> Any:
            value = run(env)
            told = is_there(value) if outside else value
            if told is True or told is False:
                answers.add((*place, told))
            return value

        return noted

    def statement(self, context: Context, node: Syntax, label: str = "") -> Run:
        make = _STATEMENTS.get(node.kind)
        run = context.unknown(node) if make is None else make(context, node, label)
        if not self.watching:
            return run
        seen, place = self.ran, (context.file.path, node.start)

        def noted(env: Env) -> Any:
            seen.add(place)
            return run(env)

        return noted

    # Variables and types -------------------------------------------------------------------------

    def variable(self, name: str) -> Any:
        if name not in self._variables:
            self._variables[name] = self._initial(self.package.variables[name])
        value = self._variables[name]
        if isinstance(value, _Poison):
            raise value.why
        return value

    def known_variable(self, name: str) -> Any:
        """The value of a variable that has been used, None for another one."""
        value = self._variables.get(name)
        return None if isinstance(value, _Poison) else value

    def _initial(self, variable: Variable) -> Any:
        file = variable.place.file
        hint = None if variable.type is None else Type(file, variable.type)
        if variable.value is None:
            return zero_maker(self, hint)()
        value = Context(self, file).expression(variable.value)([None, None])
        if variable.result >= 0:
            value = value[variable.result]
        return copied(convert(self, text_of(variable.type), value))

    def set_variable(self, name: str, value: Any) -> None:
        old = self._variables.get(name)
        if isinstance(old, Struct) and isinstance(value, Struct):
            old.fields = value.fields  # pointers to it see the change
        else:
            self._variables[name] = value

    def constant(self, name: str) -> Any:
        if name not in self._constants:
            found = self.package.constants[name]
            if found.value is None:
                raise UnsupportedError(f"the constant `{name}`")
            context = Context(self, found.place.file)
            env: Env = [None, None, found.iota]
            context.declare("iota")
            self._constants[name] = context.one(found.value)(env)
        return self._constants[name]

    def zero_of(self, type_name: str) -> Any:
        if type_name not in self._zeros:
            self._zeros[type_name] = named_zero_maker(self, type_name)
        return self._zeros[type_name]()

    def _init(self, place: Spot) -> None:
        """Run an init function; what it cannot work out is unknown, and an error when read."""
        context = Context(self, place.file)
        body = place.node.field("body")
        runs = [(node, self.statement(context, node)) for node in parts(body)]
        env: Env = [None, []] + [None] * (context.size - FIRST)
        for node, run in runs:
            try:
                run(env)
            except UnsupportedError as error:
                self._poison(context, env, node, error)
            except GoPanicError as error:
                self._poison(context, env, node, UnsupportedError(str(error)))

    def _poison(self, context: Context, env: Env, node: Syntax, why: UnsupportedError) -> None:
        for leaf in node.leaves():
            found = context.find(text_of(leaf)) if leaf.kind == "identifier" else None
            if found is not None:
                env[found[1].at] = None
            elif text_of(leaf) in self.package.variables:
                self._variables[text_of(leaf)] = _Poison(why)
