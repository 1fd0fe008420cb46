"""What the clients of a registry's hosts are asked, request by request, and what is right: stories.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

# The stories in which a leak shows, or what is not reached.
TELLING = (
    "a refused connection", "plain HTTP on the HTTPS port", "a bad certificate, then a refused connection",
    "a 401, then a refused connection", "the option is off",
)  # fmt: skip


class StoryStep(NamedTuple):
    """One request of a story; see stories.toml."""

    https: str
    want: list[list[str]]
    fine: bool
    http: str = "200"
    wait: int = 0
    body: str = ""
    again: bool = True
    on: bool | None = None
    cancelled: bool = False
    gives_up: bool = False
    location: str = ""
    told: str = ""


def named(text: str, host: str) -> str:
    """The text of a story with the host that it is played on: HOST, or NAME without a port."""
    return text.replace("HOST", host).replace("NAME", host.partition(":")[0])


@cache
def stories() -> tuple[tuple[str, tuple[StoryStep, ...]], ...]:
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["story"]
    return tuple((one["name"], tuple(StoryStep(**step) for step in one["step"])) for one in found)
