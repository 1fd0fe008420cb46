"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gopatch.go.gofmt import realign
from gopatch.go.tree import parse
from gopatch.port.work import work_out
from gopatch.recipe.read import names
from gopatch.recipe.values import GoEdit
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES
from tests.drawing import few
from tests.patches.world import (
    ABSENT,
    CRUDE,
    ONE_LOGIN,
    OPTION,
    PAIRS,
    PATCHES,
    PINGS,
    _fixture,
    _removed,
    changes,
    needed,
    patched,
    statuses,
    tree,
    whole,
)


# The folders ----------------------------------------------------------------------------------
def test_these_patches_come_with_it() -> None:
    assert names() == sorted(PATCHES)
    assert set(ABSENT) | {"cli"} == {p.name for p in FIXTURES.iterdir() if p.is_dir()}


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_says_what_it_is_for_and_what_it_risks(name: str) -> None:
    patch = PATCHES[name]
    assert patch.title.startswith("daemon: ")
    assert patch.security.startswith("Security: ")
    assert ("not to be used" in patch.why) == ("do not ship" in patch.security) == (name in CRUDE)
    assert all(edit.title != edit.name for edit in patch.edits)


@pytest.mark.parametrize("name", PATCHES)
def test_no_file_of_a_folder_is_left_over(name: str) -> None:
    folder = Path(__file__).parent.parent.parent / "patches" / name
    told = (folder / "patch.toml").read_text()
    variants = [v for e in PATCHES[name].edits if isinstance(e, GoEdit) for v in e.variants]
    used = {f"{fragment}.patch" for v in variants for fragment, _, _ in v.fragments or ()}
    left = {p.name for p in folder.iterdir() if p.name not in told} - used
    assert left - {"equivalents.toml"} == {"patch.toml", "cases"}


# What applies ---------------------------------------------------------------------------------
@pytest.mark.parametrize("fixture", few(ABSENT))
def test_the_option_applies(fixture: str) -> None:
    port = whole(fixture, OPTION)
    expected = {
        edit.name: "absent" if edit.name in ABSENT[fixture] else "applied"
        for edit in PATCHES[OPTION].edits
    }
    assert statuses(port) == expected
    assert all(o.sites and o.variant for o in port.outcomes if o.status == "applied")
    assert all(o.reason for o in port.outcomes if o.status == "absent")


@pytest.mark.parametrize("name", CRUDE)
@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_the_crude_ones_apply(fixture: str, name: str) -> None:
    v1 = "absent" if "guard-v1" in ABSENT[fixture] else "applied"
    assert statuses(whole(fixture, name)) == {"guard-v2": "applied", "guard-v1": v1}


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_a_second_run_changes_nothing(fixture: str, name: str) -> None:
    first = whole(fixture, name)
    again = work_out(PATCHES[name], patched(_fixture(fixture), first))
    assert again.status == "already"
    assert again.changes == ()
    assert statuses(again) == {
        edit: "already" if status == "applied" else status
        for edit, status in statuses(first).items()
    }


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_layout_is_kept(fixture: str, name: str) -> None:
    for change in whole(fixture, name).changes:
        assert change.after is not None
        assert change.after.endswith(b"\n")
        if not change.path.endswith(".go"):
            continue
        if change.before is None or not realign(parse(change.before)):
            assert realign(parse(change.after)) == [], change.path
        assert not parse(change.after).errors()


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_copies_and_tests_stay(fixture: str, name: str) -> None:
    for change in whole(fixture, name).changes:
        assert change.before is None or not change.path.endswith("_test.go")
        assert not {"vendor", "third_party", "debian"} & set(change.path.split("/"))


@pytest.mark.parametrize("fixture", few(ABSENT))
def test_only_guards_and_the_service_are_rewritten(fixture: str) -> None:
    guard = r"\t+if (tlsConfig\.InsecureSkipVerify|!isSecure|secure|endpoint\.\w+) \{"
    marked = r"\t+if errors\.Is\(err, context\.Canceled\) \|\| errors\.Is\(err, context\.DeadlineExceeded\).* \{"
    made = r"\t+return &\w+\{config: config\}(, \w+)?|\t+[cC]onfig: .*,|\treturn resolver\.NewRegistryConfig\(.*"
    ping = r"func [nN]ew(V1)?Endpoint\(.*|\tendpoint, err := .*"
    removed = [
        line
        for change in whole(fixture, OPTION).changes
        if change.before is not None and change.after is not None
        for line in _removed(change.before, change.after)
    ]
    guards = [line for line in removed if re.fullmatch(guard, line)]
    assert len(guards) == len({"guard-v1", "guard-v2", "search"} - ABSENT[fixture])
    pings = [line for line in removed if re.fullmatch(ping, line)]
    assert len(pings) == (0 if "search" in ABSENT[fixture] else 3 if fixture in ONE_LOGIN else 2)
    other = [line for line in removed if line not in guards and line not in pings]
    assert [line for line in other if not re.fullmatch(f"{made}|{marked}", line)] == []


@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_skip_verify_removes_nothing(fixture: str) -> None:
    for change in whole(fixture, "skip-verify").changes:
        assert change.before is not None
        assert change.after is not None
        assert _removed(change.before, change.after) == []


@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_always_http_leaves_no_guard(fixture: str) -> None:
    for change in whole(fixture, "always-http").changes:
        assert change.after is not None
        assert not re.search(rb"if (tlsConfig\.InsecureSkipVerify|!isSecure) ", change.after)
        assert change.after.count(b"http") == (change.before or b"").count(b"http")


@pytest.mark.parametrize(
    "fixture", few(["v1.7.1", "v1.13.1", "v20.10.27", "docker-ce"], ["v1.13.1"])
)
def test_windows_lines_stay(fixture: str) -> None:
    crlf = {path: data.replace(b"\n", b"\r\n") for path, data in _fixture(fixture).items()}
    port = work_out(PATCHES[OPTION], FilesInMemory(crlf))
    assert statuses(port) == statuses(whole(fixture, OPTION))
    for path, after in changes(port).items():
        expected = changes(whole(fixture, OPTION))[path]
        assert after is not None
        assert expected is not None
        # What gofmt would align is left as it is: to gofmt no file with these line ends is clean.
        assert after.replace(b"\r\n", b"\n").split() == expected.split()
        assert path not in crlf or after.count(b"\r\n") == after.count(b"\n")


# Half of it is there --------------------------------------------------------------------------
@pytest.mark.parametrize("fixture", few(["v1.4.1", "v1.7.1", "v1.8.2", "v1.13.1", "docker-ce"]))
@pytest.mark.parametrize("edit", [e.name for e in PATCHES[OPTION].edits if not e.helper])
def test_one_edit_alone_is_finished(fixture: str, edit: str) -> None:
    patch = PATCHES[OPTION]
    edits = needed(patch, edit)
    alone = patch._replace(edits=tuple(e for e in patch.edits if e.name in edits))
    first = work_out(alone, tree(fixture))
    half = patched(_fixture(fixture), first)
    port = work_out(patch, half)
    done = {name for name, status in statuses(first).items() if status == "applied"}
    assert statuses(port) == {
        **statuses(whole(fixture, OPTION)),
        **dict.fromkeys(done, "already"),
    }
    # A helper waits for the edit that needs it.
    waiting = edits - ABSENT[fixture] - done
    assert waiting <= {e.name for e in patch.edits if e.helper}
    assert edit not in waiting
    finished = patched(half.files, port).files
    assert finished == patched(_fixture(fixture), whole(fixture, OPTION)).files
