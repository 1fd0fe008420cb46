"""What Docker's packages call outside of themselves, as far as their way to a registry needs it.

Everything here is a model: no file is read, no name is resolved but by the resolver given, no
certificate lies in any folder, and requests go to a `World`. `Library.used` lists what was asked for,
for a reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from gopatch.evaluate import addresses, containerd, formatting, network, reflection, transport
from gopatch.evaluate.addresses import ip, net_method, url_method
from gopatch.evaluate.errors_of_net import error_methods, text_of_error
from gopatch.evaluate.network import World
from gopatch.evaluate.standard import FUNCTIONS, atomic, failed, nothing, once
from gopatch.evaluate.values import (
    GoError,
    Lock,
    Many,
    Map,
    Native,
    Pointer,
    Slice,
    Struct,
    UnsupportedError,
    type_name,
)
from gopatch.go.net import parse_address, parse_zoned
from gopatch.model import Resolver, no_resolver
from gopatch.model.options import host_pattern

# Packages of which only the end of the path counts: forks and vendoring move the rest.
_BY_TAIL = {
    "logrus": "log",
    "containerd/log": "log",
    "tlsconfig": "tlsconfig",
    "errdefs": "errdefs",
    "pkg/errors": "errors",
    "opts": "opts",
    "pkg/mflag": "mflag",
    "types/registry": "types",
    "lazyregexp": "regexp",
    "rootless": "rootless",
    "homedir": "homedir",
    "net/context": "context",
    "reference": "reference",
    "io/ioutil": "os",
    "buildkit/util/resolver": "resolver",
    "buildkit/cmd/buildkitd/config": "bkconfig",
    "buildkit/util/resolver/config": "bkconfig",
    "remotes/docker/config": "hostconfig",
    "remotes/docker": "docker",
}
_TYPES: dict[str, dict[str, Any]] = {
    "net/url.URL": addresses.URL,
    "types.IndexInfo": {"Name": "", "Mirrors": None, "Secure": False, "Official": False},
    "types.ServiceConfig": {
        "AllowNondistributableArtifactsCIDRs": None,
        "AllowNondistributableArtifactsHostnames": None,
        "InsecureRegistryCIDRs": None, "IndexConfigs": None, "Mirrors": None, "ExtraFields": None,
    },
    "types.AuthConfig": {
        "Username": "", "Password": "", "Auth": "", "Email": "", "ServerAddress": "",
        "IdentityToken": "", "RegistryToken": "",
    },
    "types.SearchResults": {"Query": "", "NumResults": 0, "Results": None},
    "github.com/docker/distribution/registry/client/auth.APIVersion": {"Type": "", "Version": ""},
    "net/url.Error": {"Op": "", "URL": "", "Err": None},
    "net.OpError": {"Op": "", "Net": "", "Source": None, "Addr": None, "Err": None},
    **network.TYPES,
    **containerd.TYPES,
}  # fmt: skip
_CONVERSIONS = {
    "net.IPNet", "net.IP", "types.NetIPNet", "net/http.Header", "time.Duration", "docker.RegistryHosts",
}  # fmt: skip
_MADE: dict[str, Callable[[], Any]] = {
    "sync.Mutex": Lock,
    "sync.RWMutex": Lock,
    "sync.Once": once,
    "sync/atomic.Bool": lambda: atomic(False),
    "sync/atomic.Int32": lambda: atomic(0),
    "sync/atomic.Int64": lambda: atomic(0),
    "sync/atomic.Value": lambda: atomic(None),
    "opts.ListOpts": lambda: list_opts(()),
    "time.Duration": lambda: 0,
    "log.Fields": lambda: Map(lambda: None),
    "net/http.Header": lambda: None,
    "net/http.RoundTripper": lambda: None,
    "net.Conn": lambda: None,
    "net.Error": lambda: None,
    "net.IP": lambda: None,
    "context.Context": lambda: None,
    "context.CancelFunc": lambda: None,
    "io.Reader": lambda: None,
    "io.ReadCloser": lambda: None,
    "docker.RegistryHosts": lambda: None,
}
_LOOKING = {
    "HasPrefix": "prefix", "HasSuffix": "suffix", "Contains": "in", "EqualFold": "=", "Index": "in",
    "TrimSuffix": "suffix", "TrimPrefix": "prefix", "LastIndex": "in", "Count": "in",
}  # fmt: skip
_INTERFACES = {"net.Error": ("Error", "Timeout"), "fmt.Stringer": ("String",)}
_DOMAIN = "(?:domain)"  # stands for reference.DomainRegexp in the texts of regular expressions
_KEEP = ("mflag", "log", "errdefs", "tlsconfig", "opts", "types", "regexp", "rootless", "homedir")


class _Default(Struct):
    """tlsconfig.ServerDefault: a struct up to v1.10, a function since."""

    def __call__(self, *options: Any) -> Pointer:
        if options:
            raise UnsupportedError("options of tlsconfig")
        return Pointer(self.copy())


class _Log(dict[str, Callable[..., Any]]):
    """The methods of a logger: every one of them is there, notes what it is given, and gives a
    logger."""

    def __init__(self, show: Callable[[str, tuple[Any, ...]], None]) -> None:
        super().__init__()
        self._show = show
        self.logger = Native("logger")
        self.logger.methods = self  # empty, it would not be taken

    def get(self, key: str, default: Any = None) -> Any:
        def told(*given: Any) -> Native:
            self._show(key, given)
            return self.logger

        return told


class Library:
    """Packages by import path. `used` grows by what is asked for.

    `find` gives the machine of a package that is at hand as Go, None of another.
    """

    def __init__(
        self,
        resolve: Resolver = no_resolver,
        *,
        bracketed_hosts: bool = True,
        world: World | None = None,
        find: Callable[[str], Any] | None = None,
    ) -> None:
        self.resolve = resolve
        self.world = World() if world is None else world
        self.used: set[str] = set()
        # What texts and numbers were compared with: "=", "prefix", "suffix", "in", or "#" for numbers.
        self.compared: set[tuple[str, str | int]] = set()
        self.flags: Callable[[str, tuple[Any, ...]], Any] | None = None  # registers a flag
        self._find = find
        self._domain = f"(?:{host_pattern(bracketed_hosts)})"
        self._log = _Log(self._logged)
        self._net = transport.Network(self.world, self._method, addresses.parse_url_of)
        self._context = network.context(self.world)
        self._members: dict[str, Any] = {
            **FUNCTIONS,
            **self._asking(), **addresses.MEMBERS, **containerd.MEMBERS, **_MEMBERS, **reflection.MEMBERS,
            **self._own(), **self._web(), **self._clock(),
        }  # fmt: skip

    def _asking(self) -> dict[str, Any]:
        """Functions of strings that note what they look for."""

        def noted(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
            def run(text: str, what: str) -> Any:
                self.compared.add((op, what))
                return function(text, what)

            return run

        return {
            f"strings.{name}": noted(op, FUNCTIONS[f"strings.{name}"])
            for name, op in _LOOKING.items()
        }

    def _own(self) -> dict[str, Any]:
        """Members that know this library."""
        show = self._show
        return {
            "net.LookupIP": self._lookup_ip,
            "regexp.MustCompile": self._regexp,
            "regexp.New": self._regexp,
            "reference.DomainRegexp": Native("regexp", {"String": lambda: _DOMAIN}),
            "fmt.Sprintf": lambda form, *given: formatting.sprintf(show, form, *given),
            "fmt.Sprint": lambda *given: "".join(formatting.sprintf(show, "%v", v) for v in given),
            "fmt.Errorf": lambda form, *given: formatting.errorf(show, form, *given),
            "errors.Errorf": lambda form, *given: formatting.errorf(show, form, *given),
            "errors.Is": self._is,
            "errors.Unwrap": self._cause,
            "errors.Cause": self._root,
            "os.Getenv": self.world.variable,
            "os.LookupEnv": lambda name: Many(
                (self.world.variable(name), bool(self.world.variable(name)))
            ),
        }

    def _web(self) -> dict[str, Any]:
        """net/http, httptrace and context on the world."""
        world, parse, todo = self.world, addresses.parse_url_of, self._context

        def ended(parent: Any, *_: Any) -> Many:
            return Many((network.context(world, parent), nothing))

        return {
            "net/http.NewRequest": lambda method, url, body: network.request(
                parse, method, url, body, todo
            ),
            "net/http.NewRequestWithContext": lambda ctx, method, url, body: network.request(
                parse, method, url, body, ctx
            ),
            "net/http.DefaultTransport": world.default,
            "net/http.DefaultClient": Pointer(network.struct("net/http.Client")),
            "net/http.Get": lambda url: self._get(Pointer(network.struct("net/http.Client")), url),
            "net/http/httptrace.WithClientTrace": lambda ctx, trace: network.context(
                world, ctx, trace.target
            ),
            "docker.NewHTTPFallback": containerd.http_fallback,
            "resolver.NewRegistryConfig": lambda known: containerd.registry_config(world, known),
            "hostconfig.ConfigureHosts": lambda *_: containerd.configure_hosts(world),
            "context.TODO": lambda: todo,
            "context.Background": lambda: todo,
            "context.WithCancel": ended,
            "context.WithTimeout": ended,
            "context.WithDeadline": ended,
            "context.WithValue": lambda parent, *_: network.context(world, parent),
        }

    def _clock(self) -> dict[str, Any]:
        world, second = self.world, network.SECOND
        spans = {"Nanosecond": 1, "Microsecond": 1000, "Millisecond": 1000000, "Second": second}
        spans |= {"Minute": 60 * second, "Hour": 3600 * second}
        return {
            **{f"time.{name}": span for name, span in spans.items()},
            "time.Now": lambda: network.moment(world, world.now),
            "time.Since": lambda then: world.now - then.key,
            "time.Sleep": nothing,
        }

    def member(self, path: str, name: str) -> Any:
        """A function, variable or constant of another package; UnsupportedError if unknown."""
        package = package_of(path)
        key = f"{package}.{name}"
        self.used.add(key)
        if package == "log":
            return self._log.get(name)
        if package == "mflag":
            return self._flag_of(name)
        if package == "opts" and key not in self._members:
            return lambda *given: Native("opts", {"String": lambda: ""}, None)
        if package == "errdefs":
            return self._class_of_error(name)
        machine = self._machine(path)
        if machine is not None:
            return machine.member(name)
        if key not in self._members:
            raise UnsupportedError(f"`{path}.{name}`, which is outside of the package")
        return self._members[key]

    def assign(self, path: str, name: str, value: Any) -> None:
        """Set a variable of another package; UnsupportedError where there is none."""
        machine = self._machine(path)
        if machine is None or name not in machine.package.variables:
            raise UnsupportedError(f"an assignment to `{path}.{name}`")
        machine.set_variable(name, value)

    def _machine(self, path: str) -> Any:
        if self._find is None or package_of(path) in _KEEP:
            return None
        return self._find(path)

    def is_type(self, path: str, name: str) -> bool:
        machine = self._machine(path)
        if machine is not None:
            return name in machine.package.types
        return f"{package_of(path)}.{name}" in _CONVERSIONS

    def zero(self, path: str, name: str) -> Any:
        """The zero value of another package's type."""
        machine = self._machine(path)
        if machine is not None and name in machine.package.types:
            return machine.zero_of(name)
        key = f"{package_of(path)}.{name}"
        if key == "time.Time":
            return network.moment(self.world, 0)
        if key in _TYPES:
            return Struct(key, dict(_TYPES[key]))
        made = _MADE.get(key)
        return Native(key, key="zero") if made is None else made()

    def is_of(self, machine: Any, value: Any, path: str, name: str) -> bool:
        """Whether a value is of another package's type."""
        home = self._machine(path)
        if home is not None:
            return (
                isinstance(value, Struct) and value.type == name and type_name(value).home is home
            )
        key = f"{package_of(path)}.{name}"
        if key in _INTERFACES:
            return all(machine.method(value, each) is not None for each in _INTERFACES[key])
        return isinstance(value, Struct | Native) and value.type == key

    def _flag_of(self, name: str) -> Callable[..., Any]:
        """A function of mflag, which keeps one set of flags for all."""

        def register(*given: Any) -> Any:
            if self.flags is None:
                raise UnsupportedError(f"mflag.{name}, while nobody notes flags")
            return self.flags(name, given)

        return register

    def _class_of_error(self, name: str) -> Any:
        """A member of errdefs: an error of a class, its test, or what puts an error into the class."""
        if name.startswith("Err"):
            return GoError(name, name.removeprefix("Err"))
        if name.startswith("Is"):
            return lambda error: self._is(error, GoError("", name.removeprefix("Is")))
        shown = self._show
        return lambda error, *_: None if error is None else GoError(shown(error) or "", name, error)

    # Methods -------------------------------------------------------------------------------------

    def method(self, struct: Struct, name: str) -> Callable[..., Any] | None:
        """The method of a struct of another package, or None."""
        kind, pointer = struct.type, Pointer(struct)
        if kind == "net.IPNet":
            return net_method(struct, name)
        if kind == "crypto/tls.Config" and name == "Clone":
            return lambda: Pointer(struct.copy())
        if kind == "net/url.URL":
            return url_method(struct.fields, name)
        if kind in ("net/url.Error", "net.OpError", "crypto/tls.RecordHeaderError"):
            return error_methods(struct, name)
        if kind == "net/http.Request":
            return network.request_methods(self._context, pointer, name)
        if kind == "docker.httpFallback" and name == "RoundTrip":
            return lambda req: self._falls_back(struct, req)
        return self._client_method(pointer, name)

    def _client_method(self, pointer: Pointer, name: str) -> Callable[..., Any] | None:
        methods: dict[str, Callable[..., Any]] = {}
        if pointer.target.type == "net/http.Client":
            methods = {
                "Do": lambda req: self._net.do(pointer, req),
                "Get": lambda url: self._get(pointer, url),
                "Head": lambda url: self._get(pointer, url, "HEAD"),
                "CloseIdleConnections": nothing,
            }
        elif pointer.target.type == "net/http.Transport":
            methods = {
                "RoundTrip": lambda req: self._net.round_trip(pointer, req),
                "Clone": lambda: Pointer(pointer.target.copy()),
                "CloseIdleConnections": nothing,
            }
        return methods.get(name)

    def _get(self, client: Pointer, url: str, method: str = "GET") -> Many:
        made, wrong = network.request(addresses.parse_url_of, method, url, None, self._context)
        return Many((None, wrong)) if wrong is not None else self._net.do(client, made)

    def _falls_back(self, struct: Struct, req: Pointer) -> Many:
        """containerd's own fallback for a registry that is listed."""
        next_one = self._method(struct.fields["RoundTripper"], "RoundTrip")
        response, error = next_one(req)
        if error is None or req.target.fields["URL"].target.fields["Scheme"] != "https":
            return Many((response, error))
        if not (isinstance(error, Struct) or "connection refused" in text_of_error(error)):
            return Many((response, error))
        again = network.request_methods(self._context, req, "Clone")(None)  # type: ignore[misc]
        again.target.fields["URL"].target.fields["Scheme"] = "http"
        found: Many = next_one(again)
        return found

    def plain_method(self, value: Any, name: str) -> Callable[..., Any] | None:
        """The method of a value that is no struct: a http.Header, above all."""
        if isinstance(value, Map):
            found: Callable[..., Any] | None = network.header_method(value, name)
            return found
        return None

    def error_method(self, error: GoError, name: str) -> Callable[..., Any] | None:
        if name == "Error":
            return lambda: error.message
        if name in ("Timeout", "Temporary") and error.kind == "deadline":
            return lambda: True
        return (lambda: error.cause) if name == error.via and error.cause is not None else None

    def _method(self, value: Any, name: str) -> Any:
        """A method of any value: by its own package, or as it is known here."""
        struct = value.target if isinstance(value, Pointer) else value
        home = getattr(struct.type, "home", None) if isinstance(struct, Struct) else None
        if home is not None:
            return home.method(value, name)
        if isinstance(struct, Struct):
            return self.method(struct, name)
        if isinstance(struct, Native):
            return struct.methods.get(name)
        return self.error_method(struct, name) if isinstance(struct, GoError) else None

    # Texts and errors ----------------------------------------------------------------------------

    def _show(self, value: Any) -> str | None:
        """The text of an error or of what has a String method."""
        for name in ("Error", "String"):
            method = self._method(value, name)
            if method is not None:
                return str(method())
        return None

    def _logged(self, level: str, given: tuple[Any, ...]) -> None:
        try:
            first, *rest = formatting.spread(given)
            formed = level.endswith("f") and isinstance(first, str)
            text = formatting.sprintf(
                self._show, first if formed else "%v", *(rest if formed else [first])
            )
        except (UnsupportedError, ValueError):
            text = ""
        self.world.log.append((level, text))

    def _cause(self, error: Any) -> Any:
        for name in ("Unwrap", "Cause"):
            method = None if error is None else self._method(error, name)
            if method is not None:
                return method()
        return None

    def _root(self, error: Any) -> Any:
        while (inner := self._cause(error)) is not None:
            error = inner
        return error

    def _is(self, error: Any, target: Any) -> bool:
        kind = getattr(target, "kind", "")
        while error is not None:
            late = isinstance(error, Native) and "Timeout" in error.methods and kind == "deadline"
            if error is target or (kind and getattr(error, "kind", "") == kind) or late:
                return True
            error = self._cause(error)
        return False

    def _lookup_ip(self, name: str) -> Many:
        literal = parse_zoned(name)
        if literal is not None:
            return Many((Slice([ip(literal[0])]), None))
        try:
            texts: Sequence[str] = self.resolve(name) if name else ()
        except (LookupError, OSError):
            texts = ()
        found = Slice(ip(a) for a in map(parse_address, texts) if a is not None)
        return Many((found, None)) if found else failed(None, message="no such host")

    def _regexp(self, text: str) -> Native:
        text = re.sub(r"\$$", r"\\Z", text.replace(_DOMAIN, self._domain))
        try:
            compiled = re.compile(text, re.ASCII)
        except re.error as error:
            raise UnsupportedError(f"the regular expression {text}: {error}") from None

        def submatch(given: str) -> Slice | None:
            found = compiled.search(given)
            return None if found is None else Slice([found[0], *(g or "" for g in found.groups())])

        def find(given: str) -> str:
            found = compiled.search(given)
            return "" if found is None else found[0]

        methods: dict[str, Callable[..., Any]] = {
            "MatchString": lambda given: compiled.search(given) is not None,
            "FindStringSubmatch": submatch,
            "FindString": find,
            "String": lambda: text,
        }
        return Native("regexp", methods)


