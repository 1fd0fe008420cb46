"""`gopatch verify`: is the port right, by one judge or by several?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gopatch import verify
from gopatch.cli._verdict import told
from gopatch.cli.arguments import chosen, demand_left, source_arguments
from gopatch.cli.console import end_progress, progress, say, write, write_json
from gopatch.errors import ApplyError, UsageError

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.recipe.values import Patch
    from gopatch.source import Source

HELP = "is the port right: by the reference model, by Go, by a real daemon"
EXAMPLES = (
    (
        "by the reference model",
        "gopatch verify --docker-src moby --ref v20.10.27 --by model --allow-partial",
    ),
)
DESCRIPTION = """Work the patch out on a source and let judges say whether the result means what
was asked. A source that is patched already is judged as it is. Only `pass` is a pass: what a judge
cannot decide is `inconclusive`, with its reason; where no judge looked at an edit or a road, the
verdict is `partial` and names it. The exit code is then 1 too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = verify.names()
    source_arguments(parser)
    parser.add_argument(
        "--by",
        default="model",
        metavar="JUDGE[,JUDGE]",
        help=f"who judges: {', '.join(known)} (model)",
    )
    parser.add_argument(
        "--against",
        metavar="ORIGINAL",
        help="--docker-src is patched already, by whatever means: apply nothing, and judge it "
        "against this original, a path or a ref of the same repository",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--allow-partial",
        action="store_true",
        help="exit 0 as well where the judges that were asked did not look at every edit and road",
    )
    parser.add_argument(
        "--mutants",
        nargs="?",
        type=int,
        const=0,
        metavar="N",
        help="break the port in one place, N times (0 or nothing: every place), and tell who notices; "
        "exit 1 where one survives. --seed draws them",
    )
    for name in known:
        judge = verify.load(name)
        if judge.add_arguments is not None:
            judge.add_arguments(parser.add_argument_group(f"judge `{name}`", judge.help))


def run(arguments: argparse.Namespace) -> int:
    judges = verify.parse_names(arguments.by)
    port, source = _subject(arguments)
    port.demand()
    if port.status == "absent":
        raise ApplyError(f"{port.source} has no place for `{port.patch.name}`: nothing to judge")
    options = {**vars(arguments), "progress": progress(), "say": say}
    opinions = []
    for name in judges:
        opinions.append(verify.load(name).judge(port, source, options))
        end_progress()
    verdict = verify.verdict_of(opinions, port, source)
    fine = verify.passed(verdict, allow_partial=arguments.allow_partial)
    tally = _mutants(arguments, port, source, options)
    if arguments.json:
        mutants = {} if tally is None else {"mutants": [each.table() for each in tally.tried]}
        write_json({**_table(port, verdict), **mutants})
    else:
        lines = [*told(verdict), *(() if tally is None else ("", *tally.lines()))]
        write("\n".join(lines).encode() + b"\n")
    for opinion in opinions:
        say(f"{opinion.judge}: {verify.worst_of(opinion)}")
    say(f"verdict: {verdict.status}{_nobody(verdict)}")
    survive = 0 if tally is None else len(tally.of("survives"))
    if survive:
        say(f"mutants: {survive} of {len(tally.counted if tally else ())} survive")
    return 0 if fine and not survive else 1


def _mutants(
    arguments: argparse.Namespace, port: Port, source: Source, options: dict[str, Any]
) -> verify.Tally | None:
    """What became of the mutants, None where nobody asked for any."""
    if arguments.mutants is None:
        return None
    if arguments.mutants < 0:
        raise UsageError("--mutants is less than 0")
    known = verify.equivalents(arguments.patch)
    judges = [verify.load(name) for name in verify.parse_names(arguments.by)]
    asked = verify.Asked(judges, options, arguments.mutants, str(arguments.seed), known)
    told, found = progress(), []
    for each in verify.try_mutants(port, source, asked):
        found.append(each)
        if told is not None and arguments.mutants:
            told(min(len(found), arguments.mutants), arguments.mutants, "mutants")
    end_progress()
    return verify.Tally(tuple(found))


def _table(port: Port, verdict: verify.Verdict) -> dict[str, Any]:
    found = verdict.table()
    opinions = found.pop("opinions")
    return {
        "patch": port.patch.name,
        "selection": port.patch.selection.table,
        "source": port.source,
        "status": port.status,
        "passed": verify.passed(verdict),
        **found,
        "verdicts": opinions,
    }


def _nobody(verdict: verify.Verdict) -> str:
    if not verdict.unjudged:
        return ""
    return f"; no judge looked at {', '.join(map(str, verdict.unjudged))}"


def _subject(arguments: argparse.Namespace) -> tuple[Port, Source]:
    """The port to judge, and the original that it starts from."""
    from gopatch.port.work import work_out
    from gopatch.source import open_source

    patch = chosen(arguments)
    source = open_source(arguments.docker_src, arguments.ref)
    if arguments.against is None:
        port = work_out(patch, source)
        demand_left(port)
        return port, source
    original = _original(arguments)
    return _given(patch, arguments, original, source), original


def _original(arguments: argparse.Namespace) -> Source:
    from pathlib import Path

    from gopatch.source import open_source

    if Path(arguments.against).exists():
        return open_source(arguments.against)
    if not Path(arguments.docker_src).is_dir():
        raise UsageError(f"--against {arguments.against}: there is no such path")
    return open_source(arguments.docker_src, arguments.against)


def _given(patch: Patch, arguments: argparse.Namespace, original: Source, patched: Source) -> Port:
    """The difference of two trees as a port: one edit, which somebody else made."""
    from gopatch.port.outcome import Outcome, Port, Site, Step
    from gopatch.source.overlay import differences
    from gopatch.source.roots import explain_no_engine, find_roots

    roots = find_roots(original)
    if roots.engine is None:
        raise UsageError(explain_no_engine(original))
    changes = differences(original, patched)
    if not changes:
        raise UsageError(f"{arguments.against} is no different: nothing to judge")
    sites = tuple(Site(change.path, 1, 1) for change in changes)
    outcome = Outcome("given", "applied", None, sites)
    step = Step("given", changes)
    return Port(patch, patched.name, roots, (outcome,), changes, (step,))
