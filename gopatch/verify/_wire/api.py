"""The daemon's HTTP API over its unix socket: the few calls that speak to a registry.

Clients and daemons refuse each other by their API versions; asked without one, every daemon
answers in its own. https://docs.docker.com/reference/api/engine/
"""

from __future__ import annotations

import base64
import io
import json
import socket
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Login:
    """What one logs in with, at one registry."""

    user: str
    password: str
    server: str

    def header(self) -> str:
        """X-Registry-Auth: JSON in URL-safe base64."""
        return _encoded(self.values())

    def values(self) -> dict[str, str]:
        return {"username": self.user, "password": self.password, "serveraddress": self.server}


@dataclass(frozen=True)
class DaemonReply:
    """What the daemon said. `error` is "" where it succeeded, also in the middle of a stream; `note`
    is what is worth keeping beside the log."""

    error: str
    text: str = ""
    note: str = ""


class _Socket(HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Api:
    """Calls to one daemon; each is bounded by `timeout` seconds of silence."""

    def __init__(self, path: str, timeout: float = 90) -> None:
        self._path = path
        self._timeout = timeout

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> DaemonReply:
        """One call. A daemon that does not answer is an error like any other."""
        url = quote(path, safe="/:@") + (f"?{urlencode(query)}" if query else "")
        connection = _Socket(self._path, self._timeout)
        try:
            connection.request(method, url, body, dict(headers or {}))
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            return DaemonReply(f"no answer from the daemon: {type(error).__name__}: {error}")
        finally:
            connection.close()
        if response.status >= 400:
            return DaemonReply(_message(text) or f"HTTP status {response.status}", text)
        return DaemonReply(_stream_error(text), text)

    def ping(self) -> DaemonReply:
        return self.call("GET", "/_ping")

    def login(self, login: Login) -> DaemonReply:
        return self.call("POST", "/auth", body=json.dumps(login.values()).encode(), headers=_JSON)

    def load(self, name: str, files: Mapping[str, bytes]) -> DaemonReply:
        """Make the image `name`:latest of one layer."""
        query = {"fromSrc": "-", "repo": name, "tag": "latest"}
        return self.call("POST", "/images/create", query, tar(files), _TAR)

    def push(self, name: str, login: Login | None) -> DaemonReply:
        return self.call("POST", f"/images/{name}/push", {"tag": "latest"}, headers=_auth(login))

    def pull(self, name: str, tag: str, login: Login | None) -> DaemonReply:
        """`tag` is a tag or a digest."""
        query = {"fromImage": name, "tag": tag}
        return self.call("POST", "/images/create", query, headers=_auth(login))

    def image(self, name: str) -> dict[str, Any]:
        """`docker image inspect`; {} where there is no such image."""
        reply = self.call("GET", f"/images/{name}/json")
        return {} if reply.error else dict(json.loads(reply.text))

    def remove(self, name: str) -> DaemonReply:
        return self.call("DELETE", f"/images/{name}", {"force": "1"})

    def build(
        self, files: Mapping[str, bytes], logins: tuple[Login, ...], *, buildkit: bool
    ) -> DaemonReply:
        """`docker build --pull --no-cache`; with BuildKit without a session, so without passwords."""
        query = {"pull": "1", "nocache": "1", "version": "2" if buildkit else "1", "t": "built"}
        headers = {**_TAR, "X-Registry-Config": _encoded({x.server: x.values() for x in logins})}
        return self.call("POST", "/build", query, tar(files), headers)

    def search(self, term: str, login: Login | None) -> DaemonReply:
        return self.call("GET", "/images/search", {"term": term}, headers=_auth(login))

    def create_plugin(self, name: str, files: Mapping[str, bytes]) -> DaemonReply:
        return self.call("POST", "/plugins/create", {"name": name}, tar(files), _TAR)

    def push_plugin(self, name: str, login: Login | None) -> DaemonReply:
        return self.call("POST", f"/plugins/{name}/push", headers=_auth(login))

    def install_plugin(self, name: str, login: Login | None) -> DaemonReply:
        """`docker plugin install --disable --grant-all-permissions`."""
        asked = self.call("GET", "/plugins/privileges", {"remote": name}, headers=_auth(login))
        if asked.error:
            return asked
        body = (asked.text.strip() or "[]").encode()
        query = {"remote": name, "name": name}
        return self.call("POST", "/plugins/pull", query, body, {**_JSON, **_auth(login)})

    def remove_plugin(self, name: str) -> DaemonReply:
        return self.call("DELETE", f"/plugins/{name}", {"force": "1"})

    def version(self) -> tuple[int, ...]:
        """The API's version, (0,) where the daemon does not say."""
        reply = self.call("GET", "/version")
        found = {} if reply.error else json.loads(reply.text)
        return tuple(int(part) for part in found.get("ApiVersion", "0").split("."))

    def info(self) -> dict[str, Any]:
        reply = self.call("GET", "/info")
        return {} if reply.error else dict(json.loads(reply.text))


_JSON = {"Content-Type": "application/json"}
_TAR = {"Content-Type": "application/x-tar"}


def _auth(login: Login | None) -> dict[str, str]:
    # Old daemons refuse a push without the header, even where there is nothing to log in with.
    return {"X-Registry-Auth": login.header() if login else _encoded({})}


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode("ascii")


def tar(files: Mapping[str, bytes]) -> bytes:
    """A tar of `files`; a name that ends with a slash is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name.rstrip("/"))
            member.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            member.mode = 0o755
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _message(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text.strip()
    return str(found.get("message", "")) if isinstance(found, dict) else text.strip()


def _stream_error(text: str) -> str:
    """The error in a stream of JSON messages, "" where there is none or it is no such stream."""
    messages = (found for line in text.splitlines() for found in _values(line))
    errors = (found["error"] for found in messages if isinstance(found, dict) and "error" in found)
    return next((str(error) for error in errors if error), "")


def _values(line: str) -> Iterator[Any]:
    """The JSON values that a line begins with: until v1.9 there may be several."""
    decoder, rest = json.JSONDecoder(), line.strip()
    while rest:
        try:
            found, end = decoder.raw_decode(rest)
        except ValueError:
            return
        yield found
        rest = rest[end:].strip()
