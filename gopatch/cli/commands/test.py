"""`gopatch test`: run a patch's cases, and the patch on every ref of a repository."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.console import end_progress, progress, say, write

if TYPE_CHECKING:
    from gopatch.recipe.values import Patch

HELP = "run a patch's cases; with a repository, work it out on every matching ref"
EXAMPLES = (
    ("the cases beside a patch", "gopatch test quiet-daemon"),
    (
        "a patch on every release, after its cases",
        "gopatch test accept-insecure-registry --docker-src moby --ref 'v*' --ref 'docker-v*'",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("patch", metavar="NAME|FOLDER|FILE", help="the patch to test")
    parser.add_argument(
        "--update", action="store_true", help="write what comes out into the cases; look at it"
    )
    parser.add_argument("--docker-src", metavar="REPO", help="a git repository")
    parser.add_argument(
        "--ref", action="append", default=[], metavar="GLOB", help="as for `gopatch port`"
    )


def run(arguments: argparse.Namespace) -> int:
    from gopatch.errors import UsageError
    from gopatch.recipe.read import load

    if bool(arguments.docker_src) != bool(arguments.ref):
        raise UsageError("--docker-src and --ref go together", hint="try --ref 'v*'")
    patch = load(arguments.patch)
    failed = _cases(arguments, patch)
    if arguments.docker_src:
        failed += _matrix(arguments, patch)
    return 1 if failed else 0


def _cases(arguments: argparse.Namespace, patch: Patch) -> int:
    from gopatch.authoring.cases import run_cases

    results = list(run_cases(arguments.patch, patch))
    for result in results:
        name = result.case.path.stem
        if result.passed:
            write(f"ok   {name}\n".encode())
        elif arguments.update:
            from gopatch.files import write_file

            write_file(result.case.path, result.updated())
            write(f"new  {name}\n".encode())
        else:
            write(f"FAIL {name}\n{result.difference()}".encode())
    failed = sum(not result.passed for result in results)
    done = "updated" if arguments.update else "failed"
    say(f"gopatch: {len(results)} cases: {len(results) - failed} passed, {failed} {done}")
    return 0 if arguments.update else failed


def _matrix(arguments: argparse.Namespace, patch: Patch) -> int:
    from collections import Counter

    from gopatch.fleet.refs import select
    from gopatch.fleet.run import FINE, run
    from gopatch.source.gitref import Repository

    repository = Repository(arguments.docker_src)
    refs = select(repository, arguments.ref)
    tell = progress()
    results = []
    for number, result in enumerate(run(patch, repository, refs), 1):
        results.append(result)
        if tell is not None:
            tell(number, len(refs), result.ref.name)
    end_progress()
    wrong = [result for result in results if result.status not in FINE]
    for result in wrong:
        write(f"FAIL {result.ref.name}: {result.reason}\n".encode())
    variants: Counter[tuple[str, str]] = Counter(
        (outcome.edit, outcome.variant or outcome.status)
        for result in results
        for outcome in result.outcomes
    )
    for edit, variant in variants:
        write(f"{variants[edit, variant]:5} {edit}: {variant}\n".encode())
    counts = Counter(result.status for result in results)
    shown = ", ".join(f"{count} {status}" for status, count in counts.items())
    say(f"gopatch: {len(results)} refs: {shown}")
    return len(wrong)
