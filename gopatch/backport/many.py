"""A change onto several targets: a row for each, and the two reports.

`report.json` (`"schema": 1`, docs/schema/backport.schema.json) has `gopatch`, `change` (name, commit, subject, author), `made_for`, and
`targets`: a list of `{target, outcome, file, sha256, rungs, adaptations, refusals, left_out, vet}`; `outcome`
is "applied", "already" or "failed", `file` and `sha256` are null unless it is "applied", `vet` is what Go said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from gopatch.backport.foreign import Backport, ForeignChange
from gopatch.backport.view import told


def row(name: str, done: Backport, file: str, diff: bytes) -> dict[str, Any]:
    """What became of the change on one target."""
    applied = done.status == "applied"
    return {
        "target": name,
        "outcome": done.status,
        "file": file if applied else None,
        "sha256": hashlib.sha256(diff).hexdigest() if applied else None,
        "rungs": {p.change.path: p.rung for p in done.files if p.change.before != p.change.after},
        "adaptations": [a._asdict() for p in done.files for a in p.adaptations],
        "refusals": [r._asdict() for r in done.refusals],
        "left_out": [{"path": path, "why": why} for path, why in done.left_out],
        "vet": list(done.vet),
    }


def report(change: ForeignChange, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """report.json as a value."""
    from gopatch import __version__

    return {
        "schema": 1,
        "gopatch": __version__,
        "change": {
            "name": change.name,
            "commit": change.commit or None,
            "subject": change.subject,
            "author": change.author,
        },
        "made_for": change.basis,
        "targets": list(rows),
    }


def report_page(change: ForeignChange, found: Sequence[tuple[str, Backport, bytes]]) -> bytes:
    """report.html: what became of the change on each target, and each port with its words."""
    from gopatch.output._page import page

    return page(
        "backport.html",
        title=change.subject or change.name,
        basis=change.basis,
        targets=[_target(*each) for each in found],
    )


def _target(name: str, done: Backport, diff: bytes) -> dict[str, Any]:
    from gopatch.output._page import coloured

    ways = ", ".join(sorted({ported.rung for ported in done.files}))
    applied = done.status == "applied" and bool(diff)
    return {
        "name": name,
        "status": done.status,
        "why": str(done.refusals[0]) if done.refusals else ways,
        "told": "\n".join(told(done)),
        "diff": list(coloured(diff.decode(errors="replace"))) if applied else [],
    }
