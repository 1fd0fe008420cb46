"""`gopatch check`: what would happen, edit by edit, and why not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gopatch.cli.arguments import (
    chosen,
    demand_left,
    opened,
    refuse_cli_alone,
    source_arguments,
    strict_argument,
    work_out,
)
from gopatch.cli.console import say, write, write_json, write_table

if TYPE_CHECKING:
    from gopatch.port.outcome import Port, Road
    from gopatch.source import Source

HELP = "what would happen, edit by edit and road by road, and why not"
EXAMPLES = (
    ("edit by edit", "gopatch check --docker-src docker"),
    ("for a program", "gopatch check --docker-src moby --ref v20.10.27 --json"),
    ("for a code review", "gopatch check --docker-src docker --sarif > check.sarif"),
)
_SIGNS = {
    "applied": "+", "already": "=", "absent": "-", "failed": "!", "reached": "+", "missed": "!",
    "left out": "-",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source_arguments(parser)
    strict_argument(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--sarif", action="store_true", help="as SARIF 2.1.0, for code reviews")


def run(arguments: argparse.Namespace) -> int:
    from gopatch.output.renewal import checked

    named = opened(arguments)
    refuse_cli_alone(arguments, named)
    patch = chosen(arguments)
    source = checked(named, patch.name)
    port = work_out(arguments, arguments.ref, source=source, patch=patch)
    demand_left(port)
    roads = port.roads
    if arguments.json:
        write_json(_port_table(port, roads))
    elif arguments.sarif:
        write_json(_sarif(arguments, port, source, roads))
    else:
        _write_rows(port)
        _write_roads(roads)
    for outcome in port.left_out:
        say(f"{outcome.edit} is left out: {outcome.reason}")
    for outcome in port.failed:
        say(f"{outcome.edit}: {outcome.reason}")
        if outcome.hint:
            say(f"  hint: {outcome.hint}")
    return 1 if port.failed else 0


def _sarif(
    arguments: argparse.Namespace, port: Port, source: Source, roads: tuple[Road, ...]
) -> dict[str, Any]:
    from gopatch import __version__
    from gopatch.output._port_view import view
    from gopatch.output.sarif import log

    def read(path: str) -> bytes | None:
        entry = source.entry(path)
        return source.read(path) if entry is not None and entry.kind == "file" else None

    return log(view(port, arguments.ref, roads=roads), __version__, read)


def _write_rows(port: Port) -> None:
    rows = [
        (
            _SIGNS[outcome.status],
            outcome.edit,
            outcome.status,
            outcome.variant or "",
            " ".join(f"{s.path}:{s.line}" for s in outcome.sites) or outcome.reason,
        )
        for outcome in port.outcomes
    ]
    head = ("", "edit", "outcome", "variant", "where")
    write_table(head, rows, [outcome.status for outcome in port.outcomes])


def _write_roads(roads: tuple[Road, ...]) -> None:
    if not roads:
        return
    rows = [
        (
            _SIGNS[road.outcome],
            road.name,
            road.outcome,
            " ".join(road.edits),
            ": ".join(filter(None, (*(f"{s.path}:{s.line}" for s in road.sites), road.reason))),
        )
        for road in roads
    ]
    write(b"\n")
    head = ("", "road", "outcome", "opened by", "where")
    write_table(head, rows, [road.outcome for road in roads])


def _port_table(port: Port, roads: tuple[Road, ...]) -> dict[str, object]:
    from gopatch.output.formats.json import road_table

    return {
        "patch": port.patch.name,
        "selection": port.patch.selection.table,
        "source": port.source,
        "status": port.status,
        "roots": {"engine": port.roots.engine, "cli": port.roots.cli},
        "edits": [
            {
                "edit": o.edit,
                "outcome": o.status,
                "variant": o.variant,
                "sites": [s._asdict() for s in o.sites],
                "reason": o.reason,
                "hint": o.hint,
            }
            for o in port.outcomes
        ],
        "roads": [road_table(road) for road in roads],
        "files": [change.path for change in port.changes],
    }
