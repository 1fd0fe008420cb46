"""What the readers of recipes share: what they find, and the words by which a shell applies a patch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

_APPLIES = re.compile(r"\bpatch\b.*\s(-\w*p\s*|--strip[= ])1\b|\bgit\b.*\b(am|apply)\b")
_OTHER_DEPTH = re.compile(
    r"(?<![\w.$/{-])(?:patch|git\s[^\n;&|]*\b(?:am|apply))\s(?:[^\n;&|]*\s)?(?:-\w*p\s*|--strip[= ])(?!1\b)\d"
)
_LOOP = re.compile(r"(?ms)^[ \t]*(?:for|while)\b.*?\bdone\b|^[^\n]*%\{?patches\b[^\n]*$")
_PATCHES = re.compile(r"\.patch\b|\$\{?\w*(?:source|patch)|%\{?patches\b")
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


def applies(step: str) -> bool:
    """Whether a step of a shell applies a patch with -p1."""
    return bool(_APPLIES.search(step)) and not idle(step)


def idle(step: str) -> bool:
    """Whether a step takes patches off, or takes more or fewer folders from their paths than one."""
    return bool(UNDOES.search(step) or _OTHER_DEPTH.search(step))


def depth(shell: str) -> str:
    """A line for a shell whose loops over patches all have another depth than -p1, else ""."""
    loops = [loop for loop in _LOOP.findall(shell) if _PATCHES.search(loop)]
    other = bool(loops) and all(_OTHER_DEPTH.search(loop) for loop in loops)
    return "\ndepth: other\n" if other else ""


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
