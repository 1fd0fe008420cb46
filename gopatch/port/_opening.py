"""A Go function that opens addresses -> where they get away from it before anybody has asked a guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import CLAUSES, parse
from gopatch.port._functions import Functions, bound_by
from gopatch.port._one_function import Need, OneFunction, value_of
from gopatch.port._rebuilt import Marked, functions_with, keys_of
from gopatch.port._spans import Spans, Within

_HTTPS = re.compile(rb"[\"`]https[:/]*[\"`]")


class Leak(NamedTuple):
    """A place in `function` at which more is done with addresses than to look at them, unless what it `needs` is so.

    It needs None where that cannot be. `unled` are those that HTTPS does not come before: a rail knows nothing then.
    """

    at: int
    function: str
    needs: frozenset[Need] | None
    unled: bool = False


@once(512)
def leaks(data: bytes, marked: Marked, guards: frozenset[str]) -> tuple[Leak, ...]:
    """The places of a file, in order."""
    if marked.mark.encode() not in data or marked.type.encode() not in data:
        return ()
    all = Functions(parse(data), guards)
    found = (
        leak
        for node in functions_with(all, (marked.mark,))
        for leak in _Opening(all, node).leaks(marked)
    )
    return tuple(sorted(found, key=lambda leak: leak.at))


class _Opening(OneFunction):
    """One function, with what becomes of the addresses that it marks."""

    def leaks(self, marked: Marked) -> Iterator[Leak]:
        function = next((name.text.decode(errors="replace") for name in self.node.names()), "")
        known: set[bytes] = set()
        opened = self._opened(marked)
        yield from (
            Leak(at, function, None, True) for at, name in opened if not self._is_led(at, name)
        )
        since = min((at for at, _ in opened), default=0)
        todo = {name for _, name in opened}
        while todo - known:
            name = (todo - known).pop()
            known.add(name)
            for at in self._within(name, (since, self.span[1])):
                made = {made for made, _ in self._made_at(at)}
                needs = self._quiet(at, name) if made <= self._own else None
                if needs is None or needs:
                    yield Leak(at, function, needs, bool(self._disordered.around(at)))
                todo |= made & self._own

    def _opened(self, marked: Marked) -> set[tuple[int, bytes]]:
        """The names that get an address with the mark, each with where that stands."""
        literals = (
            node
            for node in self.all.composites(self.span)
            if node.children[0].text.rpartition(b".")[2] == marked.type.encode()
            if marked.mark.encode() in keys_of(node.children[-1])
        )
        return {(node.start, made) for node in literals for made, _ in self._made_at(node.start)}

    def _is_led(self, at: int, name: bytes) -> bool:
        """Whether the list that gets an address with the mark has one of HTTPS before it, whatever way led there."""
        led = False
        for node in self.all.bindings((self.span[0], at)):
            value = self.all.file.data[value_of(node) : node.end]
            if node.end > at or name not in bound_by(node):
                continue
            around = self._ways.around(node.start)
            holds = not around or around[0] in self._ways.around(at)
            grows = re.match(rb"append\(\s*%s\s*," % re.escape(name), value)
            if grows and not holds:
                continue
            led = holds and (_HTTPS.search(value) is not None or (led and grows is not None))
        return led

    @cached_property
    def _ways(self) -> Spans:
        """What is not always done: blocks, and the cases of switches."""
        nodes = Within(self.all.file, "block", *CLAUSES)(self.span)
        return Spans((node.start, node.end) for node in nodes)
