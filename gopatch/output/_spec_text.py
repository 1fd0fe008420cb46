"""What a spec says, read as text: its %prep, and which of its patches that applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gopatch.output._recipe_words import (
    DONE,
    LOOP,
    Facts,
    always,
    applies,
    between,
    depth,
    elsewhere,
    filled,
    idle,
    named,
    rewritten,
    undone,
)
from gopatch.output._shell_idioms import plain

_SECTIONS = (
    "description|package|prep|conf|generate_buildrequires|build|install|check|clean|files|changelog|"
    "patchlist|sourcelist|pre|post|preun|postun|pretrans|posttrans|triggerin|triggerun|verifyscript"
)
_SECTION = re.compile(rf"(?m)^%({_SECTIONS})\b.*$")
_TAG = re.compile(r"(?mi)^[ \t]*Patch[ \t]*(\d*)[ \t]*:[ \t]*(\S+)")
_GLOB = re.compile(r"\bfor\s+\w+\s+in\b[^;]*\*\.patch\b")
_BACK = r"\s-R\b|\s--reverse\b"
_DEFINES = re.compile(r"(?m)^[ \t]*%(?:global|define)\b.*$")
_SIMPLE = re.compile(r"\S+\s*|.*(?:patch\b|-p\s*1\b).*")  # a word, or what applies patches
_MANY = 9  # sides of a condition, and macros, that are told apart
_MOST = 20_000  # characters that calls of one macro may become
_ALL = 1 << 30  # no patch has a higher number


def spec(recipe: str, patch: str) -> Facts:
    bare = re.sub(r"(?m)^[ \t]*(#|%dnl\b).*$", "", recipe)
    bare = re.sub(r"\\\n[ \t]*", " ", bare)
    bare = re.sub(r"%forge(auto|)setup\b", r"%\1setup", bare)
    bare = plain(bare)
    whole = _expanded(_branches(bare, None))
    patches = _patches(whole)
    own = patches.get(patch)
    number = str(max(patches.values(), default=-1) + 1 if own is None else own)
    texts = [_expanded(_branches(bare, taken)) for taken in range(_sides(bare))]
    values = {
        "{number}": number,
        "{others}": "yes" if set(patches) - {patch} else "",
        "{numbered}": "yes" if any(n for n, _ in _TAG.findall(whole)) else "",
        "{rest}": _rest(int(number), set(patches.values())),
    }
    by_hand = any(_takes(line, patch) for line in _commands(_section(whole, "prep")))
    new = {int(number)} if own is None else set()
    prepared = [_prepared(text, new) for text in (whole, *texts)]
    prepared += [_prepared(texts[-1], new, always)]
    steps = _section(whole, "prep").split("\n")
    off = undone(steps, lambda step: int(number) in _about(step) or _names(step, patch))
    if by_hand:
        prepared = [
            text + f"applies: {number}\n"
            if any(_takes(line, patch) for line in _commands(text))
            else text
            for text in prepared
        ]
    listed = own is not None or by_hand
    there = elsewhere(_section(whole, "prep"), lambda step: _applies(step, int(number), patch))
    return Facts(prepared[0], listed, values, tuple(prepared[1:]), there, off)


def _rest(number: int, patches: set[int]) -> str:
    """What applies all patches but the one of a number."""
    below = [f"-M{number - 1}"] * any(other < number for other in patches)
    above = [f"-m{number + 1}"] * any(other > number for other in patches)
    return "".join(f", and below it %autopatch -p1 {part}" for part in below + above)


def _sides(spec: str) -> int:
    """How many sides the longest of a spec's conditions has, the one where none is so among them."""
    longest = here = 0
    for word in re.findall(r"(?m)^\s*%(if|elif)", spec):
        here = here + 1 if word == "elif" else 0
        longest = max(longest, here)
    return min(longest, _MANY) + 2


