"""A port and its source in; verdicts of the judges out: does it mean what was asked?

A judge is a module of this folder, found by its name, whose name has no leading underscore:

    HELP = "one line"
    def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Verdict
    def add_arguments(parser) -> None        # optional: options of its own
    def key(port: Port, source: Source) -> Hashable      # optional: equal keys, equal verdicts

`source` is the original and `port.changes` lead from it to what is judged; a port whose status
is "already" has no changes, and `source` is then the patched tree itself. `options` are the
values of the command line by argparse's names; a judge has a default for each one that is missing,
so that an empty mapping will do; the value "progress", where there is one, is a function that is told
how many steps of how many are done, and the name of the next; the value "say" one that takes a line
of words; the value "memo" is a dict that is kept from port to port of one run. Such a module is cheap to import: it imports late.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from gopatch.errors import UsageError, nearest

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

__all__ = [
    "Bench",
    "Case",
    "Judge",
    "Status",
    "Verdict",
    "load",
    "names",
    "parse_names",
    "touched",
]

Status = Literal["pass", "fail", "inconclusive"]


class Case(NamedTuple):
    """One thing, or one family of `total` alike things, that a judge tried."""

    name: str
    status: Status
    total: int = 1


class Verdict(NamedTuple):
    """What a judge found.

    `summary` are lines for a reader: what was looked at, and the reason where it is no pass.
    `counterexample` is the smallest case that went wrong, as text of several lines. Only "pass"
    is a pass: what cannot be judged is "inconclusive", and `summary` says where.
    """

    judge: str
    status: Status
    summary: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    counterexample: str = ""

    def table(self) -> dict[str, Any]:
        """As a value for JSON."""
        return {**self._asdict(), "cases": [case._asdict() for case in self.cases]}


class Judge(Protocol):
    """What a module of this folder offers."""

    HELP: str

    def judge(self, port: Port, source: Source, options: Mapping[str, Any]) -> Verdict: ...


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
    found: Any = import_module(f"{__name__}.{name}")
    return found  # type: ignore[no-any-return]


def parse_names(text: str) -> list[str]:
    """The judges of a comma list, each once, in its order; UsageError for an unknown one."""
    found = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not found:
        raise UsageError("--by names no judge", hint=f"the judges are {', '.join(names())}")
    for name in found:
        load(name)
    return found


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
        self._known: dict[Hashable, Verdict] = {}

    def judge(self, port: Port, source: Source) -> tuple[Verdict, ...]:
        """A verdict of each judge, in their order."""
        return tuple(self._judged(name, port, source) for name in self.judges)

    def _judged(self, name: str, port: Port, source: Source) -> Verdict:
        judge = load(name)
        key = name, getattr(judge, "key", touched)(port, source)
        if key not in self._known:
            self._known[key] = judge.judge(port, source, self.options)
        return self._known[key]


def touched(port: Port, source: Source) -> Hashable:
    """The blobs that a port touches; a source that is patched already stands for itself alone."""
    return port.changes or port.source


def passed(verdicts: Iterable[Verdict]) -> bool:
    """Whether every one of them is a pass, and there is one at all."""
    found = list(verdicts)
    return bool(found) and all(verdict.status == "pass" for verdict in found)
