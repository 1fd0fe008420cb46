"""`gopatch apply`: print the patch, write it in place, or commit it on a branch."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.arguments import (
    demand_left,
    say_what_is_missing,
    settle,
    source_arguments,
    strict_argument,
    work_out,
)
from gopatch.cli.console import is_terminal, say, write
from gopatch.cli.making import deliver, format_named, rendered, renewed, tell
from gopatch.cli.parser import Once
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.port.outcome import Port

HELP = "print the patch as a diff, write it in place, or commit it on a branch"
EXAMPLES = (
    ("the patch for a release", "gopatch apply --docker-src moby --ref v20.10.27 > accept.patch"),
    (
        "a page for the one who reviews it",
        "gopatch apply --docker-src docker --format html > r.html",
    ),
    ("write into the source, all files or none", "gopatch apply --docker-src docker --in-place"),
    ("commit onto a branch", "gopatch apply --docker-src moby --ref v28.5.2 --branch accept"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source_arguments(parser)
    strict_argument(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--in-place", action="store_true", help="write the files, all or none")
    where.add_argument(
        "--branch", action=Once, metavar="NAME", help="commit on a new branch; work tree untouched"
    )
    where.add_argument(
        "--output", action=Once, metavar="PATH", help="write to this file, or folder"
    )
    _format_arguments(parser)
    _diff_arguments(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="over files that were edited or have uncommitted changes, or an existing branch",
    )


def _format_arguments(parser: argparse.ArgumentParser) -> None:
    """How the output is laid out."""
    parser.add_argument(
        "--format",
        action=_Format,
        default="unified",
        metavar="FORMAT",
        help="of the output (unified); `--format help` lists them",
    )
    parser.add_argument(
        "--split",
        action="store_true",
        help="one message for each group of edits (mailbox), or one patch for each source tree "
        "(rpm, alpine, arch, nix)",
    )
    parser.add_argument(
        "--recipe",
        action=Once,
        metavar="FILE",
        help="the spec, APKBUILD, PKGBUILD or nix expression that is to apply the patch: the lines "
        "for just that one, and a warning where it would not apply it",
    )
    parser.add_argument(
        "--author",
        action=Once,
        metavar="'NAME <MAIL>'",
        help="who signs (else GIT_AUTHOR_NAME and _EMAIL, DEBFULLNAME and DEBEMAIL)",
    )


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    """How its diff is made, and what is shown beside it."""
    parser.add_argument(
        "--prefix", action=Once, default="", metavar="DIR/", help="put before every path"
    )
    parser.add_argument("--reverse", action="store_true", help="the diff that takes it back")
    parser.add_argument(
        "-U",
        "--unified",
        action=Once,
        type=_context,
        default=3,
        metavar="N",
        help="lines of context (3)",
    )
    parser.add_argument(
        "--verdicts",
        action=Once,
        metavar="FILE",
        help="what `gopatch verify --json` wrote, for html and json to show",
    )


class _Format(Once):
    """A format; `help` lists them and needs nothing else."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option: str | None = None,
    ) -> None:
        if values == "help":
            _list_formats()
            parser.exit()
        super().__call__(parser, namespace, values, option)


def _context(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of lines")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    _refuse_contradictions(arguments)
    if arguments.branch:
        return _branch(arguments)
    if arguments.in_place:
        return _in_place(arguments)
    return _print(arguments)


def _list_formats() -> None:
    from gopatch.output import names

    for name in names():
        write(f"{name}: {format_named(name).help}\n".encode())


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    if arguments.in_place and arguments.ref:
        raise UsageError(
            "--in-place writes files, --ref reads none", hint="drop --ref, or use --branch"
        )
    if arguments.reverse and (arguments.in_place or arguments.branch):
        raise UsageError("--reverse is for a diff", hint="pipe it into `patch -p1` or `git apply`")
    if arguments.format != "unified" and (arguments.in_place or arguments.branch):
        raise UsageError("--format is for a diff", hint="drop it, or drop --in-place and --branch")


# A diff, a page, a patch for a recipe ---------------------------------------------------------


def _print(arguments: argparse.Namespace) -> int:
    from gopatch.output.destination import demand_no_source, destination
    from gopatch.output.renewal import demand_unedited, demand_whole

    form = format_named(arguments.format)
    to = destination(arguments.output, arguments.docker_src, arguments.ref, form)
    settle(*to.folders)
    found, port = renewed(arguments, form, to)
    port.demand()
    say_what_is_missing(port)
    if form.ships:
        demand_whole(port)
    if not port.changes:
        say(f"gopatch: {_nothing(port)}")
    files = rendered(arguments, form, found, port, to)
    if not arguments.force:
        demand_no_source(to, arguments.docker_src)
        named = (files[0]._replace(name=to.name),) if to.name else files
        demand_unedited(named, to.existing)
    changed = deliver(arguments, files, to)
    tell(arguments, found, port, changed)
    if is_terminal() and port.changes and arguments.format == "unified" and to.kind == "stdout":
        say(f"gopatch: {_summary(port)}")
    return 0


def _nothing(port: Port) -> str:
    if port.status == "already":
        return f"already: {port.source} has `{port.patch.name}`"
    return f"absent: {port.source} has no place for `{port.patch.name}`"


def _summary(port: Port) -> str:
    from collections import Counter

    from gopatch.output.diff import kinds, unified

    counts = Counter(outcome.status for outcome in port.outcomes)
    lines = Counter(kind for kind, _ in kinds(unified(port.changes).decode("latin-1").split("\n")))
    edits = ", ".join(f"{count} {status}" for status, count in counts.items())
    return (
        f"{len(port.outcomes)} edits: {edits}; "
        f"{len(port.changes)} files: {lines['add']} lines added, {lines['del']} removed"
    )


# The source itself ---------------------------------------------------------------------------


def _in_place(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from gopatch.output.inplace import write

    settle(arguments.docker_src)
    port = work_out(arguments, None)
    port.demand()
    demand_left(port)
    say_what_is_missing(port)
    if port.changes:
        write(Path(arguments.docker_src), port.changes, force=arguments.force)
    else:
        say(f"gopatch: {_nothing(port)}")
    for change in port.changes:
        say(f"{'created' if change.before is None else 'changed'} {change.path}")
    return 0


def _branch(arguments: argparse.Namespace) -> int:
    from gopatch.output._message import message
    from gopatch.output._port_view import view
    from gopatch.output.branch import Branch, commit
    from gopatch.source import open_source

    base = arguments.ref or "HEAD"
    source = open_source(arguments.docker_src, base)
    port = work_out(arguments, base, source=source)
    port.demand()
    demand_left(port)
    say_what_is_missing(port)
    if not port.changes:
        say(f"gopatch: {_nothing(port)}")
        return 0
    shown = view(port, author=arguments.author, roads=port.roads)
    result = commit(
        arguments.docker_src,
        Branch(arguments.branch, base, arguments.force),
        port.changes,
        message=message(shown),
        author=arguments.author and shown.author,
    )
    done = "committed" if result.created else "already there:"
    say(f"{done} {result.commit} on {arguments.branch}")
    return 0
