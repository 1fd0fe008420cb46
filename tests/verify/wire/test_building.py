"""How daemons are built where a source lacks what they want."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.verify._go.toolchain import Go
from gopatch.verify._go.workspace import Workspace
from gopatch.verify._wire import building
from gopatch.verify._wire.building import with_sqlite

OLD = "vendor/src/github.com/mattn/go-sqlite3"
NEW = "vendor/github.com/mattn/go-sqlite3"


def workspace(tree: Path) -> Workspace:
    go = Go("go", "gofmt", (1, 27, 0))
    return Workspace(go, tree, tree, "", "p", {}, ("-tags", "netgo"), {}, "GOPATH")


def tags(tree: Path) -> str:
    return with_sqlite(workspace(tree)).flags[1]


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


@pytest.mark.parametrize(
    ("main", "gcc", "with_c"),
    [
        pytest.param("cmd/dockerd", "gcc", [False, True], id="where it does not build without"),
        pytest.param("docker", "gcc", [True], id="where it would build and not start"),
        pytest.param("docker", None, [False], id="there is none"),
    ],
)
def test_an_old_daemon_is_built_with_c(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    main: str,
    gcc: str | None,
    with_c: list[bool],
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: gcc)
    assert [cgo for _, cgo in building.ways(workspace(tmp_path), main)] == with_c
