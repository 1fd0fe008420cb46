"""What Docker's packages call outside of themselves, as far as their way to a registry needs it.

Everything here is a model: files are those of a `World`, to which requests go as well, and no name is
resolved but by the resolver given. `Library.used` lists what was asked for, for a reader to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gopatch.evaluate import addresses, containerd, files, formatting, network, reflection, regexps
from gopatch.evaluate.addresses import ip, net_method, url_method
from gopatch.evaluate.asked import HostQuestions, Question, asking
from gopatch.evaluate.constant_questions import is_outside
from gopatch.evaluate.errors_of_net import error_methods
from gopatch.evaluate.go_values import (
    GoError,
    Many,
    Map,
    Native,
    Pointer,
    Slice,
    Struct,
    UnsupportedError,
    type_name,
)
from gopatch.evaluate.known import (
    CONVERSIONS,
    INTERFACES,
    KEPT,
    MADE,
    MEMBERS,
    TYPES,
    list_opts,
    package_of,
)
from gopatch.evaluate.logger import Log
from gopatch.evaluate.network import World
from gopatch.evaluate.standard import FUNCTIONS, failed
from gopatch.evaluate.web import Web
from gopatch.go.net import Resolver, no_resolver, parse_address, parse_zoned

__all__ = ["Library", "list_opts"]


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
        # What texts and numbers were compared with, and what some of the code asks.
        self.compared: set[Question] = set()
        self.asked = HostQuestions(self.world)
        self.flags: Callable[[str, tuple[Any, ...]], Any] | None = None  # registers a flag
        # What stands for a member of a package, by the package's name here, its path and the name.
        self.stand_in: Callable[[str, str, str], Any] | None = None
        self._find = find
        self._domain = regexps.domain(bracketed_hosts)
        self._members: dict[str, Any] = {**FUNCTIONS, **addresses.MEMBERS}
        self._log = Log(self.world, self._show)
        self._web = Web(self.world, self._method)
        self._members |= {
            **asking(self._members, self.compared), **containerd.MEMBERS, **MEMBERS, **reflection.MEMBERS,
            **self._own(), **self._web.members(), **network.clock(self.world), **files.members(self.world),
        }  # fmt: skip

    def _own(self) -> dict[str, Any]:
        """Members that know this library."""
        show = self._show

        def regexp(text: str) -> Native:
            return regexps.regexp(text, self._domain, self.compared)

        return {
            "net.LookupIP": self._lookup_ip,
            "regexp.MustCompile": regexp,
            "regexp.New": regexp,
            "reference.DomainRegexp": Native("regexp", {"String": lambda: regexps.DOMAIN}),
            "fmt.Sprintf": lambda form, *given: formatting.sprintf(show, form, *given),
            "fmt.Sprint": lambda *given: "".join(formatting.sprintf(show, "%v", v) for v in given),
            "fmt.Errorf": lambda form, *given: formatting.errorf(show, form, *given),
            "errors.Errorf": lambda form, *given: formatting.errorf(show, form, *given),
            "errors.Is": self._is,
            "errors.Unwrap": self._cause,
            "errors.Cause": self._root,
            "net/http.ProxyFromEnvironment": self.world.proxy,
            "os.Getenv": self.world.variable,
            "os.LookupEnv": lambda name: Many(
                (self.world.variable(name), bool(self.world.variable(name)))
            ),
        }

    def member(self, path: str, name: str) -> Any:
        """A function, variable or constant of another package; UnsupportedError if unknown."""
        package = package_of(path)
        key = f"{package}.{name}"
        self.used.add(key)
        stands = None if self.stand_in is None else self.stand_in(package, path, name)
        if stands is not None:
            return stands
        if package == "log":
            return self._log.get(name)
        if package == "mflag":
            return self._flag_of(name)
        if package == "opts" and name.endswith("ListVar") and self.flags is not None:
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
        found = self._members[key]
        return self.asked.seeking(key, found) if is_outside(package, name) else found

    def assign(self, path: str, name: str, value: Any) -> None:
        """Set a variable of another package; UnsupportedError where there is none."""
        machine = self._machine(path)
        if machine is None or name not in machine.package.variables:
            raise UnsupportedError(f"an assignment to `{path}.{name}`")
        machine.set_variable(name, value)

    def _machine(self, path: str) -> Any:
        if self._find is None or package_of(path) in KEPT:
            return None
        return self._find(path)

    def is_type(self, path: str, name: str) -> bool:
        machine = self._machine(path)
        if machine is not None:
            return name in machine.package.types
        return f"{package_of(path)}.{name}" in CONVERSIONS

    def zero(self, path: str, name: str) -> Any:
        """The zero value of another package's type."""
        machine = self._machine(path)
        if machine is not None and name in machine.package.types:
            return machine.zero_of(name)
        key = f"{package_of(path)}.{name}"
        if key == "time.Time":
            return network.moment(self.world, 0)
        if key in TYPES:
            return Struct(key, dict(TYPES[key]))
        made = MADE.get(key)
        return Native(key, key="zero") if made is None else made()

    def is_of(self, machine: Any, value: Any, path: str, name: str) -> bool:
        """Whether a value is of another package's type."""
        home = self._machine(path)
        if home is not None:
            return (
                isinstance(value, Struct) and value.type == name and type_name(value).home is home
            )
        key = f"{package_of(path)}.{name}"
        if key in INTERFACES:
            return all(machine.method(value, each) is not None for each in INTERFACES[key])
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
        if kind == "crypto/x509.CertPool":
            return files.pool_method(struct, name)
        if kind == "net/url.URL":
            return url_method(struct.fields, name)
        if kind in ("net/url.Error", "net.OpError", "crypto/tls.RecordHeaderError"):
            return error_methods(struct, name)
        return self._web.method_of(pointer, name)

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
