"""Parts of a patch: what comes along, what is refused, and what a reader is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, Git, files
from tests.patches.world import OPTION
from tests.recipe.selection_world import (
    PATCH,
    RISK,
    part,
)


# What a reader is told ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("only", "without", "told"),
    [
        (("core",), (), True),
        (("core", "roads"), (), True),
        (("roads,core,papers",), (), True),
        ((), ("rails",), True),
        ((), ("no-downgrade-push",), True),
        ((), ("papers",), False),
        ((), ("roads",), False),
        ((), ("warn",), False),
    ],
)
def test_what_a_part_risks_is_said(
    only: tuple[str, ...], without: tuple[str, ...], told: bool
) -> None:
    found = part(only, without)
    assert (RISK in found.security.replace("\n", " ")) == told
    assert [RISK in warning for warning in found.warnings] == [True] * told
    assert found.security.startswith(PATCH.security)


@pytest.mark.parametrize(
    ("only", "without", "says"),
    [
        (("core",), (), "made with --only core: it lacks the groups roads, rails and papers."),
        ((), ("papers",), "made with --without papers: it lacks the group papers."),
        (
            (),
            ("completion-zsh,roads",),
            "made with --without roads,completion-zsh: it lacks the group roads and the edit "
            "completion-zsh.",
        ),
    ],
)
def test_a_part_says_that_it_is_one(
    only: tuple[str, ...], without: tuple[str, ...], says: str
) -> None:
    assert (
        part(only, without).why.replace("\n", " ").endswith(f"This is a part of the patch, {says}")
    )


@pytest.mark.parametrize("form", ["mailbox", "quilt", "gbp", "rpm", "html", "json"])
def test_every_header_names_the_part(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(FIXTURES / "v20.10.27")
    arguments = ["apply", "--docker-src", source, "--format", form]
    assert main([*arguments, "--without", "rails"]) == 0
    out, err = capsys.readouterr()
    assert f"--patch {OPTION} --without rails" in out
    assert RISK in " ".join(out.replace("\\n", " ").split())
    assert f"gopatch: warning: Without the no-downgrade edits of the group rails, {RISK}" in err
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert "--without" not in out
    assert RISK not in " ".join(out.replace("\\n", " ").split())
    assert "warning" not in err


def test_a_commit_names_the_part(repository: Path, git: Git) -> None:
    source = ["--docker-src", str(repository), "--ref", "v20.10.27"]
    assert main(["apply", *source, "--branch", "mine", "--only", "core"]) == 0
    said = git(repository, "show", "-s", "--format=%B", "mine")
    assert f"--patch {OPTION} --only core" in said
    assert RISK in " ".join(said.split())


@pytest.mark.parametrize("command", ["check", pytest.param("verify", marks=pytest.mark.thorough)])
def test_programs_are_told_the_part(
    command: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [command, "--docker-src", str(tree), "--json"]
    arguments += ["--allow-partial"] if command == "verify" else []
    assert main([*arguments, "--only", "core,roads", "--without", "reload"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["selection"] == {"only": ["core", "roads"], "without": ["reload"]}
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["selection"] == {"only": [], "without": []}


@pytest.mark.thorough
def test_verdicts_on_another_part_are_refused(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["--docker-src", str(tree), "--only", "core"]
    assert main(["verify", *source, "--json", "--allow-partial"]) == 0
    verdicts = tmp_path / "verdicts.json"
    verdicts.write_text(capsys.readouterr().out)
    show = ["--format", "html", "--verdicts", str(verdicts)]
    assert main(["apply", *source, *show]) == 0
    assert main(["apply", "--docker-src", str(tree), *show]) == 2
    assert f"a verdict on `{OPTION} --only core` for" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["apply", "check", "verify", "port"])
def test_a_mistyped_group_is_no_command(
    command: str, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    more = ["--ref", "v*", "--output", str(out)] if command == "port" else []
    before = files(repository)
    assert main([command, "--docker-src", str(repository), *more, "--only", "core,rail"]) == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said.startswith(
        f"gopatch: no group or edit `rail` in the patch `{OPTION}`; did you mean `rails`?"
    )
    assert files(repository) == before
    assert not out.exists()
