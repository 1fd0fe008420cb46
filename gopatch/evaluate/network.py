"""net/http as it is used by Docker: requests, contexts, times, and a world that answers.

Nothing is sent. A request comes to its transport, and the world says what becomes of it: an answer, or
the error that Go gives. `World.trace` keeps every request in order, `World.log` what was logged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.evaluate.addresses import URL
from gopatch.evaluate.errors_of_net import ANSWERS, ELSEWHERE, PROXIED, HttpAnswer, error_of
from gopatch.evaluate.go_values import (
    Channel,
    Many,
    Map,
    Native,
    Pointer,
    Slice,
    Struct,
)
from gopatch.evaluate.shared_fields import SharedFields
from gopatch.evaluate.standard import nothing

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND

TLS: dict[str, Any] = {
    "InsecureSkipVerify": False, "RootCAs": None, "Certificates": None, "ServerName": "",
    "MinVersion": 0, "MaxVersion": 0, "CipherSuites": None, "ClientCAs": None, "ClientAuth": 0,
    "NextProtos": None, "PreferServerCipherSuites": False, "Time": None,
    "VerifyPeerCertificate": None, "VerifyConnection": None, "GetClientCertificate": None,
    "Renegotiation": 0, "SessionTicketsDisabled": False, "KeyLogWriter": None,
    "CurvePreferences": None, "DynamicRecordSizingDisabled": False, "NameToCertificate": None, "Rand": None,
}  # fmt: skip
TYPES: dict[str, dict[str, Any]] = {
    "crypto/tls.Config": TLS,
    "net/http.Client": {"Transport": None, "CheckRedirect": None, "Jar": None, "Timeout": 0},
    "net/http.Transport": {
        "Proxy": None, "TLSClientConfig": None, "Dial": None, "DialContext": None, "DialTLS": None,
        "DialTLSContext": None, "TLSHandshakeTimeout": 0, "DisableKeepAlives": False,
        "DisableCompression": False, "MaxIdleConns": 0, "MaxIdleConnsPerHost": 0,
        "MaxConnsPerHost": 0, "IdleConnTimeout": 0, "ResponseHeaderTimeout": 0,
        "ExpectContinueTimeout": 0, "ForceAttemptHTTP2": False, "TLSNextProto": None,
    },
    "net/http.Request": {
        "Method": "", "URL": None, "Header": None, "Body": None, "GetBody": None, "Host": "",
        "ContentLength": 0, "Close": False, "ctx": None, "Response": None,
    },
    "net/http.Response": {"Status": "", "StatusCode": 0, "Header": None, "Body": None, "Request": None},
    "net/http/httptrace.ClientTrace": {
        "GetConn": None, "GotConn": None, "TLSHandshakeStart": None, "TLSHandshakeDone": None,
        "GotFirstResponseByte": None, "WroteRequest": None, "ConnectStart": None, "ConnectDone": None,
    },
    "net/http/httptrace.GotConnInfo": {"Conn": None, "Reused": False, "WasIdle": False},
    "net.Dialer": {"Timeout": 0, "KeepAlive": 0, "DualStack": False, "Deadline": None},
}  # fmt: skip


class Sent(NamedTuple):
    """A request as the other end sees it. `secret` is the Authorization header, `headers` are all others; `tls` is what is
    set of the TLS configuration, for https alone. `proxied` says whether a proxy may be on the way."""

    method: str
    url: str
    secret: str
    body: str
    tls: Any = None
    headers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    proxied: bool = False


class World:
    """Who answers at which address, and how: names of ANSWERS by (scheme, host), "refused" by default.

    `location` is what a redirect names; `wording` is how errors come, one of ALONE, PINGS or INSIDE: Docker puts the
    words of some into errors of its own. `variables` are those of the environment, `files` texts by
    their paths, `closed` the paths of files and folders that cannot be read; a new day leaves them as they are.
    """

    def __init__(
        self, answers: dict[tuple[str, str], str] | None = None, *, wording: str = ""
    ) -> None:
        self.answers = dict(answers or {})
        self.hosts: tuple[str, ...] = ()  # whom a road may come to, the one that it is about first
        self.wording = wording
        self.trace: list[Sent] = []
        self.log: list[tuple[str, str]] = []
        self.now = START
        self.cancelled = False
        self.location = ""
        self.gives_up = False  # whether the caller does, while it waits
        self.later: list[Callable[[], Any]] = []  # what `go` has started, in whatever package
        self.waits = False  # whether none of it runs yet
        self.late = False  # whether any of it ran once the call from outside had ended
        self.clients: list[Pointer] = []  # that were given out
        self.variables: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.closed: frozenset[str] = frozenset()
        self.guarded: list[SharedFields] = []  # of structs with a lock
        self.configured = False  # whether every registry has a hosts.toml of its own
        self.default = Pointer(struct("net/http.Transport", TLSHandshakeTimeout=10 * SECOND))
        self.shared = Pointer(struct("net/http.Client", Transport=self.default))  # BuildKit's own

    def reset(
        self, answers: dict[tuple[str, str], str] | None = None, *, wording: str = ""
    ) -> None:
        """A new day: nothing was sent or logged yet, and other answers are given."""
        self.answers, self.wording = dict(answers or {}), wording
        self.hosts = (*dict.fromkeys(host for _, host in reversed(self.answers)), ELSEWHERE)
        self.trace, self.log = [], []
        self.now, self.location = START, ""
        self.cancelled = self.gives_up = self.late = False

    def variable(self, name: str) -> str:
        """An environment variable; all that are asked for are noted."""
        return self.variables.setdefault(name, "")

    def proxy(self, _: Any) -> Many:
        """http.ProxyFromEnvironment."""
        there = any(name in PROXIED for name in self.answers.values())
        return Many((Pointer(Struct("net/url.URL", dict(URL))) if there else None, None))

    def answer(self, scheme: str, host: str) -> HttpAnswer:
        return ANSWERS[self.answers.get((scheme, host), "refused")]


def tls_config(**fields: Any) -> Pointer:
    """A *tls.Config, as Docker's own default or with some fields set."""
    return Pointer(Struct("crypto/tls.Config", {**TLS, **fields}))


