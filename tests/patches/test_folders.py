"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gopatch.errors import PatchError, UsageError
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from tests.patches.world import (
    EDIT,
    GO,
    HEAD,
    OTHER,
    V2,
    _two_edits,
    folder,
    tree,
)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param(None, "there is no patch.toml", id="empty-folder"),
        pytest.param("title = ", "is not TOML", id="not-toml"),
        pytest.param(HEAD, "has no [[edit]]", id="no-edit"),
        pytest.param(EDIT + 'variants = ["go.patch"]', "`title` is missing", id="no-title"),
        pytest.param("titel = 1", "unknown key `titel` in the patch", id="unknown-key"),
        pytest.param(HEAD + EDIT + "varients = []", "unknown key `varients` in the edit `one`", id="unknown-key-of-an-edit"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\nfind = 'x'", "unknown key `find` in a variant", id="unknown-key-of-a-variant"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nwhere = 'x'", "unknown key `where`", id="unknown-key-of-an-insert"),
        pytest.param(HEAD + EDIT, "either variants or files", id="neither"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nadds = "go.patch"', "either variants or files", id="both"),
        pytest.param(HEAD + EDIT + 'adds = "go.patch"', "`beside` is missing", id="beside-what"),
        pytest.param(HEAD + EDIT + 'adds = "new.go"\nbeside = "F"', "cannot be read", id="no-such-new-file"),
        pytest.param(HEAD + EDIT + 'adds = 1\nbeside = "F"', "`adds` must be a file name", id="new-file-no-name"),
        pytest.param(HEAD + EDIT + 'adds = ["go.patch", "go.patch"]\nto = "x.go"\nbeside = "F"', "`to` is the name of a lone file", id="one-name-for-two"),
        pytest.param(HEAD + EDIT + 'variants = ["gone.patch"]', "there is no file `gone.patch`", id="no-such-variant"),
        pytest.param(HEAD + EDIT + "variants = [1]", "list of file names", id="variant-is-a-number"),
        pytest.param(HEAD + EDIT + 'variants = ["bad.patch"]', "folder/bad.patch:4:", id="variant-is-not-go"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nroot = "top"', "not one of engine, cli, any", id="root"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\ngroup = "odds"', "not one of core", id="group"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nmatches = true', "`matches` must be a int", id="matches"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nunless = [1]', "`unless` must be a name", id="unless"),
        pytest.param(HEAD + 2 * (EDIT + 'variants = ["go.patch"]\n'), "two edits are called `one`", id="same-name"),
        pytest.param(HEAD + '[[edit]]\nname = "one"\nfiles = []', "list of globs", id="no-globs"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = "one"', "`needs` must be a list", id="needs-no-list"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = ["tow"]', "speaks of `tow`, which is no edit", id="needs-what"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = ["two"]\n' + OTHER, "needs `two`, which comes after it", id="needs-a-later-one"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nhelper = "yes"', "`helper` must be a bool", id="helper-is-a-word"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nhelper = true', "no edit needs the helper `one`", id="helper-of-none"),
        pytest.param(HEAD + EDIT.replace("one", "rails") + 'variants = ["go.patch"]', "called `rails`, as a group is", id="called-like-a-group"),
        pytest.param(HEAD + "risk = [1]\n" + EDIT + 'variants = ["go.patch"]', "[[risk]] must be a table", id="risk-is-a-number"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nsays = "x"', "`without` is missing", id="risk-of-what"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["one"]', "`says` is missing", id="risk-says-nothing"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwith = ["one"]', "unknown key `with` in a risk", id="unknown-key-of-a-risk"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["tow"]\nsays = "x"', "a risk speaks of `tow`", id="risk-of-no-edit"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nafter = '('\ntext = 'x'", "not a regular expression", id="regex"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nafter = 'x'\nbefore = 'x'", "`before` or `after`", id="place"),
    ],
)  # fmt: skip
def test_a_wrong_folder_is_refused(tmp_path: Path, toml: str | None, message: str) -> None:
    made = folder(tmp_path / "folder", toml, go=GO, bad="@@\n@@\n-a()\n+b(\n")
    with pytest.raises(PatchError, match=re.escape(message)) as error:
        load(str(made))
    assert str(tmp_path) not in str(error.value)


@pytest.mark.parametrize(
    ("toml", "meant"),
    [
        ("titel = 1", "title"),
        (HEAD + EDIT + 'variants = ["goo.patch"]', "go.patch"),
        (HEAD + EDIT + 'variants = ["go.patch"]\ngroup = "paper"', "papers"),
        (HEAD + EDIT + 'variants = ["go.patch"]\nroot = "engin"', "engine"),
        (HEAD + EDIT + f'variants = ["go.patch"]\nneeds = ["towo"]\n{OTHER}', "two"),
        (
            HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["rail"]\nsays = "x"',
            "rails",
        ),
    ],
)
def test_a_slip_in_a_folder_is_corrected(tmp_path: Path, toml: str, meant: str) -> None:
    made = folder(tmp_path / "folder", toml, go=GO)
    with pytest.raises(PatchError) as error:
        load(str(made))
    assert error.value.hint == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("which", "message"),
    [
        pytest.param("always-htp", "always-http", id="slip"),
        pytest.param("/no/such/folder", "`gopatch list`", id="no-such-folder"),
    ],
)
def test_an_unknown_patch_is_refused(which: str, message: str) -> None:
    with pytest.raises(UsageError, match="no patch") as error:
        load(which)
    assert message in (error.value.hint or "")


def test_two_edits_of_the_same_bytes_are_refused(tmp_path: Path) -> None:
    patch = _two_edits(tmp_path, "@@\nvar t expression\n@@\n-open(t)\n+shut(t)\n")
    port = work_out(patch, tree("v20.10.27"))
    assert [outcome.edit for outcome in port.failed] == ["second"]
    assert "the edits `first` and `second` change the same bytes" in port.failed[0].reason
    assert re.match(rf"{V2}:67:\d+: ", port.failed[0].reason)
    assert port.changes == ()
