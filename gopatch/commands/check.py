"""`gopatch check`: what would happen, edit by edit, and why not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.arguments import source_arguments, work_out
from gopatch.console import say, write_json, write_table

if TYPE_CHECKING:
    from gopatch.port import Port

HELP = "what would happen, edit by edit, and why not"
EXAMPLES = (
    ("edit by edit", "gopatch check --docker-src docker"),
    ("for a program", "gopatch check --docker-src moby --ref v20.10.27 --json"),
)
_SIGNS = {"applied": "+", "already": "=", "absent": "-", "failed": "!"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    port = work_out(arguments, arguments.ref)
    if arguments.json:
        write_json(_port_table(port))
    else:
        _write_rows(port)
    for outcome in port.failed:
        say(f"{outcome.edit}: {outcome.reason}")
        if outcome.hint:
            say(f"  hint: {outcome.hint}")
    return 1 if port.failed else 0


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


def _port_table(port: Port) -> dict[str, object]:
    return {
        "patch": port.patch.name,
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
        "files": [change.path for change in port.changes],
    }
