"""The parts of the judge `wire` that need neither root nor a daemon."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import ssl
import tarfile
from http.client import HTTPConnection
from pathlib import Path

import pytest

from gopatch.errors import UsageError
from gopatch.verify._wire import required
from gopatch.verify._wire.api import Api, DaemonReply, Login, tar
from gopatch.verify._wire.buildkit import find_client
from gopatch.verify._wire.conversation import pulled
from gopatch.verify._wire.places import PLACES
from gopatch.verify._wire.settings import FLAG, KEY, REFUSED, SETTINGS
from gopatch.verify._wire.witness import BAD_REQUEST, Record, serve, serve_words
from tests.verify.wire.parts_world import LOGIN, Recorded, free_port


def test_a_pull_by_digest(api: Api) -> None:
    assert api.pull("192.0.2.11/made", "sha256:00", LOGIN).error == ""
    ((method, path, headers, _),) = Recorded.asked
    assert method == "POST"
    assert path == "/images/create?fromImage=192.0.2.11%2Fmade&tag=sha256%3A00"
    told = json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"]))
    assert told == {"username": "someone", "password": "password", "serveraddress": "192.0.2.11"}


@pytest.mark.parametrize(
    ("kept", "told", "wrong"),
    [
        pytest.param(["192.0.2.11/made@sha256:00"], "", "", id="kept with the image"),
        pytest.param([], '{"status":"Digest: sha256:00"}', "", id="told and not kept, as by v1.10"),
        pytest.param([], '{"status":"Digest: sha256:11"}', "nothing", id="another is told"),
        pytest.param(
            ["192.0.2.11/made@sha256:11"],
            '{"status":"Digest: sha256:00"}',
            "192.0.2.11/made@sha256:11",
            id="another is kept",
        ),
    ],
)
def test_what_came_is_what_the_digest_stands_for(kept: list[str], told: str, wrong: str) -> None:
    class Daemon(Api):
        def pull(self, name: str, tag: str, login: Login | None) -> DaemonReply:
            return DaemonReply("", told)

        def image(self, name: str) -> dict[str, object]:
            return {"RepoDigests": kept}

    reply = pulled(Daemon(""), "192.0.2.11/made", "latest", "sha256:00", None)
    assert reply.error == (wrong and f"pulled {wrong} and not sha256:00")


def test_names_keep_their_slashes_and_ports(api: Api) -> None:
    api.push("192.0.2.10:5000/made", None)
    ((_, path, headers, _),) = Recorded.asked
    assert path == "/images/192.0.2.10:5000/made/push?tag=latest"
    assert json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"])) == {}


@pytest.mark.parametrize(
    ("status", "data", "error"),
    [
        (200, b'{"status":"Pulling"}\r\n{"status":"Done"}\r\n', ""),
        (200, b'{"status":"Pulling"}\n{"errorDetail":{},"error":"refused"}\n', "refused"),
        (200, b'{"status":"Preparing"}{"error":"refused"}\r\n', "refused"),
        (200, b'[{"name":"found"}]', ""),
        (200, b"", ""),
        (500, b'{"message":"no such image"}', "no such image"),
        (500, b"plain words\n", "plain words"),
        (404, b"", "HTTP status 404"),
    ],
)
def test_an_error_is_found_in_status_and_stream(
    api: Api, status: int, data: bytes, error: str
) -> None:
    Recorded.answer = (status, data)
    assert api.pull("thing", "latest", None).error == error


def test_no_daemon_is_an_error_and_no_exception(tmp_path: Path) -> None:
    api = Api(str(tmp_path / "nothing.sock"))
    assert "no answer from the daemon" in api.ping().error
    assert api.version() == (0,)
    assert api.info() == {}
    assert api.image("thing") == {}


def test_a_plugin_is_granted_what_it_asks_for(api: Api) -> None:
    Recorded.answer = (200, b'[{"Name":"network"}]\n')
    api.install_plugin("192.0.2.10/thing", None)
    (_, first, _, _), (_, second, _, body) = Recorded.asked
    assert first.startswith("/plugins/privileges?remote=")
    assert second.startswith("/plugins/pull?remote=")
    assert json.loads(body) == [{"Name": "network"}]


def test_a_tar_of_files_and_folders() -> None:
    data = tar({"rootfs/": b"", "rootfs/text": b"words"})
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert archive.getmember("rootfs").isdir()
        found = archive.extractfile("rootfs/text")
        assert found is not None
        assert found.read() == b"words"


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({}, None, False),
        ({"Authorization": "Basic eA=="}, None, True),
        ({}, b'{"password":"x"}', True),
        ({}, b"{}", False),
    ],
)
def test_a_witness_writes_down_who_brought_a_password(
    headers: dict[str, str], body: bytes | None, secret: bool
) -> None:
    record, port = Record(), free_port()
    serve(record, "127.0.0.1", port, "challenge")
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/v2/", body, headers)
    response = connection.getresponse()
    assert response.status == 401
    assert response.headers["WWW-Authenticate"]
    response.read()
    connection.close()
    (seen,) = record.since(0)
    assert seen.secret is secret
    assert seen.where == f"127.0.0.1:{port}"
    assert record.since(record.mark()) == []


def test_an_index_can_be_searched() -> None:
    record, port = Record(), free_port()
    serve(record, "127.0.0.1", port, "index")
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for path, status in (("/v1/_ping", 200), ("/v1/search?q=x", 200), ("/v2/", 404)):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == status
        assert isinstance(json.loads(response.read()), dict)
    connection.close()


def test_plain_http_is_what_a_tls_greeting_meets() -> None:
    port = free_port()
    serve_words("127.0.0.1", port, BAD_REQUEST)
    with (
        socket.create_connection(("127.0.0.1", port), 10) as connection,
        pytest.raises(ssl.SSLError, match=r"(?i)http|wrong.version"),
    ):
        ssl.create_default_context().wrap_socket(connection, server_hostname="localhost")


def test_silence_is_silent() -> None:
    port = free_port()
    serve_words("127.0.0.1", port, b"")
    with socket.create_connection(("127.0.0.1", port), 0.3) as connection:
        connection.sendall(b"hello")
        with pytest.raises(TimeoutError):
            connection.recv(1)


# The plan -------------------------------------------------------------------------------------
def test_only_documentation_addresses() -> None:
    assert all(place.address.startswith("192.0.2.") for place in PLACES)
    assert len({place.host for place in PLACES}) == len(PLACES)


def test_the_option_is_only_asked_of_the_patched_daemon() -> None:
    for setting in SETTINGS:
        assert setting.patched or not (setting.option or setting.values), setting.name
    assert {setting.name for setting in SETTINGS} > set(REFUSED)
    assert f"--{KEY}" == FLAG


# What is needed -------------------------------------------------------------------------------
def test_everything_that_is_missing_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(required, "_path", lambda: str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UsageError) as caught:
        required.demand()
    for words in (
        "root", "ip: apt-get install iproute2", "containerd: apt-get install containerd",
        "docker-registry: apt-get install docker-registry", "docker: apt-get install docker.io",
        "openssl: apt-get install openssl",
    ):  # fmt: skip
        assert words in str(caught.value)


def test_with_all_there_the_client_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ip", "unshare", "mount", "containerd", "runc", "docker-registry", "openssl"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(required, "_path", lambda: str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(UsageError, match="docker"):
        required.demand()
    client = tmp_path / "other"
    client.write_text("")
    client.chmod(0o755)
    assert required.demand(str(client)) == str(client)


@pytest.mark.parametrize(("code", "able"), [(0, True), (1, False)])
def test_a_client_without_buildx_cannot_build(tmp_path: Path, code: int, able: bool) -> None:
    client = tmp_path / "docker"
    client.write_text(f'#!/bin/sh\ntest "$DOCKER_BUILDKIT" = 1 && exit {code}\nexit 2\n')
    client.chmod(0o755)
    assert find_client(str(client), tmp_path).buildkit is able
