"""What nobody asks for any more goes, and nothing else."""

from __future__ import annotations

import pytest

from gopatch.port._recent import Recent


def filled(*keys: str) -> Recent[str, int]:
    table: Recent[str, int] = Recent()
    for number, key in enumerate(keys):
        table[key] = number
    return table


def test_what_is_asked_for_stays() -> None:
    table = filled("a", "b")
    for _ in range(3):
        table.age()
        assert table["a"] == 0
    assert dict(table) == {"a": 0}


@pytest.mark.parametrize("times", [0, 1])
def test_nothing_goes_before_it_was_left_out_for_a_whole_age(times: int) -> None:
    table = filled("a", "b")
    for _ in range(times):
        table.age()
    assert ("a" in table, table.get("b"), len(table), dict(table)) == (True, 1, 2, {"a": 0, "b": 1})


def test_to_look_whether_it_is_there_is_not_to_ask_for_it() -> None:
    table = filled("a")
    table.age()
    assert "a" in table
    table.age()
    assert "a" not in table
    assert table.get("a") is None
    with pytest.raises(KeyError, match="a"):
        table["a"]
    with pytest.raises(KeyError, match="a"):
        del table["a"]


@pytest.mark.parametrize("times", [0, 1])
def test_what_is_put_anew_counts(times: int) -> None:
    table = filled("a")
    for _ in range(times):
        table.age()
    table["a"] = 5
    assert (table["a"], dict(table), len(table)) == (5, {"a": 5}, 1)
    del table["a"]
    assert ("a" in table, len(table)) == (False, 0)
