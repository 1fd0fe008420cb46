"""Variants and forms that are one too many: what lint says of them, and of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.redundant import redundant
from gopatch.recipe.read import load, names
from gopatch.recipe.values import GoEdit

TOML = 'title = "t"\n[[edit]]\nname = "e"\nfiles = ["*.go"]\nvariants = [{}]\n'
LOCK = "@@\nvar s identifier\n@@\n s.{0}()\n+s.{1}(true)\n"
LOOP = "@@\nvar {0}err identifier\nvar open expression\n@@\n{1}err = open(x)\n+note(err, 1)\n"
LOG = '@@\n{2}@@\n{0}import {1}"github.com/x/logrus"\n\n begin()\n+logrus.Warn(1)\n'


def said(folder: Path, *variants: str) -> list[str]:
    for number, text in enumerate(variants):
        (folder / f"v{number}.patch").write_text(text)
    listed = ", ".join(f'"v{number}.patch"' for number in range(len(variants)))
    (folder / "patch.toml").write_text(TOML.format(listed))
    (edit,) = load(str(folder)).edits
    assert isinstance(edit, GoEdit)
    return [finding.message for finding in redundant(edit, "here")]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        pytest.param(
            LOCK.format("Lock", "locked"),
            LOCK.format("RLock", "locked"),
            "Lock or RLock",
            id="a name",
        ),
        pytest.param(LOOP.format("", " "), LOOP.format("more, ", " more, "), "...", id="left out"),
        pytest.param(
            LOG.format(" ", "logrus ", "var logrus identifier\n"),
            LOG.format("+", "", ""),
            "import",
            id="an import",
        ),
    ],
)
def test_what_a_variable_could_say(tmp_path: Path, one: str, other: str, wanted: str) -> None:
    (message,) = said(tmp_path, one, other)
    assert "differ only in what a variable could say" in message
    assert wanted in message
    header = other.replace("@@", "@ or @", 1)
    (message,) = said(tmp_path, f"{one}\n{header}")
    assert wanted in message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(LOCK.format("Lock", "locked"), LOCK.format("RLock", "read"), id="what comes"),
        pytest.param(
            LOCK.format("Lock", "a"), "@@\n@@\n-old()\n+newer(1, 2)\n", id="another change"
        ),
        pytest.param(
            "@@\n@@\n-old(1)\n+newer(1, 2)\n", "@@\n@@\n-old(2)\n+newer(1, 2)\n", id="a number"
        ),
    ],
)
def test_what_no_variable_could_say(tmp_path: Path, one: str, other: str) -> None:
    assert said(tmp_path, one, other) == []


def test_a_form_below_one_that_fits_wherever_it_does(tmp_path: Path) -> None:
    wide = "@@\nvar x expression\n@@\n-old(x)\n+newer(x, 1)\n"
    narrow = "\n@ or @\n@@\n-old(1)\n+newest(1, 2)\n"
    (message,) = said(tmp_path, wide + narrow)
    assert message == "the form `2` can never be reached: `1` fits wherever it does"
    narrow_first = narrow.replace("\n@ or @", "@@") + "\n" + wide.replace("@@", "@ or @", 1)
    assert said(tmp_path, narrow_first) == []


@pytest.mark.parametrize("name", names())
def test_ours_have_none(name: str) -> None:
    edits = [edit for edit in load(name).edits if isinstance(edit, GoEdit)]
    assert [f for edit in edits for f in redundant(edit, edit.name)] == []
