"""A backport by the real toolchain, where somebody asks for it: new findings refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gopatch.backport.below import place_of
from gopatch.backport.foreign import Backport, Refusal
from gopatch.source import Source
from gopatch.verify import go


def by_go(done: Backport, target: Source, options: Mapping[str, Any]) -> Backport:
    """The backport with what the compiler and vet say of its packages; see verify.go.vetted."""
    if done.refusals or not done.changes:
        return done
    root = place_of(target, (c.path for c in done.change.files if c.before is not None))
    found = go.vetted(target, root, done.changes, options)
    paths = {change.path.rpartition("/")[2]: change.path for change in done.changes}
    refused = tuple(
        Refusal(paths.get(file, file), line, f"{text}, says Go, and does not without the change")
        for file, line, text in found.fresh
    )
    return done._replace(vet=found.summary, refusals=refused)
