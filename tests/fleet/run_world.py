"""Many refs at once: what is written, what is reported, and how a run goes on: what its tests share."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from gopatch.fleet._processes import Progress
from gopatch.fleet.run import Run, run_into

HISTORY = ("v1.13.1", "v17.12.1-ce", "v20.10.27", "v28.5.2", "docker-v29")


def port(
    moby: Path, out: Path, *patterns: str, progress: Progress | None = None, **options: Any
) -> dict[str, Any]:
    return run_into(Run(moby, "accept-insecure-registry", patterns, out, **options), progress)


ALL = ("v*", "docker-v*", "release/*")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the ports that the judge is asked about."""
    from gopatch.verify import model

    asked: list[str] = []
    judge = model.judge

    def counted(port: Any, source: Any, options: Any) -> Any:
        asked.append(port.source)
        return judge(port, source, options)

    monkeypatch.setattr(model, "JUDGE", model.JUDGE._replace(judge=counted))
    return asked
