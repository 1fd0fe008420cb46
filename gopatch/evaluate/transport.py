"""Clients and transports of net/http: the way of a request to the world, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.errors_of_net import (
    ANSWERS,
    NO_TUNNEL,
    HttpAnswer,
    error_of,
    record_header_text,
    url_error,
)
from gopatch.evaluate.go_values import (
    GoError,
    HangError,
    Many,
    Native,
    Pointer,
    Slice,
    Struct,
    plain,
)
from gopatch.evaluate.network import (
    Sent,
    World,
    body_of,
    first_of,
    header,
    request,
    struct,
)

_HIDDEN = ("Rand", "Time", "VerifyConnection", "VerifyPeerCertificate")


class Network:
    """The functions of net/http on a world. `method` finds a method of any Go value."""

    def __init__(
        self, world: World, method: Callable[[Any, str], Any], parse: Callable[[str], Many]
    ) -> None:
        self.world, self.method, self.parse = world, method, parse

    def do(self, client: Pointer, req: Pointer) -> Many:
        """Client.Do, which follows redirects."""
        fields, via = client.target.fields, Slice()
        while True:
            response, error = self._trip(fields, req)
            address = req.target.fields["URL"].target.fields
            if error is not None:
                if self.world.wording != "kept":
                    error = record_header_text(error)
                return Many(
                    (
                        None,
                        url_error(
                            req.target.fields["Method"], _text(address), error, self.world.wording
                        ),
                    )
                )
            target = response.target.fields["Header"].get("Location") or ()
            if response.target.fields["StatusCode"] // 100 != 3 or not target:
                return Many((response, None))
            via.append(req)
            again, wrong = request(self.parse, "GET", target[0], None, req.target.fields["ctx"])
            if wrong is None:
                again.target.fields["Response"] = response
            if wrong is None and fields["CheckRedirect"] is not None:
                wrong = fields["CheckRedirect"](again, via)
            if wrong is not None:
                return Many((response, url_error("Get", target[0], wrong, self.world.wording)))
            req = again

    def _trip(self, client: dict[str, Any], req: Pointer) -> tuple[Any, Any]:
        transport = client["Transport"] or self.world.default
        limited = req.target.fields
        if client["Timeout"]:
            limited["Close"] = True  # a time limit of the client is over the request's whole way
        try:
            response, error = self.method(transport, "RoundTrip")(req)
        finally:
            limited["Close"] = False
        if response is None and error is None:  # as net/http's own send says of it
            error = GoError(
                "http: RoundTripper implementation returned a nil *Response with a nil error"
            )
        return response, error

    def round_trip(self, transport: Pointer, req: Pointer) -> Many:
        """Transport.RoundTrip: the request is sent, and the world answers."""
        world, fields = self.world, req.target.fields
        address = fields["URL"].target.fields
        config = transport.target.fields["TLSClientConfig"]
        body = fields["Body"]
        if world.cancelled:
            return Many((None, error_of("cancelled")))
        take: Any = body.methods.get("take") if isinstance(body, Native) else None
        told = Sent(
            fields["Method"],
            _text(address),
            first_of(fields["Header"], "Authorization"),
            take() if take else "",
            _settings(config) if address["Scheme"] == "https" else None,
            _headers(fields["Header"]),
            transport.target.fields["Proxy"] is not None,
        )
        answer = world.answer(address["Scheme"], address["Host"])
        unsent = self._before_words(answer, config) if address["Scheme"] == "https" else None
        if unsent is not None:
            return Many((None, unsent))
        world.trace.append(told)
        if address["Scheme"] == "https":
            answer = self._shake(answer, config, fields, told)
        world.cancelled = world.cancelled or world.gives_up
        limit = fields["Close"] or transport.target.fields["TLSHandshakeTimeout"]
        if answer.name == "silent" and not limit:
            raise HangError(f"waits for ever for an answer from {_text(address)}")
        if answer.error is not None:
            return Many((None, answer.error()))
        return Many((self._response(answer, req), None))

    def _before_words(self, answer: HttpAnswer, config: Any) -> Any:
        """The error of a handshake whose randomness is the caller's own, and ends it: nothing is sent."""
        random = None if config is None else config.target.fields.get("Rand")
        if random is None:
            return None
        if answer.name in NO_TUNNEL:
            return answer.error() if answer.error is not None else None
        short = self.method(random, "Read")(Slice([0] * 32))[-1]
        return None if short is None else GoError("tls: short read from Rand: no more")

    def _shake(
        self, answer: HttpAnswer, config: Any, req: dict[str, Any], told: Sent
    ) -> HttpAnswer:
        """What a TLS handshake calls of the caller's: its clock, its hooks, its trace."""
        held = {} if config is None else config.target.fields
        skips = bool(held.get("InsecureSkipVerify"))
        if answer.certificate and not skips and held.get("Time") is not None:
            now = held["Time"]().key
            if now not in (0, self.world.now):  # crypto/tls takes the zero time for none
                self.world.trace[-1] = told._replace(tls=(*(told.tls or ()), ("Time", now)))
        if answer.certificate == "bad" and skips:
            answer = ANSWERS["200"]
        trace = None if req["ctx"] is None else getattr(req["ctx"], "key", None)
        if answer.certificate == "good":
            for hook, given in (
                ("VerifyPeerCertificate", (None, None)),
                ("VerifyConnection", (None,)),
            ):
                if held.get(hook) is not None:
                    held[hook](*given)
            if isinstance(trace, Struct):
                self._call(trace, "TLSHandshakeDone", None, None)
                self._call(trace, "GotConn", struct("net/http/httptrace.GotConnInfo"))
        if answer.error is None and isinstance(trace, Struct):
            self._call(trace, "GotFirstResponseByte")
        return answer

    def _call(self, trace: Struct, hook: str, *given: Any) -> None:
        if trace.fields.get(hook) is not None:
            trace.fields[hook](*given)

    def _response(self, answer: HttpAnswer, req: Pointer) -> Pointer:
        made = header({"Docker-Distribution-Api-Version": "registry/2.0"})
        redirects = answer.status // 100 == 3
        if redirects or (self.world.location and answer.status == 200):
            host = req.target.fields["URL"].target.fields["Host"]
            leads = answer.leads.replace("HOST", host).replace("NAME", host.partition(":")[0])
            made["Location"] = Slice([self.world.location or f"https://{leads}/"])
        return Pointer(
            struct(
                "net/http.Response",
                Status=f"{answer.status} Said",
                StatusCode=answer.status,
                Header=made,
                Body=body_of("{}"),
                Request=req,
            )
        )


def _text(address: dict[str, Any]) -> str:
    query = f"?{address['RawQuery']}" if address["RawQuery"] else ""
    return f"{address['Scheme']}://{address['Host']}{address['Path']}{query}"


def _headers(held: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The headers of a request by name, but for the password."""
    found = ((name, tuple(map(str, values or ()))) for name, values in (held or {}).items())
    return tuple(sorted(pair for pair in found if pair[0] != "Authorization"))


def _settings(config: Any) -> Any:
    if config is None:
        return None
    return tuple((k, plain(v)) for k, v in config.target.fields.items() if k not in _HIDDEN and v)
