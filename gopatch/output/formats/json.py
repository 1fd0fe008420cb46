"""A port for programs: every edit with its outcome and its own diff, and the diff of all.

docs/schema/port.schema.json is the schema; `"schema": 1` names its version.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from gopatch.output import EditView, Existing, File, Format, Layout, PortView
from gopatch.output.diff import unified
from gopatch.port.outcome import Road
from gopatch.spelling import json_text
from gopatch.splice import FileChange

SCHEMA = 1


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """One file, `<patch>.json`."""
    return (File(f"{port.patch}.json", json_text(table(port, layout)).encode()),)


def table(port: PortView, layout: Layout) -> dict[str, Any]:
    """The value that is written. Bytes that are no UTF-8 make it `base64` instead of `text`."""
    whole = _diff(port.changes, layout)
    return {
        "schema": SCHEMA,
        "command": port.command,
        "patch": port.patch,
        "selection": {
            "only": list(port.only),
            "without": list(port.without),
            **({"leave": list(port.leave)} if port.leave else {}),
        },
        "title": port.title,
        "why": port.why,
        "security": port.security,
        "source": port.source,
        "roots": {"engine": port.engine, "cli": port.cli},
        "edits": [_edit(edit, layout) for edit in port.edits],
        "roads": [road_table(road) for road in port.roads],
        "verdict": port.verdict.status if port.verdict else None,
        "verdicts": [found.table() for found in port.verdict.opinions] if port.verdict else [],
        "files": [_file(change, layout) for change in port.changes],
        "sha256": hashlib.sha256(whole).hexdigest(),
        "diff": _content(whole),
    }


def road_table(road: Road) -> dict[str, Any]:
    """A road as a value for JSON."""
    return {
        "road": road.name,
        "title": road.title,
        "outcome": road.outcome,
        "edits": list(road.edits),
        "sites": [site._asdict() for site in road.sites],
        "reason": road.reason,
    }


def _diff(changes: tuple[FileChange, ...], layout: Layout) -> bytes:
    return unified(changes, context=layout.context, prefix=layout.prefix, reverse=layout.reverse)


def _edit(edit: EditView, layout: Layout) -> dict[str, Any]:
    outcome = edit.outcome
    return {
        "edit": edit.name,
        "title": edit.title,
        "why": edit.why,
        "group": edit.group,
        "outcome": outcome.status,
        "variant": outcome.variant,
        "form": edit.form,
        "sites": [site._asdict() for site in outcome.sites],
        "reason": outcome.reason,
        "roads": list(edit.roads),
        "diff": _content(_diff(edit.changes, layout)),
    }


def _file(change: FileChange, layout: Layout) -> dict[str, Any]:
    before, after = change.before, change.after
    if layout.reverse:
        before, after = after, before
    return {
        "path": layout.prefix + change.path,
        "mode": f"{change.mode:o}",
        "before": None if before is None else hashlib.sha256(before).hexdigest(),
        "after": None if after is None else hashlib.sha256(after).hexdigest(),
        "content": None if after is None else _content(after),
    }


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


FORMAT = Format(
    "for programs: the edits, the files with their bytes, and the diff", render, roads=True
)
