"""A port for programs: every edit with its outcome and its own diff, and the diff of all.

docs/schema/port.schema.json is the schema; `"schema": 1` names its version.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from gopatch.output import Existing, File, Format, Judgement, Layout, PortView, Section
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
        "selection": {"only": list(port.only), "without": list(port.without)},
        "title": port.title,
        "why": port.why,
        "security": port.security,
        "source": port.source,
        "roots": {"engine": port.engine, "cli": port.cli},
        "edits": [_edit(section, layout) for section in port.sections],
        "roads": [road_table(road) for road in port.roads],
        "verdicts": [_verdict(found) for found in port.verdicts],
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


def _edit(section: Section, layout: Layout) -> dict[str, Any]:
    return {
        "edit": section.edit,
        "title": section.title,
        "why": section.why,
        "group": section.group,
        "outcome": section.outcome,
        "variant": section.variant,
        "form": section.form,
        "sites": [_site(site) for site in section.sites],
        "reason": section.reason,
        "roads": list(section.roads),
        "diff": _content(_diff(section.changes, layout)),
    }


def _verdict(found: Judgement) -> dict[str, Any]:
    cases = [{"name": name, "status": status, "total": n} for name, status, n in found.cases]
    return {**found._asdict(), "summary": list(found.summary), "cases": cases}


def _site(site: str) -> dict[str, Any]:
    path, line, column = site.rsplit(":", 2)
    return {"path": path, "line": int(line), "column": int(column)}


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
