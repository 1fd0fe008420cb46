"""The tools of the distributions take what the formats write, on Debian's packaged Docker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import files

pytestmark = pytest.mark.real

NAME = "accept-insecure-registry"
PATCH = f"debian/patches/{NAME}.patch"
QUILT = {"QUILT_PATCHES": "debian/patches"}


@pytest.fixture(scope="module")
def pristine() -> Path:
    path = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert path, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    return Path(path)


@pytest.fixture
def source(pristine: Path, tmp_path: Path) -> Path:
    """Debian's source package as dpkg-source unpacks it: its patches are applied."""
    return Path(shutil.copytree(pristine, tmp_path / pristine.name, symlinks=True))


@pytest.fixture
def whole(pristine: Path, tmp_path: Path) -> dict[str, bytes]:
    """The files of the package with the change written in place, but for debian/ and .pc/."""
    tree = Path(shutil.copytree(pristine, tmp_path / "whole", symlinks=True))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    return code(tree)


def code(tree: Path) -> dict[str, bytes]:
    return {
        name: data for name, data in files(tree).items() if not re.match(r"debian/|\.pc/", name)
    }


def run(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def apply(source: Path, form: str, *arguments: str) -> None:
    assert main(["apply", "--docker-src", str(source), "--format", form, *arguments]) == 0


def test_only_the_patch_and_its_line_are_new(source: Path) -> None:
    before = files(source)
    apply(source, "quilt")
    after = files(source)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {PATCH, "debian/patches/series"}
    old = before["debian/patches/series"]
    assert after["debian/patches/series"] == old + f"{NAME}.patch\n".encode()


@pytest.mark.parametrize("form", ["quilt", "gbp"])
def test_quilt_pushes_and_pops_it(source: Path, form: str, whole: dict[str, bytes]) -> None:
    before = code(source)
    apply(source, form)
    said = run(source, "quilt", "push", **QUILT)
    assert "fuzz" not in said
    assert "offset" not in said
    assert code(source) == whole
    apply(source, form)  # already there
    run(source, "quilt", "pop", **QUILT)
    assert code(source) == before


def test_quilt_refresh_finds_nothing_to_change(source: Path) -> None:
    apply(source, "quilt")
    made = (source / PATCH).read_bytes()
    run(source, "quilt", "push", **QUILT)
    options = ("-p", "ab", "--no-timestamps", "--no-index")
    assert "is unchanged" in run(source, "quilt", "refresh", *options, **QUILT)
    assert (source / PATCH).read_bytes() == made


def test_it_is_the_same_where_no_patch_is_applied(source: Path) -> None:
    apply(source, "quilt")
    made = (source / PATCH).read_bytes()
    (source / PATCH).unlink()
    run(source, "quilt", "pop", "-a", **QUILT)
    shutil.rmtree(source / ".pc")
    apply(source, "quilt")
    assert (source / PATCH).read_bytes() == made


def test_dpkg_source_applies_it(source: Path, whole: dict[str, bytes]) -> None:
    apply(source, "quilt")
    assert f"applying {NAME}.patch" in run(source, "dpkg-source", "--before-build", ".")
    assert code(source) == whole


def test_lintian_has_nothing_to_say_about_it(pristine: Path, source: Path) -> None:
    for file in pristine.parent.glob("docker.io_*"):
        shutil.copy(file, source.parent)
    apply(source, "quilt")
    run(source, "dpkg-source", "-b", ".")
    (dsc,) = source.parent.glob("*.dsc")
    options = ("--display-info", "--pedantic", "--fail-on", "none", "--allow-root")
    tags = run(source.parent, "lintian", *options, str(dsc)).split("\n")
    about = [tag for tag in tags if "debian/patches/" in tag]
    assert about, "lintian looks at patches: Debian's own have tags"
    assert [tag for tag in tags if NAME in tag] == []


@pytest.mark.parametrize("form", ["gbp", "quilt"])
def test_gbp_imports_it_and_writes_it_again(source: Path, form: str) -> None:
    """What --format gbp wrote comes back unchanged; of --format quilt, the message does."""
    apply(source, "gbp")
    wanted = (source / PATCH).read_bytes()
    apply(source, form, "--force")
    run(source, "quilt", "pop", "-a", **QUILT)
    shutil.rmtree(source / ".pc")
    run(source, "git", "init", "-q", "-b", "trunk")
    run(source, "git", "add", "-A", "-f")
    run(source, "git", "commit", "-q", "-m", "package")
    run(source, "gbp", "pq", "import")
    run(source, "gbp", "pq", "export", "--no-patch-numbers")
    assert alike((source / PATCH).read_bytes()) == alike(wanted)


def alike(patch: bytes) -> bytes:
    """A patch without the digest of its own form, and with ids of blobs as short as they can be.

    git writes an eighth digit where the repository happens to hold another object of the first seven.
    """
    named = re.sub(rb"(?m)^Generated-sha256: .*\n", b"", patch)
    return re.sub(rb"(?m)^(index \w{7})\w*(\.\.\w{7})\w*", rb"\1\2", named)


def test_the_next_release_is_one_command(source: Path) -> None:
    """Upstream moves on beside our hunks; ours has a number and a name of the packager's."""
    apply(source, "quilt")
    run(source, "quilt", "pop", "-a", **QUILT)
    other = source / "debian/patches/0042-option.patch"
    (source / PATCH).rename(other)
    series = source / "debian/patches/series"
    series.write_text(series.read_text().replace(f"{NAME}.patch", other.name))
    config = source / "engine/registry/config.go"
    old = config.read_text()
    new = old.replace("\tInsecureRegistries ", "\t// Those without TLS.\n\tInsecureRegistries ", 1)
    assert new != old
    config.write_text(new)
    assert main(["upgrade", "--docker-src", str(source)]) == 0
    said = run(source, "quilt", "push", "-a", **QUILT)
    ours = said.partition(other.name)[2]
    assert "Now at patch" in ours
    assert "fuzz" not in ours
    assert "offset" not in ours
    assert main(["check", "--docker-src", str(source)]) == 0
    before = other.read_bytes()
    assert main(["upgrade", "--docker-src", str(source)]) == 0
    assert other.read_bytes() == before


@pytest.fixture
def moby(pristine: Path, tmp_path: Path) -> Path:
    """The engine alone in an archive, as upstream ships it."""
    shutil.copytree(pristine / "engine", tmp_path / "up/moby-20.10", symlinks=True)
    archive = tmp_path / "moby-20.10.tar.gz"
    run(tmp_path / "up", "tar", "-czf", str(archive), "moby-20.10")
    return archive


@pytest.fixture
def engine(moby: Path, tmp_path: Path) -> dict[str, bytes]:
    tree = tmp_path / "up/moby-20.10"
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    return files(tree)


SPEC = """\
Name:           moby-engine
Version:        20.10
Release:        1
Summary:        The daemon
License:        Apache-2.0
Source0:        moby-%{{version}}.tar.gz
{lines}
%description
The daemon.

%prep
%autosetup {how} -n moby-%{{version}}
"""


@pytest.mark.parametrize("how", ["-p1", "-p1 -S git_am", "-p1 -S git"])
def test_rpmbuild_prepares_it(
    how: str, moby: Path, engine: dict[str, bytes], tmp_path: Path
) -> None:
    sources = tmp_path / "rpm/SOURCES"
    sources.mkdir(parents=True)
    shutil.copy(moby, sources)
    apply(moby, "rpm", "--output", f"{sources}/")
    spec = tmp_path / "moby-engine.spec"
    lines = (sources / f"{NAME}.spec.txt").read_text()
    spec.write_text(SPEC.format(lines=lines, how=how))
    run(tmp_path, "rpmbuild", "-bp", "--define", f"_topdir {tmp_path}/rpm", str(spec))
    built = files(tmp_path / "rpm/BUILD/moby-20.10")
    assert {n: d for n, d in built.items() if n in engine} == engine


PKGBUILD = """\
pkgname=docker
pkgver=20.10
pkgrel=1
arch=(any)
source=(moby-20.10.tar.gz)
sha256sums=(SKIP)
{lines}
prepare() {{
  cd moby-20.10
  patch -Np1 -i "$srcdir/{name}.patch"
}}
package() {{ :; }}
"""


def test_makepkg_prepares_it(moby: Path, engine: dict[str, bytes], tmp_path: Path) -> None:
    work = tmp_path / "arch"
    work.mkdir()
    shutil.copy(moby, work)
    apply(moby, "arch", "--output", f"{work}/")
    lines = (work / f"{NAME}.pkgbuild.txt").read_text()
    (work / "PKGBUILD").write_text(PKGBUILD.format(lines=lines, name=NAME))
    user = []
    if os.getuid() == 0:  # makepkg does not run as root
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        run(tmp_path, "chown", "-R", "nobody", str(work))
        user = ["setpriv", "--reuid=nobody", "--clear-groups"]
    # Without pacman nothing can be installed, and nothing has to be.
    options = ("--nobuild", "--nodeps", "--noconfirm")
    run(work, *user, "makepkg", *options, HOME=str(work), PACMAN="true")
    assert files(work / "src/moby-20.10") == engine


def test_nix_reads_its_lines(moby: Path, tmp_path: Path) -> None:
    apply(moby, "nix", "--output", f"{tmp_path}/nix/")
    lines = (tmp_path / f"nix/{NAME}.nix.txt").read_text()
    (tmp_path / "nix/default.nix").write_text("{\n" + lines + "}\n")
    said = run(tmp_path, "nix-instantiate", "--parse", "nix/default.nix")
    assert f"{tmp_path}/nix/{NAME}.patch" in said
