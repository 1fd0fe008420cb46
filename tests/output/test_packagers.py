"""What packagers get: the formats of the distributions, on fixtures and with git alone."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, files
from tests.drawing import few

PATCH = "accept-insecure-registry.patch"
Cap = pytest.CaptureFixture[bytes]


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """The small Debian source package; its one patch is not applied."""
    return Path(shutil.copytree(FIXTURES / "debian", tmp_path / "docker.io"))


def apply(source: Path, *arguments: str) -> int:
    return main(["apply", "--docker-src", str(source), *arguments])


def listed(source: Path, data: bytes) -> None:
    """Write the series, and a patch for each name on it that has none."""
    series(source).write_bytes(data)
    for number, name in enumerate(
        re.findall(r"(?m)^#? ?([a-z.-]+\.(?:patch|orig))", data.decode("latin-1"))
    ):
        if name != PATCH and not series(source, name).exists():
            new = f"--- /dev/null\n+++ b/engine/new{number}.txt\n@@ -0,0 +1 @@\n+new\n"
            series(source, name).write_text(new)


def series(source: Path, name: str = "series") -> Path:
    return source / "debian/patches" / name


def test_quilt_adds_a_patch_and_a_line_and_touches_nothing_else(debian: Path) -> None:
    before = files(debian)
    assert apply(debian, "--format", "quilt") == 0
    after = files(debian)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f"debian/patches/{PATCH}", "debian/patches/series"}
    assert after["debian/patches/series"] == b"say-more.patch\n" + PATCH.encode() + b"\n"
    text = after[f"debian/patches/{PATCH}"].decode()
    assert re.match(
        r"From: .*\nDate: .*\nSubject: daemon: add --accept-insecure-registry\n\n", text
    )
    head, _, diff = text.partition("\n---\n")
    folded = head.rsplit("\n\n", 1)[1].replace("\n ", " ")
    fields = dict(line.split(": ", 1) for line in folded.split("\n"))
    assert fields["Forwarded"] == "not-needed"
    assert fields["Last-Update"] == "2026-11-24"
    assert diff.startswith("--- a/cli/")
    assert "\n--- /dev/null\n+++ b/engine/registry/docker_hub.go\n" in diff
    assert not re.search(r"^(Index:|diff |index |=====)", text, re.MULTILINE)


@pytest.mark.parametrize("form", ["quilt", "gbp"])
def test_a_second_run_changes_nothing(form: str, debian: Path) -> None:
    assert apply(debian, "--format", form) == 0
    once = files(debian)
    assert apply(debian, "--format", form) == 0
    assert files(debian) == once
    # Applied, it is `already` there: the patch and the series stay.
    patch(debian, (debian / "debian/patches/say-more.patch").read_bytes())
    patch(debian, (debian / "debian/patches" / PATCH).read_bytes())
    once = files(debian)
    assert apply(debian, "--format", form) == 0
    assert files(debian) == once


Mp = pytest.MonkeyPatch


def test_a_new_date_is_no_edit_by_hand(debian: Path, monkeypatch: Mp) -> None:
    assert apply(debian, "--format", "quilt") == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert apply(debian, "--format", "quilt") == 0
    text = (debian / "debian/patches" / PATCH).read_text()
    assert "\nDate: Fri, 2 Jan 1970 00:00:00 +0000\n" in text
    assert "\nLast-Update: 1970-01-02\n" in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"X\n"),
        (b"say-more.patch\n", b"say-more.patch\nX\n"),
        (b"say-more.patch", b"say-more.patch\nX\n"),
        (
            b"say-more.patch\r\ntwo.patch\r\n",
            b"say-more.patch\r\ntwo.patch\r\nX\r\n",
        ),
        (
            b"say-more.patch\r\ntwo.patch",
            b"say-more.patch\r\ntwo.patch\r\nX\r\n",
        ),
        (b"# a comment\n\none.patch -p1 # why\n", b"# a comment\n\none.patch -p1 # why\nX\n"),
        (b"more-X\nX.orig\n# about X\n", b"more-X\nX.orig\n# about X\nX\n"),
        (b"X\none.patch\n", b"X\none.patch\n"),
        (b"X -p1 # ours\none.patch", b"X -p1 # ours\none.patch"),
        (b"# \xff\nX", b"# \xff\nX"),
    ],
)
def test_series_gets_one_line(before: bytes, after: bytes, debian: Path) -> None:
    name = PATCH.encode()
    listed(debian, before.replace(b"X", name))
    assert apply(debian, "--format", "quilt") == 0
    assert series(debian).read_bytes() == after.replace(b"X", name)


@pytest.mark.parametrize(
    ("before", "forced"),
    [
        (b"#X\none.patch\n", b"X\none.patch\n"),
        (b"say-more.patch\n# X", b"say-more.patch\nX\n"),
        (b"X -p0\n", b"X\n"),
        (b"X -R\r\none.patch\r\n", b"X\r\none.patch\r\n"),
        (b"X\none.patch\nX\n", b"X\none.patch\n"),
    ],
)
def test_a_series_edited_by_hand_is_refused(
    before: bytes, forced: bytes, debian: Path, capsysbinary: Cap
) -> None:
    name = PATCH.encode()
    listed(debian, before.replace(b"X", name))
    was = files(debian)
    assert apply(debian, "--format", "quilt") == 1
    assert files(debian) == was
    assert b"--force" in capsysbinary.readouterr().err
    assert apply(debian, "--format", "quilt", "--force") == 0
    assert series(debian).read_bytes() == forced.replace(b"X", name)


def test_a_patch_edited_by_hand_is_refused(debian: Path, capsysbinary: Cap) -> None:
    assert apply(debian, "--format", "quilt") == 0
    file = debian / "debian/patches" / PATCH
    made = file.read_bytes()
    file.write_bytes(made.replace(b"Origin: vendor", b"Origin: other"))
    was = files(debian)
    capsysbinary.readouterr()
    assert apply(debian, "--format", "quilt") == 1
    assert files(debian) == was
    assert b"was edited by hand since gopatch made it" in capsysbinary.readouterr().err
    assert apply(debian, "--format", "quilt", "--force") == 0
    assert file.read_bytes() == made


def test_a_package_without_patches_gets_its_first(debian: Path) -> None:
    shutil.rmtree(debian / "debian/patches")
    assert apply(debian, "--format", "quilt") == 0
    assert series(debian).read_text() == f"{PATCH}\n"


def test_a_tree_that_is_no_package_gets_it_on_stdout(tree: Path, capsysbinary: Cap) -> None:
    before = files(tree)
    assert apply(tree, "--format", "quilt") == 0
    said = capsysbinary.readouterr()
    assert said.out.startswith(b"From: ")
    assert said.err.decode() == f"series:\n{PATCH}\n"
    assert files(tree) == before


def test_output_names_the_folder(debian: Path, tmp_path: Path) -> None:
    before = files(debian)
    assert apply(debian, "--format", "quilt", "--output", f"{tmp_path}/out/") == 0
    assert files(debian) == before
    assert set(files(tmp_path / "out")) == {PATCH, "series"}


def patch(folder: Path, data: bytes, *options: str) -> None:
    command = ["patch", "-p1", "-F0", "-s", *options]
    subprocess.run(command, input=data, cwd=folder, check=True, capture_output=True)


def test_it_is_made_for_what_the_series_leaves(debian: Path, tmp_path: Path) -> None:
    """The same bytes whether the earlier patches are applied or not."""
    whole = Path(shutil.copytree(debian, tmp_path / "whole"))
    patch(whole, (debian / "debian/patches/say-more.patch").read_bytes())
    (whole / ".pc").mkdir()
    (whole / ".pc/applied-patches").write_text("say-more.patch\n")
    for source in (debian, whole):
        assert apply(source, "--format", "quilt") == 0
    made = (debian / "debian/patches" / PATCH).read_bytes()
    assert made == (whole / "debian/patches" / PATCH).read_bytes()
    patch(whole, made)


@pytest.mark.parametrize("form", ["quilt", "gbp", "mailbox", "rpm", "alpine", "arch", "nix"])
def test_reverse_is_for_a_plain_diff(form: str, tree: Path, capsysbinary: Cap) -> None:
    assert apply(tree, "--format", form, "--reverse") == 2
    assert b"plain diff" in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    "form", few(["quilt", "gbp", "mailbox", "rpm", "alpine", "arch", "nix"], ["quilt", "rpm"])
)
def test_nothing_to_do_writes_nothing(
    form: str, tree: Path, tmp_path: Path, capsysbinary: Cap
) -> None:
    assert apply(tree, "--in-place") == 0
    capsysbinary.readouterr()
    assert apply(tree, "--format", form) == 0
    said = capsysbinary.readouterr()
    assert said.out == b""
    assert b"already" in said.err
    assert apply(tree, "--format", form, "--output", f"{tmp_path}/none/") == 0
    assert not (tmp_path / "none").exists()


# The others ----------------------------------------------------------------------------------


def into(tree: Path, form: str, folder: Path) -> dict[str, bytes]:
    assert apply(tree, "--format", form, "--output", f"{folder}/") == 0
    return files(folder)


@pytest.mark.parametrize(
    "form", few(["quilt", "gbp", "mailbox", "rpm", "alpine", "arch", "nix"], ["quilt", "rpm"])
)
def test_patch_takes_it_without_fuzz(form: str, tree: Path, tmp_path: Path) -> None:
    made = into(tree, form, tmp_path / "out")
    (diff,) = (data for name, data in made.items() if name.endswith((".patch", ".mbox")))
    whole = Path(shutil.copytree(tree, tmp_path / "whole"))
    assert apply(whole, "--in-place") == 0
    patch(tree, diff, "-N")
    assert files(tree) == files(whole)


@pytest.mark.parametrize(
    "form", few(["quilt", "mailbox", "rpm", "alpine", "arch", "nix"], ["quilt", "rpm"])
)
def test_of_an_archive_it_is_for_the_unpacked_folder(
    form: str, tree: Path, tmp_path: Path, capsysbinary: Cap
) -> None:
    archive = shutil.make_archive(str(tmp_path / "moby"), "tar", tmp_path, tree.name)
    assert apply(tree, "--format", form) == 0
    made = capsysbinary.readouterr().out
    assert apply(Path(archive), "--format", form) == 0
    assert capsysbinary.readouterr().out == made


def test_rpm_says_what_fedora_asks_for(tree: Path, tmp_path: Path) -> None:
    made = into(tree, "rpm", tmp_path / "out")
    text = made["accept-insecure-registry.spec.txt"].decode()
    assert text.split("\n")[:5] == [
        "# daemon: add --accept-insecure-registry",
        "# Not for upstream, carried by the distribution, see "
        "https://github.com/moby/moby/issues/8889",
        "# Made by `gopatch 0.1.0 --patch accept-insecure-registry`: make it anew for each release, "
        "do not refresh it by hand.",
        "# In %%prep: %%autosetup -p1",
        f"Patch:          {PATCH}",
    ]
    assert all(line.startswith("#") for line in text.split("\n")[5:-1])
    assert not re.search(r"(?<!%)%(?!%)", text)


def test_alpine_and_arch_lines_are_shell(tree: Path, tmp_path: Path) -> None:
    for form, suffix, tool, show in (
        ("alpine", "apkbuild", "sha512sum", 'echo $source; echo "$sha512sums"'),
        ("arch", "pkgbuild", "sha256sum", 'echo ${source[@]}; echo "${sha256sums[1]}"'),
    ):
        made = into(tree, form, tmp_path / form)
        lines = made[f"accept-insecure-registry.{suffix}.txt"].decode()
        start = 'source="a.tar"; sha512sums="0  a.tar"' if form == "alpine" else ""
        start = start or "source=(a.tar); sha256sums=(0)"
        script = f"set -eu\n{start}\n{lines}\n{show}\n"
        done = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True)
        out = done.stdout.split("\n")
        assert out[0] == f"a.tar {PATCH}"
        digest = hashlib.new(tool.removesuffix("sum"), made[PATCH]).hexdigest()
        assert digest in done.stdout
