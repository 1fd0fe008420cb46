"""Mail for `git am`: what git itself writes, and what it makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.output import Layout, NothingThere
from gopatch.output._port_view import view
from gopatch.output.formats.mailbox import render as mail
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from gopatch.splice import FileChange
from tests.conftest import FIXTURES, Git, files
from tests.drawing import few

Cap = pytest.CaptureFixture[bytes]
Mp = pytest.MonkeyPatch


def apply(source: Path, *arguments: str) -> int:
    return main(["apply", "--docker-src", str(source), *arguments])


def test_mail_is_what_git_format_patch_writes(
    repository: Path, git: Git, monkeypatch: Mp, capsysbinary: Cap
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    assert apply(repository, "--format", "mailbox") == 0
    made = capsysbinary.readouterr().out
    assert apply(repository, "--branch", "patched") == 0
    options = ("--zero-commit", "--no-signature", "--full-index")
    command = ["git", "-C", str(repository), "format-patch", "-1", "--stdout", *options, "patched"]
    wanted = subprocess.run(command, check=True, capture_output=True).stdout
    # What the file is known again by stands where git keeps nothing.
    head, _, rest = made.partition(b"\nGenerated-edits: ")
    assert head.endswith(b"\n---")
    assert head + b"\n" + rest.partition(b"Generated-sha256: ")[2][65:] == wanted


def test_git_am_makes_the_commit_of_the_branch(
    repository: Path, git: Git, monkeypatch: Mp, capsysbinary: Cap
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    who = ("--author", "Ünal Ä <u@example.org>")
    assert apply(repository, "--format", "mailbox", *who) == 0
    made = capsysbinary.readouterr().out
    assert apply(repository, "--branch", "patched", *who) == 0
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1767323045 +0000")
    for name in ("NAME", "EMAIL", "DATE"):
        monkeypatch.delenv(f"GIT_AUTHOR_{name}")
    git(repository, "reset", "-q", "--hard")
    command = ["git", "-C", str(repository), "am", "-q"]
    subprocess.run(command, input=made, check=True, capture_output=True)
    assert git(repository, "rev-parse", "HEAD") == git(repository, "rev-parse", "patched")


@pytest.mark.parametrize(
    "layout", few(["v1.10.3", "v13.1", "debian", "docker-ce", "docker-v29"], ["v13.1"])
)
def test_a_split_mailbox_adds_up(layout: str, tmp_path: Path, git: Git, capsysbinary: Cap) -> None:
    name = "v1.13.1" if layout == "v13.1" else layout
    source = Path(shutil.copytree(FIXTURES / name, tmp_path / "docker"))
    git(source, "init", "-q")
    git(source, "add", "-A", "-f")
    git(source, "commit", "-q", "-m", "upstream")
    assert apply(source, "--format", "mailbox", "--split") == 0
    made = capsysbinary.readouterr().out
    groups = re.findall(rb"(?m)^Subject: \[PATCH (\d)/(\d)\] ", made)
    assert len(groups) >= 2
    assert {total for _, total in groups} == {str(len(groups)).encode()}
    subprocess.run(
        ["git", "-C", str(source), "am", "-q"], input=made, check=True, capture_output=True
    )
    whole = Path(shutil.copytree(FIXTURES / name, tmp_path / "whole"))
    assert apply(whole, "--in-place") == 0
    assert files(source) == files(whole)
    assert git(source, "rev-list", "--count", "HEAD") == str(len(groups) + 1)


def test_edits_that_take_turns_are_not_split() -> None:
    from gopatch.errors import ApplyError
    from gopatch.output import EditView
    from gopatch.port.outcome import Outcome

    port = view(work_out(load("skip-verify"), open_source(FIXTURES / "v1.13.1")))
    states = [b"0\n", b"1\n", b"2\n", b"3\n"]
    edits = tuple(
        EditView("", group, Outcome(f"e{i}", "applied"), (FileChange("a", old, new),))
        for i, (group, old, new) in enumerate(
            zip(["core", "roads", "core"], states, states[1:], strict=False)
        )
    )
    with pytest.raises(ApplyError, match="take turns"):
        mail(port._replace(edits=edits), Layout(split=True), NothingThere())
    (one,) = mail(port, Layout(split=True), NothingThere())
    assert one == mail(port, Layout(), NothingThere())[0]  # one group: nothing to split


@pytest.mark.parametrize("author", ["me", "me <x>", "<a@b>", "a <b@c> d", "a <b c@d>"])
def test_an_author_has_a_name_and_an_address(author: str, tree: Path, capsysbinary: Cap) -> None:
    assert apply(tree, "--format", "mailbox", "--author", author) == 2
    assert b"is no author" in capsysbinary.readouterr().err


@pytest.mark.parametrize("epoch", ["today", "-1", "1.5", "9" * 12])
def test_a_date_is_a_number(epoch: str, tree: Path, monkeypatch: Mp, capsysbinary: Cap) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert apply(tree, "--format", "mailbox") == 2
    assert b"SOURCE_DATE_EPOCH" in capsysbinary.readouterr().err


@pytest.mark.parametrize("options", [(), ("--split",)])
def test_mail_that_a_hand_has_edited_is_asked_for(
    options: tuple[str, ...], tmp_path: Path, capsysbinary: Cap
) -> None:
    out = tmp_path / "ours.mbox"
    source, command = FIXTURES / "v1.13.1", ("--format", "mailbox", *options, "--output", str(out))
    assert apply(source, *command) == 0
    made = out.read_bytes()
    assert apply(FIXTURES / "v1.12.6", *command) == 0
    other = out.read_bytes()
    assert other != made
    out.write_bytes(other + b"mine\n")
    capsysbinary.readouterr()
    assert apply(source, *command) == 1
    assert out.read_bytes() == other + b"mine\n"
    assert b"was edited by hand" in capsysbinary.readouterr().err
    assert apply(source, *command, "--force") == 0
    assert out.read_bytes() == made
