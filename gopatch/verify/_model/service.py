"""Docker's registry service, run from its source: options in, endpoints out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gopatch.evaluate import (
    GoPanicError,
    Library,
    Machine,
    Many,
    Native,
    Package,
    Pointer,
    Slice,
    Spot,
    Struct,
    UnsupportedError,
    plain,
)
from gopatch.evaluate.library import list_opts
from gopatch.evaluate.package import text_of
from gopatch.evaluate.types import fields_of
from gopatch.go.net import parse_url
from gopatch.model import Endpoint, Options, Traits
from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.verify._model.certs import Certs, lying
from gopatch.verify._model.grid import resolve
from gopatch.verify._model.tls_of import fields_held, tls_of

KEY = "accept-insecure-registry"
FOLDERS = ("registry", "daemon/pkg/registry")
ROADS = {"pull": "LookupPullEndpoints", "push": "LookupPushEndpoints"}
Files = tuple[tuple[str, bytes], ...]


def registry_files(source: Source, engine: str) -> Files:
    """The Go files of the registry package, without tests, sorted by path."""
    for folder in (join(engine, name) for name in FOLDERS):
        found = [e.name for e in source.listdir(folder) if e.kind == "file" and _is_go(e.name)]
        if found:
            return tuple((f"{folder}/{name}", source.read(f"{folder}/{name}")) for name in found)
    return ()


def _is_go(name: str) -> bool:
    return name.endswith(".go") and not name.endswith("_test.go")


class OptionField(NamedTuple):
    """A field of the options: its name, its type as written, the key of its json tag or None."""

    name: str
    type: str
    key: str | None
    place: Spot
    quoted: bool = False


class LookupResult(NamedTuple):
    """What a lookup gave: the endpoints, or None where it refused; and all of it, to compare.

    `raw` has one value for each endpoint. `panic` is set where Go would have crashed.
    """

    endpoints: tuple[Endpoint, ...] | None
    raw: tuple[Any, ...] = ()
    panic: str = ""


@dataclass
class EvaluatedRegistry:
    """One state of the registry package, stock or patched, ready to run.

    `accept` is how the option is set: the name of a field of the options, or of a package
    variable if `is_variable`; "" where there is none.
    """

    files: Files
    traits: Traits
    accept: str = ""
    is_variable: bool = False
    given: Machine | None = None
    machine: Machine = field(init=False)

    def __post_init__(self) -> None:
        library = Library(resolve, bracketed_hosts=self.traits.bracketed_hosts)
        self.machine = self.given or Machine(Package(self.files), library, watching=True)

    @property
    def package(self) -> Package:
        return self.machine.package

    def option_type(self) -> tuple[str, bool]:
        """The type of NewService's parameter, and whether it is a pointer."""
        place = self.package.functions.get("NewService")
        if place is None:
            raise UnsupportedError("there is no NewService in the registry package")
        text = text_of(place.node.field("parameters")).strip("() \n\t,").rpartition(" ")[2]
        if text.lstrip("*") not in self.package.types:
            raise UnsupportedError(
                f"NewService takes a `{text}`", place.file.path, *place.node.point
            )
        return text.lstrip("*"), text.startswith("*")

    def option_fields(self) -> list[OptionField]:
        """The fields of the options, in order."""
        name, _ = self.option_type()
        file, spec = self.package.types[name]
        struct = spec.field("type")
        if struct is None or struct.kind != "struct_type":
            raise UnsupportedError(f"`{name}` is no struct", file.path, *spec.point)
        return [
            OptionField(
                text_of(n), text_of(f.field("type")), json_key(f), Spot(file, f), _is_quoted(f)
            )
            for f in fields_of(struct)
            for n in f.names()
        ]

    def start(self, options: Options) -> Any:
        """NewService: the service, or None where it refuses the options."""
        return self.made_with(self.options(options))

    def made_with(self, options: Any) -> Any:
        """The same, with the options as NewService takes them."""
        found = self.machine.call("NewService", options)
        service, error = found if isinstance(found, Many) else (found, None)
        return service if error is None else None

    def options(self, options: Options) -> Any:
        """The options as NewService takes them; options that are variables are set."""
        name, pointer = self.option_type()
        value = self.machine.zero_of(name)
        self._fill(value, options)
        return Pointer(value) if pointer else value

    def _fill(self, value: Struct, options: Options) -> None:
        lists = {"Mirrors": options.mirrors, "InsecureRegistries": options.insecure_registries}
        types = {f.name: f.type for f in self.option_fields()}
        for name, items in lists.items():
            listed = types.get(name, "").endswith("ListOpts")
            value.fields[name] = list_opts(items) if listed else Slice(items) if items else None
        legacy = bool(options.disable_legacy_registry)
        if "V2Only" in value.fields:
            value.fields["V2Only"] = legacy
        elif "V2Only" in self.package.variables:
            self.machine.set_variable("V2Only", legacy)
        if self.is_variable:
            self.machine.set_variable(self.accept, options.accept_insecure_registry)
        elif self.accept:
            value.fields[self.accept] = options.accept_insecure_registry

    def lookup(self, service: Any, road: str, host: str, certs: Certs = ()) -> LookupResult:
        """The endpoints of a host ("pull") or for pushing to it ("push"), while some files are there."""
        try:
            with lying(self.machine.library, certs, self.traits.certs_folder):
                found = self.machine.call_method(service, ROADS[road], self._named(service, host))
        except GoPanicError as error:
            return LookupResult(None, (), str(error))
        endpoints, refused = found
        if refused is not None:
            return LookupResult(None)
        raw = tuple(_exported(plain(each)) for each in endpoints or ())
        return LookupResult(tuple(_endpoint(each) for each in endpoints or ()), raw)

    def _named(self, service: Any, host: str) -> Any:
        """The argument of a lookup: a host, or before v1.11 a repository's name."""
        if not self.traits.by_repository:
            return host
        place = self.package.methods.get((service.target.type, ROADS["pull"]))
        name = repository(host)
        if place is None or b"Named" not in (place.node.field("parameters") or place.node).text:
            return name
        methods: dict[str, Callable[..., Any]] = {"FullName": lambda: name, "Name": lambda: name}
        return Native("reference.Named", methods, name)

    def state(self, service: Any) -> Any:
        """All that the service and the package's variables hold, to compare."""
        names = sorted(self.package.variables)
        known = {n: self.machine.known_variable(n) for n in names}
        return plain(service), tuple((n, plain(v)) for n, v in known.items() if v is not None)


