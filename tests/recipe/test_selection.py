"""Parts of a patch: what comes along, what is refused, and what a reader is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gopatch.errors import UsageError
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select, with_helpers
from gopatch.recipe.values import GROUPS
from tests.recipe.selection_world import (
    BY_GROUP,
    HELPERS,
    PATCH,
    names,
    part,
)


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
