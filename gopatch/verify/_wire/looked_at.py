"""What was looked at, and how it is told: the cases, sentences, and the counterexample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gopatch.verify import Case, Status
from gopatch.verify._wire.logged import Event
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.prediction import read


@dataclass(frozen=True)
class LookedAt:
    """One thing that was looked at; `wrong` says what is not as it should be, "" where all is."""

    case: str
    seen: Observation
    wrong: str
    want: tuple[Event, ...] | None = None


def lifeless(seen: Observation) -> str:
    return (
        f"{seen.store} store: the stock daemon does not start, so the port cannot be judged "
        f"(another Go may build one that does: --go): {shortened(seen.error)}"
    )


def summed(name: str, findings: Sequence[LookedAt]) -> Case:
    status: Status = "fail" if any(finding.wrong for finding in findings) else "pass"
    return Case(name, status, len(findings))


def sentence(finding: LookedAt) -> str:
    seen = finding.seen
    where = f"{seen.road} {seen.host}".strip()
    return f"{seen.store} store, {seen.setting}, {where}: {finding.wrong}"


def counterexample(wrong: Sequence[LookedAt]) -> str:
    """The first thing that went wrong, with what the daemon said."""
    if not wrong:
        return ""
    first = min(wrong, key=lambda finding: len(finding.seen.log))
    lines = [sentence(first), f"error: {first.seen.error or 'none'}"]
    if first.want is not None:
        lines += ["the model:", *(f"  {event}" for event in first.want)]
        lines += ["the daemon:", *(f"  {event}" for event in read(first.seen, first.want)[0])]
    lines += first.seen.leaks
    return "\n".join([*lines, *first.seen.log[-20:]])


def listed(found: tuple[Event, ...]) -> str:
    return ", ".join(map(str, found)) or "nothing"


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:97]} ... {line[-98:]}"
