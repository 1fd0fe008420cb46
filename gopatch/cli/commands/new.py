"""`gopatch new`: make the folder of a patch, which `gopatch lint` and `gopatch test` take."""

from __future__ import annotations

import argparse

from gopatch.cli.console import say

HELP = "make the folder of a new patch: patch.toml, a variant, cases"
EXAMPLES = (
    ("a folder to start from", "gopatch new quiet-daemon"),
    (
        "with its texts",
        "gopatch new short-logs --title 'daemon: say less' --why 'Logs are too long.'",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the folder to make; its name is the patch's")
    parser.add_argument("--title", help="what changes, in one line")
    parser.add_argument("--why", help="what for")
    parser.add_argument("--security", help="what it risks")


def run(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from gopatch.authoring.new import PatchTexts, make

    texts = PatchTexts(arguments.title, arguments.why, arguments.security)
    for path in make(Path(arguments.name), texts):
        say(f"written {path}")
    say(f"gopatch: next, `gopatch test {arguments.name}` and `gopatch lint {arguments.name}`")
    return 0
