"""What comes of a patch on a source, as values: no engine is needed to hold or to print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from gopatch.errors import ApplyError, UsageError
from gopatch.spelling import visible

if TYPE_CHECKING:
    from gopatch.recipe.values import Patch
    from gopatch.source.roots import Roots
    from gopatch.splice import FileChange

EditStatus = Literal["applied", "already", "absent", "failed", "left out"]
RoadStatus = Literal["reached", "missed", "absent"]
PortStatus = Literal["applied", "already", "absent", "failed"]
_ORDER: tuple[PortStatus, ...] = ("failed", "applied", "already")


class Site(NamedTuple):
    """A place in a source: line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{visible(self.path)}:{self.line}:{self.column}"


class Outcome(NamedTuple):
    """What became of one edit.

    `status` is "left out" for an edit of the group papers that fits nowhere; `variant` names the
    form that fits; `sites` are the places; `reason` says why it failed, is left out or is absent;
    `hint` what to do.
    """

    edit: str
    status: EditStatus
    variant: str | None = None
    sites: tuple[Site, ...] = ()
    reason: str = ""
    hint: str = ""


class Step(NamedTuple):
    """What one edit changed by itself: each file from what the edits before it left."""

    edit: str
    changes: tuple[FileChange, ...]


class Road(NamedTuple):
    """A road by which the daemon reaches a registry, and what becomes of it.

    `outcome` is "reached", "missed" (the source has it, but the port does not open it) or "absent";
    `edits` are those that open it; `sites` where the source has it; `reason` says why it is missed
    or absent, or that no rail guards it; `asked` that the part which was asked for leaves it so.
    """

    name: str
    title: str
    outcome: RoadStatus
    edits: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    reason: str = ""
    asked: bool = False

    @property
    def left(self) -> bool:
        """Whether it is opened without a rail, which somebody has accepted by name."""
        return self.outcome == "reached" and bool(self.reason)


class Port(NamedTuple):
    """A patch worked out on one source; `changes` and `steps` are empty where any edit failed.

    `steps` has one entry for each edit, in the order of the patch; `changes` is their sum. `unknown`
    says of names that come and that nothing tells what they are.
    """

    patch: Patch
    source: str
    roots: Roots
    outcomes: tuple[Outcome, ...]
    changes: tuple[FileChange, ...] = ()
    steps: tuple[Step, ...] = ()
    roads: tuple[Road, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.status == "failed")

    @property
    def left_out(self) -> tuple[Outcome, ...]:
        """The papers that fit nowhere."""
        return tuple(o for o in self.outcomes if o.status == "left out")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said of a port that is made: what it leaves as it was."""
        closed = (r for r in self.roads if r.outcome == "missed" and not r.asked)
        bare = (r for r in self.roads if r.left)
        return (
            *self.unknown,
            *(f"{o.edit} is left out: {o.reason}" for o in self.left_out),
            *(f"the road {r.name} stays closed: {r.reason}" for r in closed),
            *(f"the road {r.name} is opened: {r.reason}" for r in bare),
        )

    @property
    def status(self) -> PortStatus:
        """ "absent" is where there is nothing to do at all."""
        found = {o.status for o in self.outcomes}
        return next((status for status in _ORDER if status in found), "absent")

    @property
    def idle(self) -> tuple[str, ...]:
        """Roads that were to be left, and of which nothing is opened without a rail here."""
        left = {road.name for road in self.roads if road.left}
        return () if self.failed else tuple(n for n in self.patch.selection.leave if n not in left)

    def demand_left(self) -> None:
        """Raise UsageError where a road was to be left that is not opened without a rail here."""
        if not self.idle:
            return
        bare = [road.name for road in self.roads if road.left]
        left = f"left here are {', '.join(bare)}; " if bare else ""
        raise UsageError(
            f"--leave {','.join(self.idle)}: nothing of that name is opened without a rail here",
            hint=f"{left}drop the name, for it would accept what is not there",
        )

    def demand(self) -> None:
        """Raise ApplyError, which names every failed edit, where the port is not whole."""
        if not self.failed:
            return
        done = [o.edit for o in self.outcomes if o.status == "already"]
        fits = [o.edit for o in self.outcomes if o.status == "applied"]
        lines = [f"the patch `{self.patch.name}` does not apply; nothing was written"]
        for outcome in self.failed:
            lines.append(f"  {outcome.edit}: {outcome.reason}")
            if outcome.hint:
                lines.append(f"    {outcome.hint}")
        if done:
            lines.append(f"  partly patched: already there: {', '.join(done)}")
        if fits:
            lines.append(f"  would apply: {', '.join(fits)}")
        raise ApplyError("\n".join(lines), hint="`gopatch check` shows every edit")
