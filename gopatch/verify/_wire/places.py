"""Who is at which address inside the room: documentation addresses (RFC 5737), never routed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gopatch.model import Answer

Https = Literal["refused", "timeout", "plain", "unknown-ca", "wrong-name", "challenge", "denied"]
Http = Literal["registry", "locked", "index", "catcher"]

USER, PASSWORD = "someone", "password"


@dataclass(frozen=True)
class RegistryPlace:
    """One registry by its name as users write it: `host` is an address, or address:port.

    `http` is what plain HTTP finds there, `https` what TLS does; a place with a port of its own
    has just the one, which speaks plain HTTP.
    """

    name: str
    host: str
    http: Http
    https: Https = "refused"

    @property
    def address(self) -> str:
        return self.host.partition(":")[0]

    @property
    def port(self) -> int:
        return int(self.host.partition(":")[2] or 80)

    @property
    def locked(self) -> bool:
        return self.http == "locked"

    def answers(self) -> tuple[tuple[str, Answer], ...]:
        """How its URLs answer, in the model's words."""
        if self.https in ("refused", "timeout", "plain"):
            secure = Answer("plain" if self.port != 80 else self.https)
        elif self.https in ("unknown-ca", "wrong-name"):
            secure = Answer("tls-bad", 401, False, True)
        else:
            secure = _SPEAKING[self.https]
        plain = _PLAIN[self.http]
        return ((f"https://{self.host}", secure), (f"http://{self.host}", plain))


_SPEAKING = {
    "challenge": Answer("tls-good", 401, False, True),
    "denied": Answer("tls-good", 403, False, True),
}
_PLAIN = {
    "registry": Answer("plain", 200, False, True),
    "locked": Answer("plain", 401, True, True),
    "index": Answer("plain", 200, False, False),
    "catcher": Answer("plain", 401, False, True),
}

OPEN = RegistryPlace("no port, no password", "192.0.2.10", "registry")
OPEN_PORT = RegistryPlace("a port, no password", "192.0.2.10:5000", "registry")
LOCKED = RegistryPlace("no port, a password", "192.0.2.11", "locked")
LOCKED_PORT = RegistryPlace("a port, a password", "192.0.2.11:5000", "locked")
REGISTRIES = (OPEN, OPEN_PORT, LOCKED, LOCKED_PORT)

MIXED_UP = RegistryPlace("plain HTTP on the HTTPS port", "192.0.2.12", "registry", "plain")
SILENT = RegistryPlace("nobody answers on the HTTPS port", "192.0.2.13", "registry", "timeout")
INDEX = RegistryPlace("an index to search", "192.0.2.20", "index")

UNKNOWN_CA = RegistryPlace("an unknown authority", "192.0.2.30", "catcher", "unknown-ca")
WRONG_NAME = RegistryPlace("a certificate of another name", "192.0.2.31", "catcher", "wrong-name")
CHALLENGE = RegistryPlace("401 over HTTPS", "192.0.2.32", "catcher", "challenge")
DENIED = RegistryPlace("403 over HTTPS", "192.0.2.33", "catcher", "denied")
TRAPS = (UNKNOWN_CA, WRONG_NAME, CHALLENGE, DENIED)

HUB = RegistryPlace("Docker Hub", "192.0.2.40", "catcher")
HUB_NAMES = ("docker.io", "index.docker.io", "registry-1.docker.io", "auth.docker.io")

PLACES = (*REGISTRIES, MIXED_UP, SILENT, INDEX, *TRAPS, HUB)
