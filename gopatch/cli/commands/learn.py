"""`gopatch learn`: backports of one change, written down as a patch folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gopatch.cli.console import say
from gopatch.cli.wishes import change_arguments, demand_parts, wish_arguments, wishes_of
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.backport.learn import Example, Learned

HELP = "write a change that was carried to several releases down as a patch folder"
EXAMPLES = (
    (
        "from a commit to a patch that `apply`, `port` and `test` take",
        "gopatch learn fix --docker-src moby --for v20.10.27 --for v28.5.2 --output learned/",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    change_arguments(parser)
    parser.add_argument(
        "--for",
        dest="targets",
        action="append",
        required=True,
        metavar="GLOB",
        help="refs that the patch is to hold on; may be repeated",
    )
    parser.add_argument(
        "--example",
        action="append",
        default=[],
        metavar="REF=DIFF",
        help="how somebody ported it to REF by hand; may be repeated",
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="the patch folder to write")
    wish_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from gopatch.backport.anywhere import backport_onto
    from gopatch.backport.change import read_change
    from gopatch.backport.learn import learn
    from gopatch.backport.targets import repository_of, targets_of

    targets = targets_of(arguments.targets, arguments.docker_src)
    repository = repository_of(targets) or arguments.docker_src
    change = read_change(arguments.change, repository, arguments.made_for, targets[0].name)
    wishes = wishes_of(arguments)
    demand_parts(wishes, change)
    found = [(name, source, backport_onto(change, source, wishes)) for name, source in targets]
    learned = learn(
        change, found, [_example(word, arguments.docker_src) for word in arguments.example]
    )
    folder = Path(arguments.output)
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", hint="name a new folder")
    holds = any(held.status == "holds" for held in learned.held)
    if holds:
        _write(folder, learned)
    for held in learned.held:
        say(f"gopatch: {held.status}: {held.target}{f': {held.reason}' if held.reason else ''}")
    if not holds:
        say("gopatch: nothing was learned, and nothing is written")
    return int(any(held.status in ("differs", "refused") for held in learned.held) or not holds)


def _write(folder: Path, learned: Learned) -> None:
    """The patch folder, and cases of what it was learned from."""
    from gopatch.authoring.examples import cases_from
    from gopatch.files import write_file
    from gopatch.recipe.read import load

    (folder / "cases").mkdir(parents=True, exist_ok=True)
    for name, data in learned.files.items():
        write_file(folder / name, data)
        say(f"written {folder / name}")
    _say_needs(folder)
    for name, data in cases_from(load(str(folder)), learned.shown).items():
        write_file(folder / name, data)
        say(f"written {folder / name}")


def _say_needs(folder: Path) -> None:
    """What the edits need of each other, so that a part of the folder compiles."""
    from gopatch.authoring.needs import unsaid
    from gopatch.backport.needs_of_edits import with_needs
    from gopatch.files import write_file
    from gopatch.recipe.read import load

    needs: dict[str, set[str]] = {}
    for edit, _, of in unsaid(load(str(folder))):
        needs.setdefault(edit, set()).add(of[0])
    toml = folder / "patch.toml"
    if needs:
        write_file(toml, with_needs(toml.read_bytes(), needs))


def _example(word: str, docker_src: str) -> Example:
    """REF=DIFF: a ref, its source, and what somebody's diff makes of it."""
    from gopatch.backport.targets import targets_of
    from gopatch.source.diffs import Misfit, apply, read

    ref, sign, path = word.partition("=")
    if not sign or not Path(path).is_file():
        raise UsageError(f"`--example {word}` names no diff", hint="write --example REF=DIFF")
    (target,) = targets_of([ref], docker_src)
    changes = apply(target.source, read(Path(path).read_bytes(), path))
    if isinstance(changes, Misfit):
        raise UsageError(f"{path} does not apply to {ref}: {changes}")
    return ref, target.source, changes
