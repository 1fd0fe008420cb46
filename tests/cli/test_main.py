"""The command line: what is printed where, and the exit codes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from gopatch.cli import commands
from gopatch.cli.commands import simulate
from gopatch.cli.main import main
from gopatch.model import ACTIONS
from tests.conftest import FIXTURES, Git, files


def run(*arguments: object) -> int:
    try:
        return main([str(a) for a in arguments])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 99


def test_apply_prints_a_diff_and_changes_nothing(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = files(tree)
    assert run("apply", "--docker-src", tree) == 0
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"--- a/cmd/dockerd/config.go\n")
    assert err == b""
    assert files(tree) == before


def test_the_diff_and_in_place_agree_there_and_back(
    tree: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = files(tree)
    out = tmp_path / "out.patch"
    assert run("apply", "--docker-src", tree, "--output", out, "-U", 1) == 0
    assert run("apply", "--docker-src", tree, "--reverse") == 0
    back = capsysbinary.readouterr().out
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    written = files(tree)
    assert b"changed registry/config.go" in capsysbinary.readouterr().err
    subprocess.run(["patch", "-p1", "-F0", "-s"], input=back, cwd=tree, check=True)
    assert files(tree) == before
    subprocess.run(["patch", "-p1", "-F0", "-s", "-i", str(out)], cwd=tree, check=True)
    assert files(tree) == written


def test_a_second_run_says_already(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    before = files(tree)
    capsys.readouterr()
    assert run("apply", "--docker-src", tree) == 0
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("gopatch: already: ") == 2
    assert files(tree) == before


def test_a_ref_is_patched_onto_a_branch(repository: Path, git: Git) -> None:
    before = files(repository)
    arguments = ("apply", "--docker-src", repository, "--ref", "v20.10.27", "--branch", "mine")
    assert run(*arguments) == 0
    made = git(repository, "rev-parse", "mine")
    assert run(*arguments) == 0
    assert git(repository, "rev-parse", "mine") == made
    assert files(repository) == before
    assert "Generated-by: gopatch" in git(repository, "show", "-s", "--format=%B", "mine")


def test_check_tells_edit_by_edit(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--docker-src", tree) == 0
    table = capsys.readouterr().out
    assert "guard-v2" in table
    assert "registry/service_v2.go:" in table
    assert run("check", "--docker-src", tree, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "applied"
    assert {e["outcome"] for e in found["edits"]} == {"applied", "absent"}


def test_check_fails_where_apply_would(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    before = files(tree)
    assert run("check", "--docker-src", tree) == 1
    out, err = capsys.readouterr()
    assert "! guard-v2" in out
    assert "guard-v2: " in err
    assert run("apply", "--docker-src", tree, "--in-place") == 1
    assert "nothing was written" in capsys.readouterr().err
    assert files(tree) == before


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert "guard-v2-url" in capsys.readouterr().out
    assert run("list", "--json") == 0
    assert {p["name"] for p in json.loads(capsys.readouterr().out)} >= {"always-http"}


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


LEAK = [
    *("simulate", "h", "--accept-insecure-registry", "--answers", "https://h=tls-bad"),
    *("--answers", "http://h=401+accepts"),
]


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


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["aply"], 2, "did you mean apply?", id="command"),
        pytest.param(["apply", "--docker-src", "x", "--in-plac"], 2, "--in-place?", id="option"),
        pytest.param(["apply", "--docker-scr=x"], 2, "mean --docker-src?", id="option, required"),
        pytest.param(["simulate", "h", "--action", "psuh"], 2, "mean push?", id="choice"),
        pytest.param(["check", "--color", "alway"], 2, "mean always?", id="colour"),
        pytest.param(
            ["simulate", "h", "--acept-insecure-registry"], 2, "mean --accept-", id="typo"
        ),
        pytest.param(["simulate", "list", "--qqqq"], 2, "unrecognized", id="nothing near"),
        pytest.param(["apply"], 2, "--docker-src", id="no source"),
        pytest.param(
            ["apply", "--docker-src", "nowhere"], 2, "there is no nowhere", id="no folder"
        ),
        pytest.param(["apply", "--docker-src", "."], 2, "not Docker", id="not Docker"),
        pytest.param(["apply", "--docker-src", ".", "-U", "x"], 2, "number of lines", id="context"),
        pytest.param(
            ["apply", "--docker-src", ".", "--patch", "no"], 2, "no patch `no`", id="patch"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--ref", "v1"], 2, "git repository", id="no git"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--ref", "v1", "--in-place"], 2, "--in-place", id="both"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--reverse", "--in-place"], 2, "--reverse", id="reverse"
        ),
        pytest.param(["simulate", "h", "--store", "graf"], 2, "mean graph?", id="store"),
        pytest.param(
            ["simulate", "h", "--action", "pull", "--store", "containerd"],
            2,
            "no containerd image store",
            id="no such store",
        ),
        pytest.param(["simulate", "h", "--reload", "maybe"], 2, "'on', 'off'", id="reload"),
        pytest.param(["simulate", "h", "--ref", "v1"], 2, "--docker-src", id="ref alone"),
        pytest.param(["simulate", "h", "--answers", "x"], 2, "", id="answers"),
        pytest.param(["simulate", " "], 2, "HOST is empty", id="blank host"),
        pytest.param(["simulate"], 2, "HOST is missing", id="no host"),
        pytest.param(["simulate", "h", "--resolve", "x"], 2, "NAME=ADDRESS", id="resolve"),
        pytest.param(["simulate", "h", "--daemon-json", "no"], 2, "no: ", id="no daemon.json"),
        pytest.param(["port", "--docker-src", ".", "--output", "x"], 2, "--ref", id="port, no ref"),
    ],
)
def test_wrong_usage(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "README.md").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["README.md"]


def test_an_option_in_flag_and_file_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "daemon.json"
    file.write_text('{"accept-insecure-registry": true}')
    assert run("simulate", "h", "--accept-insecure-registry", "--daemon-json", file) == 1
    assert "both as a flag and in the configuration file" in capsys.readouterr().out
    assert run("simulate", "h", "--insecure-registry", "h-", "--json") == 1
    told = json.loads(capsys.readouterr().out)["patched"]
    assert (told["refused"], told["kind"], told["attempts"]) == ("daemon", "hyphen", [])
    assert run("simulate", "--daemon-json", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["keys"] == ["accept-insecure-registry"]


def test_interrupted(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gopatch.port.work.work_out", stop)
    before = files(tree)
    assert run("apply", "--docker-src", tree, "--in-place") == 130
    assert files(tree) == before


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    for command in commands.names():
        assert re.search(rf"^    {command} ", out, re.M)


@pytest.mark.parametrize("command", ["", *commands.names()])
def test_help_opens_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*[command] if command else [], "--help") == 0
    out = capsys.readouterr().out
    assert out.startswith("examples:\n  # ")
    assert f"\n  gopatch {command}" in out.partition("usage: ")[0]


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["aply"], "gopatch: argument COMMAND: invalid choice: "),
        (["apply", "--docker-src", "nowhere"], "gopatch: there is no nowhere; --docker-src names"),
        (["apply"], "gopatch apply: the following arguments are required: --docker-src\n"),
        (
            ["apply", "--docker-src", "x", "--out"],
            "gopatch: there is no --out; did you mean --output?",
        ),
    ],
)
def test_the_first_line_says_what_to_do(
    arguments: list[str], first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith(first)


def test_one_failure_among_many_is_named_first(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    assert run("apply", "--docker-src", tree) == 1
    first, *rest = capsys.readouterr().err.splitlines()
    assert "does not apply; nothing was written; `gopatch check` shows every edit" in first
    assert rest[0].startswith("  guard-v2: ")
