"""What the edits of a learned folder need of each other, written into its patch.toml."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from graphlib import CycleError, TopologicalSorter

_EDIT = "\n[[edit]]\n"


def with_needs(toml: bytes, needs: Mapping[str, Set[str]]) -> bytes:
    """The patch.toml with `needs` of each edit, those that are needed first, as the notation wants it.

    As it was where two edits need each other: no order is right then.
    """
    head, *tables = toml.decode().split(_EDIT)
    named = {_name(table): table for table in tables}
    graph = {name: sorted(needs.get(name, frozenset())) for name in named}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        return toml
    said = (_said(named[name], graph[name]) for name in order if name in named)
    return _EDIT.join([head, *said]).encode()


def _name(table: str) -> str:
    found = re.match(r"name = (\".*\")\n", table)
    return str(json.loads(found[1])) if found else ""


def _said(table: str, needs: list[str]) -> str:
    line = f"needs = {json.dumps(needs)}\n" if needs else ""
    return re.sub(r"(?m)^files = ", lambda found: line + found[0], table, count=1)
