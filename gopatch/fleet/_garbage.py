"""What a process that ports many refs lets go of between two of them."""

from __future__ import annotations

import gc

from gopatch.go.tree import forget_trees
from gopatch.port.callers import forget_uses

SWEPT = 64  # refs, after which all that is kept is looked through


def settle(*, thoroughly: bool) -> None:
    """Between two refs: the syntax trees go.

    Nodes know their parents, so that only a search for circles frees them; what is known of earlier refs is kept
    out of that, unless it is to be thorough: some of it has gone meanwhile.
    """
    forget_trees()
    forget_uses()
    if thoroughly:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
