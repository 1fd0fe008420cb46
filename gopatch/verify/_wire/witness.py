"""Servers that write down whatever reaches them: plain HTTP, or TLS with a given certificate."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Manner = Literal["challenge", "denied", "index"]
"""How a witness answers: asks for a password, whatever is sent ("challenge"),
says no to everything ("denied"), or is an index that can be searched ("index")."""


BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
"""What a server of plain HTTP says to a TLS greeting."""


@dataclass(frozen=True)
class SeenRequest:
    """One request; `secret` says whether a password came with it."""

    where: str
    line: str
    secret: bool


@dataclass
class Record:
    """All requests that the witnesses saw, in order. Filled by threads."""

    seen: list[SeenRequest] = field(default_factory=list)

    def since(self, mark: int) -> list[SeenRequest]:
        return self.seen[mark:]

    def mark(self) -> int:
        return len(self.seen)


class _Handler(BaseHTTPRequestHandler):
    """Writes down each request, and answers in its server's manner."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length) if length else b""
        secret = "Authorization" in self.headers or b"password" in sent
        self.server.record.seen.append(SeenRequest(self.server.where, self.requestline, secret))
        status, headers, body = _answer(self.server.manner, self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    record: Record
    where: str
    manner: Manner
    context: ssl.SSLContext | None

    def get_request(self) -> tuple[socket.socket, object]:
        connection, peer = super().get_request()
        if self.context is None:
            return connection, peer
        return self.context.wrap_socket(connection, True, do_handshake_on_connect=False), peer

    def handle_error(self, request: object, client_address: object) -> None:
        # A client that refuses the certificate hangs up, which is what it should do.
        pass


def serve(
    record: Record, address: str, port: int, manner: Manner, context: ssl.SSLContext | None = None
) -> None:
    """Serve at `address`:`port` until the process ends."""
    server = _Server((address, port), _Handler)
    server.record, server.manner, server.context = record, manner, context
    server.where = f"{address}:{port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()


def serve_words(address: str, port: int, words: bytes) -> None:
    """Say `words` to whoever says something, and hang up; b"" is to never say a word."""
    listener = socket.create_server((address, port), backlog=64)

    def talk(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while connection.recv(1 << 16):
                if words:
                    connection.sendall(words)
                    return

    def take() -> None:
        while True:
            with contextlib.suppress(OSError):
                threading.Thread(target=talk, args=listener.accept()[:1], daemon=True).start()

    threading.Thread(target=take, daemon=True).start()


def _answer(manner: Manner, path: str) -> tuple[int, dict[str, str], bytes]:
    headers = {"Content-Type": "application/json"}
    if manner == "index":
        return _index(path, headers)
    headers["Docker-Distribution-Api-Version"] = "registry/2.0"
    if manner == "denied":
        return 403, headers, b'{"errors":[{"code":"DENIED","message":"not for you"}]}'
    headers["WWW-Authenticate"] = 'Basic realm="witness"'
    return 401, headers, b'{"errors":[{"code":"UNAUTHORIZED","message":"who are you"}]}'


def _index(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """The V1 API as far as a search needs it."""
    headers["X-Docker-Registry-Version"] = "1.0"
    if path.startswith("/v1/_ping"):
        return 200, headers, b'{"standalone": true}'
    if not path.startswith("/v1/search"):
        return 404, headers, b"{}"
    found = {"name": "found", "description": "", "star_count": 0, "is_official": False}
    body = {"query": "found", "num_results": 1, "num_pages": 1, "page": 1, "page_size": 25}
    return 200, headers, json.dumps({**body, "results": [found]}).encode()
