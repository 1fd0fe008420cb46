"""What Docker's pull and push ask of github.com/docker/distribution: challenges, who is authorized, a
repository. Of all that only the requests count, and whether they carry a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.go_values import GoError, Many, Native, Pointer, Slice, Spread, Struct

TYPES: dict[str, dict[str, Any]] = {
    "auth.APIVersion": {"Type": "", "Version": ""},
    "auth.TokenHandlerOptions": {
        "Transport": None, "Credentials": None, "OfflineAccess": False, "ForceOAuth": False,
        "ClientID": "", "Scopes": None, "Logger": None,
    },
    "auth.RepositoryScope": {"Repository": "", "Class": "", "Actions": None},
    "auth.RegistryScope": {"Name": "", "Actions": None},
}  # fmt: skip
_VERSION = "Docker-Distribution-Api-Version"
_UNKNOWN = GoError("manifest unknown", "unknown")


def _versions(response: Pointer, header: str) -> Slice:
    """auth.APIVersions: what a registry says that it speaks."""
    told = response.target.fields["Header"].get(_VERSION) if header else None
    pairs = (version.partition("/") for version in told or ())
    return Slice(Struct("auth.APIVersion", {"Type": a, "Version": b}) for a, _, b in pairs)


def _manager() -> Native:
    """A challenge manager, which remembers nothing: whoever is authorized sends what he has."""
    methods: dict[str, Callable[..., Any]] = {
        "AddResponse": lambda _: None,
        "GetChallenges": lambda _: Many((None, None)),
    }
    return Native("challenge.Manager", methods)


def _handler(credentials: Any) -> Native:
    return Native("auth.Handler", {"Scheme": lambda: "basic"}, credentials)


def _of_options(options: Struct) -> Native:
    return _handler(options.fields["Credentials"])


def authorizer(method: Callable[[Any, str], Any]) -> Callable[..., Native]:
    """auth.NewAuthorizer, whose requests carry the password of the first handler that has one."""

    def make(_: Any, *given: Any) -> Native:
        handlers = [h for one in given for h in (one if isinstance(one, Spread) else [one])]

        def modify(req: Pointer) -> None:
            fields = req.target.fields
            held = [h.key for h in handlers if isinstance(h, Native) and h.key is not None]
            basic = method(held[0], "Basic") if held else None
            if basic is not None:
                user, word = basic(fields["URL"])
                fields["Header"]["Authorization"] = Slice([f"Basic {user}:{word}"])

        return Native("transport.RequestModifier", {"ModifyRequest": modify})

    return make


def _repository(*_: Any) -> Many:
    """client.NewRepository: one in which nothing is found."""
    nothing: dict[str, Callable[..., Any]] = {
        name: lambda *_: Many((None, _UNKNOWN)) for name in ("Manifests", "Tags")
    }
    return Many((Native("distribution.Repository", nothing), None))


MEMBERS: dict[str, Any] = {
    "auth.APIVersions": _versions,
    "auth.NewSimpleChallengeManager": _manager,
    "challenge.NewSimpleManager": _manager,
    "auth.NewTokenHandler": lambda transport, credentials, *_: _handler(credentials),
    "auth.NewTokenHandlerWithOptions": _of_options,
    "auth.NewBasicHandler": _handler,
    "client.NewRepository": _repository,
}


def text_of_name(named: Any) -> str:
    """The text of a reference.Named, however it came."""
    return str(named.key if isinstance(named, Native) else named)


def _host_of(named: str) -> str:
    host, slash, _ = named.partition("/")
    return host if slash and (any(mark in host for mark in ".:") or host == "localhost") else ""


def domain(named: Any) -> str:
    """reference.Domain: the host of an image's name, Docker Hub where it has none."""
    return _host_of(text_of_name(named)) or "docker.io"


def path(named: Any) -> str:
    text = text_of_name(named)
    host = _host_of(text)
    return text[len(host) + 1 :] if host else text


REFERENCES: dict[str, Any] = {
    "reference.ParseNormalizedNamed": lambda text: Many((text, None)),
    "reference.Domain": domain,
    "reference.Path": path,
    "reference.FamiliarName": text_of_name,
    "reference.FamiliarString": text_of_name,
    "reference.TrimNamed": lambda named: named,
    "reference.TagNameOnly": lambda named: named,
    "reference.IsNameOnly": lambda _: True,
    "reference.WithName": lambda text: Many((text, None)),
}
