"""`gopatch backport`: somebody's change, carried to other releases by structure."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gopatch.cli.console import say
from gopatch.cli.making import deliver, format_named
from gopatch.cli.wishes import (
    change_arguments,
    demand_parts,
    go_arguments,
    judged,
    wish_arguments,
    wishes_of,
)
from gopatch.errors import ApplyError, UsageError
from gopatch.output import File, Layout, NothingThere, PortView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gopatch.backport.foreign import Backport, ForeignChange, Wishes
    from gopatch.backport.targets import Target
    from gopatch.output.destination import Destination
    from gopatch.source import Source

HELP = "carry a commit or a diff to another release, by git's merge or by structure"
EXAMPLES = (
    (
        "a fix of today for an old release",
        "gopatch backport fix --docker-src moby --onto v20.10.27 > fix.patch",
    ),
    (
        "a distribution's patch onto its next source, for the one who reviews it",
        "gopatch backport cve.patch --docker-src moby --onto docker --format html > cve.html",
    ),
    (
        "on several releases, with a report",
        "gopatch backport fix --docker-src moby --onto 'v2*' --output fixes/",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    change_arguments(parser)
    parser.add_argument(
        "--onto",
        action="append",
        required=True,
        metavar="REF|PATH|GLOB",
        help="the target: a ref, a folder, or refs by glob; may be repeated",
    )
    wish_arguments(parser)
    _output_arguments(parser)
    go_arguments(parser)


def _output_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--in-place", action="store_true", help="write the files of a folder, all or none"
    )
    where.add_argument(
        "--branch", metavar="NAME", help="commit on a new branch; work tree untouched"
    )
    where.add_argument("--output", metavar="PATH", help="write to this file, or folder")
    parser.add_argument(
        "--format",
        default="unified",
        metavar="FORMAT",
        help="of the output (unified), as `gopatch apply` has them",
    )
    parser.add_argument(
        "--author", metavar="'NAME <MAIL>'", help="who signs (else the change's own author)"
    )
    parser.add_argument("--prefix", default="", metavar="DIR/", help="put before every path")
    parser.add_argument("--reverse", action="store_true", help="the diff that takes it back")
    parser.add_argument(
        "-U", "--unified", type=int, default=3, metavar="N", help="lines of context (3)"
    )
    parser.add_argument(
        "--force", action="store_true", help="over files that were edited, or an existing branch"
    )


_DEEPEST = 10_000  # frames


@contextmanager
def _room_for_sums() -> Iterator[None]:
    """A sum of 600 terms is a tree of 600 storeys, and some that walk it take three frames for each."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@_room_for_sums()
def run(arguments: argparse.Namespace) -> int:
    from gopatch.backport.change import read_change
    from gopatch.backport.targets import repository_of, targets_of

    format_named(arguments.format)  # before anything else is done
    targets = targets_of(arguments.onto, arguments.docker_src)
    repository = repository_of(targets) or arguments.docker_src
    change = read_change(arguments.change, repository, arguments.made_for, targets[0].name)
    wishes = wishes_of(arguments)
    demand_parts(wishes, change)
    if len(targets) > 1:
        return _fleet(arguments, change, wishes, targets)
    return _one(arguments, change, wishes, targets[0].source)


def _one(
    arguments: argparse.Namespace, change: ForeignChange, wishes: Wishes, target: Source
) -> int:
    from gopatch.backport.anywhere import backport_onto
    from gopatch.backport.view import told

    source = _in_series(arguments, change, target)
    done = judged(backport_onto(change, source, wishes), source, arguments)
    for line in told(done):
        say(f"gopatch: {line}")
    if done.refusals:
        raise ApplyError(
            f"{change.name} is not ported to {done.target}; nothing was written",
            hint="see above for what to do",
        )
    if done.status == "already":
        say(f"gopatch: already: {done.target} has {change.name}")
    if arguments.in_place:
        return _in_place(arguments, done)
    view = _view(arguments, done)
    if arguments.branch:
        return _branch(arguments, view)
    _deliver(arguments, view)
    return 0


