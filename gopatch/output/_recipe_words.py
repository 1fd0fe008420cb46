"""What the readers of recipes share: what they find, and the words by which a shell applies a patch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

_APPLIES = re.compile(r"\bpatch\b.*\s(-\w*p\s*|--strip[= ])1\b|\bgit\b.*\b(am|apply)\b")
_OTHER_DEPTH = re.compile(
    r"(?<![\w.$/{-])(?:patch|git\s[^\n;&|]*\b(?:am|apply))\s(?:[^\n;&|]*\s)?(?:-\w*p\s*|--strip[= ])(?!1\b)\d"
)
_PATCH = re.compile(r"(?<![\w.$/{%-])patch(?=\s|$)([^\n;&|]*)")
_OPERAND = re.compile(r"(?:<|\s-\w*[id]|\s--(?:input|directory)[= ])\s*\S+")
_SAYS_DEPTH = re.compile(r"\s(?:-\w*p|--strip|--help|--version|-v)|[$%]")
LOOP = re.compile(r"(?m)^[ \t]*(?:for|while)\b")
DONE = re.compile(r"\bdone\b")
_AT_ONCE = re.compile(r"(?m)^(?>.*?%\{?patches\b).*$")
_PATCHES = re.compile(r"\.patch\b|\$\{?\w*(?:source|patch)|%\{?patches\b")
UNDOES = re.compile(r"\s(-[a-zA-Z]*R\w*|--reverse)(\s|$)")

_IF = re.compile(r"(?m)^[ \t]*if\b(?!\s+unapplied\b)")
_FI = re.compile(r"(?m)(?:^|;)[ \t]*fi\b")
_CASE = re.compile(r"(?m)^[ \t]*case\s+\S+\s+in\b")
_ESAC = re.compile(r"\besac\b")
_OF_PATCHES = re.compile(r"\.(?:patch|diff)[\"'*]*\s*\)")
_ASKS = (
    r"(?:!\s*)?(?:\[\[\s[^\n]*?\s\]\]|\[\s[^\n]*?\s\]|(?:test|grep|command|which)\s[^\n;&|]*|tried)"
)
_TESTED = re.compile(rf"(?m)(?:^|[;({{]|\bdo\b)[ \t]*{_ASKS}[ \t]*(?:&&|\|\|)")
_OPENS = re.compile(r"[^\n;]*?(?<!\$)\{[ \t\n]")
_CLOSES = re.compile(r"[;\n][ \t]*\}")
_TO_THE_END = re.compile(r"[^\n;]*")


_FOLDER = r"[\"']?([^\s\"';&|)]+(?:[\"'][^\s;&|)]*)?)"
_MOVES = re.compile(rf"\b(cd|pushd)\s+{_FOLDER}")
_FOR_ONE = re.compile(rf"\s(?:-d\s*|-C\s*|--directory[= ]){_FOLDER}")
_OTHERS = re.compile(r"(^|[/\"'}_-])(cli|tini|proxy|libnetwork|swarmkit|buildkit|init)\b")
_SETS_OUT = re.compile(r"%(?:auto)?setup\b(?:.*\s-n\s*(\S+))?")
_SHORT = 200  # characters of a value that is filled in


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
    return bool(UNDOES.search(step) or _other_depth(step))


def _other_depth(shell: str) -> bool:
    """Whether a shell applies a patch with another depth, or with none: patch then takes a file's last name."""
    words = (f"{_OPERAND.sub(' ', found)} " for found in _PATCH.findall(shell))
    return bool(_OTHER_DEPTH.search(shell)) or any(not _SAYS_DEPTH.search(one) for one in words)


def depth(shell: str) -> str:
    """A line for a shell whose loops over patches all have another depth than -p1, else ""."""
    loops = [shell[start:end] for start, end in between(shell, LOOP, DONE)]
    loops = [loop for loop in loops + _AT_ONCE.findall(shell) if _PATCHES.search(loop)]
    other = bool(loops) and all(map(_other_depth, loops))
    return "\ndepth: other\n" if other else ""


def always(shell: str) -> str:
    """A shell's text without what it does under a condition alone."""
    bare = rewritten(shell, between(shell, _IF, _FI))
    bare = rewritten(
        bare, between(bare, _CASE, _ESAC), lambda one: one if _OF_PATCHES.search(one) else ""
    )
    return rewritten(bare, _under_tests(bare))


def _under_tests(shell: str) -> Iterator[tuple[int, int]]:
    """The places of what follows a test and `&&` or `||`: a block, or a command."""
    at, blocks = 0, True
    while asked := _TESTED.search(shell, at):
        start = at = asked.end()
        opened = _OPENS.match(shell, start) if blocks else None
        closed = _CLOSES.search(shell, opened.end()) if opened else None
        blocks = blocks and (opened is None or closed is not None)
        last = closed or _TO_THE_END.match(shell, start)
        at = last.end() if last else start
        yield start, at


def between(
    text: str, opens: re.Pattern[str], closes: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """The places from each opening to the first closing behind it; no part of the text is looked at twice."""
    at = 0
    while (opened := opens.search(text, at)) and (closed := closes.search(text, opened.end())):
        yield opened.start(), closed.end()
        at = closed.end()


def rewritten(
    text: str, places: Iterable[tuple[int, int]], how: Callable[[str], str] = lambda _: ""
) -> str:
    """A text with other words in those places, or none."""
    at, parts = 0, []
    for start, end in places:
        parts += [text[at:start], how(text[start:end])]
        at = end
    return "".join((*parts, text[at:]))


def elsewhere(shell: str, ours: Callable[[str], bool]) -> bool:
    """Whether what applies our patch, or each step that does, stands in another source's folder."""
    folder, found = "", False
    above: list[str] = []  # where `popd`, or the end of a subshell, leads back to
    for step in re.split(r"(\n|;|&&|\|\||[()])", shell):
        moved = _MOVES.search(step) or _SETS_OUT.search(step)
        if step == "(" or (moved and moved[1] == "pushd"):
            above.append(folder)
        elif above and (step == ")" or re.search(r"\bpopd\b", step)):
            folder = above.pop()
        if moved:
            folder = moved[moved.re.groups] or ""
        if ours(step):
            there = _FOR_ONE.search(step)
            found = _OTHERS.search(there[1] if there else folder) is not None
    return found


def filled(text: str, name: re.Pattern[str], values: Mapping[str, str]) -> str:
    """A text with the values of its variables, and theirs; what would grow without end stays as it is."""
    short = {known: value for known, value in values.items() if len(value) < _SHORT}
    most = 10 * (len(text) + 1000)
    for _ in range(3):
        if len(text) <= most:
            text = name.sub(lambda found: short.get(found[1] or found[2]) or str(found[0]), text)
    return text


def undone(steps: Iterable[str], ours: Callable[[str], bool]) -> bool:
    """Whether the last of the steps of a shell which are about our patch takes it off."""
    found = False
    for step in steps:
        if ours(step):
            found = UNDOES.search(step) is not None
    return found
