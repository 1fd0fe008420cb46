"""Releases before the lookups (v1.3.1 to v1.7.1), where every road goes by one ping: the door to NewEndpoint.

Its parameters are read off the source: what is known of a registry, its address, who is listed.
"""

from __future__ import annotations

import re

from gopatch.verify._go.go_packages import GoPackage
from gopatch.verify._go.harness import UnfitError

PING = "ping"  # what the road and its door are called
FILE = "gopatch_ping.go"

# What is handed to a parameter, by a word of its type, the first that fits; `listed` is the list itself.
_GIVEN = {
    "IndexInfo": "index",
    "[]string": "listed",
    "string": "address",
    "bool": "IsSecure(address, listed)",
    "Header": "nil",
}
_INDEX = (
    "\tindex, err := service.Config.NewIndexInfo(address)\n"
    '\tif err != nil {\n\t\treturn "", err\n\t}\n'
)
_VARIABLE = re.compile(r"^var (\w+) +(?:bool$|bool =|= (?:true|false)$)", re.MULTILINE)


def pings(registry: GoPackage | None) -> bool:
    """Whether a registry package has no lookups yet, but endpoints that are pinged."""
    return (
        registry is not None
        and registry.has("NewEndpoint")
        and not registry.has("LookupPullEndpoints")
    )


def takes_list(registry: GoPackage) -> bool:
    """Whether NewService takes the list of insecure registries alone, and no options."""
    return re.search(r"^func NewService\(\w+ \[\]string\)", registry.text, re.MULTILINE) is not None


def option(registry: GoPackage, original: GoPackage) -> str:
    """The variable that a port has added, where the option cannot come by NewService; "" where there is none."""
    known = set(_VARIABLE.findall(original.text))
    fresh = [name for name in _VARIABLE.findall(registry.text) if name not in known]
    return fresh[0] if len(fresh) == 1 else ""


def ping_door(registry: GoPackage, variable: str) -> bytes:
    """A file of the registry package: who pings a registry, and where the option is. Raises UnfitError."""
    found = re.search(r"^func NewEndpoint\(([^)]*)\)", registry.text, re.MULTILINE)
    types = _types(found[1]) if found else []
    given = [next((made for word, made in _GIVEN.items() if word in kind), "") for kind in types]
    if not all(given):
        raise UnfitError(f"NewEndpoint takes a `{types[given.index('')]}`")
    lines = [
        "package registry\n",
        'import "fmt"\n',
        "// GopatchPing is what the daemon's roads begin with: an endpoint as text.",
        "func GopatchPing(service *Service, listed []string, address string) (string, error) {",
        f"{_INDEX if 'index' in given else ''}\tendpoint, err := NewEndpoint({', '.join(given)})",
        '\tif err != nil {\n\t\treturn "", err\n\t}',
        "\treturn fmt.Sprint(endpoint), nil\n}",
    ]
    if variable:
        lines.append(f"\nvar GopatchOption = &{variable}")
    return ("\n".join(lines) + "\n").encode()


def _types(parameters: str) -> list[str]:
    """The types of parameters, one for each name; what may be left out is."""
    found: list[str] = []
    kind = ""
    for each in reversed(parameters.split(",")):
        _, _, written = each.strip().partition(" ")
        kind = written or kind
        if kind and not kind.startswith("..."):
            found.insert(0, kind)
    return found
