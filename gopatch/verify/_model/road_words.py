"""What went wrong on a road, in words; `said` is how the daemon was started, and who was asked."""

from __future__ import annotations

from typing import Any

from gopatch.verify._model.daemon import RoadResult


def leak_of(road: str, said: str, leaks: list[Any]) -> str:
    """A leak is named as one."""
    if not leaks:
        return ""
    what = "the password goes" if any(sent.secret for sent in leaks) else "a request goes"
    return f"{road}: a leak: {what} to {leaks[0].url} after HTTPS was answered ({said})"


def unlike(road: str, said: str, found: RoadResult, wanted: RoadResult, words: str) -> str:
    return f"{road}: {said}: {words} {told(wanted)}; the port: {told(found)}"


def told(result: RoadResult) -> str:
    asked = ", ".join(
        f"{s.method} {s.url}{' with the password' if s.secret else ''}" for s in result.trace
    )
    end = (
        f"crashes ({result.crash})"
        if result.crash
        else "ends well"
        if result.fine
        else "ends in an error"
    )
    return f"{asked or 'nothing is asked'}, {end}"