def _branches(spec: str, taken: int | None) -> str:
    """The lines that count: of `%if 0` none; of other conditions all sides, or the one of a number, or the last."""
    out: list[str] = []
    # Of each %if, and of the spec around: whether its lines count, whether those of a later side may, which side it is.
    around = [(True, False, 0)]
    for line in (_inline(row, taken) for row in spec.split("\n")):
        word = re.match(r"\s*%(if\w*|else|elif\w*|endif)\b(.*)", line)
        if word is None:
            out += [line] * around[-1][0]
        elif word[1].startswith("if"):
            around.append((*_counts(word[2], taken, 0, around[-1][0]), 0))
        elif len(around) > 1:
            _, more, side = around.pop()
            if word[1] == "else":
                around.append((more, False, side + 1))
            elif word[1] != "endif":
                around.append((*_counts(word[2], taken, side + 1, more), side + 1))
    return "\n".join(out)


def _counts(condition: str, taken: int | None, side: int, possible: bool) -> tuple[bool, bool]:
    """Of a condition, where it is possible: whether its lines count, and whether those of later sides may."""
    chosen = None if taken is None else taken == side
    literal = {"0": False, "1": True}.get(condition.strip(), chosen)
    return possible and literal is not False, possible and literal is not True


def _inline(line: str, taken: int | None) -> str:
    """`%{?name:text}` and `%{!?name:text}` are conditions, too: the text counts, or it does not."""
    return re.sub(
        r"%\{!?\?\w+:((?:[^{}]|\{[^{}]*\})*)\}",
        lambda m: "" if taken else str(m[1]),
        line,
    )


def _expanded(spec: str) -> str:
    """With the spec's own simple macros filled in, and the names of its files."""
    rows = re.findall(r"(?mi)^Source(\d+)[ \t]*:[ \t]*(\S+)[ \t]*$", spec)
    files = {number: name.rpartition("/")[2] for number, name in rows}
    spec = filled(spec, re.compile(r"%(?:\{(?:SOURCE|S:)(\d+)\}|SOURCE(\d+)\b)"), files)
    spec = re.sub(r"%\{?_sourcedir\}?/", "", re.sub(r"%\{__(git|patch)\}", r"\1", spec))
    tags = re.findall(r"(?mi)^(name|version|release)[ \t]*:[ \t]*(\S+)[ \t]*$", spec)
    macros = re.findall(r"(?m)^[ \t]*%(?:global|define)[ \t]+(\w+)[ \t]+(\S.*)$", spec)
    simple = {name: value.strip() for name, value in macros if _SIMPLE.fullmatch(value)}
    known = {name.lower(): value for name, value in tags} | simple
    spec = filled(_called(spec), re.compile(r"%(?:\{\??(\w+)\}|(\w+))"), known)
    return _DEFINES.sub("", spec)


def _called(spec: str) -> str:
    """With the spec's macros that take words, and apply patches, written out where they are called."""
    rows = re.findall(r"(?m)^[ \t]*%(?:global|define)[ \t]+(\w+)\([^()\n]*\)[ \t]+(\S.*)$", spec)
    for name, value in rows[:_MANY]:
        call = re.compile(rf"(?m)^[ \t]*%(?:\{{{name}\b([^{{}}\n]*)\}}|{name}\b(.*))[ \t]*$")
        if "patch" in value and len(value) * len(call.findall(spec)) < _MOST:
            body = re.sub(r"^%\{expand:\s*(.*)\}\s*$", r"\1", value).replace("%%", "%")
            spec = call.sub(lambda found, body=body: _given(body, found[1] or found[2] or ""), spec)  # type: ignore[misc]
    return spec


def _given(body: str, words: str) -> str:
    """A macro's text with the words of one call."""
    given = words.split()
    body = re.sub(r"%(?:\{\*{1,2}\}|\*{1,2})", lambda _: words, body)
    number = re.compile(r"%(?:\{\??(\d)\}|(\d))")
    return number.sub(lambda n: "".join(given[int(n[1] or n[2]) - 1 :][:1]), body)


