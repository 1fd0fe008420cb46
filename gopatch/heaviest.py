"""How much each element of a list weighs beside each of another in; which of them go together, in order, out."""

from __future__ import annotations

from collections.abc import Sequence


def heaviest(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs of indices, both growing, that weigh most together; what weighs nothing is no pair.

    `weights[i][k]` is that of the one list's element `i` and the other's `k`. Of several ways that
    weigh the same, the one list's first elements are left out. This is the longest common
    subsequence, with weights.
    """
    if not weights:
        return []
    rows, columns = len(weights), len(weights[0])
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for k in reversed(range(columns)):
            pair = weights[i][k] + best[i + 1][k + 1] if weights[i][k] else 0.0
            best[i][k] = max(pair, best[i + 1][k], best[i][k + 1])
    found, i, k = [], 0, 0
    while i < rows and k < columns:
        if weights[i][k] and best[i][k] == weights[i][k] + best[i + 1][k + 1]:
            found.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    return found
