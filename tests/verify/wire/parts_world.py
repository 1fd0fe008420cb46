"""The parts of the judge `wire` that need neither root nor a daemon: what its tests share."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer

from gopatch.verify._wire.api import Login
from tests.conftest import FIXTURES

TREE = str(FIXTURES / "v20.10.27")


LOGIN = Login("someone", "password", "192.0.2.11")


# The daemon's API -----------------------------------------------------------------------------
class Recorded(BaseHTTPRequestHandler):
    """Answers with what the test has put there, and remembers what was asked."""

    asked: list[tuple[str, str, dict[str, str], bytes]]
    answer: tuple[int, bytes]

    def reply(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).asked.append((self.command, self.path, dict(self.headers.items()), body))
        status, data = type(self).answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = reply  # noqa: N815

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *arguments: object) -> None:
        pass


# Servers --------------------------------------------------------------------------------------
def free_port() -> int:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return int(server.server_address[1])


# The judge ------------------------------------------------------------------------------------
def quiet(text: str) -> None:
    """Says nothing."""
