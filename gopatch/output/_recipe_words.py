"""What the readers of recipes share: what they find, and the words by which a shell applies a patch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

APPLIES = re.compile(r"\bpatch\b.*\s(-\w*p\s*|--strip[= ])1\b|\bgit\b.*\b(am|apply)\b")
UNDOES = re.compile(r"\s(-[a-zA-Z]*R\w*|--reverse)(\s|$)")

_BRANCH = re.compile(r"(?ms)^[ \t]*if\b(?!\s+unapplied\b).*?(?:^|;)[ \t]*fi\b")
_ASKS = (
    r"(?:!\s*)?(?:\[\[\s[^\n]*?\s\]\]|\[\s[^\n]*?\s\]|(?:test|grep|command|which)\s[^\n;&|]*|tried)"
)
_BLOCK = r"[^\n;]*?(?<!\$)\{[ \t\n](?s:.*?)[;\n][ \t]*\}"
_TESTED = re.compile(
    rf"(?m)((?:^|[;({{]|\bdo\b)[ \t]*{_ASKS}[ \t]*(?:&&|\|\|))[ \t]*(?:{_BLOCK}|[^\n;]*)"
)


class Facts(NamedTuple):
    """`text` as above; `listed`: the patch is one of the recipe's files.

    `sometimes` is the text where a condition leaves things out: what is missing from it is done
    under that condition alone. `values` fill what stands in braces in a shape's lines.
    `elsewhere`: what applies the patch stands in another source's folder; `undone`: it is taken off again.
    """

    text: str
    listed: bool
    values: Mapping[str, str]
    sometimes: tuple[str, ...] = ()
    elsewhere: bool = False
    undone: bool = False


def named(text: str, file: str) -> bool:
    """Whether a text names a file, and not one whose name only has that one's in it."""
    return re.search(rf"(?<![\w.+-]){re.escape(file)}(?![\w.+-])", text) is not None


def always(shell: str) -> str:
    """A shell's text without what it does under a condition alone."""
    return _TESTED.sub(r"\1", _BRANCH.sub("", shell))


def undone(steps: Iterable[str], ours: Callable[[str], bool]) -> bool:
    """Whether the last of the steps of a shell which are about our patch takes it off."""
    found = False
    for step in steps:
        if ours(step):
            found = UNDOES.search(step) is not None
    return found
