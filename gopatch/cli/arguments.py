"""Arguments that more than one command has, and what they ask for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from gopatch.cli.parser import Once

if TYPE_CHECKING:
    from pathlib import Path

    from gopatch.port.outcome import Port
    from gopatch.recipe.values import Patch, Selection
    from gopatch.source import Source

DEFAULT_PATCH = "accept-insecure-registry"


def source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docker-src",
        action=Once,
        required=True,
        metavar="PATH",
        help="a folder, a git repository (bare too), or a .tar[.gz|.xz|.zst] or .zip archive",
    )
    parser.add_argument(
        "--ref", action=Once, help="a tag, branch or commit of that repository; not checked out"
    )
    patch_arguments(parser)


def patch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patch",
        action=Once,
        default=DEFAULT_PATCH,
        metavar="NAME|FOLDER|FILE",
        help=f"the patch: a name of `gopatch list`, a folder or a .patch file ({DEFAULT_PATCH})",
    )
    part_arguments(parser)


def part_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="GROUP[,GROUP]",
        help="a part of the patch: these groups (core, roads, rails, papers) or edits; what they "
        "need must be among them",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="GROUP[,GROUP]",
        help="the patch without these groups or edits",
    )
    parser.add_argument(
        "--leave",
        action="append",
        default=[],
        metavar="ROAD[,ROAD]",
        help="accept plain HTTP on a road that no rail guards, even after an answer over HTTPS",
    )


def strict_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict",
        action="store_true",
        help="refuse the port where a paper (test, man page, docs, completion) fits nowhere",
    )


def chosen(arguments: argparse.Namespace, kept: Callable[[str], Selection] | None = None) -> Patch:
    """The patch that the arguments name, or the part of it; what a part risks is said.

    `kept` gives the part of a patch, by its name, that is made where the arguments name none.
    """
    from gopatch.cli.console import say
    from gopatch.recipe.read import load
    from gopatch.recipe.selection import asked, select

    whole = load(arguments.patch)
    selection = asked(arguments.only, arguments.without, getattr(arguments, "leave", ()))
    if kept is not None and not any(selection):
        selection = kept(whole.name)
        if any(selection):
            say(f"gopatch: made anew with {selection.words}, as it was")
    patch = select(whole, selection)
    for warning in patch.warnings:
        say(f"gopatch: warning: {warning}")
    return patch


def work_out(
    arguments: argparse.Namespace,
    ref: str | None,
    *,
    source: Source | None = None,
    patch: Patch | None = None,
    key: str = "",
) -> Port:
    """The port of the patch on the source that the arguments name.

    `source` and `patch` are these, where the caller has them; `key` tells what the caller has made of
    the source.
    """
    from gopatch.port.cache import remembered
    from gopatch.recipe.read import files_of
    from gopatch.source import open_source

    patch = patch or chosen(arguments)
    source = source or open_source(arguments.docker_src, ref)
    where = os.path.abspath(arguments.docker_src)
    made_of = [text for file in files_of(arguments.patch) for text in (file.name, _digest(file))]
    strict = getattr(arguments, "strict", False)
    return remembered(
        patch, source, [where, ref or "", key, str(strict), *made_of], _worker(patch, strict)
    )


def say_what_is_missing(port: Port) -> None:
    """Tell on stderr of what a port that is made leaves as it was."""
    from gopatch.cli.console import say

    for warning in port.warnings:
        say(f"gopatch: warning: {warning}")


def demand_left(port: Port) -> None:
    """Refuse what --leave names and is not there; of what is left without a rail it is said what that means."""
    from gopatch.cli.console import say
    from gopatch.recipe.selection import left_bare

    port.demand_left()
    for road in port.patch.selection.leave:
        say(f"gopatch: warning: {left_bare(road)}")


def opened(arguments: argparse.Namespace) -> Source:
    """The source that the arguments name; of a bare repository without --ref it is said what is read."""
    from gopatch.cli.console import say
    from gopatch.source import open_source
    from gopatch.source.directory import Directory

    source = open_source(arguments.docker_src, arguments.ref)
    if arguments.ref is not None or isinstance(source, Directory):
        return source  # which asks for nothing of git
    from gopatch.source.gitref import GitRef

    if isinstance(source, GitRef):
        say(f"gopatch: {arguments.docker_src} is bare: its HEAD is read; --ref names another")
    return source


def refuse_cli_alone(arguments: argparse.Namespace, source: Source) -> None:
    """Say where docker/cli's papers come from before a part of the patch is found wanting."""
    from gopatch.errors import SourceError
    from gopatch.source.roots import explain_no_engine, is_cli, is_engine

    if (arguments.only or arguments.without) and is_cli(source, "") and not is_engine(source, ""):
        raise SourceError(explain_no_engine(source), path=source.name)


def settle(*folders: str | Path) -> None:
    """Finish, or take back, what a run that was cut short has begun to write there; what was done is said."""
    from pathlib import Path

    from gopatch.cli.console import say
    from gopatch.files import FOLDER, locked, recover

    for folder in map(Path, folders):
        if os.path.lexists(folder / FOLDER):
            with locked(folder):
                told = recover(folder)
            if told:
                say(f"gopatch: {told}")


def _worker(patch: Patch, strict: bool) -> Callable[[Source], Port]:
    def run(source: Source) -> Port:
        from gopatch.port.work import work_out

        return work_out(patch, source, strict=strict)

    return run


def _digest(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
