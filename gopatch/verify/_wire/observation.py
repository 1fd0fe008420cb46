"""What the room tells the judge: one line of JSON for each step that was tried."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

Store = Literal["graph", "containerd"]


@dataclass(frozen=True)
class Observation:
    """One step of the conversation, as it went.

    `setting` is how the daemon was set up, `road` what was asked of it, `host` the registry.
    `error` is the daemon's own, "" where the step succeeded. `log` are the daemon's lines
    meanwhile; `plain` counts the requests that reached a plain HTTP port other than those of the
    registry that was meant, `served` those that reached its own, and `secrets` the passwords
    among the former. `leaks` are these requests, at most a handful.
    """

    store: Store
    setting: str
    road: str
    host: str
    error: str
    log: tuple[str, ...] = ()
    served: int = 0
    plain: int = 0
    secrets: int = 0
    leaks: tuple[str, ...] = ()

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True)

    @property
    def key(self) -> tuple[str, str]:
        return (self.road, self.host)


def parse(line: str) -> Observation:
    """The inverse of `Observation.line`."""
    found = json.loads(line)
    return Observation(**{**found, "log": tuple(found["log"]), "leaks": tuple(found["leaks"])})
