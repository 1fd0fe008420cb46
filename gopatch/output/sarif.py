"""`gopatch check` as SARIF 2.1.0 (OASIS), for the places where reviewers see such logs.

An edit is a rule. `applied` and `already` pass, `absent` does not apply here, `failed` is an error
at the place that came nearest. So is a road: `reached` passes, `missed` is a note where the road
is. Paths are relative to `%SRCROOT%`, so no machine is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from gopatch.output import EditView, PortView
from gopatch.port.outcome import Road

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_KINDS = {
    "applied": "pass", "already": "pass", "absent": "notApplicable", "failed": "fail",
    "reached": "pass", "missed": "fail",
    "left out": "notApplicable",
}  # fmt: skip
_PLACE = re.compile(r"([^\s`(]+):(\d+):(\d+)")

Read = Callable[[str], bytes | None]
"""The bytes of a file of the source, None where there is no such file."""


def log(port: PortView, version: str, read: Read) -> dict[str, Any]:
    """The log of one run as a value for JSON."""
    driver = {
        "name": "gopatch",
        "version": version,
        "rules": [
            *(_rule(port, edit) for edit in port.edits),
            *(_road_rule(port, road) for road in port.roads),
        ],
    }
    results = [_result(port, number, read) for number in range(len(port.edits))]
    results += [
        _road_result(port, road, number, read)
        for number, road in enumerate(port.roads, len(port.edits))
    ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": results,
                "properties": {
                    "patch": port.patch,
                    "selection": {
                        "only": list(port.only),
                        "without": list(port.without),
                        **({"leave": list(port.leave)} if port.leave else {}),
                    },
                    "source": port.source,
                },
            }
        ],
    }


def _rule(port: PortView, edit: EditView) -> dict[str, Any]:
    return {
        "id": _id(port, edit),
        "shortDescription": {"text": edit.title},
        "fullDescription": {"text": edit.why or edit.title},
        "defaultConfiguration": {"level": "error"},
        "properties": {"group": edit.group},
    }


def _id(port: PortView, edit: EditView) -> str:
    return f"{port.patch}/{edit.name}"


def _result(port: PortView, number: int, read: Read) -> dict[str, Any]:
    edit = port.edits[number]
    kind = _KINDS[edit.outcome.status]
    found: dict[str, Any] = {
        "ruleId": _id(port, edit),
        "ruleIndex": number,
        "kind": kind,
        # SARIF 3.27.10: a level other than "none" is for what fails.
        "level": "error" if kind == "fail" else "none",
        "message": {"text": _message(edit)},
        "locations": _locations(edit, read),
        "partialFingerprints": {"edit/v1": _id(port, edit)},
        "properties": {"outcome": edit.outcome.status},
    }
    if edit.outcome.variant:
        found["properties"]["variant"] = edit.outcome.variant
    return found


def _road_rule(port: PortView, road: Road) -> dict[str, Any]:
    return {
        "id": _road_id(port, road),
        "shortDescription": {"text": f"the road of {road.title}"},
        "fullDescription": {"text": f"Whether the patch reaches {road.title}"},
        "defaultConfiguration": {"level": "note"},
        "properties": {"group": "roads"},
    }


def _road_id(port: PortView, road: Road) -> str:
    return f"{port.patch}/road/{road.name}"


def _road_result(port: PortView, road: Road, number: int, read: Read) -> dict[str, Any]:
    kind = _KINDS[road.outcome]
    by = f"opened by {', '.join(road.edits)}" if road.edits else road.reason
    return {
        "ruleId": _road_id(port, road),
        "ruleIndex": number,
        "kind": kind,
        "level": "note" if kind == "fail" else "none",
        "message": {"text": f"{road.title}: {road.outcome}: {by}"},
        "locations": [_location(s.path, s.line, s.column, read) for s in road.sites],
        "partialFingerprints": {"road/v1": _road_id(port, road)},
        "properties": {"outcome": road.outcome},
    }


def _message(edit: EditView) -> str:
    if edit.outcome.status in ("applied", "already"):
        said = "fits" if edit.outcome.status == "applied" else "is there already"
        return (
            f"{edit.title}: {said}, as {edit.outcome.variant}"
            if edit.outcome.variant
            else edit.title
        )
    hint = f" ({edit.outcome.hint})" if edit.outcome.hint else ""
    return f"{edit.title}: {edit.outcome.reason}{hint}"


def _locations(edit: EditView, read: Read) -> list[dict[str, Any]]:
    places = [str(site).rsplit(":", 2) for site in edit.outcome.sites]
    if edit.outcome.status == "failed":
        # The reason names the place; it may name a place of the patch, too.
        named = (list(match.groups()) for match in _PLACE.finditer(edit.outcome.reason))
        places = [place for place in named if read(place[0]) is not None][:1]
    return [_location(path, int(line), int(column), read) for path, line, column in places]


def _location(path: str, line: int, column: int, read: Read) -> dict[str, Any]:
    region = {"startLine": line}
    data = read(path)
    if data is not None:
        region["startColumn"] = _characters(data, line, column)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }


def _characters(data: bytes, line: int, column: int) -> int:
    """A column in bytes as one in characters; both count from 1."""
    lines = data.split(b"\n")
    text = lines[line - 1][: column - 1] if line <= len(lines) else b""
    return len(text.decode(errors="replace")) + 1