def struct(kind: str, **fields: Any) -> Struct:
    """A struct of this module, with some of its fields set."""
    return Struct(kind, {**TYPES[kind], **fields})


def header(values: dict[str, str] | None = None) -> Map:
    return Map(lambda: None, [(key, Slice([value])) for key, value in (values or {}).items()])


# Requests ------------------------------------------------------------------------------------


def request(parse: Callable[[str], Many], method: str, address: str, body: Any, ctx: Any) -> Many:
    """http.NewRequest."""
    found = parse(address)
    if found[-1] is not None:
        return Many((None, found[-1]))
    made = struct(
        "net/http.Request", Method=method or "GET", URL=found[0], Header=header(), ctx=ctx
    )
    made.fields["Host"] = found[0].target.fields["Host"]
    made.fields["Body"] = body
    return Many((Pointer(made), None))


def body_of(text: str) -> Native:
    """A body that can be read once: what is left of it is in `key`."""
    held = [text]
    made = Native("body", {"Close": lambda: None}, None)

    def take() -> str:
        left, held[0] = held[0], ""
        return left

    made.methods["take"] = take
    return made


def request_methods(ctx_default: Any, req: Pointer, name: str) -> Callable[..., Any] | None:
    fields = req.target.fields

    def with_context(ctx: Any) -> Pointer:
        copied = req.target.copy()
        copied.fields["ctx"] = ctx
        return Pointer(copied)

    def clone(ctx: Any) -> Pointer:
        copied = with_context(ctx).target
        copied.fields["URL"] = Pointer(fields["URL"].target.copy())
        copied.fields["Header"] = cloned(fields["Header"])
        return Pointer(copied)

    def basic(user: str, word: str) -> Many:
        fields["Header"] = header() if fields["Header"] is None else fields["Header"]
        fields["Header"]["Authorization"] = Slice([f"Basic {user}:{word}"])
        return Many()

    methods: dict[str, Callable[..., Any]] = {
        "Context": lambda: fields["ctx"] or ctx_default,
        "WithContext": with_context,
        "Clone": clone,
        "SetBasicAuth": basic,
        "UserAgent": lambda: first_of(fields["Header"], "User-Agent"),
    }
    return methods.get(name)


