"""`gopatch port`: one patch on every matching ref, with reports."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gopatch.cli.arguments import chosen, patch_arguments
from gopatch.cli.console import end_progress, progress, say, write_json
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.recipe.values import Selection

HELP = "every matching ref at once: DIR/<ref>.patch, DIR/report.json, DIR/report.html"
EXAMPLES = (
    (
        "every release",
        "gopatch port --docker-src moby --ref 'v*' --ref 'docker-v*' --output patches",
    ),
    (
        "what has changed since an earlier run",
        "gopatch port --docker-src moby --ref 'v*' --output again --against patches/report.json",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--docker-src", required=True, metavar="REPO", help="a git repository")
    patch_arguments(parser)
    parser.add_argument(
        "--ref",
        action="append",
        required=True,
        metavar="GLOB",
        help="tags and branches by glob, a ref, a commit, or a range A..B; may be repeated",
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="where the patches go")
    parser.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes (1)")
    parser.add_argument("--fresh", action="store_true", help="start over, not where it stopped")
    parser.add_argument("--against", metavar="OTHER.json", help="say what changed since then")
    parser.add_argument(
        "--verify",
        metavar="JUDGE[,JUDGE]",
        help="let judges of `gopatch verify` judge every port, each different one once",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let an existing Dask cluster judge, which sees the same paths, as tcp://HOST:8786",
    )
    parser.add_argument("--go", metavar="PATH", help="judge go: the toolchain")
    parser.add_argument(
        "--work", metavar="DIR", help="judge go: where its cache and trees are kept"
    )
    parser.add_argument("--cases", type=int, metavar="N", help="judge go: cases for each port")
    parser.add_argument("--json", action="store_true", help="the report on stdout, too")


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of processes")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from gopatch.fleet.run import FINE, Run, run_into
    from gopatch.recipe.selection import left_bare
    from gopatch.verify import parse_names

    selection = chosen(arguments).selection
    earlier = _earlier(arguments.against, selection) if arguments.against else None
    judges = parse_names(arguments.verify) if arguments.verify is not None else []
    if arguments.scheduler is not None and not judges:
        raise UsageError("--scheduler has nothing to do", hint="add --verify JUDGE")
    asked = Run(
        arguments.docker_src,
        arguments.patch,
        arguments.ref,
        arguments.output,
        jobs=arguments.jobs,
        fresh=arguments.fresh,
        judges=judges,
        scheduler=arguments.scheduler,
        options=_options(arguments),
        selection=selection,
    )
    found = run_into(asked, progress())
    end_progress()
    if arguments.json:
        write_json(found)
    _say_counts(found)
    if earlier is not None:
        _say_changes(found["refs"], earlier)
    if found["partial"]:
        say("gopatch: interrupted; the report is partial, the same command goes on from here")
        return 130
    failed = [row for row in found["refs"] if row["outcome"] not in FINE]
    for row in failed:
        say(f"failed: {row['ref']}: {row['reason']}")
    _demand_left(found["refs"], selection.leave)
    for road in selection.leave:
        say(f"gopatch: warning: {left_bare(road)}")
    doubted = _say_verdicts(found["refs"], judges)
    return 1 if failed or doubted else 0


def _demand_left(rows: list[dict[str, Any]], leave: tuple[str, ...]) -> None:
    """Raise UsageError where a road was to be left that no port of the run opens without a rail."""
    roads = [
        road for row in rows if row["outcome"] in ("applied", "already") for road in row["roads"]
    ]
    left = {road["road"] for road in roads if road["outcome"] == "reached" and road["reason"]}
    idle = [name for name in leave if name not in left]
    if roads and idle:
        raise UsageError(
            f"--leave {','.join(idle)}: no port opens anything of that name without a rail",
            hint="the report says what was left; drop the name",
        )


def _say_counts(report: dict[str, Any]) -> None:
    rows = report["refs"]
    counts = ", ".join(f"{count} {name}" for name, count in report["summary"].items())
    say(f"gopatch: {len(rows)} refs: {counts}; {len(report['families'])} different patches")


def _say_changes(rows: list[dict[str, Any]], earlier: dict[str, Any]) -> None:
    from gopatch.fleet.report import against

    for name, refs in against(rows, earlier).items():
        more = f" and {len(refs) - 20} more" if len(refs) > 20 else ""
        shown = "" if name == "same" or not refs else f": {' '.join(refs[:20])}{more}"
        say(f"  {name}: {len(refs)}{shown}")


def _say_verdicts(rows: list[dict[str, Any]], judges: list[str]) -> bool:
    """What the judges say; whether any of them lets something not pass."""
    from gopatch.fleet.report import judged

    doubted = [found for found in judged(rows) if found["status"] != "pass"]
    for name in judges:
        say(f"gopatch: judge {name}: {_counted(rows, name)}")
    partial = [row for row in rows if row["verdict"] == "partial"]
    if partial:
        nobody = list(dict.fromkeys(name for row in partial for name in row["unjudged"]))
        say(f"partial: {len(partial)} ports; no judge of this run looked at {', '.join(nobody)}")
    for verdict in doubted:
        say(f"{verdict['status']}: {', '.join(verdict['refs'])}: {verdict['summary'][0]}")
    return bool(doubted)


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    """What judges are told. Several ports at once share the processors."""
    import os

    given = {name: getattr(arguments, name) for name in ("go", "work", "cases")}
    told = {name: value for name, value in given.items() if value is not None}
    return {**told, "jobs": max(1, (os.cpu_count() or 1) // arguments.jobs)}


def _counted(rows: list[dict[str, Any]], judge: str) -> str:
    """How many ports a judge lets pass, and how many not."""
    found = [v["status"] for row in rows for v in row["verdicts"] if v["judge"] == judge]
    return ", ".join(f"{found.count(status)} {status}" for status in dict.fromkeys(found)) or "none"


def _earlier(path: str, selection: Selection) -> dict[str, Any]:
    import json
    from pathlib import Path

    from gopatch.recipe.values import Selection

    try:
        found = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}", hint="--against takes a report.json") from None
    if not isinstance(found, dict) or not isinstance(found.get("refs"), list):
        raise UsageError(f"{path} is no report", hint="--against takes a report.json")
    parts = found.get("selection", {})  # an older gopatch knew none
    then = Selection(*(tuple(parts.get(name, ())) for name in Selection._fields))
    if then != selection:
        made, now = (each.words or "the whole patch" for each in (then, selection))
        raise UsageError(
            f"{path} was made with {made}, and this would be {now}",
            hint="only equal parts of a patch compare",
        )
    return found
