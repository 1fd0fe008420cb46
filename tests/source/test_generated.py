"""A patch file of gopatch's own is known again, and told from one that a hand has edited."""

from __future__ import annotations

import pytest

from gopatch.source.generated import made_fields, own, sealed

HEAD = (
    b"From: A <a@b.c>\nDate: today\nSubject: x\n\nWhy.\n\nForwarded: no\nLast-Update: 2026-01-01\n"
)
BY = b"Generated-by: gopatch 0.1.0 --patch our-patch --only core,roads --strict\n"
EDITS = made_fields(
    [("flag", "flag-pflag"), ("guard", "guard-v2"), ("docs", "")], ["pull", "push"]
).encode()
DIFF = b"---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
FILE = sealed(HEAD + BY + EDITS, DIFF)


def test_it_says_what_it_is() -> None:
    found = own(FILE)
    assert found is not None
    assert found.patch == "our-patch"
    assert found.options == (("--only", "core,roads"), ("--strict", ""))
    assert found.option("--only") == ("core", "roads")
    assert found.option("--without") == ()
    assert found.words == "--only core,roads --strict"
    assert found.edits == (("flag", "flag-pflag"), ("guard", "guard-v2"), ("docs", ""))
    assert found.roads == ("pull", "push")
    assert found.intact


def test_what_is_indented_below_the_digest_is_of_the_patch() -> None:
    mail = sealed(HEAD + BY + b"---\n", b" x | 2 +-\n\n" + DIFF[4:])
    found = own(mail)
    assert found is not None
    assert found.intact
    found = own(mail.replace(b" x | 2 +-", b" x | 3 +-"))
    assert found is not None
    assert not found.intact


def test_a_folded_header_is_one() -> None:
    folded = BY.replace(b" --only", b"\n --only")
    found = own(sealed(HEAD + folded, DIFF))
    assert found is not None
    assert found.option("--only") == ("core", "roads")
    many = made_fields([(f"edit-{n}", f"form-{n}") for n in range(40)], []).encode()
    assert max(map(len, many.split(b"\n"))) <= 102
    found = own(sealed(HEAD + BY + many, DIFF))
    assert found is not None
    assert len(found.edits) == 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: A <a@b.c>", b"From: Somebody\n Else <x@y.z>"),
        (b"Date: today", b"Date: tomorrow"),
        (b"Last-Update: 2026-01-01", b"Last-Update: 2027-01-01"),
    ],
)
def test_author_and_dates_are_no_edit(old: bytes, new: bytes) -> None:
    found = own(FILE.replace(old, new))
    assert found is not None
    assert found.intact


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"+b\n", b"+c\n"),
        (b"Why.", b"Why?"),
        (b"\n@@ -1", b"\n@@ -2"),
        (b"--strict", b"--strict --without papers"),
        (b"Forwarded: no", b"Forwarded: no\nReviewed-by: me"),
        (b"+b\n", b"+b\n\n"),
        (b"flag-pflag", b"flag-mflag"),
        (b"Generated-sha256", b"Generated-sha257"),
    ],
)
def test_every_other_byte_is(old: bytes, new: bytes) -> None:
    found = own(FILE.replace(old, new))
    assert found is not None
    assert not found.intact


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD + DIFF,
        FILE.replace(b"Generated-by: gopatch", b"Generated-by: another"),
        FILE.replace(b"--patch our-patch", b""),
        FILE.replace(b"--only core,roads", b"'"),
        b"x" * (65 << 10) + FILE,
    ],
)
def test_somebody_elses_is_none(data: bytes) -> None:
    assert own(data) is None
