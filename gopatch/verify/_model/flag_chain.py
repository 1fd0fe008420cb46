"""From the flag on the command line to the options: where the chain holds, and where it breaks.

By structure alone: the flag is registered once, false by default, on a field that stands beside
the list of insecure registries, whose way to NewService it then shares. What happens from
NewService on is evaluated, not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.evaluate.package import SourceFile, Spot, parts, text_of
from gopatch.go.tree import Syntax, parse
from gopatch.source import Source
from gopatch.source.roots import glob
from gopatch.verify._model.service import KEY, EvaluatedRegistry, Files

_FILES = (
    "registry/config*.go",
    "cmd/dockerd/*.go",
    "daemon/command/*.go",
    "daemon/config*.go",
    "daemon/config/*.go",
    "daemon/pkg/registry/config*.go",
)
_LIST = "InsecureRegistries"
_CALLS = frozenset({"call_expression"})


class Chain(NamedTuple):
    """How the option comes to NewService.

    `accept` is the field of the options or the package variable that the flag sets, "" if
    there is none; `steps` say what holds, `broken` what does not, `unknown` what cannot be told.
    """

    accept: str = ""
    is_variable: bool = False
    steps: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def flag_files(source: Source, engine: str) -> Files:
    """The files in which flags are registered and that know of the option."""
    paths = dict.fromkeys(
        path
        for pattern in _FILES
        for path in glob(source, engine, pattern)
        if not path.endswith("_test.go")
    )
    found = ((path, source.read(path)) for path in paths)
    return tuple((path, data) for path, data in found if KEY.encode() in data)


class _Flag(NamedTuple):
    """A call that registers the flag."""

    place: Spot
    method: str
    arguments: list[Syntax]
    name_at: int


def follow(files: Files, registry: EvaluatedRegistry) -> Chain:
    """The chain of a patched source. Raises UnsupportedError where NewService is not known."""
    flags = [flag for file in files for flag in _flags(SourceFile(*file))]
    if not flags:
        return _no_flag(registry)
    if len(flags) > 1:
        places = ", ".join(str(flag.place) for flag in flags)
        return Chain(broken=(f"flag: --{KEY} is registered more than once: {places}",))
    return _followed(flags[0], registry)


def _no_flag(registry: EvaluatedRegistry) -> Chain:
    fields = [f for f in registry.option_fields() if f.key == KEY]
    accept = fields[0].name if fields else ""
    return Chain(accept, broken=(f"flag: no flag --{KEY} is registered",))


def _flags(file: SourceFile) -> Iterator[_Flag]:
    for node in parse(file.data).nodes(_CALLS, (KEY.encode(),)):
        head, arguments = parts(node)[0], parts(parts(node)[-1])
        for index, argument in enumerate(arguments):
            if head.kind == "selector_expression" and _flag_name(argument) is not None:
                yield _Flag(Spot(file, node), text_of(parts(head)[-1]), arguments, index)


def _flag_name(node: Syntax) -> str | None:
    """The text of a flag's name: a string, or mflag's list of one, which begins with a hyphen."""
    if node.kind == "composite_literal":
        names = [text_of(n).strip('"`') for n in parts(node.field("body"))]
        return names[0] if f"-{KEY}" in names or KEY in names else None
    text = text_of(node).strip('"`')
    return text if node.kind.endswith("string_literal") and text == KEY else None


def _followed(flag: _Flag, registry: EvaluatedRegistry) -> Chain:
    broken: list[str] = []
    unknown: list[str] = []
    target, rest = flag.arguments[0], flag.arguments[flag.name_at + 1 :]
    default = rest[-2] if len(rest) > 1 else None
    if flag.method not in ("BoolVar", "BoolVarP") or flag.name_at != 1 or default is None:
        what = f"flag: {flag.place}: `{flag.method}` is no BoolVar(&field, name, default, usage)"
        return Chain(unknown=(what,))
    if not _hyphen_is_right(flag.arguments[1]):
        broken.append(f"flag: {flag.place}: the name is not -{KEY} alone")
    if text_of(default) != "false":
        broken.append(f"flag: {flag.place}: the default is {text_of(default)}, not false")
    base, accept = _target(target)
    step = f"flag: {flag.place}: --{KEY} sets {text_of(target).lstrip('&')}, {text_of(default)} by default"
    if not accept:
        return Chain(broken=(*broken, f"flag: {flag.place}: it sets no field"))
    if accept in registry.package.variables and base in ("", "registry"):
        variable = f"option: a variable of the registry package, {accept}"
        return Chain(accept, True, (step, variable), tuple(broken))
    if base not in _list_bases(flag.place):
        unknown.append(
            f"flag: {flag.place}: it sets `{text_of(target)}`, and {_LIST} is not registered "
            f"beside it"
        )
    field, wrong = option(accept, registry, str(flag.place))
    bools = {f.name for f in registry.option_fields() if f.type == "bool"}
    given = accept if accept in bools else ""
    return Chain(given, False, (step, *field), (*broken, *wrong), tuple(unknown))


def _hyphen_is_right(name: Syntax) -> bool:
    """In mflag's lists `-name` is what is written `--name` on the command line."""
    listed = name.kind == "composite_literal"
    return _flag_name(name) == (f"-{KEY}" if listed else KEY)


def _target(node: Syntax) -> tuple[str, str]:
    """`&base.Field` as (base, Field), `&name` as ("", name), anything else as ("", "")."""
    if node.kind != "unary_expression" or not node.text.startswith(b"&"):
        return "", ""
    inner = parts(node)[-1]
    if inner.kind == "identifier":
        return "", text_of(inner)
    if inner.kind != "selector_expression":
        return "", ""
    return text_of(parts(inner)[0]), text_of(parts(inner)[-1])


def _list_bases(place: Spot) -> set[str]:
    """What stands before `.InsecureRegistries` where its address is taken, in the same function."""
    found = set()
    for node in parse(place.file.data).nodes(
        frozenset({"function_declaration", "method_declaration"})
    ):
        if not node.start <= place.node.start < node.end:
            continue
        todo = [node]
        while todo:
            inner = todo.pop()
            base, name = _target(inner)
            if name == _LIST:
                found.add(base)
            todo += inner.children
    return found


def option(accept: str, registry: EvaluatedRegistry, flag: str) -> tuple[list[str], list[str]]:
    """What holds and what does not about the field of the options."""
    fields = {f.name: f for f in registry.option_fields()}
    name, _ = registry.option_type()
    found = fields.get(accept)
    if found is None:
        return [], [f"option: {name} has no field {accept}, which {flag} sets"]
    wrong = []
    if found.type != "bool":
        wrong.append(f"option: {found.place}: {accept} is a {found.type}, not a bool")
    if found.quoted:
        wrong.append(
            f"option: {found.place}: a daemon.json with `{KEY}: true` is refused: it wants a string"
        )
    keyed = _LIST in fields and fields[_LIST].key is not None
    if found.key != KEY and (keyed or found.key is not None):
        said = f"`{found.key}`" if found.key else "none"
        wrong.append(
            f"option: {found.place}: the key in daemon.json of {accept} is {said}, not `{KEY}`"
        )
    same = [f.name for f in fields.values() if f.key == KEY and f.name != accept]
    if same:
        wrong.append(f"option: {found.place}: {', '.join(same)} has the key `{KEY}` too")
    key = f", `{found.key}` in daemon.json" if found.key else ""
    return [f"option: {found.place}: {name}.{accept}{key}"], wrong