def cloned(found: Map | None) -> Map | None:
    return None if found is None else Map(found.zero, [(k, Slice(v)) for k, v in found.items()])


def canonical_key(text: str) -> str:
    """http.CanonicalHeaderKey."""
    return "-".join(word.capitalize() for word in text.split("-"))


def header_method(found: Map | None, name: str) -> Any:
    """A method of http.Header, and of url.Values, which keep their keys as they are given."""
    held: Any = {} if found is None else found

    def add(where: str, value: str) -> Many:
        held[canonical_key(where)] = Slice([*held.get(canonical_key(where), ()), value])
        return Many()

    def put(where: str, value: str) -> Many:
        held[canonical_key(where)] = Slice([value])
        return Many()

    def drop(where: str) -> Many:
        held.pop(canonical_key(where), None)
        return Many()

    methods: dict[str, Callable[..., Any]] = {
        "Get": lambda where: next(iter(held.get(canonical_key(where)) or ()), ""),
        "Values": lambda where: held.get(canonical_key(where)),
        "Set": put,
        "Add": add,
        "Del": drop,
        "Clone": lambda: cloned(found),
    }
    return methods.get(name)


def header_modifier(given: Map | None) -> Native:
    """transport.NewHeaderRequestModifier: adds headers to those of a request."""

    def modify(req: Pointer) -> None:
        held = req.target.fields["Header"]
        for key, values in (given or {}).items():
            held[key] = Slice([*(held.get(key) or ()), *(values or ())])

    return Native("transport.RequestModifier", {"ModifyRequest": modify})


def first_of(found: Map | None, key: str) -> str:
    """The first value of a header, or ""."""
    return "" if found is None else next(iter(found.get(key) or ()), "")


# Contexts and times ----------------------------------------------------------------------------


def context(world: World, parent: Any = None, trace: Struct | None = None) -> Native:
    """A context.Context; `key` is the httptrace that it carries."""
    kept = trace if trace is not None else getattr(parent, "key", None)

    def wrong() -> Any:
        return error_of("cancelled") if world.cancelled else None

    done = Channel(lambda: world.cancelled)
    methods: dict[str, Callable[..., Any]] = {
        "Err": wrong,
        "Done": lambda: done,
        "Value": lambda _: None,
        "Deadline": lambda: Many((moment(world, 0), False)),
    }
    return Native("context", methods, kept)


def moment(world: World, at: int) -> Native:
    """A time.Time, in nanoseconds; 0 is the zero value."""
    methods: dict[str, Callable[..., Any]] = {
        "IsZero": lambda: at == 0,
        "Sub": lambda other: at - other.key,
        "Add": lambda span: moment(world, at + span),
        "After": lambda other: at > other.key,
        "Before": lambda other: at < other.key,
        "Unix": lambda: at // SECOND,
        "UnixNano": lambda: at,
        "Equal": lambda other: at == other.key,
    }
    return Native("time.Time", methods, at)


def clock(world: World) -> dict[str, Any]:
    """What package time gives by name, by the clock of a world, which stands still."""
    second = SECOND
    spans = {"Nanosecond": 1, "Microsecond": 1000, "Millisecond": 1000000, "Second": second}
    spans |= {"Minute": 60 * second, "Hour": 3600 * second}
    return {
        **{f"time.{name}": span for name, span in spans.items()},
        "time.Now": lambda: moment(world, world.now),
        "time.Since": lambda then: world.now - then.key,
        "time.Sleep": nothing,
    }
