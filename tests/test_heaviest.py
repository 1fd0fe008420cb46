"""Which elements go together: the most weight, in order."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.heaviest import heaviest

Weights = list[list[float]]


@pytest.mark.parametrize(
    ("weights", "pairs"),
    [
        ([], []),
        ([[]], []),
        ([[0, 0], [0, 0]], []),
        ([[1]], [(0, 0)]),
        ([[0, 1], [1, 0]], [(1, 0)]),
        ([[1, 1, 1]], [(0, 0)]),
        ([[0, 2], [1.5, 0], [0, 1]], [(1, 0), (2, 1)]),
        ([[1, 3], [0, 1]], [(0, 1)]),
    ],
)
def test_pairs(weights: Weights, pairs: list[tuple[int, int]]) -> None:
    assert heaviest(weights) == pairs


_sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
_grids = _sizes.flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 3).map(float), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@given(_grids)
def test_no_other_pairs_in_order_weigh_more(weights: Weights) -> None:
    pairs = heaviest(weights)
    assert all(weights[i][k] for i, k in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in combinations(pairs, 2))
    rows, columns = range(len(weights)), range(len(weights[0]))
    most = max(
        sum(weights[i][k] for i, k in zip(left, right, strict=True))
        for size in range(min(len(rows), len(columns)) + 1)
        for left in combinations(rows, size)
        for right in combinations(columns, size)
    )
    assert sum(weights[i][k] for i, k in pairs) == most
