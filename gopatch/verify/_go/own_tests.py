"""The registry package's own tests on both sides: no new failure."""

from __future__ import annotations

import shutil
from pathlib import Path

from gopatch.source.roots import join, walk
from gopatch.verify._go.suite import Suite, build, new_failures, run_all
from gopatch.verify._go.work import SHOWN, Work, indented


def tests(work: Work) -> None:
    if work.registry is None:
        work.report.add("tests", "inconclusive", 0, "tests: there is no registry package")
        return
    data = _data(work, work.registry)
    built = {
        side.name: build(work.space, side.name, work.registry, side.files, data)
        for side in (work.before, work.after)
    }
    before, after = built["original"], built["port"]
    if isinstance(before, str):
        _tests_alone(work, data, before)
        return
    if isinstance(after, str):
        work.report.add("tests", "fail", 0, "tests: they do not compile any more", *indented(after))
        return
    first = run_all(before, work.jobs)
    second = run_all(after, work.jobs)
    fresh = new_failures(first, second)
    if again := [name for name in fresh if name in second.results]:
        # Some talk to each other over time limits: a failure must be one twice.
        repeated = run_all(after, 1, again)
        second = Suite({**second.results, **repeated.results}, {**second.output, **repeated.output})
        fresh = new_failures(first, second)
    counts = [list(second.results.values()).count(status) for status in ("pass", "fail", "skip")]
    own = sorted(second.results.keys() - first.results.keys())
    lines = [
        f"tests: {len(second.results)} of the registry package, {len(fresh)} new failures; "
        f"{counts[0]} pass, {counts[1]} fail and {counts[2]} are skipped, as in the original"
        if not fresh
        else f"tests: {len(fresh)} new failures: {', '.join(fresh)}"
    ]
    if own:
        lines.append(f"  new with the port: {', '.join(own)}")
    for name in fresh[:SHOWN]:
        lines += indented(second.output.get(name, f"{name} is gone"))
    work.report.add("tests", "fail" if fresh else "pass", len(second.results), *lines)


def _tests_alone(work: Work, data: Path, reason: str) -> None:
    """Upstream's tests do not compile; those that the port brings along are run by themselves."""
    lines = ["tests: the original has none"]
    if reason:
        lines = ["tests: the original's do not compile with this Go:", *indented(reason)]
    own = {path for path in work.after.files if path.endswith("_test.go")} - {
        f"{work.registry}/{name}" for name in work.before.registry
    }
    if not own or work.registry is None:
        work.report.add("tests", "inconclusive" if reason else "pass", 0, *lines)
        return
    hidden = {
        f"{work.registry}/{name}": None
        for name in work.before.registry
        if name.endswith("_test.go")
    }
    runner = build(work.space, "alone", work.registry, {**work.after.files, **hidden}, data)
    if isinstance(runner, str):
        work.report.add(
            "tests", "fail", 0, *lines, "  the port's own do not either:", *indented(runner)
        )
        return
    found = run_all(runner, work.jobs)
    failed = [name for name, status in found.results.items() if status == "fail"]
    lines.append(f"  the port's own, by themselves: {', '.join(found.results)}")
    for name in failed:
        lines += indented(found.output[name])
    work.report.add("tests", "fail" if failed else "pass", len(found.results), *lines)


def _data(work: Work, registry: str) -> Path:
    """A copy of what lies beside the package's Go: tests run there, never in the source."""
    folder = work.space.work / "data"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    root = join(work.space.prefix, registry)
    for path in walk(work.source, root, ""):
        if not path.endswith(".go"):
            target = folder / path[len(root) + 1 :]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(work.source.read(path))
    return folder
