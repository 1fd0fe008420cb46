"""What a recipe says, read as text: what is applied in it, and the names that stand in it.

A shape of recipes.toml is looked for in `text`: the recipe without comments, with its own simple
variables filled in. Nothing of it is run. A line `applies: N` stands there for each patch of a spec
that its %prep applies with -p1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

_SECTIONS = (
    "description|package|prep|conf|generate_buildrequires|build|install|check|clean|files|changelog|"
    "patchlist|sourcelist|pre|post|preun|postun|pretrans|posttrans|triggerin|triggerun|verifyscript"
)
_SECTION = re.compile(rf"(?m)^%({_SECTIONS})\b.*$")
_TAG = re.compile(r"(?mi)^[ \t]*Patch[ \t]*(\d*)[ \t]*:[ \t]*(\S+)")
_ALL = 1 << 30  # no patch has a higher number


class Facts(NamedTuple):
    """`text` as above; `listed`: the patch is one of the recipe's files.

    `sometimes` is the text where a condition leaves things out: what is missing from it is done
    under that condition alone. `values` fill what stands in braces in a shape's lines.
    """

    text: str
    listed: bool
    values: Mapping[str, str]
    sometimes: tuple[str, ...] = ()


def facts(form: str, recipe: str, patch: str) -> Facts:
    """What a recipe says to a patch file of that name."""
    return _READERS[form](recipe.replace("\r\n", "\n"), patch)


# A spec ----------------------------------------------------------------------------------------


def _spec(recipe: str, patch: str) -> Facts:
    bare = re.sub(r"(?m)^[ \t]*(#|%dnl\b).*$", "", recipe)
    bare = re.sub(r"\\\n[ \t]*", " ", bare)
    whole = _expanded(_branches(bare, None))
    patches = _patches(whole)
    own = patches.get(patch)
    number = str(max(patches.values(), default=-1) + 1 if own is None else own)
    texts = [_expanded(_branches(bare, taken)) for taken in (True, False)]
    values = {
        "{number}": number,
        "{others}": "yes" if set(patches) - {patch} else "",
        "{numbered}": "yes" if any(n for n, _ in _TAG.findall(whole)) else "",
        "{below}": str(int(number) - 1),
    }
    return Facts(_prepared(whole), own is not None, values, tuple(map(_prepared, texts)))


def _branches(spec: str, taken: bool | None) -> str:
    """The lines that count: of `%if 0` none; of other conditions both sides, or the first, or the last."""
    out: list[str] = []
    open_: list[
        tuple[bool, bool]
    ] = []  # of each %if: whether its lines count, whether its %else's do
    for line in spec.split("\n"):
        word = re.match(r"\s*%(if\w*|else|elif\w*|endif)\b(.*)", line)
        if word is None:
            out += [line] if all(now for now, _ in open_) else []
        elif word[1].startswith("if"):
            literal = {"0": False, "1": True}.get(word[2].strip(), taken)
            open_.append((literal is not False, literal is not True))
        elif word[1] == "endif":
            open_ = open_[:-1]
        elif open_:
            open_[-1] = (open_[-1][1], open_[-1][1])
    return "\n".join(out)


def _expanded(spec: str) -> str:
    """With the spec's own simple macros filled in."""
    tags = re.findall(r"(?mi)^(name|version|release)[ \t]*:[ \t]*(\S+)[ \t]*$", spec)
    macros = re.findall(r"(?m)^[ \t]*%(?:global|define)[ \t]+(\w+)[ \t]+(\S+)[ \t]*$", spec)
    known = {name.lower(): value for name, value in tags} | dict(macros)

    def value(found: re.Match[str]) -> str:
        return known.get(found[1] or found[2]) or str(found[0])

    for _ in range(3):
        spec = re.sub(r"%(?:\{\??(\w+)\}|(\w+))", value, spec)
    return spec


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


def _prepared(spec: str) -> str:
    """%prep (all of a text without one), and what it applies."""
    prep = _section(spec, "prep") or spec
    patches = set(_patches(spec).values())
    applied = {n for low, high in _ranges(prep) for n in patches if low <= n <= high}
    return prep + "".join(f"\napplies: {number}" for number in sorted(applied)) + "\n"