def _patches(spec: str) -> dict[str, int]:
    """The patches by the names of their files: rpm numbers what has no number on from the one before."""
    rows = [(number, name) for number, name in _TAG.findall(spec)]
    rows += [("", name) for name in _section(spec, "patchlist").split()]
    found: dict[str, int] = {}
    last = -1
    for number, name in rows:
        last = int(number) if number else last + 1
        found[name.rpartition("/")[2]] = last
    return found


def _section(spec: str, name: str) -> str:
    """The lines of a section."""
    heads = list(_SECTION.finditer(spec))
    ends = [head.start() for head in heads[1:]] + [len(spec)]
    return "".join(spec[h.end() : end] for h, end in zip(heads, ends, strict=False) if h[1] == name)


def _prepared(spec: str, new: set[int], part: Callable[[str], str] = str) -> str:
    """A part of %prep (all of a text without one), and what it applies; of new numbers, would apply."""
    prep = part(_section(spec, "prep") or spec)
    patches = new | set(_patches(spec).values())
    applied = {n for low, high in _ranges(prep) for n in patches if low <= n <= high}
    return prep + depth(prep) + "".join(f"\napplies: {number}" for number in sorted(applied)) + "\n"


def _ranges(prep: str) -> Iterator[tuple[int, int]]:
    """The numbers of patches that are applied with -p1, as ranges."""
    for line in prep.split("\n"):
        one = re.search(r"\s-[vqcTD]*p\s*1\b", line) is not None
        macro = re.match(r"\s*%(autosetup|autopatch|patch)(\d*)(.*)", line)
        if macro is not None and re.search(r"\s-\w*R\b", macro[3]):
            continue
        if macro is None:
            continue
        if not one or (macro[1] == "autosetup" and re.search(r"\s-N\b", line)):
            continue
        elif macro[1] == "autosetup":
            yield 0, _ALL
        else:
            yield from _macro(macro[1], macro[2], macro[3])
    for line in _commands(prep):
        yield from _by_hand(line)


def _commands(prep: str) -> Iterator[str]:
    """The lines that are a shell's; a loop is one."""
    loops = rewritten(prep, between(prep, LOOP, DONE), lambda loop: loop.replace("\n", " "))
    for line in loops.split("\n"):
        if not re.match(r"\s*%(autosetup|autopatch|patch\d*)\b", line):
            yield line


def _macro(name: str, number: str, rest: str) -> Iterator[tuple[int, int]]:
    """%autopatch and %patch: by number, by range, or all."""
    words = re.sub(r"-[pbzdFo]\s*\S+", "", rest)
    low, high = (re.search(rf"-{letter}\s*(\d+)", words) for letter in "mM")
    named = re.findall(r"(?:-P\s*|\s)(\d+)\b", re.sub(r"-[mM]\s*\d+", "", words))
    for found in [number] * bool(number) + named:
        yield int(found), int(found)
    if name == "autopatch" and not named:
        yield int(low[1]) if low else 0, int(high[1]) if high else _ALL
    elif name == "patch" and not named and not number:
        yield 0, 0


def _by_hand(line: str) -> Iterator[tuple[int, int]]:
    """patch, git apply or git am, of patches that macros name, or of a list or loop over all."""
    if (re.search(r"%\{?patches\b", line) and not idle(line)) or (
        applies(line) and _GLOB.search(line)
    ):
        yield 0, _ALL
    elif applies(line):
        for found in re.findall(r"%\{?(?:PATCH|P:)(\d+)", line):
            yield int(found), int(found)


def _about(line: str) -> Iterator[int]:
    """The numbers of patches that a line applies, or takes off, one by one."""
    for low, high in _ranges(re.sub(_BACK, " ", line)):
        yield from (low,) if low == high else ()


def _applies(step: str, number: int, patch: str) -> bool:
    """Whether a step applies the patch of that number and name, be it with others."""
    return any(low <= number <= high for low, high in _ranges(step)) or _takes(step, patch)


def _names(line: str, patch: str) -> bool:
    return applies(re.sub(_BACK, " ", line)) and named(line, patch)


def _takes(line: str, patch: str) -> bool:
    """Whether a line of a shell applies the patch file of that name."""
    return applies(line) and named(line, patch)
