"""net/http, httptrace and context on a world, and what containerd and BuildKit make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import addresses, containerd, distribution, network
from gopatch.evaluate.errors_of_net import text_of_error
from gopatch.evaluate.go_values import Many, Native, Pointer, Spread, Struct
from gopatch.evaluate.network import World
from gopatch.evaluate.standard import nothing
from gopatch.evaluate.transport import Network


def _spread(given: tuple[Any, ...]) -> list[Any]:
    """The arguments of a call, whose last may be `x...`."""
    return [each for one in given for each in (one if isinstance(one, Spread) else [one])]


class Web:
    """Members and methods of these packages. `method` finds a method of any Go value."""

    def __init__(self, world: World, method: Callable[[Any, str], Any]) -> None:
        self.world = world
        self.net = Network(world, method, addresses.parse_url_of)
        self.context = network.context(world)
        self._find_method = method

    def members(self) -> dict[str, Any]:
        """What the packages give by name."""
        world, parse, todo = self.world, addresses.parse_url_of, self.context

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
            "tracing.DefaultClient": world.shared,
            "docker.NewHTTPFallback": containerd.http_fallback,
            "resolver.NewRegistryConfig": lambda known: containerd.registry_config(world, known),
            "hostconfig.ConfigureHosts": lambda _, opts: containerd.configure_hosts(world, opts),
            "hostconfig.HostDirFromRoot": lambda root: containerd.host_directory(world, root),
            "transport.NewTransport": self._modifying,
            "transport.NewHeaderRequestModifier": network.header_modifier,
            "auth.NewAuthorizer": distribution.authorizer(self._find_method),
            "context.TODO": lambda: todo,
            "context.Background": lambda: todo,
            "context.WithCancel": ended,
            "context.WithTimeout": ended,
            "context.WithDeadline": ended,
            "context.WithValue": lambda parent, *_: network.context(world, parent),
        }

    def _modifying(self, base: Any, *modifiers: Any) -> Native:
        """A round tripper that lets each modifier have a copy of the request, and then its base."""

        def round_trip(req: Pointer) -> Many:
            clone = network.request_methods(self.context, req, "Clone")
            made = req if clone is None else clone(req.target.fields["ctx"])
            for modifier in _spread(modifiers):
                error = self._find_method(modifier, "ModifyRequest")(made)
                if error is not None:
                    return Many((None, error))
            found: Many = self._find_method(base or self.world.default, "RoundTrip")(made)
            return found

        return Native("transport", {"RoundTrip": round_trip})

    def method_of(self, pointer: Pointer, name: str) -> Callable[..., Any] | None:
        """The method of a request, a client or a transport, or None."""
        kind = pointer.target.type
        if kind == "net.Dialer" and name in ("Dial", "DialContext"):
            return lambda *_: Many((None, None))  # a connection is never looked at
        if kind == "net/http.Request":
            return network.request_methods(self.context, pointer, name)
        if kind == "docker.httpFallback" and name == "RoundTrip":
            return lambda req: self._falls_back(pointer.target, req)
        return self._client_method(pointer, name)

    def _client_method(self, pointer: Pointer, name: str) -> Callable[..., Any] | None:
        methods: dict[str, Callable[..., Any]] = {}
        if pointer.target.type == "net/http.Client":
            methods = {
                "Do": lambda req: self.net.do(pointer, req),
                "Get": lambda url: self._get(pointer, url),
                "Post": lambda url, kind, body: self._get(pointer, url, "POST", body),
                "Head": lambda url: self._get(pointer, url, "HEAD"),
                "CloseIdleConnections": nothing,
            }
        elif pointer.target.type == "net/http.Transport":
            methods = {
                "RoundTrip": lambda req: self.net.round_trip(pointer, req),
                "Clone": lambda: Pointer(pointer.target.copy()),
                "CloseIdleConnections": nothing,
            }
        return methods.get(name)

    def _get(self, client: Pointer, url: str, method: str = "GET", body: Any = None) -> Many:
        made, wrong = network.request(addresses.parse_url_of, method, url, body, self.context)
        return Many((None, wrong)) if wrong is not None else self.net.do(client, made)

    def _falls_back(self, struct: Struct, req: Pointer) -> Many:
        """containerd's own fallback for a registry that is listed."""
        next_one = self._find_method(struct.fields["RoundTripper"], "RoundTrip")
        response, error = next_one(req)
        if error is None or req.target.fields["URL"].target.fields["Scheme"] != "https":
            return Many((response, error))
        if not (isinstance(error, Struct) or "connection refused" in text_of_error(error)):
            return Many((response, error))
        again = network.request_methods(self.context, req, "Clone")(None)  # type: ignore[misc]
        again.target.fields["URL"].target.fields["Scheme"] = "http"
        found: Many = next_one(again)
        return found
