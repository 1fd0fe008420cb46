"""What a patch says of itself ends no message early, whatever its texts hold."""

from __future__ import annotations

import subprocess
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.output import Layout, NothingThere, PortView, file_name
from gopatch.output._message import body, dep3, header, message, subject
from gopatch.output.formats.mailbox import render
from gopatch.splice import FileChange

NASTY = [
    "---", "--- a/x", " --- a/x", "+++ b/x", "*** a/x", "@@ -1 +1 @@", "diff --git a/x b/x",
    "diff -u x y", "Index: x", "Prereq: y", "From nobody Mon Sep 17 00:00:00 2001",
    "Gbp-Pq: Topic x", "Gbp: Ignore", "\t--- a/x", "---more", "----- >8 -----",
]  # fmt: skip


def port(**fields: object) -> PortView:
    change = FileChange("registry/a.go", b"package registry\n", b"package registry\n\n// x\n")
    base = PortView(
        "quiet", "daemon: be quiet", "", "", (), "", None, "gopatch 1 --patch quiet", (), (change,)
    )
    return base._replace(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", NASTY)
def test_a_line_that_would_end_the_message_is_quoted(line: str) -> None:
    assert body(f"one\n{line}\ntwo") == f"one\n| {line}\ntwo\n"


@pytest.mark.parametrize(
    "line",
    ["-- ", "-x", "+ more", "* one", "** two", "From: x", "index of", "a --- b", "different"],
)
def test_a_line_that_ends_nothing_stays(line: str) -> None:
    assert body(f"one\n{line}\ntwo") == f"one\n{line.rstrip()}\ntwo\n"


@pytest.mark.parametrize("line", ["From: x@y", "subject: x", "Date: today", ">From: x"])
def test_the_first_line_is_no_header(line: str) -> None:
    assert body(line) == f"| {line}\n"


def test_blank_lines_and_ends_are_those_of_git() -> None:
    assert body("", "\n a \n\n\n\nb\t\n", " ", "c\r\nd\x0ce\u2028f") == " a\n\nb\n\nc\nd\ne\nf\n"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("daemon: be quiet", "daemon: be quiet"),
        ("[PATCH 1/2] [x] Re: daemon:\n be   quiet", "daemon: be quiet"),
        ("[PATCH]", "quiet"),
        ("", "quiet"),
    ],
)
def test_subject(title: str, wanted: str) -> None:
    assert subject(port(title=title)) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"), [("a-b", "a-b.patch"), ("../a b'", "a-b-.patch"), ("é", "patch.patch")]
)
def test_file_name(name: str, wanted: str) -> None:
    assert file_name(name) == wanted


def test_fields_are_those_of_dep3() -> None:
    facts = (("origin", "vendor"), ("bug-debian", "https://bugs.debian.org/1"), ("author", "x"))
    assert dep3(port(dep3=(*facts, ("last-update", "1999-01-01")), epoch=86400)) == (
        "Origin: vendor\nBug-Debian: https://bugs.debian.org/1\nLast-Update: 1970-01-02\n"
        "Generated-by: gopatch 1 --patch quiet\n"
    )


def test_header() -> None:
    made = header(port(author="J. O'Hara, Jr. <j@x.org>", epoch=1767323045), "daemon: be quiet")
    assert made == (
        'From: "J. O\'Hara, Jr." <j@x.org>\nDate: Fri, 2 Jan 2026 03:04:05 +0000\n'
        "Subject: daemon: be quiet\n"
    )


def test_long_and_foreign_subjects_are_folded() -> None:
    for title in ("word " * 40 + "end", "Größe " * 30 + "Ende"):
        made = header(port(author="Ünal Ä <u@x.org>"), title)
        assert made.isascii()
        assert max(map(len, made.split("\n"))) <= 78
        parsed = message_from_bytes(made.encode())
        assert str(make_header(decode_header(parsed["Subject"].replace("\n", "")))) == title
        assert str(make_header(decode_header(parsed["From"]))) == "Ünal Ä <u@x.org>"


def am(tmp_path: Path, mail: bytes) -> str:
    """The message of the commit that `git am` makes of a mail."""
    folder = tmp_path / "am"
    (folder / "registry").mkdir(parents=True)
    (folder / "registry/a.go").write_bytes(b"package registry\n")

    def git(*arguments: str, data: bytes = b"") -> bytes:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], input=data, check=True, capture_output=True
        ).stdout

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    git("am", "-q", data=mail)
    return git("log", "-1", "--format=%B").decode()


TEXTS = [
    ("daemon: be quiet", "\n".join(["one", *NASTY, "two"])),
    ("Leise, größer: " + "wörtlich " * 20, "Zeile eins\n\n\nGrüße\n---\n"),
    ("[x] y", ""),
    ("a" * 200, "From: me\n\nSubject: you"),
]


@pytest.mark.parametrize(("title", "why"), TEXTS)
def test_git_am_reads_the_message_that_a_branch_has(title: str, why: str, tmp_path: Path) -> None:
    one = port(title=title, why=why)
    (file,) = render(one, Layout(), NothingThere())
    assert am(tmp_path, file.data).rstrip("\n") == message(one).rstrip("\n")


@given(st.text(alphabet=st.sampled_from(" \n\r\t-+*@dIFrom:x>é|")), st.text(max_size=40))
def test_no_text_ends_a_message(why: str, security: str) -> None:
    made = body(why, security, "end")
    assert made.endswith("end\n")
    for line in made.split("\n"):
        assert not line.startswith(("---", "+++ ", "*** ", "@@ -", "diff -", "Index:", "From "))
        assert line == line.rstrip()
    assert "\n\n\n" not in made
    assert body(made) == made


def test_what_would_be_a_header_of_its_own_is_spelt_out() -> None:
    written = header(port(author="A\nEvil: x\x1b[31m <a@b\r\nWorse: y>"), "t\u2028Evil: z")
    assert [line.split(":")[0] for line in written.splitlines()] == ["From", "Date", "Subject"]
    assert "Evil: x^[[31m" in str(make_header(decode_header(written.splitlines()[0])))
