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

from gopatch.output import PortView, Section
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
            *(_rule(port, section) for section in port.sections),
            *(_road_rule(port, road) for road in port.roads),
        ],
    }
    results = [_result(port, number, read) for number in range(len(port.sections))]
    results += [
        _road_result(port, road, number, read)
        for number, road in enumerate(port.roads, len(port.sections))
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
                    "selection": {"only": list(port.only), "without": list(port.without)},
                    "source": port.source,
                },
            }
        ],
    }


def _rule(port: PortView, section: Section) -> dict[str, Any]:
    return {
        "id": _id(port, section),
        "shortDescription": {"text": section.title},
        "fullDescription": {"text": section.why or section.title},
        "defaultConfiguration": {"level": "error"},
        "properties": {"group": section.group},
    }


def _id(port: PortView, section: Section) -> str:
    return f"{port.patch}/{section.edit}"


def _result(port: PortView, number: int, read: Read) -> dict[str, Any]:
    section = port.sections[number]
    kind = _KINDS[section.outcome]
    found: dict[str, Any] = {
        "ruleId": _id(port, section),
        "ruleIndex": number,
        "kind": kind,
        # SARIF 3.27.10: a level other than "none" is for what fails.
        "level": "error" if kind == "fail" else "none",
        "message": {"text": _message(section)},
        "locations": _locations(section, read),
        "partialFingerprints": {"edit/v1": _id(port, section)},
        "properties": {"outcome": section.outcome},
    }
    if section.variant:
        found["properties"]["variant"] = section.variant
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


def _message(section: Section) -> str:
    if section.outcome in ("applied", "already"):
        said = "fits" if section.outcome == "applied" else "is there already"
        return (
            f"{section.title}: {said}, as {section.variant}" if section.variant else section.title
        )
    hint = f" ({section.hint})" if section.hint else ""
    return f"{section.title}: {section.reason}{hint}"


def _locations(section: Section, read: Read) -> list[dict[str, Any]]:
    places = [site.rsplit(":", 2) for site in section.sites]
    if section.outcome == "failed":
        # The reason names the place; it may name a place of the patch, too.
        named = (list(match.groups()) for match in _PLACE.finditer(section.reason))
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
