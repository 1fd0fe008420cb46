"""Many refs at once: what is written, what is reported, and how a run goes on."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from gopatch.errors import UsageError
from gopatch.fleet.refs import Ref, select, version_key
from gopatch.fleet.report import safe_name
from gopatch.source.gitref import Repository
from tests.conftest import Git


def test_select(moby: Path, git: Git) -> None:
    repository = Repository(moby)
    names = [ref.name for ref in select(repository, ["v*", "v1.13.1", "trunk"])]
    assert names == ["v0.0.1", "v1.13.1", "v17.12.1-ce", "v20.10.27", "v28.5.2", "trunk"]
    between = select(repository, ["v20.10.27..v28.5.2"])
    assert [ref.commit for ref in between] == git(
        moby, "rev-list", "--reverse", "v20.10.27..v28.5.2"
    ).split()
    commit = git(moby, "rev-parse", "v28.5.2")
    assert select(repository, [commit]) == [Ref(commit, commit)]


@pytest.mark.parametrize("pattern", ["x*", "nope", "v1.13.1..nope", "-x"])
def test_patterns_that_name_nothing_are_refused(moby: Path, pattern: str) -> None:
    with pytest.raises(UsageError):
        select(Repository(moby), [pattern])


def test_versions_are_sorted_as_numbers() -> None:
    names = ["v1.10.0", "v1.9.1", "v1.10.0-rc2", "v1.10.0-rc10", "v1.10.1", "docker-v29.0.0"]
    assert sorted(names, key=version_key) == [
        "docker-v29.0.0", "v1.9.1", "v1.10.0-rc2", "v1.10.0-rc10", "v1.10.0", "v1.10.1",
    ]  # fmt: skip


@pytest.mark.parametrize("ref", ["v1.2.3", "a/b", "../x", ".hidden", "a%2Fb", "ä b"])
def test_refs_get_safe_names(ref: str) -> None:
    name = safe_name(ref)
    assert re.fullmatch(r"[A-Za-z0-9._+%-]+\.patch", name)
    assert not name.startswith(".")
    assert unquote(name.removesuffix(".patch")) == ref
