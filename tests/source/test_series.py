"""A Debian source package as its patches make it: applied on disk, or laid over it."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path
from typing import Any

import pytest

from gopatch.errors import ApplyError, SourceError
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.source.series import Series
from gopatch.splice import FileChange

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


def patched(source: Source, file: str) -> Source:
    return Series(source, "our-patch", file).before


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
    with pytest.raises(SourceError, match="is not applied, and does not fit"):
        patched(given(tmp_path, "a\n", {"a": ADD}, **state), "ours")


@pytest.mark.parametrize(
    ("patch", "path", "after"),
    [
        ("--- /dev/null\n+++ b/new/y.go\n@@ -0,0 +1 @@\n+y\n", "new/y.go", b"y\n"),
        ("--- a/x.go\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n", "x.go", None),
        ("text: x\n\nIndex: x.go\n=====\n" + ADD, "x.go", b"one\nbetween\ntwo\n"),
        ("diff --git a/q b/q\nindex 1..2 100644\n" + ADD, "x.go", b"one\nbetween\ntwo\n"),
        (ADD.replace("-1,2 +1,3", "-7,2 +7,3"), "x.go", b"one\nbetween\ntwo\n"),
        (ADD.replace("\n", "\r\n"), "x.go", b"one\nbetween\ntwo\n"),
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


def test_the_series_that_lists_ours_is_the_one_that_counts(tmp_path: Path) -> None:
    given(tmp_path, "one\ntwo\n", {"a": ADD})
    ours = "Generated-by: gopatch 1 --patch ours\n\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+y\n"
    (tmp_path / "debian/patches/42").write_text(f"Subject: x\n{ours}")
    (tmp_path / "debian/patches/ubuntu.series").write_text("42\na\n")
    found = Series(Directory(tmp_path), "ours", "ours.patch")
    assert found.ours is not None
    assert found.ours.listed.name == "42"
    assert [item.name for item in found.later] == ["a"]
    assert found.earlier == []


@pytest.mark.parametrize(
    ("patches", "message"),
    [
        ({}, "there is no debian/patches/a"),
        ({"a": "--- a/x.go\n+++ b/x.go\n@@ -1,2 +1,3 @@\n one\n"}, "no unified diff"),
        ({"a": ADD.replace(" two", " tw0")}, "is not applied, and does not fit"),
        ({"a": ADD.replace("x.go", "gone.go")}, "is not applied, and does not fit"),
    ],
)
def test_what_does_not_fit_is_refused(
    patches: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=message):
        patched(given(tmp_path, "a\n", patches), "ours")


OURS = "Generated-by: gopatch 0.1.0 --patch our-patch\n---\n" + MORE


def series(folder: Path, lines: str, patches: dict[str, str], **files: str) -> Series:
    return Series(given(folder, lines, patches, **files), "our-patch", "our-patch.patch")


@pytest.mark.parametrize("name", ["0042-x", "features/ours.patch", "our-patch.patch", "x.diff"])
def test_ours_is_known_under_any_name(name: str, tmp_path: Path) -> None:
    found = series(tmp_path, f"a\n{name}\n", {"a": ADD, name: OURS})
    assert found.ours is not None
    assert found.ours.listed.name == name
    assert found.before.read("x.go") == b"one\nbetween\ntwo\n"


@pytest.mark.parametrize("state", [None, "", "a\n", "a\nours\n", "a\nours\nlate\n"])
def test_ours_is_taken_off_whatever_is_applied(state: str | None, tmp_path: Path) -> None:
    late = "--- a/x.go\n+++ b/x.go\n@@ -3,2 +3,3 @@\n two\n three\n+four\n"
    done = {None: 3, "": 0}.get(state, len((state or "").split()))
    text = ["one\ntwo\n", "one\nbetween\ntwo\n", "one\nbetween\ntwo\nthree\n"]
    text.append(text[-1] + "four\n")
    more = {} if state is None else {".pc/applied-patches": state}
    patches = {"a": ADD, "ours": OURS, "late": late}
    found = series(tmp_path, "a\nours\nlate\n", patches, **{"x.go": text[done]}, **more)
    assert found.before.read("x.go") == b"one\nbetween\ntwo\n"


def test_without_quilts_word_the_first_so_many_may_be_applied(tmp_path: Path) -> None:
    patches = {"a": ADD, "b": MORE.replace("three", "3"), "ours": OURS.replace("+three", "+four")}
    patches["ours"] = (
        patches["ours"].replace(" between\n two\n", " two\n 3\n").replace("-2,2 +2,3", "-3,2 +3,3")
    )
    found = series(tmp_path, "a\nb\nours\n", patches, **{"x.go": "one\nbetween\ntwo\n"})
    assert [item.name for item in found.applied] == ["a"]
    assert found.before.read("x.go") == b"one\nbetween\ntwo\n3\n"


def test_a_part_of_ours_is_refused(tmp_path: Path) -> None:
    two = OURS + "--- a/y.go\n+++ b/y.go\n@@ -1 +1,2 @@\n y\n+z\n"
    files = {"x.go": "one\nbetween\ntwo\nthree\n", "y.go": "y\n"}
    with pytest.raises(ApplyError, match=r"in part only: y.go, hunk 1"):
        _ = series(tmp_path, "a\nours\n", {"a": ADD, "ours": two}, **files).before


def test_ours_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApplyError, match="2 times: b, c"):
        series(tmp_path, "b\nc\n", {"b": OURS, "c": OURS})


def test_a_stale_one_of_ours_is_left_out(tmp_path: Path) -> None:
    stale = OURS.replace(" between", " before")
    found = series(tmp_path, "a\nours\n", {"a": ADD, "ours": stale})
    assert found.before.read("x.go") == b"one\nbetween\ntwo\n"


def test_later_patches_that_ours_breaks_are_told(tmp_path: Path) -> None:
    fits = "--- a/y.go\n+++ b/y.go\n@@ -1 +1,2 @@\n y\n+z\n"
    breaks = "--- a/x.go\n+++ b/x.go\n@@ -2,2 +2,3 @@\n between\n two\n+2b\n"
    never = fits.replace(" y\n", " never\n")
    patches = {"a": ADD, "ours": OURS, "fits": fits, "breaks": breaks, "never": never}
    found = series(tmp_path, "".join(f"{n}\n" for n in patches), patches, **{"y.go": "y\n"})
    made = (FileChange("x.go", b"one\nbetween\ntwo\n", b"one\nbetween\ntwo\nthree\n"),)
    told = [(item.name, str(item.misfit), item.anyway) for item in found.broken(made)]
    assert told == [("breaks", "x.go, hunk 1", False), ("never", "y.go, hunk 1", True)]
    assert found.broken(()) == tuple(i._replace(anyway=True) for i in found.broken(made)[1:])


@pytest.mark.parametrize("module", [gzip, bz2, lzma])
def test_compressed_patches_are_read(module: Any, tmp_path: Path) -> None:
    source = given(tmp_path, "a.packed\n", {})
    (tmp_path / "debian/patches/a.packed").write_bytes(module.compress(ADD.encode()))
    assert patched(source, "ours").read("x.go") == b"one\nbetween\ntwo\n"
    (tmp_path / "debian/patches/a.packed").write_bytes(module.compress(ADD.encode())[:-9])
    with pytest.raises(SourceError, match="cannot be unpacked"):
        patched(Directory(tmp_path), "ours")


def test_a_reversed_one_is_taken_back(tmp_path: Path) -> None:
    source = given(tmp_path, "a -R\n", {"a": ADD}, **{"x.go": "one\nbetween\ntwo\n"})
    assert patched(source, "ours").read("x.go") == b"one\ntwo\n"


BARE = "--- a/x.go\n+++ b/x.go\n@@ -1,0 +2 @@\n+bare\n"  # no context: it can be put on at any time
TAKEN = "--- a/x.go\n+++ b/x.go\n@@ -2 +1,0 @@\n-two\n"  # and this can be taken off at any time


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("one\ntwo\n", "one\nbare\ntwo\nthree\n"),
        ("one\nbare\ntwo\n", "one\nbare\ntwo\nthree\n"),
        ("one\nbare\ntwo\nthree\n", "one\nbare\ntwo\nthree\n"),
    ],
)
def test_what_has_no_context_is_put_on_once(tmp_path: Path, text: str, after: str) -> None:
    more = "--- a/x.go\n+++ b/x.go\n@@ -2,2 +2,3 @@\n bare\n two\n+three\n"
    source = given(tmp_path, "a\nb\n", {"a": BARE, "b": more}, **{"x.go": text})
    assert patched(source, "ours").read("x.go").decode() == after


def test_the_only_one_that_is_put_on_is_known(tmp_path: Path) -> None:
    source = given(tmp_path, "a\n", {"a": BARE}, **{"x.go": "one\nbare\ntwo\n"})
    assert patched(source, "ours") is source


def test_what_only_takes_lines_is_not_there_while_they_are(tmp_path: Path) -> None:
    text = "one\nbetween\ntwo\n"
    taken = TAKEN.replace("-2 +1,0", "-3 +2,0")
    source = given(tmp_path, "a\nb\n", {"a": ADD, "b": taken}, **{"x.go": text})
    assert patched(source, "ours").read("x.go") == b"one\nbetween\n"
    source = given(tmp_path / "all", "a\nb\n", {"a": ADD, "b": taken}, **{"x.go": "one\nbetween\n"})
    assert patched(source, "ours").read("x.go") == b"one\nbetween\n"