def _in_series(arguments: argparse.Namespace, change: ForeignChange, target: Source) -> Source:
    """For a patch of a Debian package: the source as the patches before it leave it."""
    if arguments.format != "quilt" or target.entry("debian/control") is None:
        return target
    from gopatch.output import file_name
    from gopatch.source.series import Series

    return Series(target, change.name, file_name(change.name)).before


def _view(arguments: argparse.Namespace, done: Backport) -> PortView:
    from gopatch import __version__
    from gopatch.backport.view import port_view

    words = [f"gopatch {__version__} backport {done.change.commit or done.change.name}"]
    words += [f"--as {word}" for word in arguments.names]
    words += [f"--skip {word}" for word in arguments.skip]
    words += ["--without tests"] if arguments.without else []
    words += ["--by go"] if arguments.by else []
    return port_view(done, " ".join(words), arguments.author or "")


def _in_place(arguments: argparse.Namespace, done: Backport) -> int:
    from gopatch.output.inplace import write as write_all

    folder = arguments.onto[0]
    if not Path(folder).is_dir():
        raise UsageError(
            "--in-place writes files, a ref has none",
            hint="name a folder by --onto, or use --branch",
        )
    if done.changes:
        write_all(Path(folder), done.changes, force=arguments.force)
    for change in done.changes:
        say(f"{'created' if change.before is None else 'changed'} {change.path}")
    return 0


def _branch(arguments: argparse.Namespace, view: PortView) -> int:
    from gopatch.output._message import message
    from gopatch.output.branch import Branch, commit

    if Path(arguments.onto[0]).is_dir():
        raise UsageError("--branch commits onto a ref, not a folder", hint="use --in-place")
    if not view.changes:
        return 0
    result = commit(
        arguments.docker_src,
        Branch(arguments.branch, arguments.onto[0], arguments.force),
        view.changes,
        message=message(view),
        author=view.author,
    )
    say(
        f"{'committed' if result.created else 'already there:'} {result.commit} on {arguments.branch}"
    )
    return 0


# Files ----------------------------------------------------------------------------------------------


def rendered(
    arguments: argparse.Namespace, view: PortView, to: Destination | None = None
) -> tuple[File, ...]:
    """The files of the format that was asked for."""
    found = format_named(arguments.format)
    words = (arguments.unified, arguments.prefix, arguments.reverse, False, arguments.force)
    layout = Layout(*words, name=to.name if to else "")
    return found.render(view, layout, to.existing if to else NothingThere())


def _deliver(arguments: argparse.Namespace, view: PortView) -> None:
    from gopatch.output.destination import demand_no_source, destination

    onto = arguments.onto[0]
    ref = None if Path(onto).is_dir() else onto
    to = destination(arguments.output, onto, ref, format_named(arguments.format))
    if not arguments.force:
        for folder in (onto, arguments.docker_src):
            demand_no_source(to, folder)
    deliver(arguments, rendered(arguments, view, to), to)


def _fleet(
    arguments: argparse.Namespace, change: ForeignChange, wishes: Wishes, targets: Sequence[Target]
) -> int:
    """Every target: a file for each port, and the reports."""
    import json

    from gopatch.backport.anywhere import backport_onto
    from gopatch.backport.many import report, report_page, row
    from gopatch.files import write_file
    from gopatch.output import file_name
    from gopatch.output.diff import unified

    if arguments.output is None or arguments.in_place or arguments.branch:
        raise UsageError(f"{len(targets)} targets are many files", hint="say --output DIR")
    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    rows, shown = [], []
    for name, source in targets:
        done = judged(backport_onto(change, source, wishes), source, arguments)
        files = () if done.refusals else rendered(arguments, _view(arguments, done))
        data = files[0].data if files and done.changes else b""
        file = file_name(name, Path(files[0].name).suffix) if data else ""
        if data:
            write_file(folder / file, data)
        rows.append(row(name, done, file, data))
        shown.append((name, done, unified(done.changes)))
        say(f"{done.status}: {name}{f': {done.refusals[0]}' if done.refusals else ''}")
    write_file(folder / "report.json", json.dumps(report(change, rows), indent=2).encode() + b"\n")
    write_file(folder / "report.html", report_page(change, shown))
    return int(any(found["outcome"] == "failed" for found in rows))
