"""Recipes of every shape are told apart, and each gets the lines by which it applies the patch."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from gopatch.output import File, Layout, NothingThere
from gopatch.output._port_view import view
from gopatch.output.recipes import Shipped, lines, read, shapes
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from tests.conftest import FIXTURES

OURS = "ours.patch"
# Recipes in our own words, in the shapes of the distributions' own.
RECIPES = {
    "rpm": {
        "%autosetup": "Source0: m.tar.gz\n%prep\n%autosetup -p1 -n moby-%{version}\n",
        "%autosetup without -p1": "%prep\n# %setup -q\n%autosetup -n moby\n",
        "%setup alone": "%prep\n%setup -q -a 1 -a 2\n# %autopatch -p1\n",
        "%autosetup above the engine's folder": "%prep\n%autosetup -c -p1\n",
        "%autosetup in another source's folder": "%prep\n%autosetup -p1 -n cli-%{version}\n",
        "%autosetup -N alone": "%prep\n%autosetup -N -n moby\n",
        "%autopatch without -p1": "%prep\n%setup -q\n%autopatch\n",
        "a loop over %{patches}": "%prep\n%setup -q\ngit am %{patches}\n",
        "a loop over patches, not with -p1": "%prep\n%setup -q\nfor p in *.patch; do\n  patch -p0 -i $p\ndone\n",
        "a loop over *.patch": "%prep\n%setup -q\nfor p in *.patch; do\n  patch -p1 -i $p\ndone\n",
        "lua of the spec's own": "%prep\n%setup -q\n%{lua: print('%patch -P 1 -p1') }\n",
        "a %prep without %setup": "%prep\n%goprep\n",
        "%autopatch of a range": "Patch0: t.patch\n%prep\n%setup -q -c\npushd tini\n%autopatch -p1 -M0\npopd\n",
        "%autopatch": "Patch: a.patch\n%prep\n%autosetup -N\n%autopatch -p1\n",
        "one %patch line for each": "Patch100: a.patch\n%prep\n%setup -q\n%patch -P 100 -p1\n",
        "a script of the spec's own": "Source1: series.conf\n%prep\n%setup -q\nsh apply-patch\n",
        "git am, or patch by hand": "Patch1: a.patch\n%prep\n%setup -q\npatch -p1 -i %{PATCH1}\n",
    },
    "alpine": {
        "a loop over patches, not with -p1": "prepare() {\n\tfor i in *.patch; do\n\t\tpatch -p0 -i $i\n\tdone\n}\n",
        "patch_args without -p1": 'builddir="$srcdir/moby-$pkgver"\npatch_args="-p2"\n',
        "a loop over *.patch": "prepare() {\n\tfor i in *.patch; do\n\t\tpatch -p1 -i $i\n\tdone\n}\n",
        "builddir elsewhere than in the engine's folder": 'builddir="$srcdir"\n',
        "builddir": 'source="m.tar.gz"\nbuilddir="$srcdir/moby-$pkgver"\nbuild() {\n\tmake\n}\n',
        "default_prepare": "builddir=x\nprepare() {\n\tdefault_prepare\n\ttrue\n}\n",
        "several archives, or a prepare() of its own": 'source="a.tar.gz\n\tb.tar.gz"\n',
    },
    "arch": {
        "a loop over patches, not with -p1": "prepare() {\n  for p in ../*.patch; do\n    patch -Np2 -i $p\n  done\n}\n",
        "a loop over the patches": "prepare() {\n  for p in ../*.patch; do\n    patch -Np1 -i $p\n  done\n}\n",
        "an archive": "source=(https://example.org/m-$pkgver.tar.gz)\n",
        "sources from git": 'source=("git+https://example.org/moby.git#tag=v$pkgver")\n',
    },
    "nix": {
        "dontPatch": "stdenv.mkDerivation {\n  dontPatch = true;\n}\n",
        "phases of its own, without patchPhase": 'stdenv.mkDerivation {\n  phases = [ "buildPhase" ];\n}\n',
        "a patchPhase of its own": 'stdenv.mkDerivation {\n  patchPhase = "true";\n}\n',
        "patchFlags without -p1": 'stdenv.mkDerivation {\n  patchFlags = [ "-p0" ];\n}\n',
        "no patches yet": "{ stdenv }: stdenv.mkDerivation { src = ./.; }\n",
        "a list of patches": "stdenv.mkDerivation {\n  patches = [ ./a.patch ];\n}\n",
        "an override that does not name what was before": "moby.overrideAttrs { doCheck = false; }\n",
        "an override": "moby.overrideAttrs (old: { doCheck = false; })\n",
    },
}
ROWS = [(form, name, text) for form, rows in RECIPES.items() for name, text in rows.items()]


@pytest.mark.parametrize(("form", "name", "text"), ROWS)
def test_a_shape_is_known(form: str, name: str, text: str) -> None:
    found = read(form, text, OURS)
    assert found.shape.name == name
    assert not found.applied
    assert found.warning == found.shape.beware


def test_every_shape_has_a_recipe() -> None:
    for form, rows in RECIPES.items():
        assert {shape.name for shape in shapes(form)} == set(rows)
        assert sum(shape.usual for shape in shapes(form)) == 1
    assert shapes("unified") == ()


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("rpm", "Patch: ours.patch\n%autosetup -p1\n"),
        ("rpm", "Patch7: ours.patch\n%setup -q\n%patch -P 7 -p1\n"),
        ("rpm", "Patch7: ours.patch\n%setup -q\n%patch7 -p1\n"),
        ("rpm", "Patch1: ours.patch\n%setup -q\n%autopatch -p1 -m1 -M1\n"),
        ("rpm", "Patch1: ours.patch\n%prep\n%setup -q\n%autopatch -p1\n"),
        ("alpine", 'source="x\n\tours.patch"\nbuilddir=y\n'),
        ("alpine", 'source="ours.patch"\nprepare() {\n\tpatch -p1 -i ours.patch\n}\n'),
        ("arch", 'source=(ours.patch)\nprepare() {\n  patch -Np1 -i "$srcdir/ours.patch"\n}\n'),
        ("nix", "patches = [ ./ours.patch ];\n"),
    ],
)
def test_what_applies_it_already_needs_nothing(form: str, text: str) -> None:
    found = read(form, text, OURS)
    assert found.applied
    assert found.warning == ""


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("rpm", "Patch7: ours.patch\n%setup -q\n%patch -P 6 -p1\n"),
        ("rpm", "Patch7: ours.patch\n%setup -q\n%autopatch -p1 -M6\n"),
        ("rpm", "Patch: ours.patch\n%setup -q\n"),
        ("rpm", "#Patch: ours.patch\n%autosetup -p1\n"),
        ("alpine", 'source="ours.patch"\nprepare() {\n\ttrue\n}\n'),
        ("arch", "source=(ours.patch)\n"),
    ],
)
def test_what_names_it_and_does_not_apply_it_is_told(form: str, text: str) -> None:
    assert not read(form, text, OURS).applied


STRANGERS = tomllib.loads((Path(__file__).parent / "recipes.toml").read_text())["recipe"]


@pytest.mark.parametrize("row", STRANGERS, ids=lambda row: f"{row['form']}: {row['what']}")
def test_a_recipe_as_packagers_have_them(row: dict[str, Any]) -> None:
    found = read(row["form"], row["text"], OURS)
    assert found.shape.name == row["shape"]
    assert found.applied == row.get("applied", False)
    assert found.always != row.get("sometimes", False) or not found.applied
    assert not (found.ready and found.listed)
    assert found.ready or not row.get("ready", False)
    assert ("condition" in found.warning) == row.get("sometimes", False)
    if "number" in row:
        assert found.values["{number}"] == row["number"]
    patch = Shipped(File(OURS, b"a patch\n"))
    said = "\n".join(lines(row["form"], [patch], row["text"], "#"))
    assert row.get("says", OURS) in said
    assert row.get("never", "\0") not in said
    assert ("already" in said) == found.applied
    assert not re.search(r"\{[a-z]+\}|-[mM]N", said)


@pytest.mark.parametrize("form", ["rpm", "alpine", "arch", "nix"])
@pytest.mark.parametrize(
    "text", ["", "\0", "%if\n%endif\n%endif\n%else\n", "}\n{\n((", "Patch: \n"]
)
def test_what_is_no_recipe_still_gets_lines(form: str, text: str) -> None:
    found = read(form, text, OURS)
    assert not found.applied
    assert lines(form, [Shipped(File(OURS, b""))], text, "#")


@pytest.mark.parametrize(("form", "name", "text"), ROWS)
def test_the_lines_make_a_recipe_apply_it(form: str, name: str, text: str, tmp_path: Path) -> None:
    """Pasted, they turn the recipe into one that is known to apply the patch."""
    recipe = tmp_path / "recipe"
    recipe.write_text(text)
    source = ["apply", "--docker-src", str(FIXTURES / "v20.10.27"), "--patch", "skip-verify"]
    command = [*source, "--format", form, "--output", f"{tmp_path}/S/", "--recipe", str(recipe)]
    assert main(command) == 0
    (lines,) = (tmp_path / "S").glob("*.txt")
    said = lines.read_text().replace("%%", "%")
    assert f"# The recipe has {name}." in said
    pasted = "\n".join(re.sub(r"^# (.*?: |\t)?", "", line) for line in said.split("\n")[4:])
    whole = text.replace(" ]", f" {pasted} ]") if name == "a list of patches" else text + pasted
    found = read(form, whole, "skip-verify.patch")
    assert found.applied or name == "a script of the spec's own" or not found.shape.applied


@pytest.mark.parametrize("form", ["quilt", "unified", "html"])
def test_a_recipe_is_for_what_has_recipes(form: str, tree: Path) -> None:
    command = ["apply", "--docker-src", str(tree), "--format", form, "--recipe", "none"]
    assert main(command) == 2


def test_one_patch_for_each_source_tree(tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(FIXTURES / "v24.0.9", top / "moby-24.0.9")
    shutil.copytree(FIXTURES / "cli", top / "cli-24.0.9")
    for path, package in (("cmd/docker/docker.go", "main"), ("cli/command/cli.go", "command")):
        (top / "cli-24.0.9" / path).parent.mkdir(parents=True, exist_ok=True)
        (top / "cli-24.0.9" / path).write_text(f"package {package}\n")
    command = ["apply", "--docker-src", str(top), "--format", "rpm"]
    assert main([*command, "--output", f"{tmp_path}/S/", "--split"]) == 0
    name = "accept-insecure-registry"
    names = sorted(p.name for p in (tmp_path / "S").iterdir())
    assert names == [f"{name}-cli.patch", f"{name}.patch", f"{name}.spec.txt"]
    for folder, file in (("moby-24.0.9", f"{name}.patch"), ("cli-24.0.9", f"{name}-cli.patch")):
        data = (tmp_path / "S" / file).read_bytes()
        run = ["patch", "-p1", "-F0", "-s"]
        subprocess.run(run, input=data, cwd=top / folder, check=True, capture_output=True)
    assert main(["check", "--docker-src", str(top)]) == 0
    before = (tmp_path / "S" / f"{name}.patch").read_bytes()
    assert b"\n+++ b/registry/" in before


@pytest.mark.parametrize(
    ("dep3", "status"),
    [
        ({"forwarded": "not-needed"}, "Not for upstream, carried by the distribution"),
        ({"bug": "https://x.org/1"}, "Not sent upstream, see https://x.org/1"),
        ({"forwarded": "https://x.org/2"}, "Sent upstream: https://x.org/2"),
        ({"applied-upstream": "2.0"}, "Applied upstream: 2.0"),
    ],
)
def test_nix_says_where_the_patch_stands(dep3: dict[str, str], status: str) -> None:
    from gopatch.output.formats.nix import render

    port = view(work_out(load("skip-verify"), open_source(FIXTURES / "v1.13.1")))
    _, lines = render(port._replace(dep3=tuple(dep3.items())), Layout(), NothingThere())
    assert f"# {status}\n" in lines.data.decode()


@pytest.mark.parametrize("form", ["rpm", "alpine", "arch", "nix"])
def test_a_recipe_of_another_kind_is_refused(
    form: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = "Name: moby\nSource0: m.tar.gz\nPatch1: a.patch\n%prep\n%autosetup -p1\n%build\n%{?x:y = z}\n"
    shell = 'pkgname=moby\npkgver=1\nsource="m.tar.gz"\nbuild() {\n\tmake\n}\n'
    array = "source=(m.tar.gz)\n"
    nix = "{ stdenv }:\nstdenv.mkDerivation {\n  patches = [ ./a.patch ];\n}\n"
    texts = {"rpm": [shell, array, nix], "nix": [spec, shell]}
    texts |= {"alpine": [spec, nix, array], "arch": [spec, nix]}
    recipe = tmp_path / "recipe"
    to = ["--output", f"{tmp_path}/S/", "--recipe", str(recipe)]
    for text in ("", "\0\1", "words\n", *texts[form]):
        recipe.write_text(text)
        assert main(["apply", "--docker-src", str(tree), "--format", form, *to]) == 2, text
        assert f"{recipe} is no " in capsys.readouterr().err
    assert not (tmp_path / "S").exists()


@pytest.mark.parametrize("text", ["{ }\n", "moby.overrideAttrs (final: prev: { })\n"])
def test_a_set_of_nix_may_be_empty(text: str, tree: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.nix"
    recipe.write_text(text)
    to = ["--output", f"{tmp_path}/S/", "--recipe", str(recipe)]
    assert main(["apply", "--docker-src", str(tree), "--format", "nix", *to]) == 0
