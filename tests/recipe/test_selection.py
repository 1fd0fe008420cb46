"""Parts of a patch: what comes along, what is refused, and what a reader is told."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gopatch.cli.main import main
from gopatch.errors import ApplyError, UsageError
from gopatch.output.inplace import write
from gopatch.port.work import Memo, Port, work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select, with_helpers
from gopatch.recipe.values import GROUPS, Patch, Selection
from gopatch.source.roots import Roots
from tests.conftest import FIXTURES, Git, files
from tests.patches.test_fixtures import LAYOUTS, run_in
from tests.patches.test_patches import OPTION, Tree, statuses

PATCH = load(OPTION)
BY_GROUP = {group: {e.name for e in PATCH.edits if e.group == group} for group in GROUPS}
HELPERS = {edit.name for edit in PATCH.edits if edit.helper}
RISK = "passwords and images may go over plain HTTP"

PARTS = {
    "core": (("core",), ()),
    "core,roads": (("core", "roads"), ()),
    "core,rails": (("core", "rails"), ()),
    "without-papers": ((), ("papers",)),
    "without-rails": ((), ("rails",)),
    "core,papers": (("core", "papers"), ()),
    "core,search": (("core", "search"), ()),
    "core,hosts": (("core", "hosts"), ()),
    "without-reload": ((), ("reload",)),
}


# What the files that helpers add are there for.
USES = {
    "docker_hub.go": (b"isDockerHub(",),
    "https_answer.go": (b"HTTPSGaveNoAnswer",),
    "https_watch.go": (b"watchHTTPS(",),
    "https_first.go": (b"HTTPSFirst", b"NoteHTTPS(", b"GuardPlainHTTP("),
    "http_fallback.go": (b"&httpFallback{",),
    "accept_insecure_registry_warning.go": (b"AcceptInsecureRegistryWarning",),
}


def part(only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Patch:
    return select(PATCH, asked(only, without))


def names(patch: Patch) -> set[str]:
    return {edit.name for edit in patch.edits}


MEMO = Memo()  # parts have their changes in common
content = cache(lambda fixture: files(FIXTURES / fixture))


def worked(patch: Patch, source: Tree) -> Port:
    return work_out(patch, source, MEMO)


@cache
def ported(name: str, fixture: str) -> Port:
    """A part of PARTS, or everything, on a fixture."""
    patch = part(*PARTS[name]) if name else PATCH
    port = worked(patch, Tree(content(fixture)))
    port.demand()
    return port


def written(port: Port, before: dict[str, bytes]) -> dict[str, bytes]:
    return {**before, **{c.path: c.after for c in port.changes if c.after is not None}}


# What is selected -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "without", "helpers"),
    [
        (("core",), (), {"hub"}),
        (("core,roads",), (), {"hub", "https-answer", "https-watch", "http-fallback", "ask"}),
        (("core", "rails"), (), {"hub", "https-answer", "https-first", "warning"}),
        (("core,warn",), (), {"hub", "warning"}),
        (("core,search",), (), {"hub", "https-answer", "https-watch"}),
        ((), ("rails,papers",), {"hub", "https-answer", "https-watch", "http-fallback", "ask"}),
        (("core,no-downgrade-ping",), (), {"hub", "https-answer"}),
        ((), ("papers",), HELPERS),
    ],
)
def test_helpers_come_with_what_needs_them(
    only: tuple[str, ...], without: tuple[str, ...], helpers: set[str]
) -> None:
    assert names(part(only, without)) & HELPERS == helpers


def test_edits_stay_in_their_order() -> None:
    order = [edit.name for edit in PATCH.edits]
    found = [edit.name for edit in part(("papers", "roads,core")).edits]
    assert found == sorted(found, key=order.index)
    assert set(found) == BY_GROUP["core"] | BY_GROUP["roads"] | BY_GROUP["papers"]


@pytest.mark.parametrize("only", [(), (",".join(GROUPS),), GROUPS])
def test_the_whole_patch_is_no_part(only: tuple[str, ...]) -> None:
    assert part(only) is PATCH


@pytest.mark.parametrize(
    ("only", "without"), [((), ("no-such-edit",)), (("core,cores",), ()), (("core",), ("CORE",))]
)
def test_a_name_that_is_none_is_refused(only: tuple[str, ...], without: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="no group or edit") as error:
        part(only, without)
    assert "the groups are core, roads, rails, papers" in str(error.value.hint)


@pytest.mark.parametrize(
    ("only", "without", "says", "hint"),
    [
        pytest.param(("papers",), (), "`test` (papers) needs `guard-v2` (core)",
                     "say `--only core,papers`", id="papers-alone"),
        pytest.param(("rails",), (), "`https-first` (rails) needs `guard-v2` (core)",
                     "say `--only core,rails`", id="rails-alone"),
        pytest.param(("roads",), (), "`search` (roads) needs `store` (core)",
                     "say `--only core,roads`", id="roads-alone"),
        pytest.param(("search",), (), "`search` (roads) needs `store` (core)",
                     "say `--only core,search`", id="one-edit-alone"),
        pytest.param(("man",), ("rails",), "`man` (papers) needs `flag` (core)",
                     "say `--only core,man --without rails`", id="both-options"),
        pytest.param((), ("core",), "`search` (roads) needs `store` (core)",
                     "keep `store`: ", id="all-but-core"),
        pytest.param((), ("guard-v1",), "`test` (papers) needs `guard-v1` (core)",
                     "keep `guard-v1`, or say `--without guard-v1,test`", id="a-guard"),
        pytest.param((), ("warning",), "`warn` (rails) needs `warning` (rails)",
                     "keep `warning`, or say `--without warning,warn,warn-reload,warn-info`",
                     id="a-helper"),
        pytest.param(("core",), ("core",), "leaves nothing of the patch", None, id="nothing"),
        pytest.param(("https-answer",), (), "leaves nothing of the patch",
                     "`https-answer` comes along with what needs it", id="a-helper-alone"),
        pytest.param(("",), (), "--only names nothing", "name groups or edits, or drop it", id="empty"),
        pytest.param(("core",), (" , ",), "--without names nothing",
                     "name groups or edits, or drop it", id="empty-list"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_stand_is_refused(
    only: tuple[str, ...], without: tuple[str, ...], says: str, hint: str | None
) -> None:
    with pytest.raises(UsageError) as error:
        part(only, without)
    assert says in error.value.message
    assert (error.value.hint or "").startswith(hint or "")
    assert bool(error.value.hint) == bool(hint)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([*GROUPS, *sorted(names(PATCH))]), max_size=4),
    st.lists(st.sampled_from([*GROUPS, *sorted(names(PATCH))]), max_size=4),
)
def test_a_part_stands_by_itself_or_is_refused(only: list[str], without: list[str]) -> None:
    try:
        found = part(tuple(only), tuple(without))
    except UsageError:
        return
    kept = names(found)
    assert all(set(edit.needs) <= kept for edit in found.edits)
    assert with_helpers(PATCH.edits, kept - HELPERS) == kept
    assert set(found.left_out) == names(PATCH) - kept
    assert not kept & {name for name in without if name not in GROUPS}
    for group in (group for group in GROUPS if group in without):
        assert not kept & BY_GROUP[group] - HELPERS


@pytest.mark.parametrize("name", ["always-http", "skip-verify"])
def test_a_patch_of_one_group_has_no_other_parts(name: str) -> None:
    patch = load(name)
    assert select(patch, asked(["core"], ["papers"])) is patch
    with pytest.raises(UsageError, match="leaves nothing"):
        select(patch, asked(["rails"]))


# What a reader is told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "without", "told"),
    [
        (("core",), (), True),
        (("core", "roads"), (), True),
        (("roads,core,papers",), (), True),
        ((), ("rails",), True),
        ((), ("no-downgrade-push",), True),
        ((), ("papers",), False),
        ((), ("roads",), False),
        ((), ("warn",), False),
    ],
)
def test_what_a_part_risks_is_said(
    only: tuple[str, ...], without: tuple[str, ...], told: bool
) -> None:
    found = part(only, without)
    assert (RISK in found.security.replace("\n", " ")) == told
    assert [RISK in warning for warning in found.warnings] == [True] * told
    assert found.security.startswith(PATCH.security)


@pytest.mark.parametrize(
    ("only", "without", "says"),
    [
        (("core",), (), "made with --only core: it lacks the groups roads, rails and papers."),
        ((), ("papers",), "made with --without papers: it lacks the group papers."),
        (
            (),
            ("completion-zsh,roads",),
            "made with --without roads,completion-zsh: it lacks the group roads and the edit "
            "completion-zsh.",
        ),
    ],
)
def test_a_part_says_that_it_is_one(
    only: tuple[str, ...], without: tuple[str, ...], says: str
) -> None:
    assert (
        part(only, without).why.replace("\n", " ").endswith(f"This is a part of the patch, {says}")
    )


@pytest.mark.parametrize("form", ["mailbox", "quilt", "gbp", "rpm", "html", "json"])
def test_every_header_names_the_part(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(FIXTURES / "v20.10.27")
    arguments = ["apply", "--docker-src", source, "--format", form]
    assert main([*arguments, "--without", "rails"]) == 0
    out, err = capsys.readouterr()
    assert f"--patch {OPTION} --without rails" in out
    assert RISK in " ".join(out.replace("\\n", " ").split())
    assert f"gopatch: warning: Without the no-downgrade edits of the group rails, {RISK}" in err
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert "--without" not in out
    assert RISK not in " ".join(out.replace("\\n", " ").split())
    assert "warning" not in err


def test_a_commit_names_the_part(repository: Path, git: Git) -> None:
    source = ["--docker-src", str(repository), "--ref", "v20.10.27"]
    assert main(["apply", *source, "--branch", "mine", "--only", "core"]) == 0
    said = git(repository, "show", "-s", "--format=%B", "mine")
    assert f"--patch {OPTION} --only core" in said
    assert RISK in " ".join(said.split())


@pytest.mark.parametrize("command", ["check", "verify"])
def test_programs_are_told_the_part(
    command: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [command, "--docker-src", str(tree), "--json"]
    arguments += ["--allow-partial"] if command == "verify" else []
    assert main([*arguments, "--only", "core,roads", "--without", "reload"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["selection"] == {"only": ["core", "roads"], "without": ["reload"]}
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["selection"] == {"only": [], "without": []}


def test_verdicts_on_another_part_are_refused(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["--docker-src", str(tree), "--only", "core"]
    assert main(["verify", *source, "--json", "--allow-partial"]) == 0
    verdicts = tmp_path / "verdicts.json"
    verdicts.write_text(capsys.readouterr().out)
    show = ["--format", "html", "--verdicts", str(verdicts)]
    assert main(["apply", *source, *show]) == 0
    assert main(["apply", "--docker-src", str(tree), *show]) == 2
    assert f"a verdict on `{OPTION} --only core` for" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["apply", "check", "verify", "port"])
def test_a_mistyped_group_is_no_command(
    command: str, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    more = ["--ref", "v*", "--output", str(out)] if command == "port" else []
    before = files(repository)
    assert main([command, "--docker-src", str(repository), *more, "--only", "core,rail"]) == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said.startswith(
        f"gopatch: no group or edit `rail` in the patch `{OPTION}`; did you mean `rails`?"
    )
    assert files(repository) == before
    assert not out.exists()


# Parts on sources -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fixture", ["v1.3.1", "v1.7.1", "v1.8.2", "v1.13.1", "v20.10.27", "docker-v29"]
)
@pytest.mark.parametrize("name", PARTS)
def test_no_file_comes_that_nothing_uses(fixture: str, name: str) -> None:
    port = ported(name, fixture)
    texts = {c.path: c.after or b"" for c in port.changes if not c.path.endswith("_test.go")}
    for file, uses in USES.items():
        others = [text for path, text in texts.items() if not path.endswith(f"/{file}")]
        used = any(name in text for text in others for name in uses)
        assert used == any(path.endswith(f"/{file}") for path in texts), file


@pytest.mark.parametrize(
    "fixture", ["v1.7.1", "v1.8.3", "v1.13.1", "v20.10.27", "v24.0.9", "docker-v29"]
)
@pytest.mark.parametrize("name", PARTS)
def test_the_rest_comes_later_and_a_part_knows_itself(fixture: str, name: str) -> None:
    before, port, everything = content(fixture), ported(name, fixture), ported("", fixture)
    for edit, status in statuses(port).items():
        assert status == statuses(everything)[edit] or (edit in HELPERS and status == "absent")
    half = Tree(written(port, before))
    rest = worked(PATCH, half)
    assert {e for e, status in statuses(rest).items() if status == "already"} == {
        e for e, status in statuses(port).items() if status == "applied"
    }
    assert written(rest, half.content) == written(everything, before)
    again = worked(port.patch, Tree(written(everything, before)))
    assert again.status == "already"
    assert again.changes == ()


TWO = """\
title = "two"
[[edit]]
name = "file"
helper = true
files = ["*.go"]
{helper}
[[edit]]
name = "user"
files = ["*.go"]
needs = ["file"]
{user}variants = ["user.patch"]
"""
ADDS = 'adds = "new.go"\nbeside = "F"'


@pytest.mark.parametrize(
    ("helper", "user", "source", "wanted"),
    [
        pytest.param(ADDS, "", "func F() { old() }", {"file": "applied", "user": "applied"}, id="used"),
        pytest.param(ADDS, 'anchor = "G"\n', "func F() { old() }",
                     {"file": "absent", "user": "absent"}, id="nobody-to-use-it"),
        pytest.param(ADDS, "", "func F() {}", {"file": "applied", "user": "failed"}, id="user-fails"),
        pytest.param(ADDS, "", "func G() { old() }", {"file": "failed", "user": "applied"}, id="helper-fails"),
        pytest.param(f'{ADDS}\nanchor = "G"', "", "func F() { old() }", None, id="helper-has-no-place"),
    ],
)  # fmt: skip
def test_a_helper_is_there_if_it_is_used(
    tmp_path: Path, helper: str, user: str, source: str, wanted: dict[str, str] | None
) -> None:
    (tmp_path / "patch.toml").write_text(TWO.format(helper=helper, user=user))
    (tmp_path / "new.go").write_text("package a\n")
    (tmp_path / "user.patch").write_text("@@\n@@\n-old()\n+fresh()\n")
    patch = load(str(tmp_path))
    content = Tree({"a.go": f"package a\n\n{source}\n".encode()})
    if wanted is None:
        with pytest.raises(ApplyError, match="the edit `user` needs `file`, which is absent"):
            work_out(patch, content, roots=Roots("", None))
        return
    port = work_out(patch, content, roots=Roots("", None))
    assert statuses(port) == wanted
    assert {c.path for c in port.changes} == (
        {"a.go", "new.go"} if "failed" not in wanted.values() and port.changes else set()
    )


# Many refs ------------------------------------------------------------------------------------


def test_a_report_names_the_part_and_never_mixes_two(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    source = ["port", "--docker-src", str(repository), "--ref", "v*"]
    assert main([*source, "--output", str(out), "--only", "core"]) == 0
    report = json.loads((out / "report.json").read_bytes())
    assert report["selection"] == {"only": ["core"], "without": []}
    assert f"{OPTION}, only core: 1 refs" in (out / "report.html").read_text()
    core = (out / "v20.10.27.patch").read_bytes()
    assert RISK in capsys.readouterr().err
    against = ["--against", str(out / "report.json")]
    assert main([*source, "--output", str(other), *against]) == 2
    said = capsys.readouterr().err
    assert "was made with --only core, and this would be the whole patch" in said
    assert not other.exists()
    assert main([*source, "--output", str(other), *against, "--only", "core"]) == 0
    assert "same: 1" in capsys.readouterr().err
    # The same folder again, with all of the patch: nothing of the part is taken over.
    assert main([*source, "--output", str(out)]) == 0
    report = json.loads((out / "report.json").read_bytes())
    assert report["selection"] == {"only": [], "without": []}
    assert len((out / "v20.10.27.patch").read_bytes()) > len(core)


def test_processes_make_the_same_part(repository: Path, tmp_path: Path, git: Git) -> None:
    for number in range(4):
        git(repository, "tag", f"v20.10.{28 + number}")
    source = ["port", "--docker-src", str(repository), "--ref", "v*", "--without", "papers"]
    for jobs in ("1", "2"):
        assert main([*source, "--output", str(tmp_path / jobs), "--jobs", jobs]) == 0
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_report_of_before_there_were_parts_is_one_of_the_whole(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["port", "--docker-src", str(repository), "--ref", "v*"]
    assert main([*source, "--output", str(tmp_path / "out")]) == 0
    report = json.loads((tmp_path / "out/report.json").read_bytes())
    del report["selection"]
    old = tmp_path / "old.json"
    old.write_text(json.dumps(report))
    again = [*source, "--output", str(tmp_path / "again"), "--against", str(old)]
    assert main(again) == 0
    assert main([*again, "--only", "core"]) == 2
    assert "was made with the whole patch, and this would be --only core" in capsys.readouterr().err


def test_the_list_tells_helpers_and_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert {e.name for e in PATCH.edits if f"  {e.name} ({e.group}, helper): " in said} == HELPERS
    assert main(["list", "--json"]) == 0
    (listed,) = (p for p in json.loads(capsys.readouterr().out) if p["name"] == OPTION)
    assert {e["edit"] for e in listed["edits"] if e["helper"]} == HELPERS
    assert {e["edit"]: tuple(e["needs"]) for e in listed["edits"]} == {
        e.name: e.needs for e in PATCH.edits
    }


def test_the_words_of_a_selection() -> None:
    assert Selection().words == ""
    assert asked(["core", "roads,core"], [" papers "]).words == "--only core,roads --without papers"


# Compiled -------------------------------------------------------------------------------------

OURS = "AcceptInsecure|HTTPS|PlainHTTP|HTTPFallback"


@pytest.mark.real
@pytest.mark.parametrize(
    "fixture",
    [
        *("v1.4.1", "v1.7.1", "v1.8.3", "v1.10.3", "v1.13.1", "v17.12.1-ce", "v20.10.27"),
        *("v24.0.9", "v28.5.2", "docker-v29"),
    ],
)
@pytest.mark.parametrize("name", [name for name in PARTS if name != "without-papers"])
def test_a_part_compiles_and_passes_its_own_tests(
    fixture: str, name: str, tmp_path: Path, go: dict[str, str]
) -> None:
    engine = Path(shutil.copytree(FIXTURES / fixture, tmp_path / "engine"))
    port = ported(name, fixture)
    write(engine, port.changes)
    assert run_in(go, engine, "go", "build", "./...") == ""
    assert run_in(go, engine, "gofmt", "-l", LAYOUTS[fixture].registry) == ""
    tested = {Path(c.path).parent for c in port.changes if c.path.endswith("_test.go")}
    for package in sorted(tested):
        said = run_in(go, engine, "go", "test", "-count=1", "-run", OURS, f"./{package}/")
        assert said.startswith("ok"), said
