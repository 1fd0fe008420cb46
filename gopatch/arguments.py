"""Arguments that more than one command has, and what they ask for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gopatch.port import Port

DEFAULT_PATCH = "accept-insecure-registry"


def source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docker-src",
        required=True,
        metavar="PATH",
        help="a folder, a git repository (bare too), or a .tar[.gz|.xz|.zst] or .zip archive",
    )
    parser.add_argument("--ref", help="a tag, branch or commit of that repository; not checked out")
    parser.add_argument(
        "--patch",
        default=DEFAULT_PATCH,
        metavar="NAME|FOLDER|FILE",
        help=f"the patch: a name of `gopatch list`, a folder or a .patch file ({DEFAULT_PATCH})",
    )


def work_out(
    arguments: argparse.Namespace,
    ref: str | None,
    *,
    in_series: bool = False,
    unpacked: bool = False,
) -> Port:
    """The port of the patch on the source that the arguments name.

    `in_series`: on the source as the Debian patches before this one make it. `unpacked`: from
    inside the one folder of an archive.
    """
    from gopatch.port import work_out
    from gopatch.recipe import load
    from gopatch.source import open_source

    patch = load(arguments.patch)
    source = open_source(arguments.docker_src, ref)
    if unpacked:
        from gopatch.source.archive import unpacked as only_folder

        source = only_folder(source)
    if in_series:
        from gopatch.output import file_name
        from gopatch.source.series import patched

        source = patched(source, file_name(patch.name))
    return work_out(patch, source)
