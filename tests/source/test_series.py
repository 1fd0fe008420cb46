"""A Debian source package as its patches make it: applied on disk, or laid over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.source.directory import Directory
from gopatch.source.series import patched

ADD = "--- a/x.go\n+++ b/x.go\n@@ -1,2 +1,3 @@\n one\n+between\n two\n"
MORE = "--- a/x.go\n+++ b/x.go\n@@ -2,2 +2,3 @@\n between\n two\n+three\n"


def package(folder: Path, series: str, **files: str) -> Directory:
    for name, text in {"debian/patches/series": series, "x.go": "one\ntwo\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Directory(folder)


def given(folder: Path, series: str, patches: dict[str, str], **files: str) -> Directory:
    named = {f"debian/patches/{name}": text for name, text in patches.items()}
    return package(folder, series, **named, **files)


def test_a_source_without_series_stays_itself(tmp_path: Path) -> None:
    (tmp_path / "x.go").write_text("one\n")
    source = Directory(tmp_path)
    assert patched(source, "ours.patch") is source


def test_patches_are_laid_over_in_order(tmp_path: Path) -> None:
    source = given(tmp_path, "# first\na\n\nb -p1 # then\n", {"a": ADD, "b": MORE})
    assert patched(source, "ours").read("x.go") == b"one\nbetween\ntwo\nthree\n"
    assert source.read("x.go") == b"one\ntwo\n"


def test_what_comes_after_ours_is_left_out(tmp_path: Path) -> None:
    source = given(tmp_path, "a\nours\nb\n", {"a": ADD, "b": MORE})
    assert patched(source, "ours").read("x.go") == b"one\nbetween\ntwo\n"


def test_what_is_applied_is_not_applied_again(tmp_path: Path) -> None:
    source = given(tmp_path, "a\n", {"a": ADD}, **{"x.go": "one\nbetween\ntwo\n"})
    assert patched(source, "ours") is source


def test_the_list_of_applied_patches_is_believed(tmp_path: Path) -> None:
    """A later patch has rewritten what `a` put there."""
    state = {".pc/applied-patches": "a\n", "x.go": "one\nchanged\ntwo\n"}
    source = given(tmp_path, "a\n", {"a": ADD}, **state)
    assert patched(source, "ours") is source
    state[".pc/applied-patches"] = ""
    with pytest.raises(SourceError, match="neither applied nor applies"):
        patched(given(tmp_path, "a\n", {"a": ADD}, **state), "ours")


@pytest.mark.parametrize(
    ("patch", "path", "after"),
    [
        ("--- /dev/null\n+++ b/new/y.go\n@@ -0,0 +1 @@\n+y\n", "new/y.go", b"y\n"),
        ("--- a/x.go\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n", "x.go", None),
        ("text: x\n\nIndex: x.go\n=====\n" + ADD, "x.go", b"one\nbetween\ntwo\n"),
        ("diff --git a/q b/q\nindex 1..2 100644\n" + ADD, "x.go", b"one\nbetween\ntwo\n"),
        (ADD.replace("-1,2 +1,3", "-7,2 +7,3"), "x.go", b"one\nbetween\ntwo\n"),
    ],
)
def test_kinds_of_patches(patch: str, path: str, after: bytes | None, tmp_path: Path) -> None:
    laid = patched(given(tmp_path, "a\n", {"a": patch}), "ours")
    assert (laid.read(path) if laid.entry(path) else None) == after


def test_strip_and_vendor_series(tmp_path: Path) -> None:
    source = given(tmp_path, "", {"a": ADD.replace("a/x", "x").replace("b/x", "x")})
    series = tmp_path / "debian/patches/series"
    series.rename(series.with_name("ubuntu.series")).write_text("a -p0\n")
    source = Directory(tmp_path)
    assert patched(source, "ours").read("x.go") == b"one\nbetween\ntwo\n"


@pytest.mark.parametrize(
    ("patches", "message"),
    [
        ({}, "there is no debian/patches/a"),
        ({"a": "--- a/x.go\n+++ b/x.go\n@@ -1,2 +1,3 @@\n one\n"}, "no unified diff"),
        ({"a": ADD.replace(" two", " tw0")}, "neither applied nor applies"),
        ({"a": ADD.replace("x.go", "gone.go")}, "neither applied nor applies"),
    ],
)
def test_what_does_not_fit_is_refused(
    patches: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=message):
        patched(given(tmp_path, "a\n", patches), "ours")