def _ranges(prep: str) -> Iterator[tuple[int, int]]:
    """The numbers of patches that are applied with -p1, as ranges."""
    for line in prep.split("\n"):
        one = re.search(r"\s-p\s*1\b", line) is not None
        macro = re.match(r"\s*(?:%\{\?\w+:)?%(autosetup|autopatch|patch)(\d*)(.*)", line)
        if macro is None:
            yield from _by_hand(line)
        elif not one or (macro[1] == "autosetup" and re.search(r"\s-N\b", line)):
            continue
        elif macro[1] == "autosetup":
            yield 0, _ALL
        else:
            yield from _macro(macro[1], macro[2], macro[3])


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
    if re.search(r"%\{?patches\b", line):
        yield 0, _ALL
    elif re.search(r"\bpatch\b.*\s-\w*p\s*1\b|\bgit\b.*\b(am|apply)\b", line):
        for found in re.findall(r"%\{?(?:PATCH|P:)(\d+)", line):
            yield int(found), int(found)


# An APKBUILD, a PKGBUILD -----------------------------------------------------------------------


def _shell(recipe: str) -> str:
    bare = re.sub(r"(?m)(^|[ \t])#.*$", "", recipe)
    bare = re.sub(r"\\\n[ \t]*", " ", bare)
    rows = re.findall(r"(?m)^[ \t]*(\w+)=[\"']?([\w./+-]+)[\"']?[ \t]*$", bare)
    known = {name: value for name, value in rows if name not in ("srcdir", "builddir")}
    for _ in range(3):
        bare = re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: known.get(m[1] or m[2], m[0]), bare)
    return bare


def _apkbuild(recipe: str, patch: str) -> Facts:
    text = _shell(recipe)
    name, version = (re.search(rf"(?m)^{n}=(\S+)", text) for n in ("pkgname", "pkgver"))
    if name and version and not re.search(r"(?m)^\s*builddir=", text):
        folder = f"{name[1]}-{version[1]}"
        if re.search(rf"\b{re.escape(folder)}\.tar", text):
            text += f"\nbuilddir={folder}\n"  # abuild's own
    return Facts(text, patch in text, {})


def _pkgbuild(recipe: str, patch: str) -> Facts:
    text = _shell(recipe)
    values = {
        "{kinds}": " ".join(dict.fromkeys(re.findall(r"(?m)^\s*(\w+)sums(?:_\w+)?\+?=", text)))
    }
    git = re.findall(
        r"(?:([\w.-]+)::)?git\+\w+://[^\s\"'#)]*?/([\w.-]+?)(?:\.git)?(?=[\s\"'#)?])", text
    )
    for label, name in git:
        if re.fullmatch(r"moby|docker|docker-ce|docker-engine|engine", name):
            values["{folder}"] = label or name
    return Facts(text, patch in text, values)


# A nix expression ------------------------------------------------------------------------------


def _nix(recipe: str, patch: str) -> Facts:
    text = re.sub(r"(?s)/\*.*?\*/", "", recipe)
    text = re.sub(r"(?m)(^|[ \t])#.*$", "", text)
    values = {}
    names = re.search(r"\boverride\w*Attrs\s*\(\s*((?:[\w'-]+\s*:\s*)+)", text)
    fields = re.search(r"\boverride\w*Attrs\s*\(\s*\{([^}]*)\}\s*:", text)
    if names:
        last = re.findall(r"[\w'-]+", names[1])[-1]
        values["{old}"] = f"{last}.patches or [ ]"
    elif fields:
        had = re.search(r"\bpatches\b", fields[1]) is not None
        values["{old}"] = "patches" if had else "[ ]"
    return Facts(text, patch in text, values)


_READERS: dict[str, Callable[[str, str], Facts]] = {
    "rpm": _spec,
    "alpine": _apkbuild,
    "arch": _pkgbuild,
    "nix": _nix,
}
