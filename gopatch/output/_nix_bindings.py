"""A nix expression's text -> the same without a patch's name where that is in no list of patches.

A name that such a list speaks of stands for what it is bound to.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"(?<![\w'.-])([\w'.-]++)\s*+(?:=(?!=)|\?)|[{}()\[\];,]")
_NAME = re.compile(r"[A-Za-z_][\w'-]*+(?!\s*\.)")  # what is taken of, says nothing
_LEAVES_OUT = re.compile(
    r"\b(?:filter|remove|subtractLists)\s+(?:\([^()]{0,999}\)|\[[^\[\]]{0,999}\]|[^\s()\[\];]+)"
)
_GIVEN = re.compile(
    r"(?<![\w'.-])patches\s*[:?]|[{,]\s*patches\s*(?=[,}])"
)  # by who calls a function


class _BoundName(NamedTuple):
    name: str
    start: int
    end: int


def in_lists_alone(text: str, patch: str) -> str:
    """The text where a file's name stands for a patch that is applied; all of it where others give the lists."""
    name = re.compile(rf"(?<![\w.+-]){re.escape(patch)}(?![\w.+-])")
    if _GIVEN.search(text) or not name.search(text):
        return text
    text = _LEAVES_OUT.sub(lambda left: name.sub("_", left[0]), text)
    known = list(_bindings(text))
    counting = [one for one in known if one.name == "patches"]
    spoken, todo = {"patches"}, counting
    while todo:
        words = {word for one in todo for word in _NAME.findall(text, one.start, one.end)} - spoken
        spoken |= words
        todo = [one for one in known if one.name in words]
        counting = counting + todo
    starts, ends = _joined(counting)

    def kept(found: re.Match[str]) -> str:
        at = bisect_right(starts, found.start()) - 1
        return found[0] if at >= 0 and found.start() < ends[at] else "_"

    return name.sub(kept, text)


def _joined(bindings: list[_BoundName]) -> tuple[list[int], list[int]]:
    """The places of values, one behind the other: where each begins, and where it ends."""
    starts, ends = list[int](), list[int]()
    for one in sorted(bindings, key=lambda one: one.start):
        if not ends or one.start >= ends[-1]:
            starts.append(one.start)
            ends.append(one.end)
    return starts, ends


def _bindings(text: str) -> Iterator[_BoundName]:
    """What is bound, by the last part of its name, with the place of its value; so are defaults of arguments."""
    opened: list[list[tuple[str, int]]] = [[]]
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if found[1]:
            opened[-1].append((found[1].rpartition(".")[2], found.end()))
            continue
        if sign in "{([":
            opened.append([])
            continue
        yield from (_BoundName(name, start, found.start()) for name, start in opened[-1])
        opened[-1].clear()
        if sign in "})]" and len(opened) > 1:
            opened.pop()
    yield from (_BoundName(name, start, len(text)) for level in opened for name, start in level)
