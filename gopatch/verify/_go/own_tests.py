"""The own tests of the touched packages on both sides: no new failure. And those that the port brings."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from gopatch.source.roots import join, walk
from gopatch.verify._go.suite import Runner, Suite, build, new_failures, run_all
from gopatch.verify._go.two_sides import (
    SHOWN,
    GoWork,
    JudgedSide,
    count,
    indented,
    remembered,
    touched_packages,
)

TESTS = "tests: "  # what their cases are called, with the package's folder behind it


def tests(work: GoWork) -> None:
    """Run the tests of each touched package, in the original and in the port."""
    if work.registry is None:
        work.report.add(
            TESTS + "registry", "inconclusive", 0, "tests: there is no registry package"
        )
    for folder in touched_packages(work):
        _package(work, folder)


def _package(work: GoWork, folder: str) -> None:
    data = _data(work, folder)
    before = remembered(work, ("tests", folder), lambda: _built(work, work.before, folder, data))
    after = _built(work, work.after, folder, data)
    if isinstance(before, str):
        _alone(work, folder, data, before)
        return
    if isinstance(after, str):
        lines = [f"tests of {folder}: they do not compile any more", *indented(after)]
        work.report.add(TESTS + folder, "fail", 0, *lines)
        return
    first = remembered(work, ("ran", folder), lambda: run_all(before, work.jobs))
    second = run_all(after, work.jobs)
    fresh = new_failures(first, second)
    if again := [name for name in fresh if name in second.results]:
        # Some talk to each other over time limits: a failure must be one twice.
        repeated = run_all(after, 1, again)
        second = Suite({**second.results, **repeated.results}, {**second.output, **repeated.output})
        fresh = new_failures(first, second)
    lines = _told(folder, first, second, fresh)
    work.report.add(TESTS + folder, "fail" if fresh else "pass", len(second.results), *lines)


def _told(folder: str, first: Suite, second: Suite, fresh: list[str]) -> list[str]:
    if fresh:
        lines = [f"tests of {folder}: {count(len(fresh), 'new failure')}: {', '.join(fresh)}"]
    else:
        passed, failed, skipped = (
            list(second.results.values()).count(status) for status in ("pass", "fail", "skip")
        )
        lines = [
            f"tests of {folder}: {len(second.results)}, no new failures; {passed} pass, {failed} "
            f"fail and {skipped} are skipped, as in the original"
        ]
    if own := sorted(second.results.keys() - first.results.keys()):
        lines.append(f"  new with the port: {', '.join(own)}")
    for name in fresh[:SHOWN]:
        lines += indented(second.output.get(name, f"{name} is gone"))
    return lines


def _alone(work: GoWork, folder: str, data: Path, reason: str) -> None:
    """Upstream's tests do not compile, or there are none: the port's own are run by themselves.

    That is not the port's doing: nobody judges by them, and it is said. Nor is it where not even a
    program without any test can be made of the original.
    """
    lines = [f"tests of {folder}: the original has none"]
    if reason:
        lines = [
            f"tests of {folder}: not judged: the original's do not compile with this Go:",
            *indented(reason),
        ]
    own = {p for p in work.after.files if _is_test_of(p, folder)} - work.tests_of(folder)
    if not own:
        work.report.add(TESTS + folder, "pass", 0, *lines)
        return
    hidden: dict[str, bytes | None] = dict.fromkeys(work.tests_of(folder))
    runner = _built(work, work.after, folder, data, hidden)
    if isinstance(runner, str):
        probe = {**hidden, f"{folder}/gopatch_probe_test.go": _probe(work, folder)}
        asked = isinstance(_built(work, work.before, folder, data, probe), Runner)
        lines += ["  the port's own do not either:", *indented(runner)]
        work.report.add(TESTS + folder, "fail" if asked else "pass", 0, *lines)
        return
    found = run_all(runner, work.jobs)
    failed = [name for name, status in found.results.items() if status == "fail"]
    lines.append(f"  the port's own, by themselves: {', '.join(found.results)}")
    for name in failed:
        lines += indented(found.output[name])
    work.report.add(TESTS + folder, "fail" if failed else "pass", len(found.results), *lines)


def _probe(work: GoWork, folder: str) -> bytes:
    """A test that asks nothing, in the package of the folder."""
    name = work.package_of(folder)
    return f'package {name}\n\nimport "testing"\n\nfunc TestNothing(*testing.T) {{}}\n'.encode()


def _is_test_of(path: str, folder: str) -> bool:
    return path.endswith("_test.go") and path.rpartition("/")[0] == folder


def _built(
    work: GoWork,
    side: JudgedSide,
    folder: str,
    data: Path,
    more: Mapping[str, bytes | None] | None = None,
) -> Runner | str:
    made = build(work.space, side.name, folder, {**side.runs, **(more or {})}, data)
    if made and isinstance(made, str) and side.run is not None:
        return _built(work, side._replace(run=None), folder, data, more)
    return made


def _data(work: GoWork, folder: str) -> Path:
    """A copy of what lies beside the package's Go: tests run there, never in the source."""
    copy = work.space.work / "data" / folder.replace("/", "_")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    root = join(work.space.prefix, folder)
    for path in walk(work.source, root, ""):
        inside = path[len(root) + 1 :]
        if not path.endswith(".go") and ("/" not in inside or inside.startswith("testdata/")):
            target = copy / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(work.source.read(path))
    return copy
