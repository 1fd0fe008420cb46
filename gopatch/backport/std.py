"""Which packages the standard library had in the Go that a source is built by."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from gopatch.backport.index import Index
from gopatch.source.roots import PLACES

_VERSION = re.compile(rb"^(?:ARG|ENV)[ \t]+GO_VERSION[ =](1)\.(\d+)", re.M)


class BuildGo(NamedTuple):
    """The Go that a source names for its build, as (major, minor), and where it says so."""

    version: tuple[int, int]
    place: str


@cache
def since() -> dict[str, tuple[int, int]]:
    """The release of Go with which each package came; 1.0 for all that 1.4 had."""
    import tomllib  # few changes import what is new to their file

    rows = tomllib.loads(files("gopatch.backport").joinpath("std.toml").read_text())
    return {path: _numbers(release) for release, paths in rows.items() for path in paths}


def _numbers(release: str) -> tuple[int, int]:
    major, minor = release.split(".")
    return int(major), int(minor)


def built_by(index: Index) -> BuildGo | None:
    """The Go of the source's Dockerfile, wherever its tree lies; None where it names none."""
    for place in PLACES:
        path = f"{place}/Dockerfile".lstrip("/")
        data = index.read(path) or b""
        found = _VERSION.search(data)
        if found is not None:
            line = data.count(b"\n", 0, found.start()) + 1
            return BuildGo((int(found[1]), int(found[2])), f"{path}:{line}")
    return None


def too_new(path: str, index: Index) -> str:
    """Why the target's Go cannot import a package of the standard library; "" where it can."""
    wanted, here = since().get(path), built_by(index)
    if wanted is None or here is None or wanted <= here.version:
        return ""
    old, new = (".".join(map(str, each)) for each in (here.version, wanted))
    return f"the package `{path}` came with Go {new}, and {here.place} builds with Go {old}"
