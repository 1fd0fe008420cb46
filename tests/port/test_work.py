"""The loop that works a patch out, on small sources made for it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from gopatch.errors import PatchError
from gopatch.port._task import Memo, Task
from gopatch.port._work import FailedError, Work
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.values import GoEdit, Patch
from gopatch.source.memory import FilesInMemory
from gopatch.source.roots import Roots
from gopatch.splice import Splice

HERE = Roots("", None)
GO = b"package p\n\nfunc f() int { return old() }\n"


def patch_of(folder: Path, new: str) -> Patch:
    """A patch that makes `old()` the call of another function."""
    folder.mkdir(exist_ok=True)
    (folder / "patch.toml").write_text(
        'title = "t"\n[[edit]]\nname = "call"\nfiles = ["p.go"]\nvariants = ["call.patch"]\n'
    )
    (folder / "call.patch").write_text(f"@@\n@@\n-old()\n+{new}()\n")
    return load(str(folder))


@pytest.mark.thorough
def test_a_memo_never_answers_for_another_patch(tmp_path: Path) -> None:
    """300 patches, each read anew and forgotten: a memo that knew them by place would mix them up."""
    memo = Memo()
    source = FilesInMemory({"p.go": GO})
    for number in range(300):
        patch = patch_of(tmp_path / "patch", f"new{number}")
        (change,) = work_out(patch, source, memo, roots=HERE).changes
        assert change.after == GO.replace(b"old()", b"new%d()" % number)


def test_a_memo_answers_once_for_the_same_bytes(tmp_path: Path) -> None:
    memo, source = Memo(), FilesInMemory({"p.go": GO})
    ports = [work_out(patch_of(tmp_path / "p", "new"), source, memo, roots=HERE) for _ in range(2)]
    assert ports[0].changes == ports[1].changes


def test_work_is_a_value(tmp_path: Path) -> None:
    """An edit takes a work and gives one: the old one is as it was, whatever comes after."""
    task = Task(patch_of(tmp_path / "p", "new"), FilesInMemory({"p.go": GO}), HERE, Memo())
    empty = Work()
    one = empty.changed(task, "call", "p.go", [Splice(0, 0, b"// a\n")], b"// a\n" + GO)
    two = one.put("q.go", b"package p\n")
    assert (dict(empty.files), set(one.files), set(two.files)) == ({}, {"p.go"}, {"p.go", "q.go"})
    assert [change.path for change in two.since(task, one)] == ["q.go"]
    assert two.since(task, one)[0].before is None
    with pytest.raises(FrozenInstanceError):
        one.files = {}  # type: ignore[misc]


def test_lines_are_those_of_the_source(tmp_path: Path) -> None:
    task = Task(patch_of(tmp_path / "p", "new"), FilesInMemory({"p.go": GO}), HERE, Memo())
    one = Work().changed(task, "call", "p.go", [Splice(0, 0, b"// a\n")], b"// a\n" + GO)
    assert one.site(task, "p.go", 4, 1).line == 3


def test_two_edits_do_not_write_the_same_bytes(tmp_path: Path) -> None:
    task = Task(patch_of(tmp_path / "p", "new"), FilesInMemory({"p.go": GO}), HERE, Memo())
    one = Work().changed(task, "one", "p.go", [Splice(0, 1, b"PP")], b"P" + GO)
    with pytest.raises(FailedError, match="the edits `one` and `two` change the same bytes"):
        one.changed(task, "two", "p.go", [Splice(0, 2, b"p")], GO)


def test_what_another_edit_wrote_is_no_evidence(tmp_path: Path) -> None:
    """Of two edits that want the same line only one can have it: the other is not `already`."""
    patch = patch_of(tmp_path / "p", "new")
    (edit,) = patch.edits
    assert isinstance(edit, GoEdit)
    twice = patch._replace(edits=(edit, edit._replace(name="again")))
    port = work_out(twice, FilesInMemory({"p.go": GO}), roots=HERE)
    assert [outcome.status for outcome in port.outcomes] == ["applied", "failed"]
    assert port.changes == ()


def test_what_was_there_before_is_evidence(tmp_path: Path) -> None:
    patch = patch_of(tmp_path / "p", "new(true).then")
    port = work_out(
        patch, FilesInMemory({"p.go": GO.replace(b"old()", b"new(true).then()")}), roots=HERE
    )
    assert [outcome.status for outcome in port.outcomes] == ["already"]


PAPER = """title = "t"
[[edit]]
name = "call"
files = ["p.go"]
variants = ["call.patch"]
[[edit]]
name = "page"
group = "papers"
root = "any"
files = ["page.md"]
[[edit.variant]]
[[edit.variant.insert]]
after = "^here$"
text = "new"
"""


@pytest.mark.parametrize("strict", [False, True])
def test_papers_never_sink_a_port(tmp_path: Path, strict: bool) -> None:
    patch_of(tmp_path / "p", "new")
    (tmp_path / "p/patch.toml").write_text(PAPER)
    source = FilesInMemory({"p.go": GO, "page.md": b"not the line\n"})
    port = work_out(load(str(tmp_path / "p")), source, roots=HERE, strict=strict)
    assert [o.status for o in port.outcomes] == ["applied", "failed" if strict else "left out"]
    assert [change.path for change in port.changes] == ([] if strict else ["p.go"])
    assert "is not there" in port.outcomes[1].reason
    assert port.left_out == (() if strict else port.outcomes[1:])


FIXED = """title = "t"
[[edit]]
name = "call"
files = ["p.go"]
variants = ["call.patch"]
fixed = ["fixed.patch"]
"""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"old()", "applied", id="a variant fits"),
        pytest.param(b"fixed(1)", "already", id="the fixed form"),
        pytest.param(b"other(1)", "failed", id="neither"),
    ],
)
def test_a_source_may_have_it_in_another_form(tmp_path: Path, body: bytes, status: str) -> None:
    patch_of(tmp_path / "p", "new")
    (tmp_path / "p/patch.toml").write_text(FIXED)
    (tmp_path / "p/fixed.patch").write_text("@@\n@@\n fixed(...)\n")
    source = FilesInMemory({"p.go": GO.replace(b"old()", body)})
    port = work_out(load(str(tmp_path / "p")), source, roots=HERE)
    assert [outcome.status for outcome in port.outcomes] == [status]
    assert bool(port.changes) == (status == "applied")


def test_a_fixed_form_changes_nothing(tmp_path: Path) -> None:
    patch_of(tmp_path / "p", "new")
    (tmp_path / "p/patch.toml").write_text(FIXED.replace("fixed.patch", "call.patch"))
    with pytest.raises(PatchError, match="which changes something"):
        load(str(tmp_path / "p"))
