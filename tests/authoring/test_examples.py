from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.cases import read_case, run_case
from gopatch.authoring.examples import cases_from
from gopatch.recipe.read import load
from gopatch.recipe.values import Patch
from gopatch.splice import FileChange

ONE = FileChange(
    "p.go", b"package p\n\nfunc f() {\n\ta()\n}\n", b"package p\n\nfunc f() {\n\tb()\n}\n"
)


@pytest.fixture
def patch(tmp_path: Path) -> Patch:
    folder = tmp_path / "swap"
    folder.mkdir()
    (folder / "swap.patch").write_text("@@\n@@\n func f() {\n-\ta()\n+\tb()\n }\n")
    (folder / "patch.toml").write_text(
        'title = "call b"\nwhy = "it is b"\nsecurity = "none"\n\n[dep3]\nforwarded = "no"\n\n'
        '[[edit]]\nname = "swap"\ntitle = "b for a"\nfiles = ["p.go"]\nvariants = ["swap.patch"]\n'
    )
    return load(str(folder))


def test_a_case_that_passes(patch: Patch, tmp_path: Path) -> None:
    ((name, data),) = cases_from(patch, [("v1.0/x", [[ONE]])]).items()
    assert name == "cases/v1.0-x.txtar"
    file = tmp_path / "v1.txtar"
    file.write_bytes(data)
    assert run_case(read_case(file, patch), patch).passed


def test_the_first_tree_that_passes_is_taken(patch: Patch) -> None:
    other = ONE._replace(after=b"package p\n")
    (data,) = cases_from(patch, [("v1", [[other], [ONE]])]).values()
    assert b"\tb()\n" in data


@pytest.mark.parametrize(
    "ports",
    [[], [("v1", [])], [("v1", [[ONE._replace(after=b"package p\n")]])], [("v1", [[ONE._replace(before=ONE.after)]])]],
)  # fmt: skip
def test_what_the_patch_does_not_give_is_no_case(
    patch: Patch, ports: list[tuple[str, list[list[FileChange]]]]
) -> None:
    assert cases_from(patch, ports) == {}


def test_a_port_that_shows_nothing_new_is_left_out(patch: Patch) -> None:
    assert list(cases_from(patch, [("v1", [[ONE]]), ("v2", [[ONE]])])) == ["cases/v1.txtar"]
