from __future__ import annotations

import random
from itertools import combinations

from gopatch.backport.pairing import Pair, aligned, in_order


def test_equal_elements_keep_their_order() -> None:
    assert aligned("abcd", "xbdy") == [(1, 1), (3, 2)]


def test_of_unique_elements_the_longest_run_is_kept() -> None:
    dice = random.Random(1)
    for _ in range(200):
        right = dice.sample(range(9), 6)
        found = aligned(range(9), right)
        assert all(i == right[k] for i, k in found)
        assert [k for _, k in found] == sorted(k for _, k in found)
        longest = max(
            len(some)
            for size in range(1, 7)
            for some in combinations(right, size)
            if list(some) == sorted(some)
        )
        assert len(found) <= longest


def test_many_unique_elements_in_another_order_end_soon() -> None:
    left = list(range(20_000))
    assert len(aligned(left, [*left[10_000:], *left[:10_000]])) == 10_000


def test_nothing_in_common_pairs_nothing() -> None:
    assert aligned("abc", "xyz") == []
    assert aligned("", "xyz") == []


def test_what_would_turn_the_order_around_is_left_out() -> None:
    stop = Pair(3, 3, True)
    found = {0: Pair(0, 1, True), 1: Pair(1, 0, True), 2: Pair(2, 2, False)}
    assert in_order(found, stop) == [Pair(-1, -1, True), found[0], found[2], stop]
