"""`gopatch lint` finds what an edit needs of another and does not say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gopatch.authoring.finding import Defect
from gopatch.authoring.lint import lint
from gopatch.authoring.needs import Unsaid, unsaid
from gopatch.recipe.read import load, names, patches_folder
from gopatch.recipe.values import Patch

PATCH = load("accept-insecure-registry")

# What a part would not compile without: each needs the other for a name that it brings.
COMPILED = [
    ("flag", "option", "AcceptInsecureRegistry"),
    ("store", "option", "AcceptInsecureRegistry"),
    ("guard-v2", "store", "acceptInsecureRegistry"),
    ("guard-v2", "hub", "IsDockerHub"),
    ("https-watch", "hub", "IsDockerHub"),
    ("https-watch", "https-answer", "HTTPSGaveNoAnswer"),
    ("search", "store", "acceptInsecureRegistry"),
    ("search", "https-watch", "watchHTTPS"),
    ("ask", "store", "acceptInsecureRegistry"),
    ("http-fallback", "hub", "IsDockerHub"),
    ("hosts", "https-answer", "HTTPSGaveNoAnswer"),
    ("hosts", "http-fallback", "httpFallback"),
    ("hosts", "ask", "AcceptsInsecureRegistry"),
    ("reload", "store", "acceptInsecureRegistry"),
    ("https-first", "https-answer", "HTTPSGaveNoAnswer"),
    ("guard-v2", "store", "byOption"),
    ("no-downgrade-login", "https-first", "HTTPSFirst"),
    ("no-downgrade-ping", "https-answer", "HTTPSGaveNoAnswer"),
    ("no-downgrade-pull", "https-first", "SkipsPlainHTTP"),
    ("no-downgrade-push", "https-first", "SkipsPlainHTTP"),
    ("no-downgrade-inspect", "https-first", "SkipsPlainHTTP"),
    ("no-downgrade-plugin", "https-first", "GuardPlainHTTP"),
    ("warn", "warning", "AcceptInsecureRegistryWarning"),
    ("warn-reload", "option", "AcceptInsecureRegistry"),
    ("warn-reload", "warning", "AcceptInsecureRegistryWarning"),
    ("warn-info", "option", "AcceptInsecureRegistry"),
    ("warn-info", "warning", "AcceptInsecureRegistryWarning"),
]


def less(edit: str, need: str) -> Patch:
    """The patch whose edit does not say that it needs the other."""
    edits = (
        e._replace(needs=tuple(n for n in e.needs if n != need)) if e.name == edit else e
        for e in PATCH.edits
    )
    return PATCH._replace(edits=tuple(edits))


@pytest.mark.parametrize("name", names())
def test_what_comes_with_gopatch_says_what_it_needs(name: str) -> None:
    assert list(unsaid(load(name))) == []


@pytest.mark.parametrize(("edit", "need", "name"), COMPILED)
def test_a_need_that_is_not_said_is_found(edit: str, need: str, name: str) -> None:
    found = list(unsaid(less(edit, need)))
    assert any((edit, name) == each[:2] and need in each.of for each in found)


def test_lint_says_what_to_add(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(patches_folder() / "accept-insecure-registry", tmp_path / "a"))
    toml = folder / "patch.toml"
    text = toml.read_text()
    assert 'needs = ["hub", "https-answer"]' in text
    toml.write_text(text.replace('needs = ["hub", "https-answer"]', 'needs = ["hub"]'))
    assert [each for each in lint(str(folder)) if not each.note] == [
        Defect(
            "a/patch.toml [https-watch]",
            "it uses `HTTPSGaveNoAnswer` of `https-answer`, and does not say that it needs it",
            'add needs = ["https-answer"]: a part of the patch would not compile',
        )
    ]


TOML = """\
title = "two"
[[edit]]
name = "file"
files = ["*.go"]
adds = ["brought.go", "brought_test.go"]
beside = "F"
[[edit]]
name = "user"
files = ["*.go"]
{needs}{how}
"""
BROUGHT = "package a\n\ntype kept struct{ inner int }\n\nfunc Brought() int {\n\tvar local = 1\n\treturn local\n}\n"
BROUGHT_TEST = "package a\n\nfunc onlyTested() {}\n"
VARIANT = 'variants = ["user.patch"]'


@pytest.mark.parametrize(
    ("how", "text", "found"),
    [
        pytest.param(VARIANT, "@@\n@@\n-old()\n+Brought()\n", "Brought", id="what-comes"),
        pytest.param(VARIANT, "@@\n@@\n-old(a.Brought)\n+fresh(a.Brought)\n", "Brought", id="context"),
        pytest.param(VARIANT, "@@\n@@\n-old()\n+kept{}\n", "kept", id="type"),
        pytest.param('adds = "user.go"\nbeside = "F"', "package a\n\nvar x = Brought()\n", "Brought", id="new-file"),
        pytest.param('adds = "user_test.go"\nbeside = "F"', "package a\n\nvar x = Brought()\n", "Brought", id="new-test"),
        pytest.param(VARIANT, "@@\n@@\n-old()\n+fresh() // Brought\n", None, id="in-a-comment"),
        pytest.param(VARIANT, "@@\n@@\n-old()\n+fresh(\"Brought\")\n", None, id="in-a-string"),
        pytest.param(VARIANT, "@@\nvar Brought expression\n@@\n-old(Brought)\n+fresh(Brought)\n", None, id="a-metavariable"),
        pytest.param(VARIANT, "@@\n@@\n-old()\n+fresh(local)\n", None, id="local-to-a-function"),
        pytest.param(VARIANT, "@@\n@@\n-old()\n+onlyTested()\n", None, id="of-a-test"),
        pytest.param('adds = "user.go"\nbeside = "F"', "package b\n\nfunc Brought() {}\n\nvar x = Brought\n", None, id="brought-by-itself"),
    ],
)  # fmt: skip
def test_names_are_told_by_structure(
    tmp_path: Path, how: str, text: str, found: str | None
) -> None:
    for name in ("user.patch", "user.go", "user_test.go"):
        if name in how:
            (tmp_path / name).write_text(text)
    (tmp_path / "brought.go").write_text(BROUGHT)
    (tmp_path / "brought_test.go").write_text(BROUGHT_TEST)
    toml = tmp_path / "patch.toml"
    toml.write_text(TOML.format(needs="", how=how))
    wanted = [Unsaid("user", found, ("file",))] if found else []
    assert list(unsaid(load(str(tmp_path)))) == wanted
    toml.write_text(TOML.format(needs='needs = ["file"]\n', how=how))
    assert list(unsaid(load(str(tmp_path)))) == []
