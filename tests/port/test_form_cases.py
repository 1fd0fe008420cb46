"""What only a patch folder knows, case by case: forms, names that live on, fragments, holes.

An archive holds `patch/…` (the folder, whose patch.toml may be left out) and `before/…` (Go); then
`after/…` and `variant` (what the outcome is called), `failed` (why it fits nowhere), `absent` (why it has
nothing to do), or `error` (what is wrong with the patch). Each port is made twice: the second time nothing may change. `--update`
writes what comes out now; look at the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar, write_txtar
from gopatch.errors import GopatchError
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from gopatch.source.overlay import Overlay
from gopatch.source.roots import Roots

CASES = sorted((Path(__file__).parent.parent / "cases/folders").glob("*.txtar"))
TOML = 'title = "t"\n[[edit]]\nname = "edit"\nfiles = ["*.go"]\nvariants = ["x.patch"]\n'
HERE = Roots("", None)


def run(sections: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """What an archive should end with."""
    folder.mkdir()
    (folder / "patch.toml").write_text(TOML)
    for name, data in sections.items():
        if name.startswith("patch/"):
            (folder / name.removeprefix("patch/")).write_bytes(data)
    files = {k.removeprefix("before/"): v for k, v in sections.items() if k.startswith("before/")}
    try:
        patch = load(str(folder))
        source = FilesInMemory(files)
        port = work_out(patch, source, roots=HERE)
    except GopatchError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        return {"error": f"{error}{hint}\n".encode()}
    if port.failed:
        return {"failed": f"{port.failed[0].reason}\n".encode()}
    if port.status == "absent":
        return {"absent": f"{port.outcomes[0].reason}\n".encode()}
    again = work_out(patch, Overlay(source, port.changes), roots=HERE)
    assert not again.changes
    assert {o.status for o in again.outcomes} <= {"already", "absent"}
    made = {f"after/{c.path}": c.after for c in port.changes if c.after is not None}
    return {**made, "variant": f"{port.outcomes[0].variant}\n".encode()}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    comment, sections = read_txtar(path.read_bytes())
    given = {k: v for k, v in sections.items() if k.startswith(("patch/", "before/"))}
    found = run(given, tmp_path / "p")
    if request.config.getoption("--update"):
        path.write_bytes(write_txtar(comment, {**given, **found}))
        return
    assert comment.strip(), "say in the archive's comment what the case is about"
    assert found == {k: v for k, v in sections.items() if k not in given}
