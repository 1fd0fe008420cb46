"""Whether a reload turns the option on and off, wherever it can change the list beside it.

The daemon's side is read by structure: under the option's own key it takes over the new value and
hands it to the service. What the service makes of it is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gopatch.evaluate import Many, Place, UnsupportedError
from gopatch.evaluate.package import SourceFile, parts, text_of
from gopatch.go.tree import Syntax, parse
from gopatch.model import Options
from gopatch.source import Source
from gopatch.source.roots import glob
from gopatch.verify._model.flag_chain import Chain
from gopatch.verify._model.option_path import OFF, ON, PROBES
from gopatch.verify._model.service import KEY, Files, Registry

_LIST = b'IsValueSet("insecure-registries")'
_OWN = f'IsValueSet("{KEY}")'.encode()
_IFS, _CALLS = frozenset({"if_statement"}), frozenset({"call_expression"})
_ASSIGNMENTS = frozenset({"assignment_statement"})


def reload_files(source: Source, engine: str) -> Files:
    """The daemon's files in which a reload changes the list of insecure registries."""
    paths = (path for path in glob(source, engine, "daemon/*.go") if not path.endswith("_test.go"))
    return tuple((path, data) for path in paths if _LIST in (data := source.read(path)))


class _Branch(NamedTuple):
    """What a reload does under the option's key: the fields it sets, the methods it calls."""

    place: Place
    sets: frozenset[str]
    methods: tuple[str, ...]


def reloaded(files: Files, registry: Registry) -> Chain:
    """The chain of a reload; empty where there is nothing to reload."""
    if not files:
        return Chain()
    if registry.is_variable:
        return Chain(steps=("reload: not followed, for the option is a variable",))
    found = [branch for file in files for branch in _branches(SourceFile(*file), registry.accept)]
    if not found:
        where = ", ".join(path for path, _ in files)
        return Chain(broken=(f"reload: {where} takes over the list, and not {KEY}",))
    (place, sets, methods), *_ = found
    if registry.accept not in sets:
        return Chain(broken=(f"reload: {place}: nothing takes over {registry.accept}",))
    name = methods[0] if methods else "ReplaceConfig"
    turn = _by_method(registry, name) if methods else _by_configuration(registry)
    wrong = _wrong(registry, turn)
    if wrong:
        return Chain(broken=(f"reload: {place}: {name} {wrong}",))
    return Chain(steps=(f"reload: {place}, by {name}",))


def _branches(file: SourceFile, accept: str) -> Iterator[_Branch]:
    tree = parse(file.data)
    for node in tree.nodes(_IFS, (_OWN,)):
        condition, body = node.field("condition"), node.field("consequence")
        if condition is None or body is None or _OWN not in condition.text:
            continue
        span = body.start, body.end
        inside = [n for n in tree.nodes(_ASSIGNMENTS | _CALLS) if _is_in(n, span)]
        yield _Branch(
            Place(file, node),
            frozenset(_set(n) for n in inside if n.kind in _ASSIGNMENTS),
            tuple(name for n in inside if (name := _handed(n, accept))),
        )


def _is_in(node: Syntax, span: tuple[int, int]) -> bool:
    return span[0] <= node.start and node.end <= span[1]


def _set(node: Syntax) -> str:
    """The field that an assignment takes over from a field of the same name, or ""."""
    left, right = (_field(parts(node.field(side))) for side in ("left", "right"))
    return left if left == right and text_of(node.field("operator")) == "=" else ""


def _field(found: list[Syntax]) -> str:
    """The last name of the only one of some expressions, `a.b.c`."""
    if len(found) != 1 or found[0].kind != "selector_expression":
        return ""
    return text_of(parts(found[0])[-1])


def _handed(node: Syntax, accept: str) -> str:
    """The method that a call hands the option to, or ""."""
    if node.kind not in _CALLS or _field(parts(parts(node)[-1])) != accept:
        return ""
    return _field(parts(node)[:1])


# What the service makes of it ----------------------------------------------------------------

Turn = Callable[[Any, Options], "Callable[[], Any] | None"]
"""Prepares a service for other options; the result, if there is one, brings them about."""


def _by_method(registry: Registry, name: str) -> Turn:
    def turn(service: Any, options: Options) -> None:
        registry.machine.call_method(service, name, options.accept_insecure_registry)

    return turn


def _by_configuration(registry: Registry) -> Turn:
    def turn(service: Any, options: Options) -> Callable[[], Any]:
        given = registry.options(options)
        found = registry.machine.call_method(service, "ReplaceConfig", given)
        commit = found[0] if isinstance(found, Many) else None
        if commit is None or not callable(commit):
            raise UnsupportedError("ReplaceConfig gives no function to commit with")
        return commit  # type: ignore[no-any-return]

    return turn


def _wrong(registry: Registry, turn: Turn) -> str:
    """What is wrong with turning the option on and off, "" where nothing is."""
    for old, new in ((OFF, ON), (ON, OFF)):
        before, after = (_answers(registry, registry.start(options)) for options in (old, new))
        service = registry.start(old)
        commit = turn(service, new)
        if commit is not None:
            if _answers(registry, service) != before:
                return "changes something before it is committed"
            commit()
        if _answers(registry, service) != after:
            return f"does not turn the option {'on' if new is ON else 'off'}"
    return ""


def _answers(registry: Registry, service: Any) -> list[Any]:
    return [registry.lookup(service, "pull", host) for host in PROBES]
