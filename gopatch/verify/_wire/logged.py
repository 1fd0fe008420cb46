"""What a daemon in debug mode says it tried, read from its log; and what the model says it will.

Both sides are logrus lines, and both are read by the same rules, so that only what was tried, in
which order, and whether the daemon went on, is compared; never the words of an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple


class Event(NamedTuple):
    """One thing that a log line tells. `kind` is "v2 login", "v1 ping", "pull", "push", "skip",
    "next" or "stop"; `url` is the endpoint, "" for the last two. Of containerd's resolver it is
    "request" or "fall back", and `url` the registry with its scheme, or its name."""

    kind: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.url}".strip()


_MESSAGE = re.compile(r'\bmsg="((?:[^"\\]|\\.)*)"(.*)')
_FIELD = re.compile(r'\b(?:endpoint|url)="?([^" ]+)')
_LOGIN = re.compile(r"^attempting (v[12]) (login|ping) (?:to|for) registry endpoint ?(\S*)")
_TRANSFER = re.compile(
    r"^Trying to (pull|push) (?:repository )?\S+ (?:from|to) (\S+?)(?: v[12]| V[12])?$"
)
_SKIP = re.compile(r"^Skipping (?:v1|non-TLS) endpoint (\S+)")
_NEXT = re.compile(r"^(?:Error logging in to .*trying next endpoint|Attempting next endpoint for )")
_REQUEST = re.compile(r'\burl="?([a-z]+://[^/" ]+)')
_FALLEN = re.compile(r"^Falling back to plain HTTP for (\S+), which does not answer over HTTPS")
_STOP = re.compile(r"^Not continuing with ")


def events(lines: Iterable[str]) -> tuple[Event, ...]:
    """The events in `lines`, in order; any other line is passed over.

    An event that only repeats the one before counts once: a search with a password asks its
    index a second time whether it stands alone.
    """
    found = [event for line in lines for event in _read(line)]
    return tuple(event for event, _ in groupby(found))


def host_events(lines: Iterable[str]) -> tuple[Event, ...]:
    """What containerd's resolver and pusher asked for, and where the patch fell back; each once,
    for they make many requests of a registry, and several at a time."""
    return tuple(dict.fromkeys(event for line in lines for event in _read_host(line)))


def _read_host(line: str) -> Iterator[Event]:
    found = _MESSAGE.search(line)
    if found is None:
        return
    request, fallen = _REQUEST.search(line), _FALLEN.match(found[1])
    if found[1] == "do request" and request:
        yield Event("request", request[1])
    elif fallen:
        yield Event("fall back", fallen[1])


def _read(line: str) -> Iterator[Event]:
    found = _MESSAGE.search(line)
    if found is None:
        return
    text, rest = found[1].replace('\\"', '"'), found[2]
    login, transfer, skip = _LOGIN.match(text), _TRANSFER.match(text), _SKIP.match(text)
    if login:
        field = _FIELD.search(rest)
        url = login[3] or (field[1] if field else "")
        yield Event(f"{login[1]} {login[2]}", _plain(url))
    elif transfer:
        yield Event(transfer[1], _plain(transfer[2]))
    elif skip:
        yield Event("skip", _plain(skip[1]))
    elif _NEXT.match(text):
        yield Event("next")
    elif _STOP.match(text):
        yield Event("stop")


def _plain(url: str) -> str:
    return url.rstrip("/")
