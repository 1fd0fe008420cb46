"""What a port becomes: pick one.

A format of `gopatch apply` is a module of this folder with

    HELP = "one line"
    def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]

and is found by its name, so a new one is a new module and nothing else. A format whose files
belong into a folder of the source says so with `FOLDER = "debian/patches"`. `branch` and
`inplace` write a port where it belongs; `diff` and `report` serve others. No module here knows
the engine: they get bytes and small values.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

from gopatch.edit import FileChange

_NO_FORMATS = {"branch", "diff", "inplace", "report"}

Existing = Callable[[str], bytes | None]
"""The bytes of a file that stands already where the output goes, None where there is none."""


class Section(NamedTuple):
    """One edit of a port: what it is for, what became of it, and what it changed by itself.

    `outcome` is "applied", "already", "absent" or "failed"; `sites` are `path:line:column`;
    `changes` are the edit's own, each from the bytes that the edits before it left. `why` is why
    the edit is there, `form` what its variant says of itself, `roads` are the roads that it opens.
    """

    edit: str
    title: str
    group: str
    outcome: str
    variant: str | None
    sites: tuple[str, ...]
    reason: str
    changes: tuple[FileChange, ...]
    why: str = ""
    form: str = ""
    roads: tuple[str, ...] = ()
    hint: str = ""


class Judgement(NamedTuple):
    """What a judge of the port said; `status` is "pass", "fail" or "inconclusive"."""

    judge: str
    status: str
    summary: tuple[str, ...] = ()
    counterexample: str = ""


class Road(NamedTuple):
    """A way by which the daemon reaches a registry, and whether the port's option reaches it."""

    name: str
    reached: bool
    reason: str = ""


class PortView(NamedTuple):
    """A port as an output sees it. `roots` are the engine's and the command line's folder.

    `command` is how the patch is made again, without any path of this machine; `source` is a ref
    or the last part of a path. `verdicts` and `roads` are empty where nobody asked for them.
    """

    patch: str
    title: str
    why: str
    security: str
    dep3: tuple[tuple[str, str], ...]
    engine: str | None
    cli: str | None
    command: str
    sections: tuple[Section, ...]
    changes: tuple[FileChange, ...]
    source: str = ""
    verdicts: tuple[Judgement, ...] = ()
    roads: tuple[Road, ...] = ()


class Layout(NamedTuple):
    """How a diff is laid out: lines of context, what goes before every path, and which way."""

    context: int = 3
    prefix: str = ""
    reverse: bool = False
    split: bool = False


class File(NamedTuple):
    """A file of an output, its name below the output's folder."""

    name: str
    data: bytes


def nothing_there(_: str) -> None:
    """The `Existing` of an output that goes to stdout or into an empty folder."""
    return


def formats() -> list[str]:
    """The names of all formats, sorted."""
    from pkgutil import iter_modules

    names = (module.name for module in iter_modules(__path__))
    return sorted(n for n in names if n not in _NO_FORMATS and not n.startswith("_"))


def load(name: str) -> ModuleType | None:
    """The module of the format `name`, None where there is no such format."""
    from importlib import import_module

    return import_module(f"{__name__}.{name}") if name in formats() else None
