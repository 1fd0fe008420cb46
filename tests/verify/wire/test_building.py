"""How daemons are built where a source lacks what they want."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.verify._go.toolchain import Go
from gopatch.verify._go.workspace import Workspace
from gopatch.verify._wire.building import with_sqlite

OLD = "vendor/src/github.com/mattn/go-sqlite3"
NEW = "vendor/github.com/mattn/go-sqlite3"


def tags(tree: Path) -> str:
    go = Go("go", "gofmt", (1, 27, 0))
    space = Workspace(go, tree, tree, "", "p", {}, ("-tags", "netgo"), {}, "GOPATH")
    return with_sqlite(space).flags[1]


@pytest.mark.parametrize("folder", [OLD, NEW])
def test_where_the_c_of_sqlite_is_lacking_the_systems_is_taken(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    assert tags(tmp_path) == "netgo,libsqlite3"


@pytest.mark.parametrize("folder", [OLD, NEW])
def test_a_source_that_has_it_is_built_as_it_is(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder / "code").mkdir(parents=True)
    (tmp_path / folder / "code/sqlite3-binding.c").touch()
    assert tags(tmp_path) == "netgo"


def test_a_source_without_sqlite_is_built_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    assert tags(tmp_path) == "netgo"
