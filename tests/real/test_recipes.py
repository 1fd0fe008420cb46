"""Recipes of every shape, shaped as the distributions' own: rpmbuild, makepkg, a shell and nix apply
the patch with the lines that gopatch gives for them, and did not without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, Git, files

pytestmark = pytest.mark.real

NAME = "accept-insecure-registry"
MARK = b"acceptInsecureRegistry"
HEAD = """\
Name:           moby-engine
Version:        24.0.9
Release:        1
Summary:        The daemon
License:        Apache-2.0
Source0:        moby-24.0.9.tar.gz
Source1:        tini-0.19.0.tar.gz
Patch0:         tini.patch

%description
The daemon.

%prep
"""
# In our own words, in the shapes of Fedora, Photon, openSUSE, Azure Linux and others.
SPECS = {
    "%setup alone": "%setup -q -n moby-24.0.9 -a 1\n# here\n",
    "%autopatch of a range": "%setup -q -c -a 1\ncd tini-0.19.0\n%autopatch -p1 -M0\ncd ..\ncd moby-24.0.9\n# here\n",
    "%autosetup -N alone": "%autosetup -N -n moby-24.0.9\n# here\n",
    "git am, or patch by hand": "%setup -q -n moby-24.0.9 -a 1\npatch -d tini-0.19.0 -p1 -i %{PATCH0}\n# here\n",
    "a %prep without %setup": "tar -xzf %{SOURCE0}\ncd moby-24.0.9\n# here\n",
    "one %patch line for each": "%setup -q -n moby-24.0.9 -a 1\ncd tini-0.19.0\n%patch -P 0 -p1\ncd ..\n# here\n",
}


def run(folder: Path, *command: str, **environment: str) -> str:
    env = {**os.environ, **environment}
    done = subprocess.run(command, cwd=folder, env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def packed(folder: Path, name: str, tree: Path) -> None:
    """The archive of a tree as upstream ships it."""
    run(tree.parent, "tar", "-czf", str(folder / f"{name}.tar.gz"), tree.name)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """SOURCES with moby, tini and a patch of tini's."""
    up, made = tmp_path / "up", tmp_path / "rpm/SOURCES"
    made.mkdir(parents=True)
    shutil.copytree(FIXTURES / "v24.0.9", up / "moby-24.0.9")
    (up / "tini-0.19.0").mkdir()
    (up / "tini-0.19.0/tini.c").write_text("int main;\n")
    packed(made, "moby-24.0.9", up / "moby-24.0.9")
    packed(made, "tini-0.19.0", up / "tini-0.19.0")
    text = "--- a/tini.c\n+++ b/tini.c\n@@ -1 +1,2 @@\n int main;\n+int more;\n"
    (made / "tini.patch").write_text(text)
    return made


