"""Callers that no road knows, told apart by their packages."""

from __future__ import annotations

import pytest

from gopatch.recipe.values import Patch
from tests.port.test_whole import LOOP, OWN, ported, written


@pytest.fixture(scope="module")
def patch(tmp_path_factory: pytest.TempPathFactory) -> Patch:
    return written(tmp_path_factory.mktemp("apart"))


def test_callers_of_one_name_in_two_packages_are_left_one_by_one(patch: Patch) -> None:
    other = "other/sync.go"
    more = {OWN: LOOP, other: LOOP.replace("package own", "package other")}
    (failed,) = ported(patch, more, leave=["Sync"]).failed
    assert failed.reason.startswith("`--leave Sync` is several: other.Sync, own.Sync; ")
    assert failed.hint.startswith("`--leave other.Sync,own.Sync` accepts")
    (failed,) = ported(patch, more, leave=["own.Sync"]).failed
    assert [site.path for site in failed.sites] == [other]
    port = ported(patch, more, leave=["own.Sync", "other.Sync"])
    assert not port.failed
    assert not port.idle


def test_what_a_package_declares_is_no_function(patch: Patch) -> None:
    (failed,) = ported(patch, {OWN: "package own\n\nvar all = Lookup(n)\n"}).failed
    assert "the package uses what `Lookup` gives" in failed.reason
