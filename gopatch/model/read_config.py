"""Reads `ConfigRules` off Docker's Go source: flags, structs and the reader of daemon.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gopatch.model.config_rules import LEGACY, ConfigRules, Flag, JsonField, Reader

Read = Callable[[str], bytes | None]

_CONFIG = tuple(
    f"{folder}{name}.go"
    for folder in ("daemon/config/", "daemon/")
    for name in (
        *("config", "config_common_unix", "config_unix", "config_linux"),
        *("builder", "opts"),
    )
    if (folder, name) != ("daemon/", "builder")
)
_REGISTRY = tuple(
    f"{folder}{name}.go"
    for folder in ("registry/", "daemon/pkg/registry/")
    for name in ("config", "config_unix")
)
_COMMAND = (
    *(
        f"{folder}{name}.go"
        for folder in ("cmd/dockerd/", "daemon/command/")
        for name in ("config", "config_common_unix", "config_unix", "docker", "daemon", "options")
    ),
    *("cli/flags/common.go", "docker/common.go", "docker/daemon.go"),
)
_OPTS = tuple(
    f"{folder}opts/{name}.go"
    for folder in ("", "daemon/pkg/")
    for name in ("address_pools", "nri_opts", "opts", "runtime", "ulimit")
)
# cobra and mflag bring these along.
_HELP = Flag("help", boolean=True)

_CALL = re.compile(r"\.((?:Bool|String|Int|Int64|Uint|IP|Duration)?(?:VarP?|P?)) ?\((?=[\"&\w\[])")


def read_config_rules(read: Read) -> ConfigRules:
    """How the source behind `read` reads its daemon.json."""

    def joined(paths: tuple[str, ...]) -> str:
        found = (read(path) for path in paths)
        return "\n".join(data.decode("utf-8", "replace") for data in found if data)

    config, registry, command = joined(_CONFIG), joined(_REGISTRY), joined(_COMMAND)
    body = _function("getConflictFreeConfiguration", config)
    told = f"{command}\n{config}\n{registry}"
    return ConfigRules(
        reader=_reader(body),
        decoded="BOMOverride(" in body,
        prefix="invalid JSON: " if '"invalid JSON: ' in body else "",
        flags=_flags(told, f"{told}\n{joined(_OPTS)}"),
        skipped=_keys("skipValidateOptions", config),
        merged=_keys("skipDuplicates", config),
        flat=_keys("flatOptions", config),
        refused=tuple(_refused(f"{config}\n{registry}")),
        runtimes=frozenset({"runc", *_RUNTIME.findall(config)}),
        structs=_structs(f"{config}\n{registry}"),
        package="config" if re.search(r"^package config$", config, re.MULTILINE) else "daemon",
        legacy_removed=f"'--{LEGACY}' flag has been removed" in command,
        dialect="mflag" if 'pkg/mflag"' in told else "pflag",
    )


def _reader(body: str) -> Reader:
    if not body:
        return ""
    return "first" if "json.NewDecoder(" in body else "whole"


def _function(name: str, text: str) -> str:
    found = re.search(rf"^func {name}\(.*?^}}", text, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def _keys(name: str, text: str) -> frozenset[str]:
    found = re.search(rf"^var {name} = .*?^}}", text, re.MULTILINE | re.DOTALL)
    return frozenset(re.findall(r'"([^"]+)":\s*true', found.group() if found else ""))


_RUNTIME = re.compile(r'^\s*LinuxV\d+RuntimeName\s*=\s*"([^"]+)"', re.MULTILINE)
_REFUSED = {
    "api-cors-header": r"config\.CorsHeaders != \"\" \{[^}]*?errors\.New\(`([^`]+)`\)",
    "default-cgroupns-mode": r"Errorf\(`([^`]*default cgroup namespace[^`]*)`",
    "node-generic-resources": r"ParseGenericResources\(config()",
    "allow-nondistributable-artifacts": r'"(allow-nondistributable-artifacts \w+ %s should[^"]+)"',
}


def _refused(text: str) -> Iterator[tuple[str, str]]:
    for key, sign in _REFUSED.items():
        if found := re.search(sign, text):
            yield key, found[1].replace("%v", "%s")


# Flags ---------------------------------------------------------------------------------------


def _flags(text: str, whole: str) -> tuple[Flag, ...]:
    found = {_HELP.name: _HELP}
    for kind, arguments in _calls(text):
        flag = _flag(kind, arguments, whole)
        if flag is not None:
            found.setdefault(flag.name, flag)
    return tuple(sorted(found.values()))


def _calls(text: str) -> Iterator[tuple[str, list[str]]]:
    for found in _CALL.finditer(text):
        arguments = list(_arguments(text, found.end()))
        if len(arguments) >= 2:
            yield found[1], arguments


def _arguments(text: str, at: int) -> Iterator[str]:
    """The arguments of a call from behind its bracket on; strings may hold brackets."""
    depth, start = 0, at
    for token in re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|[()\[\]{},]').finditer(text, at):
        letter = token.group()
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and letter == ","):
            yield text[start : token.start()].strip()
            start = token.end()
        if depth < 0:
            return


def _flag(kind: str, arguments: list[str], whole: str) -> Flag | None:
    pointed = "Var" in kind
    listed = arguments[0].startswith(("[]string{", '"'))
    if not kind or not (pointed or listed):
        return None
    name = _flag_name(arguments[1 if pointed else 0], whole)
    if not name:
        return None
    key = _named(arguments[0], whole) if pointed else ""
    return Flag(name, key if key != name else "", kind.startswith("Bool"))


def _flag_name(argument: str, whole: str) -> str:
    """A string, a constant, or for mflag a list with "-name" among its entries."""
    if argument.startswith("[]string{"):
        names = [_constant(word.strip(), whole) for word in argument[9:-1].split(",")]
        return next((n.lstrip("#-") for n in names if n.lstrip("#").startswith("-")), "")
    return _constant(argument, whole)


def _constant(word: str, whole: str) -> str:
    if word.startswith('"'):
        return word.strip('"')
    name = re.escape(word.rpartition(".")[2])
    found = re.search(rf'^\s*(?:const\s+)?{name}\s*=\s*"([^"]+)"', whole, re.MULTILINE)
    return found[1] if found and word.isidentifier() | ("." in word) else ""


def _named(argument: str, whole: str) -> str:
    """The key of an option that has a name of its own, opts.NamedOption."""
    if argument.isidentifier():
        made = re.search(rf"^\s*{argument}\s*:?=\s*(.+)$", whole, re.MULTILINE)
        argument = made[1] if made else argument
    found = re.match(r'&?(?:\w+\.)?New(?:Named|Quoted)\w*(?:\[[^\]]*\])?\("([^"]+)"', argument)
    if found:
        return found[1]
    kind = re.match(r"(?:\w+\.)?New(\w+?)(?:Ref)?\(", argument)
    if kind and kind[1].startswith("Named"):
        return _own_name(kind[1].removeprefix("Named"), whole)
    last = re.match(r"&(?:\w+\.)*(\w+)$", argument)
    typed = last and re.search(rf"^\s*{last[1]}\s+\w+\.(\w+)\b", whole, re.MULTILINE)
    return _own_name(typed[1], whole) if typed else ""


def _own_name(kind: str, whole: str) -> str:
    """What a type's method Name says."""
    method = rf"^func \(\w+ \*?\w*{kind}(?:Ref)?\) Name\(\) string \{{\s*return \"([^\"]+)\""
    found = re.search(method, whole, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


# Structs -------------------------------------------------------------------------------------

_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\t(\w+)\s+([\w.*\[\]]+)(?:\s+`json:\"([^\"]*)\"`)?\s*(?://.*)?$")
_EMBEDDED = re.compile(r"^\t\*?(?:\w+\.)?(\w+)(?:\s+`json:\"([^\"]*)\"`)?\s*(?://.*)?$")


def _structs(text: str) -> tuple[tuple[str, tuple[JsonField, ...]], ...]:
    """Config, and each struct that one of its fields is made of."""
    bodies = {
        name: body for name, body in _STRUCT.findall(text) if f"*{name}) UnmarshalJSON" not in text
    }
    found: dict[str, tuple[JsonField, ...]] = {}
    todo = ["Config"]
    while todo:
        name = todo.pop()
        if name in bodies and name not in found:
            found[name] = tuple(_fields(name, bodies))
            todo += [one.type.lstrip("*[]").rpartition(".")[2] for one in found[name]]
    return tuple(found.items())


def _fields(name: str, bodies: dict[str, str], way: tuple[str, ...] = ()) -> Iterator[JsonField]:
    """Fields of a struct, those of embedded ones among them; what is nearer to the top goes first."""
    deeper: list[JsonField] = []
    for line in bodies[name].splitlines():
        embedded = _EMBEDDED.match(line)
        if embedded and not embedded[2]:
            inner = embedded[1]
            deeper += _fields(inner, bodies, (*way, inner)) if inner in bodies else ()
            continue
        own = _FIELD.match(line) or embedded
        tag = (own[own.re.groups] or "") if own else "-"
        key = tag.partition(",")[0]
        if own is None or key == "-" or not own[1][0].isupper():
            continue
        kind = own[2] if own.re is _FIELD else own[1]
        yield JsonField(key or own[1], kind, way)
    yield from deeper