@pytest.fixture
def wanted(tmp_path: Path) -> dict[str, bytes]:
    tree = Path(shutil.copytree(FIXTURES / "v24.0.9", tmp_path / "wanted"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    return files(tree)


def prepared(sources: Path, spec: Path) -> dict[str, bytes]:
    """The engine's files as rpmbuild's %prep leaves them."""
    top = sources.parent
    shutil.rmtree(top / "BUILD", ignore_errors=True)
    run(top, "rpmbuild", "-bp", "--nodeps", "--define", f"_topdir {top}", str(spec))
    (root,) = (
        p.parent for p in (top / "BUILD").rglob("registry") if (p.parent / "daemon").is_dir()
    )
    return files(root)


@pytest.mark.parametrize("shape", SPECS)
def test_rpmbuild_applies_it_with_the_lines_for_the_spec(
    shape: str, sources: Path, wanted: dict[str, bytes], tmp_path: Path
) -> None:
    spec = tmp_path / "moby.spec"
    spec.write_text(HEAD + SPECS[shape])
    command = ["apply", "--docker-src", str(sources / "moby-24.0.9.tar.gz"), "--format", "rpm"]
    command += ["--output", f"{sources}/", "--recipe", str(spec)]
    assert main(command) == 0
    lines = (sources / f"{NAME}.spec.txt").read_text().replace("%%", "%")
    assert f"# The recipe has {shape}." in lines
    (tag,) = re.findall(r"(?m)^Patch.*$", lines)
    (macro,) = re.findall(r"(?m)^# In %prep, .*?: (.*)$", lines)
    # Listed, and no line in %prep: rpmbuild ends with 0, and without the option.
    listed = HEAD.replace("Patch0:", f"{tag}\nPatch0:") + SPECS[shape]
    spec.write_text(listed)
    assert not any(MARK in data for data in prepared(sources, spec).values())
    spec.write_text(listed.replace("# here", macro))
    built = prepared(sources, spec)
    assert {name: built[name] for name in wanted} == wanted
    assert main(command) == 0
    assert (
        "applies accept-insecure-registry.patch already"
        in (sources / f"{NAME}.spec.txt").read_text()
    )


def test_an_aport_with_several_archives(wanted: dict[str, bytes], tmp_path: Path) -> None:
    """prepare() as it is to be written, in a shell with abuild's variables."""
    src = tmp_path / "src"
    shutil.copytree(FIXTURES / "v24.0.9", src / "moby-24.0.9")
    recipe = tmp_path / "APKBUILD"
    recipe.write_text('pkgver=24.0.9\nsource="cli-$pkgver.tar.gz\n\tmoby-$pkgver.tar.gz"\n')
    command = ["apply", "--docker-src", str(src / "moby-24.0.9"), "--format", "alpine"]
    assert main([*command, "--output", f"{src}/", "--recipe", str(recipe)]) == 0
    lines = (src / f"{NAME}.apkbuild.txt").read_text()
    body = "\n".join(re.findall(r"(?m)^# (prepare\(\) \{|\t.*|\})$", lines))
    pasted = "\n".join(line for line in lines.split("\n") if not line.startswith("#"))
    script = f"set -eu\nsrcdir={src}\nsha512sums=\n. {recipe}\n{pasted}\n{body}\nprepare\n"
    run(src, "sh", "-c", f'{script}cd "$srcdir"; echo "$sha512sums" | grep . | sha512sum -c')
    assert files(src / "moby-24.0.9") == wanted


def test_makepkg_on_sources_from_git(wanted: dict[str, bytes], tmp_path: Path, git: Git) -> None:
    work, up = tmp_path / "arch", tmp_path / "up"
    work.mkdir()
    for name, fixture in (("moby", "v24.0.9"), ("cli", "cli")):
        shutil.copytree(FIXTURES / fixture, up / name)
        git(up / name, "init", "-q")
        git(up / name, "add", "-A", "-f")
        git(up / name, "commit", "-q", "-m", "upstream")
        git(up / name, "tag", "v24.0.9")
    recipe = work / "PKGBUILD"
    text = f"""pkgname=docker
pkgver=24.0.9
pkgrel=1
arch=(any)
source=("git+file://{up}/moby#tag=v$pkgver" "git+file://{up}/cli#tag=v$pkgver")
b2sums=(SKIP SKIP)
"""
    recipe.write_text(text + "prepare() {\n  cd cli\n}\npackage() { :; }\n")
    command = ["apply", "--docker-src", str(up / "moby"), "--ref", "v24.0.9", "--format", "arch"]
    assert main([*command, "--output", f"{work}/", "--recipe", str(recipe)]) == 0
    lines = (work / f"{NAME}.pkgbuild.txt").read_text()
    (line,) = re.findall(r"(?m)^# In prepare\(\): (.*)$", lines)
    recipe.write_text(f"{text}{lines}prepare() {{\n  cd cli\n  {line}\n}}\npackage() {{ :; }}\n")
    user = []
    if os.getuid() == 0:  # makepkg does not run as root
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        run(tmp_path, "chown", "-R", "nobody", str(work), str(up))
        user = ["setpriv", "--reuid=nobody", "--clear-groups"]
    options = ("--nobuild", "--nodeps", "--noconfirm")
    run(work, *user, "makepkg", *options, HOME=str(work), PACMAN="true")
    assert files(work / "src/moby") == wanted


NIX = {
    "a list of patches": "let f = p: { patches = [\n  ./other.patch\n  HERE\n]; }; in builtins.length (f 1).patches",
    "an override": "let prev = { patches = [ ./other.patch ]; }; new = { HERE }; in builtins.length new.patches",
    "no patches yet": "builtins.length { HERE }.patches + 1",
}


@pytest.mark.parametrize("shape", NIX)
def test_nix_reads_the_longer_list(shape: str, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.nix"
    told = {
        "a list of patches": "{\n  patches = [ ./other.patch ];\n}\n",
        "an override": "moby.overrideAttrs (final: prev: { })\n",
        "no patches yet": "{ }\n",
    }
    recipe.write_text(told[shape])
    (tmp_path / "other.patch").write_text("")
    command = ["apply", "--docker-src", str(FIXTURES / "v24.0.9"), "--format", "nix"]
    assert main([*command, "--output", f"{tmp_path}/", "--recipe", str(recipe)]) == 0
    lines = (tmp_path / f"{NAME}.nix.txt").read_text()
    listed = re.findall(r"(?m)^# Into the list that is there, .*: (.*)$", lines)
    pasted = listed[0] if listed else lines
    (tmp_path / "x.nix").write_text(NIX[shape].replace("HERE", f"\n{pasted}\n"))
    store = {"NIX_STATE_DIR": f"{tmp_path}/state", "NIX_STORE_DIR": f"{tmp_path}/store"}
    assert run(tmp_path, "nix-instantiate", "--eval", "x.nix", **store).startswith("2")
