"""The command line: what is printed where, and the exit codes."""

from __future__ import annotations

import json

import pytest

from gopatch.cli.commands import simulate
from gopatch.model import ACTIONS
from tests.cli.running import LEAK, run
from tests.conftest import FIXTURES


def test_simulate_tells_the_article_s_story(capsys: pytest.CaptureFixture[str]) -> None:
    host = "222.222.222.222"
    assert (
        run("simulate", host, "--accept-insecure-registry", "--answers", f"http://{host}=200") == 0
    )
    stock, patched = capsys.readouterr().out.split("patched, with")
    https = f"attempting v2 login to registry endpoint https://{host}/v2/"
    http = f"attempting v2 login to registry endpoint http://{host}/v2/"
    assert https in stock
    assert http not in stock
    assert "it fails" in stock
    assert patched.index(https) < patched.index(http)
    assert "it works" in patched


def test_simulate_takes_rules_from_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    source = FIXTURES / "v20.10.27"
    assert run("simulate", "r.example", "--docker-src", source, "--json") == 0
    urls = [a["url"] for a in json.loads(capsys.readouterr().out)["stock"]["attempts"]]
    assert urls
    assert not [url for url in urls if "/v1/" in url]


def test_simulate_offers_what_the_model_knows() -> None:
    assert list(ACTIONS) == simulate.ACTIONS


def test_simulate_a_build_and_a_reload(capsys: pytest.CaptureFixture[str]) -> None:
    source = FIXTURES / "docker-v29"
    asked = ["simulate", "r.example", "--docker-src", source, "--answers", "http://r.example=200"]
    assert run(*asked, "--action", "build", "--reload", "on") == 0
    said = capsys.readouterr().out
    assert "patched, without accept-insecure-registry: build r.example" in said
    assert "after a reload with accept-insecure-registry true: build r.example" in said
    assert "  new: http://r.example/v2/image/manifests/latest\n" in said
    flag = [*asked, "--accept-insecure-registry", "--reload", "off", "--json"]
    assert run(*flag, "--action", "plugin-push") == 0
    found = json.loads(capsys.readouterr().out)["reload"]
    assert (found["story"], found["wanted"]) == (None, False)
    assert "both as a flag and in the configuration file" in found["why"]


@pytest.mark.parametrize(
    ("part", "leaks", "warns"),
    [
        pytest.param([], False, False, id="the whole patch"),
        pytest.param(["--only", "core"], True, True, id="the core"),
        pytest.param(["--without", "rails"], True, True, id="no rails"),
        pytest.param(["--without", "papers"], False, False, id="no papers"),
        pytest.param(["--without", "no-downgrade-push"], False, True, id="another rail"),
        pytest.param(["--without", "no-downgrade-login"], True, True, id="this rail"),
    ],
)
def test_simulate_a_part(
    part: list[str], leaks: bool, warns: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*LEAK, *part) == 0
    out, err = capsys.readouterr()
    assert ("PASSWORD SENT IN CLEAR" in out) is leaks
    assert ("the rails are left out" in out) is leaks
    assert (f"patched ({' '.join(part)}), with" in out) is bool(part)
    assert ("warning" in err) is warns


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (["--only", "cor"], "did you mean `core`?"),
        (["--without", "core"], "needs"),
        (["--only", ","], "names nothing"),
    ],
)
def test_simulate_refuses_a_part(
    part: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*LEAK, *part) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""


@pytest.mark.parametrize(
    ("action", "source", "words"),
    [
        ("plugin-install", "v1.11.2", "no plugins"),
        ("plugin-push", "v1.8.3", "no plugins"),
        ("plugin-push", "v1.7.1", "lookupV2Endpoints"),
    ],
)
def test_simulate_where_there_is_no_road(
    action: str, source: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FIXTURES / source
    assert run("simulate", "h", "--action", action, "--docker-src", path) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""
