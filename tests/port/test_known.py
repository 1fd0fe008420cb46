"""What is known of blobs and trees by git's ids: one memo for many refs tells what a fresh one tells."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gopatch.port._known import states
from gopatch.port._task import Memo, Task
from gopatch.port._work import Work, WrittenRange
from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.recipe.values import NewFiles, PatchEdit
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.source.gitref import GitRef, Repository
from gopatch.source.overlay import differences, over
from gopatch.source.roots import Roots
from gopatch.splice import FileChange
from tests.conftest import Git
from tests.patches.world import OPTION, PATCHES, tree

CALLER = b"""package extra

func all(s service) {
\tendpoints, _ := s.LookupPullEndpoints("h")
\tfor _, endpoint := range endpoints {
\t\task(endpoint)
\t}
}
"""
CHANGES = {
    "a byte of Go": ("registry/service_v2.go", None),
    "a byte of what no edit looks at": ("notes.txt", b"no Go\n"),
    "a caller that no road knows": ("daemon/extra/extra.go", CALLER),
    "the same in a test": ("daemon/extra/extra_test.go", CALLER),
    "the same in a folder that is skipped": ("daemon/testdata/extra.go", CALLER),
    "a name that comes, too": ("registry/mine.go", b"package registry\n\nfunc IsDockerHub() {}\n"),
    "the same in another package": ("registry/mine.go", b"package registry_test\n\nfunc IsDockerHub() {}\n"),
    "values without keys": ("daemon/extra/extra.go", b'package extra\n\nimport "x/registry"\n\nvar e = registry.APIEndpoint{u, 2}\n'),
    "a word that no file has had": ("daemon/extra/extra.go", b'package extra\n\nimport _ "x/registry"\n'),
    "Go that does not parse": ("registry/service_v2.go", b"package registry\n\nfunc {\n"),
    "Go that may declare what nothing does": ("libnetwork/new.go", b"package libnetwork\n\nfunc NewEndpoint( {\n"),
}  # fmt: skip


def _alone(source: Source) -> Port:
    """The port of a source of which nothing was known before."""
    return work_out(PATCHES[OPTION], source, Memo())


@cache
def _fresh() -> Port:
    return _alone(tree("v20.10.27"))


# One of them tells whether anything is made anew at all; the others are looked at where there is time.
AT_ONCE = ("a caller that no road knows", "a name that comes, too")


@pytest.mark.parametrize(
    "change",
    [pytest.param(c, marks=[] if c in AT_ONCE else [pytest.mark.thorough]) for c in CHANGES],
)
@pytest.mark.parametrize("ages", [0, 1, 2])
def test_one_changed_file_is_worked_out_anew(
    change: str, ages: int, repository: Path, git: Git
) -> None:
    path, data = CHANGES[change]
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(file.read_bytes() + b"\n" if data is None else data)
    git(repository, "add", "-A", "-f")
    git(repository, "commit", "-q", "-m", change)
    opened, memo = Repository(repository), Memo()
    for ref in ("v20.10.27", "trunk", "v20.10.27"):
        found = work_out(PATCHES[OPTION], GitRef(opened, ref), memo)
        for _ in range(ages):
            memo.age()
        fresh = _fresh() if ref == "v20.10.27" else _alone(GitRef(Repository(repository), ref))
        assert (found.outcomes, found.changes, found.roads) == (
            fresh.outcomes,
            fresh.changes,
            fresh.roads,
        )
        refused = ref == "trunk" and change in (
            "a caller that no road knows",
            "a name that comes, too",
            "values without keys",
            "Go that does not parse",
            "Go that may declare what nothing does",
        )
        assert bool(found.failed) == refused


@pytest.mark.thorough
def test_a_folder_that_lists_what_it_vendors_is_another_program(repository: Path, git: Git) -> None:
    """The tree of what is skipped then is the same."""
    memo = Memo()
    (repository / "daemon/extra/inner").mkdir(parents=True)
    (repository / "daemon/extra/inner/extra.go").write_bytes(CALLER)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "a caller")
    assert work_out(PATCHES[OPTION], GitRef(Repository(repository), "HEAD"), memo).failed
    (repository / "daemon/extra/vendor").mkdir()
    (repository / "daemon/extra/vendor/a.go").write_bytes(b"package a\n")
    (repository / "daemon/extra/go.mod").write_bytes(b"module extra\n")
    git(repository, "add", "-A", "-f")
    git(repository, "commit", "-q", "-m", "of another program")
    assert not work_out(PATCHES[OPTION], GitRef(Repository(repository), "HEAD"), memo).failed


def test_what_is_laid_over_a_ref_is_not_taken_for_the_ref(repository: Path) -> None:
    opened, memo = Repository(repository), Memo()
    source = GitRef(opened, "v20.10.27")
    assert not work_out(PATCHES[OPTION], source, memo).failed
    made = over(source, [FileChange("daemon/extra/extra.go", None, CALLER)])
    assert made.entry("daemon") == source.entry("daemon")._replace(id=None)  # type: ignore[union-attr]
    assert made.entry("registry") == source.entry("registry")
    assert work_out(PATCHES[OPTION], made, memo).failed
    assert [change.path for change in differences(source, made)] == ["daemon/extra/extra.go"]


@pytest.mark.thorough
def test_blobs_are_read_again_once_they_are_let_go(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = work_out(PATCHES[OPTION], GitRef(Repository(repository), "v20.10.27"), Memo())
    monkeypatch.setattr("gopatch.source.gitref._KEPT", 1000)
    few = work_out(PATCHES[OPTION], GitRef(Repository(repository), "v20.10.27"), Memo())
    assert few.changes == whole.changes


def test_neighbours_ask_the_engine_nothing(
    repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "notes.txt").write_text("no Go\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "notes")
    opened, memo = Repository(repository), Memo()
    first = work_out(PATCHES[OPTION], GitRef(opened, "v20.10.27"), memo)
    monkeypatch.setattr(memo, "apply", None)  # would be called in vain
    second = work_out(PATCHES[OPTION], GitRef(opened, "trunk"), memo)
    assert (second.outcomes, second.changes) == (first.outcomes, first.changes)


def test_neighbours_of_a_ref_that_fails_are_told_the_same_without_asking(
    repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "registry/service_v2.go").write_bytes(b"package registry\n\nfunc (s *x) y() {}\n")
    git(repository, "commit", "-q", "-a", "-m", "no lookup")
    git(repository, "tag", "without")
    (repository / "notes.txt").write_text("no Go\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "notes")
    opened, memo = Repository(repository), Memo()
    first = work_out(PATCHES[OPTION], GitRef(opened, "without"), memo)
    assert first.failed
    monkeypatch.setattr("gopatch.port._go_edits.explain", None)  # would be called in vain
    second = work_out(PATCHES[OPTION], GitRef(opened, "trunk"), memo)
    assert second.outcomes == first.outcomes
    assert not work_out(PATCHES[OPTION], GitRef(opened, "v20.10.27"), memo).failed


@pytest.mark.thorough
def test_a_changed_patch_is_worked_out_anew(repository: Path) -> None:
    memo, source = Memo(), GitRef(Repository(repository), "v20.10.27")
    whole = work_out(PATCHES[OPTION], source, memo)
    edits: list[PatchEdit] = list(PATCHES[OPTION].edits)
    (number,) = [number for number, edit in enumerate(edits) if edit.name == "warning"]
    edit = edits[number]
    assert isinstance(edit, NewFiles)
    (new,) = edit.adds
    edits[number] = edit._replace(adds=(new._replace(content=new.content + b"// x\n"),))
    other = PATCHES[OPTION]._replace(edits=tuple(edits))
    again = work_out(other, source, memo)
    assert again.changes == work_out(other, source, Memo()).changes
    assert again.changes != whole.changes
    assert work_out(PATCHES[OPTION], source, memo).changes == whole.changes


def test_an_import_that_only_other_packages_tell_is_asked_of_each_ref(
    tmp_path: Path, git: Git
) -> None:
    """The edit's own files are the same on both refs; what they import by the name is not."""
    tree, folder = tmp_path / "tree", tmp_path / "patch"
    folder.mkdir()
    (folder / "patch.toml").write_text(
        'title = "t"\n[[edit]]\nname = "edit"\nfiles = ["a/*.go"]\nvariants = ["x.patch"]\n'
    )
    (folder / "x.patch").write_text('@@\n@@\n-say()\n+logrus.Warn("w")\n')
    (tree / "a").mkdir(parents=True)
    (tree / "a/a.go").write_text("package a\n\nfunc f() {\n\tsay()\n}\n")
    git(tree, "init", "-q")
    paths = ("old.example/logrus", "new.example/logrus")
    for path in paths:
        (tree / "b").mkdir(exist_ok=True)
        (tree / "b/b.go").write_text(f'package b\n\nimport "{path}"\n\nvar L = logrus.New()\n')
        git(tree, "add", "-A")
        git(tree, "commit", "-q", "-m", path)
        git(tree, "tag", path.partition(".")[0])
    (tree / "b/b.go").write_text("package b\n")
    git(tree, "commit", "-q", "-a", "-m", "nobody")
    patch, opened, memo = load(str(folder)), Repository(tree), Memo()
    nobody = GitRef(opened, git(tree, "rev-parse", "HEAD").strip())
    assert work_out(patch, nobody, memo, roots=Roots("", None)).failed
    for path in paths:
        source = GitRef(opened, path.partition(".")[0])
        (change,) = work_out(patch, source, memo, roots=Roots("", None)).changes
        assert change.after is not None
        assert f'import "{path}"' in change.after.decode()


