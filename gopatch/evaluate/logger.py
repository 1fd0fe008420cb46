"""Docker's loggers, whatever their package: what they are given goes into the log of a world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import formatting
from gopatch.evaluate.go_values import Native, UnsupportedError
from gopatch.evaluate.network import World


class Log(dict[str, Callable[..., Any]]):
    """The methods of a logger: every one is there, notes what it is given, and gives a logger.

    `show` gives the text of an error or of what has a String method.
    """

    def __init__(self, world: World, show: Callable[[Any], str | None]) -> None:
        super().__init__()
        self._world, self._show = world, show
        self.logger = Native("logger")
        self.logger.methods = self  # empty, it would not be taken

    def get(self, key: str, default: Any = None) -> Any:
        def told(*given: Any) -> Native:
            self._note(key, given)
            return self.logger

        return told

    def _note(self, level: str, given: tuple[Any, ...]) -> None:
        try:
            first, *rest = formatting.spread(given)
            formed = level.endswith("f") and isinstance(first, str)
            text = formatting.sprintf(
                self._show, first if formed else "%v", *(rest if formed else [first])
            )
        except (UnsupportedError, ValueError):
            text = ""
        self._world.log.append((level, text))
