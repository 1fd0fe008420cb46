"""The compiler and vet on any change of a source, before and after: no case, no model, no registry."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gopatch.source import Source
from gopatch.source.overlay import Overlay
from gopatch.splice import FileChange
from gopatch.verify import Vetted
from gopatch.verify._go.checks import build_packages
from gopatch.verify._go.layouts import LEFT_OUT, GoSetting, prepared
from gopatch.verify._go.toolchain import find_go
from gopatch.verify._go.two_sides import GoWork, JudgedSide, Report, worst
from gopatch.verify._go.workspace import Workspace, cache_folder


def vetted(
    source: Source, root: str, changes: Sequence[FileChange], options: Mapping[str, Any]
) -> Vetted:
    """See gopatch.verify.go.vetted."""
    jobs = options.get("jobs") or os.cpu_count() or 1
    base, laid = (source.source, source.changes) if isinstance(source, Overlay) else (source, ())
    setting = GoSetting(find_go(options.get("go")), cache_folder(options.get("work")), jobs)
    with prepared(base, root, setting) as laid_out:
        space = laid_out.tagged(*LEFT_OUT)
        before = JudgedSide("original", _files(space, laid), {})
        after = JudgedSide("port", before.files | _files(space, changes), {})
        packages = _packages(_files(space, changes))
        if not packages:
            return Vetted("inconclusive", ("no Go package is touched",), ())
        work = GoWork(space, source, before, after, None, tuple(changes), jobs, options, Report())
        build_packages(work, packages)
    told = (f"{space.go}; {space.layout}", *work.report.summary)
    fresh = tuple((f.file, f.line, f.text) for f in work.report.fresh)
    return Vetted(worst(case.status for case in work.report.cases), told, fresh)


def _files(space: Workspace, changes: Iterable[FileChange]) -> dict[str, bytes | None]:
    """The Go files below the root, with their new bytes."""
    found = ((space.inside(change.path), change.after) for change in changes)
    return {path: data for path, data in found if path is not None and path.endswith(".go")}


def _packages(files: Mapping[str, bytes | None]) -> list[str]:
    """The folders that keep a file, without others' packages."""
    folders = {path.rpartition("/")[0] for path, data in files.items() if data is not None}
    return sorted(f for f in folders if not {"vendor", "Godeps", "testdata"} & set(f.split("/")))
