"""Files that come are written as the package that they come to writes its own."""

from __future__ import annotations

import pytest

from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, files

HELPER = "registry/https_first.go"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("func other(x any) {}\n", b"args ...any)"),
        ("var other map[string]any\n", b"args ...any)"),
        ("func other(x interface{}) {}\n", b"args ...interface{})"),
        ("// any\nfunc other() string { return `any` }\n", b"args ...interface{})"),
        ("type any int\n\nfunc other(x any) {}\n", b"args ...interface{})"),
    ],
)
def test_any_comes_where_the_package_says_it(more: str, says: bytes) -> None:
    content = files(FIXTURES / "v20.10.27")
    content["registry/other.go"] = f"package registry\n\n{more}".encode()
    port = work_out(load("accept-insecure-registry"), FilesInMemory(content))
    (helper,) = (change.after for change in port.changes if change.path == HELPER)
    assert helper is not None
    assert says in helper
