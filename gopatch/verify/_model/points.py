"""A point of the contract as it was judged, and what of a port it speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from gopatch.evaluate import GoPanicError, UnsupportedError
from gopatch.port.judged import Status


class About(NamedTuple):
    """What a point speaks for, by the names of the patch's edits and roads, and how it was judged."""

    edits: tuple[str, ...]
    roads: tuple[str, ...]
    by: str


_FIRST = ("https-first", "https-answer")
ABOUT = {
    "flag": About(("flag",), (), "running what registers the flags"),
    "key": About(("option",), (), "decoding daemon.json"),
    "lookup": About(("option", "store", "hub", "guard-v2", "guard-v1"), (), "running the lookups"),
    "login": About(("no-downgrade-login", *_FIRST), ("login",), "running Auth"),
    "pull": About(("no-downgrade-pull", *_FIRST), ("pull",), "running the loop over endpoints"),
    "push": About(("no-downgrade-push", *_FIRST), ("push",), "running the loop over endpoints"),
    "inspect": About(("no-downgrade-inspect", *_FIRST), ("inspect",), "running the loop over endpoints"),
    "plugin": About(("no-downgrade-plugin", *_FIRST), ("plugin",), "running the clients of its hosts"),
    "search": About(("search", "https-watch", "https-answer"), ("search",), "running the search"),
    "hosts": About(
        ("hosts", "ask", "http-fallback", "https-answer"),
        ("buildkit", "containerd-store"),
        "running the clients of its hosts",
    ),
    "ping": About(
        ("option", "store", "hub", "guard-v2", "no-downgrade-ping", "https-answer"),
        ("login", "pull", "push", "search"),
        "running the ping of an endpoint",
    ),
    "start": About(("option", "store", "warn", "warning"), (), "running the daemon's main function"),
    "reload": About(("reload", "ask"), ("reload",), "running Reload"),
    "warning": About(("warn", "warning"), (), "reading what a start logs"),
    "reload warning": About(("warn-reload", "warning"), (), "reading what a reload logs"),
    "info": About(("warn-info", "warning"), (), "running docker info"),
}  # fmt: skip


@dataclass
class Point:
    """One point while it is judged. `misses` say what goes wrong, `doubts` what cannot be told,
    `silent` why nobody could look."""

    name: str
    cases: int = 0
    misses: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    silent: str = ""

    @property
    def status(self) -> Status | None:
        """None where the source goes beyond what can be run."""
        if self.misses:
            return "fail"
        if self.doubts:
            return "inconclusive"
        return None if self.silent or not self.cases else "pass"

    @property
    def reason(self) -> str:
        return next(iter([*self.misses, *self.doubts]), self.silent)

    def expect(self, right: bool, miss: str) -> None:
        self.cases += 1
        if not right:
            self.misses.append(miss)


# What a port hands to the model's library where Go would have panicked, or refused to build.
_STRANGE = (TypeError, AttributeError, KeyError, IndexError, ValueError)


def looked_at(
    name: str, stock: Callable[[], object] | None, judge: Callable[[Point], None]
) -> Point:
    """Judge a point. Where the original itself cannot be run, that is said, and nobody looked;
    where the port alone cannot, it is doubted."""
    point = Point(name)
    try:
        if stock is not None:
            stock()
    except (
        UnsupportedError,
        GoPanicError,
    ) as error:  # a crash: what is made here is not the whole daemon
        point.silent = f"{name}: not followed here, before or after: {error}"
        return point
    try:
        judge(point)
    except GoPanicError as error:
        point.misses.append(f"{name}: the daemon {error}")
    except UnsupportedError as error:
        point.doubts.append(f"{name}: outside of what can be evaluated: {error}")
    except _STRANGE as error:
        point.doubts.append(
            f"{name}: outside of what can be evaluated: values of another kind ({error})"
        )
    return point
