"""All points of the contract of one port, judged in order, and the findings that come of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from gopatch.evaluate import UnsupportedError
from gopatch.evaluate.network import World
from gopatch.model import Traits
from gopatch.port.judged import Finding, Status, Subject
from gopatch.source.overlay import Overlay
from gopatch.verify._model.coverage import WhatRan, unseen, written_lines
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.driving import judge_roads
from gopatch.verify._model.flags import FlagTarget, judge_flag
from gopatch.verify._model.other_keys import judge_starts
from gopatch.verify._model.pings import judge_pings
from gopatch.verify._model.points import ABOUT, Point, looked_at
from gopatch.verify._model.reloading import judge_reload
from gopatch.verify._model.service import EvaluatedRegistry
from gopatch.verify._model.transports import judge_hosts
from gopatch.verify._model.warnings import judge_warnings
from gopatch.verify._subjects import reference

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_WORST: tuple[Status, ...] = ("fail", "inconclusive")


class Trial:
    """One port beside its original. `points` grow as they are judged."""

    def __init__(self, port: Port, source: Source, traits: Traits, memo: dict[Any, Any]) -> None:
        self.port, self.source, self.traits = port, source, traits
        self.points: list[Point] = []
        engine = port.roots.engine or ""
        if memo.get("stock", (None,))[0] is not source:
            memo["stock"] = source, EvaluatedDaemon(source, engine, traits)
        self.stock = memo["stock"][1]
        lines, patched = written_lines(port.changes), Overlay(source, port.changes)
        self.patched = EvaluatedDaemon(patched, engine, traits, lines)

    def flag(self) -> FlagTarget | None:
        """What the flag sets; None where the flags of this source cannot be run."""
        point = Point("flag")
        try:
            found = judge_flag(self.stock, self.patched, point)
        except UnsupportedError as error:
            self.points.append(Point("flag", silent=f"flag: read, not run: {error}"))
            return None
        self.points.append(point)
        return found

    def run(self, accept: str, *, is_variable: bool, briefly: bool = False) -> None:
        """Judge all that comes after the lookups; `briefly`, only until something is wrong."""
        self.patched.registry.accept, self.patched.registry.is_variable = accept, is_variable
        left_out = set(self.port.patch.left_out)
        points = self._points()
        while not (briefly and any(p.status == "fail" for p in self.points)):
            point = next(points, None)
            if point is None:
                break
            _of_locks(point, self.patched.world)
            without = sorted(left_out.intersection(ABOUT[point.name].edits))
            self.points.append(_not_asked(point.name, without) if without else point)

    def ping(self, stock: EvaluatedRegistry, patched: EvaluatedRegistry, accept: str) -> None:
        """Judge a release that pings; `accept` is the field of the options that the flag sets."""
        stock.accept, patched.accept = "", accept
        self.points += judge_pings(self.stock, self.patched)
        if not patched.is_variable:
            self.points += judge_warnings(self.stock, self.patched, at_start=self._warns_at_start())

    def _points(self) -> Iterator[Point]:
        stock, port = self.stock, self.patched
        starts = partial(judge_starts, stock.registry, port.registry)
        yield looked_at("lookup", None, starts)
        if not port.registry.is_variable:
            yield from judge_reload(stock, port)
        yield from judge_warnings(stock, port, at_start=self._warns_at_start())
        yield from judge_roads(stock, port)
        yield from judge_hosts(stock, port)

    def _warns_at_start(self) -> bool:
        """Whether the patch, on this source, warns where NewService is."""
        whole = reference(self.port, self.source)
        changed = (c.path for step in whole.steps if step.edit == "warn" for c in step.changes)
        return any("registry/" in path for path in changed)

    # What comes of it ----------------------------------------------------------------------------

    def unseen(self) -> list[tuple[str, int]]:
        program, written = self.patched.program, {change.path for change in self.port.changes}
        others = (data for path, data in program.files() if path not in written)
        known = {what for what, _ in self.stock.program.library.asked.sought}
        led = set(program.library.asked.led(known))
        answers = program.answers() | {(*span, told) for span, told in led}
        ran = WhatRan(program.ran(), answers, program.questions())
        return list(unseen(self.port.changes, ran, others))

    def findings(
        self, subjects: tuple[Subject, ...], hidden: Collection[str]
    ) -> tuple[Finding, ...]:
        """A finding for each edit and road that a point speaks for, unless some of what the edit has
        written was run by no case, or was read and not found right: these are `hidden`."""
        return tuple(f for s in subjects if (f := self._finding(s, hidden)) is not None)

    def _finding(self, subject: Subject, hidden: Collection[str]) -> Finding | None:
        points = [p for p in self.points if self._speaks(p, subject) and p.status is not None]
        if not points:
            return None
        said = {p.status for p in points}
        status: Status = next((s for s in _WORST if s in said), "pass")
        if status == "pass" and subject.kind == "edit" and subject.name in hidden:
            return None
        by = ", ".join(dict.fromkeys(ABOUT[p.name].by for p in points))
        reason = (
            next((p.reason for p in points if p.status == status), "") if status != "pass" else ""
        )
        return Finding("model", *subject, status, by, sum(p.cases for p in points), reason)

    def _speaks(self, point: Point, subject: Subject) -> bool:
        """Until v20.10 plugins come and go as images do."""
        as_images = subject == ("road", "plugin") and self.stock.door("plugin") is None
        return subject.name in _spoken(point, subject) or (
            as_images and point.name in ("pull", "push")
        )


def _of_locks(point: Point, world: World) -> None:
    """What a point's cases have shown of locks: a field that is kept with one and without, and one that is kept."""
    found = list(world.guarded)
    world.guarded.clear()
    races = {(fields.type, name) for fields in found for name in fields.races}
    point.doubts += [
        f"{point.name}: {name} of {of} is used with its lock and without"
        for of, name in sorted(races)
    ]
    locked = sorted({fields.type for fields in found if fields.is_locked})
    point.misses += [f"{point.name}: a lock of {of} is never released" for of in locked]


def _not_asked(name: str, without: list[str]) -> Point:
    said = f"{name}: not asked, for the patch was made without {', '.join(without)}"
    return Point(name, silent=said)


def _spoken(point: Point, subject: Subject) -> tuple[str, ...]:
    about = ABOUT[point.name]
    return about.edits if subject.kind == "edit" else about.roads