def test_what_stands_at_some_paths_is_told_by_every_part_of_it(repository: Path) -> None:
    source = GitRef(Repository(repository), "v20.10.27")
    task = Task(PATCHES[OPTION], source, Roots("", None), Memo())
    path, absent = "registry/service_v2.go", "registry/none.go"
    there = states(task, Work(), (path, absent))
    works = [
        Work({path: b"x"}),
        Work({path: b"y"}),
        Work({absent: b"x"}),
        Work({path: b"x"}, {path: (WrittenRange(0, 1, "flag", 0),)}),
        Work({path: b"x"}, {path: (WrittenRange(0, 1, "guard", 0),)}),
        Work({path: b"x"}, {}, {path: ("flag",)}),
    ]
    others = [states(task, work, (path, absent)) for work in works]
    others += [states(task, Work(), paths) for paths in ((absent, path), (path,), ())]
    assert None not in (there, *others)
    assert len({there, *others}) == len(others) + 1
    assert states(task, Work({"elsewhere.go": b"x"}), (path, absent)) == there
    assert states(task, Work(), [path, absent]) == there


def test_where_a_source_has_no_ids_nothing_is_told_of_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "a.go").write_bytes(b"package a")
    task = Task(PATCHES[OPTION], Directory(tmp_path), Roots("", None), Memo())
    assert states(task, Work(), ("a.go",)) is None
