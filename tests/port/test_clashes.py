"""Names that a port declares and the source has already: refused, with the place; the same name of something else is not."""

from __future__ import annotations

import pytest

from gopatch.port.outcome import Port
from gopatch.port.work import work_out
from gopatch.source.memory import FilesInMemory
from tests.patches.world import OPTION, PATCHES, _fixture

MINE, SERVICE, PULL = "registry/mine.go", "registry/service.go", "distribution/pull.go"
LOOP = "\tfor _, endpoint := range endpoints {\n\t\tif imagePullConfig"


def with_file(path: str, text: str) -> Port:
    """The port of a fork that has one more file."""
    files = {**_fixture("v20.10.27"), path: f"package registry\n\n{text}\n".encode()}
    return work_out(PATCHES[OPTION], FilesInMemory(files))


def changed(path: str, old: str, new: str) -> Port:
    """The port of a fork of which one file is another."""
    files = dict(_fixture("v20.10.27"))
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode(), 1)
    return work_out(PATCHES[OPTION], FilesInMemory(files))


@pytest.mark.parametrize(
    ("path", "text", "edit", "place"),
    [
        pytest.param(MINE, "func IsDockerHub() {}", "hub", f"{MINE}:3:6: `IsDockerHub`", id="function"),
        pytest.param(MINE, "type HTTPSFirst int", "https-first", f"{MINE}:3:6: `HTTPSFirst`", id="type"),
        pytest.param(MINE, "var unanswered = 1", "https-answer", f"{MINE}:3:5: `unanswered`", id="variable"),
        pytest.param(MINE, "func (s *DefaultService) AcceptsInsecureRegistry() {}", "ask", f"{MINE}:3:26: `AcceptsInsecureRegistry`", id="method"),
        pytest.param("registry/mine_test.go", "func TestAcceptInsecureRegistry() {}", "test", "registry/mine_test.go:3:6: `TestAcceptInsecureRegistry`", id="test"),
        pytest.param("registry/mine_test.go", "func IsDockerHub() {}", "hub", "registry/mine_test.go:3:6: `IsDockerHub`", id="function-of-a-test"),
    ],
)  # fmt: skip
def test_a_name_that_the_package_has_is_refused(
    path: str, text: str, edit: str, place: str
) -> None:
    (failed,) = with_file(path, text).failed
    assert (failed.edit, failed.hint) == (edit, "give that another name, or another form")
    assert f"{place} is there already" in failed.reason


@pytest.mark.parametrize(
    ("path", "old", "new", "edit", "place"),
    [
        pytest.param(PULL, LOOP, f"\ttried := 0\n\tcount(tried)\n{LOOP}", "no-downgrade-pull", f"{PULL}:42:2: `tried`", id="local"),
        pytest.param(PULL, LOOP, f"\tcount(tried)\n{LOOP}", "no-downgrade-pull", f"{PULL}:42:8: `tried`", id="package's-that-it-would-hide"),
        pytest.param(SERVICE, "\tmu     sync.Mutex\n", "\tmu     sync.Mutex\n\tacceptInsecureRegistry bool\n", "store", f"{SERVICE}:34:2: `acceptInsecureRegistry`", id="field"),
    ],
)  # fmt: skip
def test_a_name_that_a_function_or_struct_has_is_refused(
    path: str, old: str, new: str, edit: str, place: str
) -> None:
    port = changed(path, old, new)
    assert [outcome.edit for outcome in port.failed] == [edit]
    assert place in port.failed[0].reason
    assert port.changes == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(MINE, "type mine int\n\nfunc (m mine) IsDockerHub() {}", id="method-of-another-type"),
        pytest.param(MINE, "func mine() { unanswered := 1; use(unanswered) }", id="local-of-another-function"),
        pytest.param(MINE, "type mine struct{ acceptInsecureRegistry bool }", id="field-of-another-struct"),
        pytest.param("distribution/mine.go", "func IsDockerHub() {}", id="another-package's"),
        pytest.param(MINE, "// IsDockerHub is none.\nvar mine = `func IsDockerHub() {}`", id="no-code"),
    ],
)  # fmt: skip
def test_the_same_name_of_something_else_is_not(path: str, text: str) -> None:
    with_file(path, text).demand()


def test_a_key_of_that_name_is_none_of_the_function() -> None:
    changed(PULL, LOOP, f"\tcount(T{{tried: 1}}, p.tried)\n{LOOP}").demand()
