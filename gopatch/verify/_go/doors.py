"""Where the daemon's own functions are that lead to a registry, and how a test file beside them calls them.

One package holds the second harness: the one with the program's flags, if it compiles, or the daemon's, or
that of pull and push. A *door* is a function as an expression of that package. Those that are not exported
are reached by a line in their own package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from gopatch.verify._go.go_packages import GoPackage
from gopatch.verify._go.harness import list_shape, named_shape
from gopatch.verify._go.ping_door import FILE, PING, ping_door, pings, takes_list

DOOR = "gopatch_door.go"
_HOSTS = ("main", "daemon", "distribution")
# What a package may import without a circle.
_BELOW = {
    "main": ("registry", "distribution", "plugin", "images", "config", "daemon"),
    "daemon": ("registry", "distribution", "plugin", "images", "config"),
    "distribution": ("registry",),
    "registry": (),
}


def hosts(found: Mapping[str, GoPackage]) -> Iterator[str]:
    """The packages that may hold the harness, the best first."""
    yield from (kind for kind in _HOSTS if kind in found)
    if pings(found.get("registry")):
        yield "registry"  # every road goes by it


class Doors:
    """The doors of a side as seen from a package, and what has to be imported for them."""

    def __init__(self, package: str, found: Mapping[str, GoPackage], host: str) -> None:
        self.package, self.found, self.host = package, found, host
        self.imports: dict[str, str] = {}
        self.lines: list[str] = []
        self.types = ""
        self.added: dict[str, bytes] = {}
        self.names: set[str] = set()

    def name(self, kind: str, name: str) -> str:
        """A name of a package as it is written here."""
        if kind == self.host:
            return name
        self.imports[f"gopatch_{kind}"] = f"{self.package}/{self.found[kind].folder}"
        return f"gopatch_{kind}.{name}"

    def reaches(self, kind: str) -> bool:
        return kind in self.found and (kind == self.host or kind in _BELOW[self.host])

    def add(self, door: str, expression: str) -> None:
        self.names.add(door)
        self.lines.append(f'\tgopatchDoors["{door}"] = {expression}')

    def method(self, kind: str, name: str) -> str:
        """A function, or a method as a function of its receiver."""
        receiver = self.found[kind].receiver(name)
        if not receiver:
            return self.name(kind, name)
        star = "*" if receiver.startswith("*") else ""
        return f"({star}{self.name(kind, receiver.lstrip('*'))}).{name}"

    def file(self, package: str) -> bytes:
        """The second file of the harness."""
        self.imports["reflect"] = "reflect"
        block = "".join(f'\t{name} "{path}"\n' for name, path in sorted(self.imports.items()))
        body = "\n".join([*self.lines, "\t_ = reflect.ValueOf"])
        return f"package {package}\n\nimport (\n{block})\n\n{self.types}func init() {{\n{body}\n}}\n".encode()


def doors(package: str, found: Mapping[str, GoPackage], host: str, option: str = "") -> Doors:
    """All doors of a side from one of its packages. `package` is the import path of the engine, `option`
    a variable of its registry package, where the option is one that nothing else sets here."""
    made = Doors(package, found, host)
    made.add("service", made.name("registry", "NewService"))
    if pings(found["registry"]):
        made.added[f"{found['registry'].folder}/{FILE}"] = ping_door(found["registry"], option)
        made.add(PING, made.name("registry", "GopatchPing"))
        if option:
            made.add("option", made.name("registry", "GopatchOption"))
    _roads(made)
    _daemon(made)
    _flags(made)
    _values(made)
    return made


def _roads(made: Doors) -> None:
    for door, name in (("pull", "Pull"), ("push", "Push")):
        if not made.reaches("distribution"):
            continue
        package = made.found["distribution"]
        if re.search(rf"^func {name}\(", package.text, re.MULTILINE):
            made.add(door, made.name("distribution", name))
        elif re.search(rf"^func \(\w+ \*TagStore\) {name}\(", package.text, re.MULTILINE):
            made.add(door, f"(*{made.name('distribution', 'TagStore')}).{name}")
    for kind in ("distribution", "images", "daemon"):
        names = [
            n
            for n in ("GetRepositories", "GetRepository")
            if made.reaches(kind) and made.found[kind].has(n)
        ]
        if names:
            made.add("inspect", made.method(kind, names[0]))
            break
    if made.reaches("plugin") and made.found["plugin"].has("registryHostsFn"):
        plugin = made.found["plugin"]
        named = re.search(r"^package (\w+)", plugin.text, re.MULTILINE)
        method = f"({plugin.receiver('registryHostsFn')}).registryHostsFn"
        text = f"package {named[1] if named else 'plugin'}\n\nvar GopatchHosts = {method}\n"
        made.added[f"{plugin.folder}/{DOOR}"] = text.encode()
        made.add("plugin", made.name("plugin", "GopatchHosts"))


def _daemon(made: Doors) -> None:
    if not made.reaches("daemon"):
        return
    for door, names in (
        ("hosts", ("RegistryHosts", "NewResolveOptionsFunc")),
        ("reload", ("Reload",)),
        ("info", ("SystemInfo",)),
    ):
        name = next((n for n in names if made.found["daemon"].receiver(n) == "*Daemon"), "")
        if name:
            made.add(door, made.method("daemon", name))
    images = made.found.get("images")
    if (
        images
        and made.reaches("images")
        and re.search(r"^type ImageService struct", images.text, re.M)
    ):
        # A reload tells it how much it may do at once, whether there is one or not.
        made.lines.append(
            f"\tgopatchOfDaemon = append(gopatchOfDaemon, &{made.name('images', 'ImageService')}{{}})"
        )


# Who registers the flags, the outermost first.
_FLAGS = (
    ("main", "installConfigFlags"),
    ("main", "installCommonConfigFlags"),
    ("daemon", "InstallFlags"),
    ("daemon", "InstallCommonFlags"),
    ("registry", "InstallCliFlags"),
    ("registry", "InstallFlags"),
)


def _flags(made: Doors) -> None:
    if takes_list(made.found["registry"]):
        return  # what the flags fill and what the service is made of have no type in common
    for kind, name in _FLAGS:
        if not made.reaches(kind) or not made.found[kind].has(name):
            continue
        if name[0].islower() and kind != made.host:
            continue
        text = made.found[kind].text
        if not _has_options(made, kind):
            continue
        flagged = re.search(rf"func (?:\([^)]*\) )?{name}\([^)]*\*(\w+)\.FlagSet", text)
        of_process = re.search(rf"func (?:\([^)]*\) )?{name}\(\) \{{", text)
        path = made.found[kind].import_of(flagged[1] if flagged else "flag")
        if not path or not (flagged or of_process):
            continue
        made.imports["gopatch_flag"] = path
        made.add("flags", made.method(kind, name))
        made.add("flagset", "gopatch_flag.NewFlagSet")
        if not flagged:  # until v1.7 flags are those of the process
            made.add("command line", "&gopatch_flag.CommandLine")
        _config(made)
        return


def _has_options(made: Doors, kind: str) -> bool:
    """Whether a package has to do with the registry's options: until v1.10 the daemon's own has not."""
    words = r"insecure-registry|\bServiceOptions\b|\bregistry\.Options\b"
    return kind == "registry" or re.search(words, made.found[kind].text) is not None


def _config(made: Doors) -> None:
    """What the flags fill, and who reads a daemon.json."""
    kind = next(
        (
            k
            for k in ("config", "daemon")
            if made.reaches(k)
            and _has_options(made, k)
            and re.search(r"^type Config struct", made.found[k].text, re.MULTILINE)
        ),
        "",
    )
    if not kind:
        options = (
            "Options"
            if re.search(r"^type Options struct", made.found["registry"].text, re.MULTILINE)
            else "ServiceOptions"
        )
        made.add("options", f"(*{made.name('registry', options)})(nil)")
        return
    package = made.found[kind]
    if kind == "config" and re.search(r"^func New\(\)", package.text, re.MULTILINE):
        made.add("config", made.name(kind, "New"))
    else:
        made.add("options", f"(*{made.name(kind, 'Config')})(nil)")
    for door, names in (
        ("merge", ("MergeDaemonConfigurations",)),
        ("read", ("ReloadConfiguration", "Reload")),
    ):
        name = next(
            (n for n in names if re.search(rf"^func {n}\(", package.text, re.MULTILINE)), ""
        )
        if name:
            made.add(door, made.name(kind, name))


def _values(made: Doors) -> None:
    """Values of types that differ: a repository's name, who is told of progress, a list of references."""
    texts = {kind: package.text for kind, package in made.found.items()}
    made.lines += list_shape(texts, made.imports)
    distribution = made.found.get("distribution")
    if distribution is None or not made.reaches("distribution"):
        return
    made.types += named_shape(
        {"": distribution.text}, made.imports, r"^func Pull\(\w+ \S+, \w+ (\w+)\.Named\b"
    )
    if made.types:
        made.lines.append(
            "\tgopatchShape.named = func(text string) reflect.Value {\n"
            "\t\treturn reflect.ValueOf(gopatchNamed{full: text})\n\t}\n"
            "\tgopatchShape.tagged = func(text string) reflect.Value {\n"
            "\t\treturn reflect.ValueOf(gopatchTagged{gopatchNamed{full: text}})\n\t}"
        )
    progress = re.search(r"^\tProgressOutput\s+(\w+)\.Output$", distribution.text, re.MULTILINE)
    if progress:
        made.imports["gopatch_progress"] = distribution.import_of(progress[1])
        made.types += (
            "type gopatchSilent struct{}\n\n"
            "func (gopatchSilent) WriteProgress(gopatch_progress.Progress) error { return nil }\n\n"
        )
        made.lines.append("\tgopatchGiven = append(gopatchGiven, gopatchSilent{})")
    _references(made, distribution)


def _references(made: Doors, distribution: GoPackage) -> None:
    store = re.search(r"^\tReferenceStore\s+(\w+)\.Store$", distribution.text, re.MULTILINE)
    if store is None or "reference" not in made.imports:
        return
    path = distribution.import_of(store[1])
    name = "reference" if path == made.imports["reference"] else "gopatch_store"
    made.imports[name] = path
    made.types += (
        f"type gopatchStore struct{{ {name}.Store }}\n\n"
        f"func (gopatchStore) ReferencesByName(ref reference.Named) []{name}.Association {{\n"
        f"\treturn []{name}.Association{{{{Ref: ref}}}}\n}}\n\n"
    )
    made.lines.append("\tgopatchGiven = append(gopatchGiven, gopatchStore{})")


def registry_door(registry: GoPackage) -> dict[str, bytes]:
    """The file that makes the daemon decide by an address that is no loopback, where it looks at any."""
    if not re.search(r"^(?:var |\t)lookupIP\s*=", registry.text, re.MULTILINE):
        return {}
    return {f"{registry.folder}/{DOOR}": Path(__file__).with_name("door.go").read_bytes()}