@cache
def package_of(path: str) -> str:
    """The name that a package has here: its path, or what its path ends with."""
    if "." not in path.split("/", maxsplit=1)[0] and path not in _BY_TAIL:
        return path
    for tail, package in _BY_TAIL.items():
        if path == tail or path.endswith("/" + tail):
            return package
    return path


def list_opts(values: Sequence[str]) -> Native:
    """An opts.ListOpts, whose copies share what they hold."""
    held = list(values)

    def add(value: str) -> None:
        held.append(value)

    methods: dict[str, Callable[..., Any]] = {
        "GetAll": lambda: Slice(held),
        "Set": add,
        "Len": lambda: len(held),
    }
    return Native("opts.ListOpts", methods)


def _status_text(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


_SERVER = {**network.TLS, "MinVersion": 0x0303}
_CANCELLED = GoError("context canceled", "canceled")
_DEADLINE = GoError("context deadline exceeded", "deadline")

_MEMBERS: dict[str, Any] = {
    "tlsconfig.ServerDefault": _Default("crypto/tls.Config", _SERVER),
    "tlsconfig.ClientDefault": _Default("crypto/tls.Config", {**_SERVER, "ServerName": "client"}),
    "crypto/tls.VersionTLS10": 0x0301,
    "crypto/tls.VersionTLS11": 0x0302,
    "crypto/tls.VersionTLS12": 0x0303,
    "crypto/tls.VersionTLS13": 0x0304,
    "opts.NewListOpts": lambda _: list_opts(()),
    "reference.DefaultHostname": "docker.io",
    "reference.LegacyDefaultHostname": "index.docker.io",
    "context.Canceled": _CANCELLED,
    "context.DeadlineExceeded": _DEADLINE,
    "homedir.GetConfigHome": lambda: failed("", message="no home"),
    "rootless.RunningWithRootlessKit": lambda: False,
    "runtime.KeepAlive": nothing,
    "net/url.QueryEscape": quote_plus,
    "encoding/json.Marshal": lambda value: Many((Slice(b"{}"), None)),
    "encoding/json.NewDecoder": lambda _: Native("json.Decoder", {"Decode": lambda _: None}),
    "strings.NewReader": network.body_of,
    "io.EOF": GoError("EOF", "eof"),
    "io.Copy": lambda *_: Many((0, None)),
    "io.Discard": None,
    "io.ReadAll": lambda _: Many((Slice(), None)),
    "net/http.NoBody": Native("http.NoBody", {"Close": lambda: None}, "none"),
    "net/http.ProxyFromEnvironment": lambda _: Many((None, None)),
    **{
        f"net/http.Method{name.title()}": name
        for name in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
    },
    "net/http.StatusText": _status_text,
    "regexp.QuoteMeta": re.escape,
    "net/http.ErrUseLastResponse": GoError("net/http: use last response", "last"),
    "net/http.StatusOK": 200,
    "net/http.StatusUnauthorized": 401,
    "net/http.StatusForbidden": 403,
    "net/http.StatusNotFound": 404,
    "net/http.StatusInternalServerError": 500,
}
