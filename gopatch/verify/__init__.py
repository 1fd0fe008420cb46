"""A port and its source in; opinions of the judges and one verdict out: does it mean what was asked?

A judge is a module of this folder whose name has no leading underscore and that has a `JUDGE`.
Such a module is cheap to import: it imports late. What they say is in `gopatch.port.judged`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.errors import UsageError, nearest
from gopatch.port.judged import Case, Finding, Opinion, Status, Subject, Verdict, decide, worst_of

if TYPE_CHECKING:
    import argparse

    from gopatch.port.work import Port
    from gopatch.source import Source
    from gopatch.verify._mutants.drawing import Equivalent
    from gopatch.verify._mutants.trying import Asked, Tally, Tried, try_mutants

__all__ = [
    "Asked", "Bench", "Case", "Equivalent", "Finding", "Judge", "Opinion", "Status", "Subject", "Tally", "Tried",
    "Verdict", "Vetted", "equivalents", "go", "load", "names", "parse_names", "passed", "subjects", "touched",
    "try_mutants", "verdict_of", "worst_of",
]  # fmt: skip


_LATE = {"Asked", "Tally", "Tried", "try_mutants"}


def __getattr__(name: str) -> Any:
    if name in _LATE:  # the judges that are asked about mutants are imported when there are any
        from gopatch.verify._mutants import trying

        return getattr(trying, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def equivalents(patch: str) -> tuple[Equivalent, ...]:
    """The mutants which a patch's own equivalents.toml calls equivalent, with the reason why."""
    from gopatch.recipe.read import files_of
    from gopatch.verify._mutants.drawing import equivalents as read

    file = next((f for f in files_of(patch) if f.name == "equivalents.toml"), None)
    return () if file is None else read(file.read_text(encoding="utf-8"), str(file.name))


def touched(port: Port, source: Source) -> Hashable:
    """The blobs that a port touches; a source that is patched already stands for itself alone."""
    return port.changes or port.source


class Judge(NamedTuple):
    """One who judges ports.

    `judge` is given the port, its original and the options. `port.changes` lead from the original
    to what is judged; a port whose status is "already" has none, and the source is then the patched
    tree itself. Options are the values of the command line by argparse's names, and a judge has a
    default for each that is missing; "progress", where there is one, is a function that is told how
    many steps of how many are done, and the name of the next; "say" is told a line of words now and then;
    "memo" is a dict that is kept from port to port of one run; what it has of "stock" is one original
    as it was read last, for who judges many ports of it. Ports with equal `key` get equal opinions. `slow` is one whom a port takes more than a moment.
    """

    name: str
    help: str
    judge: Callable[[Port, Source, Mapping[str, Any]], Opinion]
    key: Callable[[Port, Source], Hashable] = touched
    add_arguments: Callable[[argparse._ArgumentGroup], None] | None = None
    slow: bool = False


def names() -> list[str]:
    """All judges, sorted."""
    from pkgutil import iter_modules

    found = (module.name for module in iter_modules(__path__))
    return sorted(name for name in found if not name.startswith("_"))


def load(name: str) -> Judge:
    """The judge `name`; UsageError where there is none."""
    from importlib import import_module

    if name not in names():
        near = nearest(name, names())
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(f"no judge `{name}`", hint=f"{meant}the judges are {', '.join(names())}")
    found: Judge = import_module(f"{__name__}.{name}").JUDGE
    return found


def parse_names(text: str) -> list[str]:
    """The judges of a comma list, each once, in its order; UsageError for an unknown one."""
    found = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not found:
        raise UsageError("--by names no judge", hint=f"the judges are {', '.join(names())}")
    for name in found:
        load(name)
    return found


def subjects(port: Port, source: Source) -> tuple[Subject, ...]:
    """What there is to judge: each edit that the source needs, and each road that is opened.

    Of a port that is given as it is, what this patch would do to the original tells what that is.
    """
    from gopatch.verify._subjects import subjects as found

    return found(port, source)


def verdict_of(opinions: Iterable[Opinion], port: Port, source: Source) -> Verdict:
    """The verdict of some judges on a port."""
    return decide(opinions, subjects(port, source))


class Bench:
    """Several judges who judge many ports: what they have judged once they do not judge again.

    Ports count as the same where a judge's `key` is, or else where the touched blobs are.
    `later` are judges who are not asked here (see gopatch.fleet.judging).
    """

    def __init__(
        self,
        judges: Iterable[str],
        options: Mapping[str, Any] | None = None,
        later: Iterable[str] = (),
    ) -> None:
        self.judges = tuple(judges)
        self.later = tuple(later)
        self.options: Mapping[str, Any] = {**(options or {}), "memo": {}}
        self._known: dict[Hashable, Opinion] = {}

    def judge(self, port: Port, source: Source) -> tuple[Opinion, ...]:
        """An opinion of each judge, in their order."""
        found = tuple(self._judged(name, port, source) for name in self.judges)
        self.options["memo"].pop("stock", None)  # a hundred MiB, and the next port has another
        return found

    def _judged(self, name: str, port: Port, source: Source) -> Opinion:
        judge = load(name)
        key = name, judge.key(port, source)
        if key not in self._known:
            self._known[key] = judge.judge(port, source, self.options)
        return self._known[key]


def passed(verdict: Verdict, *, allow_partial: bool = False) -> bool:
    """Whether a verdict is a pass, or, where that is allowed, a partial one."""
    return verdict.status == "pass" or (allow_partial and verdict.status == "partial")


class Vetted(NamedTuple):
    """What the compiler and `go vet` say: "fail" with findings that the source has not without the change.

    `fresh` are those: a file's own name, a line (0 where unknown), words. "inconclusive" is a package
    that compiles neither before nor after; `summary` says what was run, and why not more.
    """

    status: Status
    summary: tuple[str, ...]
    fresh: tuple[tuple[str, int, str], ...]
