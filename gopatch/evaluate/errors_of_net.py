"""What can become of a request, and the errors of Go's net, crypto/tls and net/http that say so.

Their types and words are those of Go's source: net.OpError, url.Error, tls.RecordHeaderError, and the
texts of net/http's transport.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.evaluate.go_values import GoError, GoPanicError, Native, Pointer, Slice, Struct

TIMEOUT = "deadline"


class HttpAnswer(NamedTuple):
    """What becomes of a request: an HTTP status, or an error.

    `certificate` is "good" or "bad" where the other end shows one. `answered` says whether, over
    HTTPS, somebody has answered in the sense of the contract; "late" where only who watched the
    handshake can tell. `leads` is whom a redirect names: HOST is who was asked, NAME the same without a port.
    """

    name: str
    answered: bool | str
    error: Callable[[], Any] | None = None
    status: int = 0
    certificate: str = ""
    leads: str = ""


def native(kind: str, text: str, *, timeout: bool = False, reflected: str = "struct") -> Native:
    """An error of a type of its own. `key` says of what kind reflect finds it."""
    methods: dict[str, Callable[..., Any]] = {"Error": lambda: text}
    if timeout:
        methods["Timeout"] = lambda: True
        methods["Temporary"] = lambda: True
    return Native(kind, methods, (text, reflected))


def operation(op: str, text: str, *, timeout: bool = False) -> Pointer:
    """A *net.OpError."""
    inner = native("net.timeoutError", text, timeout=True) if timeout else GoError(text)
    fields = {"Op": op, "Net": "tcp", "Source": None, "Addr": "192.0.2.1:443", "Err": inner}
    return Pointer(Struct("net.OpError", fields))


def record_header(first: str) -> Struct:
    """A tls.RecordHeaderError: what came was no TLS."""
    message = "first record does not look like a TLS handshake"
    fields = {"Msg": message, "RecordHeader": Slice(first.encode()), "Conn": None}
    return Struct("crypto/tls.RecordHeaderError", fields)


def record_header_text(error: Any) -> Any:
    """The error of http.Client for plain HTTP on the HTTPS port, which has no type of its own."""
    if not isinstance(error, Struct) or error.type != "crypto/tls.RecordHeaderError":
        return error
    if bytes(error.fields["RecordHeader"]) != b"HTTP/":
        return error
    return GoError("http: server gave HTTP response to HTTPS client")


# How an error comes: by itself, as what was said of two pings, or inside of another one.
ALONE = ("", "words")
PINGS = ("pings", "pings turned")
INSIDE = ("wrapped", "caused", "kept")


def url_error(method: str, url: str, error: Any, wording: str) -> Any:
    """A *url.Error; or its words alone, those of two pings, of which the second ("pings") or the first was refused; or as
    another error wraps it (errors.Unwrap) or has it as its cause (pkg/errors); or with the type of what
    crypto/tls said, where a round tripper between has kept that from net/http ("kept")."""
    op = method[:1] + method[1:].lower()
    made = Pointer(Struct("net/url.Error", {"Op": op, "URL": url, "Err": error}))
    text = text_of_error(made)
    if wording in PINGS:
        texts = [text, text_of_error(operation("dial", "connect: connection refused"))]
        two, one = texts if wording == PINGS[0] else reversed(texts)
        said = "ping attempt failed with error: "
        return GoError(f"v2 {said}{two}\n v1 {said}{one}")
    if wording in ("wrapped", "caused"):
        return GoError(f"asking: {text}", "", made, "Unwrap" if wording == "wrapped" else "Cause")
    return GoError(text) if wording not in ("", "kept") else made


def text_of_error(error: Any) -> str:
    """What Error() gives, of the errors of this module and of plain ones."""
    if isinstance(error, GoError):
        return error.message
    if isinstance(error, Native):
        return str(error.methods["Error"]()) if "Error" in error.methods else ""
    struct = error.target if isinstance(error, Pointer) else error
    fields = struct.fields if isinstance(struct, Struct) else {}
    if "URL" in fields and "Op" in fields:
        return f'{fields["Op"]} "{fields["URL"]}": {text_of_error(fields["Err"])}'
    if "Op" in fields:
        inner = text_of_error(fields["Err"])
        if fields["Op"] in ("remote error", "local error"):
            return f"{fields['Op']}: {inner}"
        where = " 10.0.0.1:40000->" if fields["Op"] != "dial" else " "
        return f"{fields['Op']} tcp{where}{fields['Addr']}: {inner}"
    return f"tls: {fields['Msg']}" if "Msg" in fields else ""


def error_methods(value: Any, name: str) -> Callable[..., Any] | None:
    """The methods of the structs of this module."""
    struct = value.target if isinstance(value, Pointer) else value
    fields = struct.fields
    if name == "Error":
        if fields.get("Err", struct) is None:
            raise GoPanicError("`Err.Error` of nil")  # as that of net/url and net would
        return lambda: text_of_error(struct)
    if struct.type == "crypto/tls.RecordHeaderError":
        return None
    inner = fields["Err"]
    if name == "Unwrap":
        return lambda: inner
    if name == "Timeout":
        return lambda: times_out(inner)
    if name == "Temporary":
        return lambda: times_out(inner) or _is_reset(inner)
    return None


def _is_reset(error: Any) -> bool:
    """Whether Go up to 1.10 calls an error temporary that does not time out (golang/go issue 24808)."""
    return text_of_error(error).endswith("connection reset by peer")


def times_out(error: Any) -> bool:
    struct = error.target if isinstance(error, Pointer) else error
    if isinstance(struct, Struct) and "Err" in struct.fields:
        return times_out(struct.fields["Err"])
    if isinstance(struct, Native):
        return "Timeout" in struct.methods
    return isinstance(struct, GoError) and struct.kind == TIMEOUT


def _late(text: str) -> Callable[[], Any]:
    return lambda: native("net/http.timeoutError", text, timeout=True)


_NONE: dict[str, Callable[[], Any]] = {
    "refused": lambda: operation("dial", "connect: connection refused"),
    "unreachable": lambda: operation("dial", "connect: no route to host"),
    "no such host": lambda: operation("dial", "lookup reg.test: no such host"),
    "dial timeout": lambda: operation("dial", "i/o timeout", timeout=True),
    "read timeout": lambda: operation("read", "i/o timeout", timeout=True),
    "TLS timeout": _late("net/http: TLS handshake timeout"),
    "deadline": lambda: native(
        "context.deadlineExceededError", "context deadline exceeded", timeout=True
    ),
    "silent": _late("net/http: request canceled (Client.Timeout exceeded while awaiting headers)"),
    "plain HTTP": lambda: record_header("HTTP/"),
    # net/http leaves nothing but the text of the proxy's status.
    "proxy forbids": lambda: GoError("Forbidden"),
}
_ANSWERED: dict[str, tuple[Callable[[], Any], str]] = {
    "bad certificate": (lambda: native("crypto/x509.UnknownAuthorityError", "x509: certificate signed by unknown authority"), "bad"),
    "wrong name": (lambda: native("crypto/x509.HostnameError", "x509: certificate is valid for other.test, not reg.test"), "bad"),
    "weak certificate": (lambda: native("crypto/x509.InsecureAlgorithmError", "x509: cannot verify signature: insecure algorithm SHA1-RSA", reflected="int"), "bad"),
    "expired certificate": (lambda: native("crypto/x509.CertificateInvalidError", "x509: certificate has expired or is not yet valid: current time 2026-11-30T12:00:00Z is after 2026-01-31T12:00:00Z"), "bad"),
    "unverified certificate": (lambda: native("crypto/tls.CertificateVerificationError", "tls: failed to verify certificate: x509: certificate signed by unknown authority"), "bad"),
    "old version": (lambda: GoError("tls: server selected unsupported protocol version 301"), ""),
    "certificate required": (lambda: operation("remote error", "tls: certificate required"), ""),
    "many redirects": (lambda: GoError("stopped after 10 redirects"), "good"),
    "remote alert": (lambda: operation("remote error", "tls: handshake failure"), ""),
    "local alert": (lambda: operation("local error", "tls: protocol version not supported"), ""),
    "reset": (lambda: operation("read", "read: connection reset by peer"), ""),
    # As Go before 1.5 words it.
    "old reset": (lambda: operation("read", "connection reset by peer"), ""),
    "end of file": (lambda: GoError("EOF", "eof"), ""),
    "foreign banner": (lambda: record_header("SSH-2"), ""),
    "proxy refuses": (lambda: operation("proxyconnect", "connect: connection refused"), ""),
    "cancelled": (lambda: GoError("context canceled", "canceled"), ""),
    # What stands above the transport gave up, and no proxy is there that could have said so.
    "words": (lambda: GoError("no basic auth credentials"), "good"),
    # What stands above the transport gave up, once the proxy had connected to the registry.
    "words behind a proxy": (lambda: GoError("no basic auth credentials"), "good"),
}  # fmt: skip
PROXIED = ("proxy blocks", "words behind a proxy")  # where the daemon has a proxy
NO_TUNNEL = (
    "proxy forbids",
    "proxy blocks",
    "proxy refuses",
    "SOCKS proxy",
)  # where that leads to nobody


def error_of(name: str) -> Any:
    """The error of an answer, None where it is none."""
    made = ANSWERS[name].error
    return None if made is None else made()


_STATUS = (200, 401, 403, 404, 500)
ELSEWHERE = "elsewhere.test"  # where a redirect leads, if nothing else is said
REDIRECTS = {
    "redirect": ELSEWHERE,
    "redirect to a subdomain": "sub.HOST",
    "redirect to another port": "NAME:6000",
    "redirect to a longer name": "otherHOST",
    "redirect to an address": "192.0.2.9",
}

ANSWERS: dict[str, HttpAnswer] = {
    **{name: HttpAnswer(name, False, error) for name, error in _NONE.items()},
    **{name: HttpAnswer(name, True, error, 0, shown) for name, (error, shown) in _ANSWERED.items()},
    **{str(n): HttpAnswer(str(n), True, None, n, "good") for n in _STATUS},
    # On to a host that is down: the error is of that one, and speaks of no answer.
    **{
        name: HttpAnswer(name, "late", None, 307, "good", leads)
        for name, leads in REDIRECTS.items()
    },
    # The caller's own doing, which its words do not tell from a refused connection.
    "hung up": HttpAnswer("hung up", "late", lambda: operation("dial", "operation was canceled")),
    # In words of its own, which could be anybody's: going on needs another question.
    "proxy blocks": HttpAnswer("proxy blocks", "late", lambda: GoError("Blocked by policy")),
    "SOCKS proxy": HttpAnswer(
        "SOCKS proxy", "late", lambda: operation("socks connect", "host unreachable")
    ),
    "silent after the handshake": HttpAnswer(
        "silent after the handshake",
        "late",
        _late("net/http: timeout awaiting response headers"),
        0,
        "good",
    ),
}
