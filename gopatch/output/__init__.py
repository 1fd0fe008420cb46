"""A port in; what it becomes out, a diff, a page or a recipe's lines: pick one.

A format of `gopatch apply` is a module of `output/formats` with one value, `FORMAT`, and is found
by its module's name: a new one is a new module and nothing else. `branch` and `inplace` write a
port where it belongs; `diff` and `sarif` serve others. No module here knows the engine: they get
bytes and small values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from gopatch.port.judged import Verdict
from gopatch.port.outcome import Outcome, Road
from gopatch.splice import FileChange

__all__ = [
    "EditView",
    "Existing",
    "File",
    "Format",
    "FormatPlace",
    "Layout",
    "NothingThere",
    "PortView",
    "_message",
    "_page",
    "_port_view",
    "branch",
    "destination",
    "diff",
    "file_name",
    "formats",
    "inplace",
    "load",
    "names",
    "recipes",
    "renewal",
    "sarif",
    "upgrade",
]


class Existing(Protocol):
    """The folder that an output goes into."""

    def names(self) -> tuple[str, ...]:
        """The files right in it, sorted."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none; SourceError for a link out of the folder."""

    def head(self, name: str) -> bytes:
        """The first bytes of a file that is there: enough for a header."""


class EditView(NamedTuple):
    """One edit of a port as an output shows it: what it is for, its outcome, what it changed by itself.

    `changes` are the edit's own, each from the bytes that the edits before it left. `why` is why
    the edit is there, `told` gives what its variant says of itself, which takes reading it anew, `roads`
    are the roads that it opens.
    `original` is there where the edit was somebody's change of another source: that change.
    """

    title: str
    group: str
    outcome: Outcome
    changes: tuple[FileChange, ...] = ()
    why: str = ""
    told: Callable[[], str] = str
    roads: tuple[str, ...] = ()
    original: FileChange | None = None

    @property
    def name(self) -> str:
        return self.outcome.edit

    @property
    def form(self) -> str:
        return self.told()


class PortView(NamedTuple):
    """A port as an output sees it. `roots` are the engine's and the command line's folder.

    `command` is how the patch is made again, without any path of this machine; `source` is a ref
    or the last part of a path. `author` is `Name <mail>`, `epoch` the date in seconds since 1970:
    SOURCE_DATE_EPOCH, or the day on which the patch says that it was last changed, never the time
    of the run. `verdict` and `roads` are empty where nobody asked for them. `only` and `without`
    are groups and edits that a part of a patch was selected by.
    """

    patch: str
    title: str
    why: str
    security: str
    dep3: tuple[tuple[str, str], ...]
    engine: str | None
    cli: str | None
    command: str
    edits: tuple[EditView, ...]
    changes: tuple[FileChange, ...]
    source: str = ""
    verdict: Verdict | None = None
    roads: tuple[Road, ...] = ()
    author: str = "gopatch <gopatch@localhost>"
    epoch: int = 0
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()


class Layout(NamedTuple):
    """How a diff is laid out: lines of context, what goes before every path, and which way.

    `split`: one part for each group of edits, or for each source tree. `force`: over what somebody
    has edited. `name` is what the patch file is called, where that is not its own name; `recipe` the
    text of the recipe that is to apply it; `folder` where its series lies, where that is not the format's place.
    """

    context: int = 3
    prefix: str = ""
    reverse: bool = False
    split: bool = False
    force: bool = False
    name: str = ""
    recipe: str | None = None
    folder: str = ""


class File(NamedTuple):
    """A file of an output, its name below the output's folder.

    The first file is the output; the others go with it (lines to paste, a list that names it), and
    where the output goes to stdout or into a single file they are said on stderr.
    """

    name: str
    data: bytes


def file_name(patch: str, suffix: str = ".patch") -> str:
    """The patch's name as that of a file, without anything that a series or a spec might misread."""
    import re

    return (re.sub(r"[^A-Za-z0-9.+_-]+", "-", patch).lstrip("-.") or "patch") + suffix


class NothingThere:
    """The `Existing` of an output that goes to stdout or into a folder still to be made."""

    def names(self) -> tuple[str, ...]:
        return ()

    def read(self, name: str) -> bytes | None:
        return None

    def head(self, name: str) -> bytes:
        return b""


class FormatPlace(NamedTuple):
    """A folder of a source where a format's files belong, and the file beside it that tells so."""

    folder: str
    beside: str


class Format(NamedTuple):
    """A format of `gopatch apply`; its files are empty where there is nothing to do.

    `unpacked`: for builds, which enter the one folder of an archive. `ships`: a patch that a recipe
    carries from release to release, so that it is whole or refused, and known again. `roads`: it
    shows the roads.
    """

    help: str
    render: Callable[[PortView, Layout, Existing], tuple[File, ...]]
    unpacked: bool = False
    ships: bool = False
    place: FormatPlace | None = None
    roads: bool = False


def names() -> list[str]:
    """The names of all formats, sorted."""
    from pkgutil import iter_modules

    from gopatch.output import formats as folder

    return sorted(module.name for module in iter_modules(folder.__path__))


def load(name: str) -> Format | None:
    """The format `name`, None where there is no such format."""
    from importlib import import_module
    from importlib.util import find_spec

    # All names are not listed for one: pkgutil's way loads what inspects source.
    if not name.isidentifier() or name.startswith("_"):
        return None
    if find_spec(f"{__name__}.formats.{name}") is None:
        return None
    found = import_module(f"{__name__}.formats.{name}").FORMAT
    assert isinstance(found, Format)
    return found
