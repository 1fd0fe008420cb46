"""Cases for the harness: made by a seed, read from text, made smaller."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.errors import UsageError
from gopatch.model import PRESETS, Options
from gopatch.verify._go import (
    lookup_answers,
    lookup_cases,
    smaller,
)
from gopatch.verify._go.lookup_cases import LookupCase
from tests.drawing import few

NETIP = PRESETS["netip"]


def test_cases_are_the_same_for_the_same_seed() -> None:
    one, other = lookup_cases.make(3000, 7, NETIP), lookup_cases.make(3000, 7, NETIP)
    assert one == other
    assert len(one) == 3000
    assert lookup_cases.make(3000, 8, NETIP) != one


def test_the_grid_is_always_there_with_the_option_off_and_on() -> None:
    made = lookup_cases.make(1, 1, PRESETS["v1-hub"])
    assert len(made) > 1000
    for name in ("accept_insecure_registry", "disable_legacy_registry"):
        assert {getattr(case.options, name) for case in made} == {False, True}


def test_the_first_protocol_is_switched_off_only_where_it_can_be() -> None:
    made = lookup_cases.make(3000, 1, replace(PRESETS["v1-hub"], both_at_once=True))
    assert not any(case.options.disable_legacy_registry for case in made)


@pytest.mark.parametrize("kind", few(PRESETS, ("netip", "v1-hub")))
def test_most_cases_are_accepted_and_tell_the_option(kind: str) -> None:
    made = lookup_cases.make(2000, 1, PRESETS[kind])
    wanted = [lookup_answers.expected(case, PRESETS[kind]) for case in made]
    assert sum(not answer.service for answer in wanted) > 0.7 * len(made)
    off = [replace(c, options=replace(c.options, accept_insecure_registry=False)) for c in made]
    different = [
        case
        for case, twin, answer in zip(made, off, wanted, strict=True)
        if lookup_answers.expected(twin, PRESETS[kind]) != answer
    ]
    assert len(different) > 0.1 * len(made)


@given(st.integers(0, 10_000))
def test_a_case_survives_its_text(number: int) -> None:
    made = _SOME[number % len(_SOME)]
    again = lookup_cases.read(str(made))
    assert again.question(NETIP) == made.question(NETIP)


@given(st.integers(0, 10_000))
def test_smaller_cases_are_smaller(number: int) -> None:
    case = _SOME[number % len(_SOME)]
    for less in smaller.smaller(case):
        assert len(str(less)) < len(str(case))


_SOME = lookup_cases.make(3000, 3, PRESETS["v1-hub"])[-1500:]


def test_a_case_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"host": "a", "insecure-registries": ["b"]}')
    read = lookup_cases.read(str(tmp_path / "case.json"))
    options = Options(insecure_registries=("b",), disable_legacy_registry=False)
    assert read == LookupCase("a", options, ())


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        "nowhere.json",
        '{"host": 1}',
        '{"host": "a", "hosts": []}',
        '{"host": "a", "insecure-registries": "b"}',
        '{"host": "a", "accept-insecure-registry": "yes"}',
        '{"host": "a", "resolve": ["b"]}',
        '{"host": "a", "resolve": {"b": "c"}}',
    ],
)
def test_what_is_no_case_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--case"):
        lookup_cases.read(text)


def test_a_repository_is_looked_up_by_its_name() -> None:
    assert LookupCase("a").question(PRESETS["first-lookups"])["lookup"] == "a/app"
    assert LookupCase("a").question(NETIP)["lookup"] == "a"
