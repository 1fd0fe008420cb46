"""The regular expressions of a patch, bounded in time: an anchor is found in a moment, or refused."""

from __future__ import annotations

from time import perf_counter, process_time
from typing import TYPE_CHECKING

from gopatch.errors import PatchError

if TYPE_CHECKING:
    import regex

SECONDS = 2.0  # of CPU for one anchor in one file; those that come along take milliseconds
_LONGEST = 2000  # characters
_TICK = 0.005  # seconds by the clock, after which the CPU's are read again: that takes longer than most lines


def check(find: str, what: str, text: str = "") -> None:
    """PatchError where `find` is no regular expression, or `text` names groups that it has not."""
    import regex

    if len(find) > _LONGEST:
        raise PatchError(f"a regular expression of more than {_LONGEST} characters", path=what)
    try:
        regex.compile(find)
        # Nothing is found in nothing, and a template is read with what was found.
        found = regex.compile(f"(?:{find})|").search("", timeout=SECONDS)
        assert found is not None
        found.expand(text)
    except (regex.error, IndexError, RecursionError, TimeoutError) as error:
        shown = find if len(find) < 80 else f"{find[:80]}…"
        raise PatchError(f"not a regular expression: `{shown}`: {error}", path=what) from None


class Anchor:
    """A regular expression that is looked for in the lines of one file, within seconds of CPU."""

    def __init__(self, find: str, seconds: float = SECONDS) -> None:
        import regex  # takes as long as a kept port does: not before one is looked for

        self._pattern = regex.compile(find)
        self._seconds = self._left = seconds
        self._start = process_time()
        self._read = perf_counter()

    def search(self, line: str) -> regex.Match[str] | None:
        """The first match in a line; PatchError where looking for it has taken too long."""
        try:
            found = self._pattern.search(line, timeout=self._left)
        except TimeoutError:
            raise PatchError(
                f"the regular expression `{self._pattern.pattern}` takes too long",
                hint="drop a repetition inside of a repetition, as in `(a+)+`",
            ) from None
        if perf_counter() - self._read > _TICK:
            self._left = max(self._seconds - (process_time() - self._start), 0.001)
            self._read = perf_counter()
        return found
