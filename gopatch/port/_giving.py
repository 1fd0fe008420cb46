"""A function that hands out addresses -> whether it only does so: what is made of them, too, asks nobody."""

from __future__ import annotations

from gopatch.port._functions import Functions
from gopatch.port._one_function import Needs, OneFunction, all_of
from gopatch.port._spans import Span


class Giving:
    """The functions of a file that are named as what hands out addresses."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._known: dict[Span, GivingBody] = {}

    def only_gives(self, at: int, name: str) -> Needs:
        """What is needed for nobody to be asked by what a use of `name` at an offset gives."""
        node = self._functions.around(at)
        if node is None:
            return None
        span = node.start, node.end
        if span not in self._known:
            self._known[span] = GivingBody(self._functions, node)
        return self._known[span].only_gives(at, at + len(name.encode()))


class GivingBody(OneFunction):
    """One of them. Its addresses may be looked at, sorted out into lists of its own, and returned."""

    def only_gives(self, at: int, end: int) -> Needs:
        call = self._calls.get(end)
        if call is None or call.start > at or call.data[call.end : call.end + 1] in (b".", b"["):
            return None
        return all_of((self._quiet(call.start), self.keeps(self._got_by(call.start))))

    def _got_by(self, at: int) -> set[bytes]:
        """What gets the addresses that a call at an offset gives: of several the first."""
        found = {name for header in self._headers.around(at) for name in self._loops[header].names}
        for span in self._bindings.around(at):
            value, names = self._binding_of[span]
            found.update(names[:1] if at >= value else ())
        return found