def repository(host: str) -> str:
    """The name of a repository on `host`."""
    return f"{host}/team/image"


def json_key(declared: Any) -> str | None:
    """The key that the tag of a field names, None without one."""
    tag = text_of(declared.field("tag")).strip('`"')
    _, found, rest = tag.partition('json:"')
    return rest.partition('"')[0].partition(",")[0] if found else None


def _is_quoted(declared: Any) -> bool:
    """Whether encoding/json wants the value of a field as a string: its tag says `,string`."""
    tag = text_of(declared.field("tag")).partition('json:"')[2].partition('"')[0]
    return "string" in tag.split(",")[1:]


def _endpoint(value: Any) -> Endpoint:
    fields = fields_held(value)
    scheme, host, path = _url(fields["URL"])
    return Endpoint(
        scheme,
        host,
        path,
        fields.get("Version", 2),
        fields.get("Mirror", False),
        fields.get("Official", False),
        fields.get("TrimHostname", False),
        tls_of(fields["TLSConfig"]),
    )


def _url(value: Any) -> tuple[str, str, str]:
    if isinstance(value, str):
        url = parse_url(value)
        if url is not None:
            return url.scheme, url.host, url.path
        scheme, _, host = value.partition("://")
        return scheme, host, ""
    fields = fields_held(value)
    return fields["Scheme"], fields["Host"], fields["Path"]


def _exported(raw: Any) -> Any:
    """An endpoint without the fields that only its own package sees, as a mark of who has added it."""
    kind, fields = raw
    return kind, tuple(pair for pair in fields if pair[0][:1].isupper())


def without_url(raw: Any) -> Any:
    """An endpoint without its address: what must be the same of http and https."""
    kind, fields = raw
    return kind, tuple(pair for pair in fields if pair[0] != "URL")


def numbered(files: Iterable[tuple[str, bytes]], branch: tuple[str, int]) -> str:
    """`path:line` of a branch."""
    data = dict(files).get(branch[0], b"")
    line = data.count(b"\n", 0, branch[1]) + 1
    return f"{branch[0]}:{line}"


def differing(one: Any, other: Any, name: str = "") -> Iterator[str]:
    """The names of what differs between two plain values, from the outside in."""
    if one == other:
        return
    pairs = _pairs(one), _pairs(other)
    if pairs[0] is None or pairs[1] is None or pairs[0].keys() != pairs[1].keys():
        yield name
        return
    for key in pairs[0]:
        yield from differing(pairs[0][key], pairs[1][key], f"{name}.{key}" if name else key)


def _pairs(value: Any) -> dict[str, Any] | None:
    """A plain struct as a mapping, None for anything else."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        value = value[1]
    if not isinstance(value, tuple) or not value:
        return None
    if all(isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], str) for p in value):
        return dict(value)
    return None
