"""What a recipe says, read as text: what is applied in it, and the names that stand in it.

A shape of recipes.toml is looked for in `text`: the recipe without comments, with its own simple
variables filled in. Nothing of it is run. A line `applies: N` stands there for each patch of a spec
that its %prep applies with -p1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping

from gopatch.output._nix_text import nix
from gopatch.output._recipe_words import (
    Facts,
    always,
    depth,
    elsewhere,
    filled,
    idle,
    named,
    undone,
)
from gopatch.output._shell_idioms import plain
from gopatch.output._spec_text import spec

_APPLIES_SHELL = re.compile(r"\bpatch\s+.*-|\bgit\b.*\b(am|apply)\b")
_LONGEST = 2000  # characters of a line of a shell or spec
# What a recipe of each kind has at least, and what it is called.
_STEPS = r"^[ \t]*(prepare|build|package)\s*\(\)"
_KINDS = {
    "rpm": (
        r"^[ \t]*%(prep|build|install|(auto)?setup)\b|^(?i:name|version|source\d*|patch\d*)\s*:",
        "spec",
    ),
    "alpine": (
        rf"^[ \t]*(pkgname|pkgver|source|builddir|sha512sums)\+?=(?!\()|{_STEPS}",
        "APKBUILD",
    ),
    "arch": (rf"^[ \t]*(pkgname|pkgver|pkgbase|source\w*)\+?=|{_STEPS}", "PKGBUILD"),
    "nix": (r"(?s)\A(?!.*^(%prep\b|pkgname=|pkgver=)).*\{.*[=:}]", "nix expression"),
}


def facts(form: str, recipe: str, patch: str) -> Facts:
    """What a recipe says to a patch file of that name."""
    return _READERS[form](_legible(recipe, sys.maxsize if form == "nix" else _LONGEST), patch)


def _legible(recipe: str, longest: int) -> str:
    """Without blank lines, and without the ends of lines that nobody writes: what is looked for in a
    line is then looked for in a short one, and reading takes as long as the recipe is."""
    rows = recipe.replace("\r\n", "\n").split("\n")
    return "".join(f"{row[:longest].rstrip()}\n" for row in rows if row and not row.isspace())


def other_kind(form: str, recipe: str) -> str:
    """What a text should be to be a recipe of a format, "" where it may be one."""
    found, kind = _KINDS[form]
    return "" if re.search(found, recipe, re.MULTILINE) else kind


# An APKBUILD, a PKGBUILD -----------------------------------------------------------------------


def _shell(recipe: str) -> str:
    bare = re.sub(r"(?m)(^|[ \t])#.*$", "", recipe)
    bare = re.sub(r"\\\n[ \t]*", " ", bare)
    rows = re.findall(r"(?m)^[ \t]*(\w+)=([\"']?)([\w./+-]+)\2[ \t]*$", bare)
    known = {name: value for name, _, value in rows if name not in ("srcdir", "builddir")}
    bare = filled(bare, re.compile(r"\$(?:\{(\w+)\}|(\w+))"), known)
    return plain(filled(bare, re.compile(r"\"?\$\{(\w+)\[([@*])\]\}\"?"), _arrays(bare)))


def _arrays(shell: str) -> dict[str, str]:
    """The arrays of patches of the recipe's own that are written once, by name: their words."""
    rows = re.findall(r"(?m)^[ \t]*(?:local\s+|declare\s+-a\s+)?(\w+)(\+?)=\(([^()$`*]*)\)", shell)
    grown = {name for name, more, _ in rows if more}
    own = {name: " ".join(words.split()) for name, _, words in rows if ".patch" in words}
    return {name: words for name, words in own.items() if name != "source" and name not in grown}


def _idle(line: str) -> bool:
    """Whether a line speaks of a patch and applies none."""
    return bool(re.search(r"\b(patch|git)\b", line) and idle(line))


def _facts(text: str, patch: str, values: Mapping[str, str]) -> Facts:
    steps = re.split(r"\n|;|&&|\|\|", text)
    off = undone(steps, lambda step: _is_about(step, patch))
    text = "\n".join(line for line in text.split("\n") if not _idle(line)) + depth(text)
    sometimes = (always(text),)
    there = elsewhere(text, lambda step: _applies_ours(step, patch))
    return Facts(text, named(text, patch), values, sometimes, there, off)


def _is_about(step: str, patch: str) -> bool:
    """Whether a step applies our patch, or takes it off: it by its name, or whatever a loop names."""
    return bool(re.search(r"\bdefault_prepare\b", step)) or _applies_ours(step, patch)


def _applies_ours(step: str, patch: str) -> bool:
    all_ = ".patch" not in step or "*.patch" in step
    ours = named(step, patch) or (all_ and re.search(r"\$\{?\w|\*\.patch", step))
    return bool(_APPLIES_SHELL.search(step) and ours)


def _apkbuild(recipe: str, patch: str) -> Facts:
    text = _shell(recipe)
    name, version = (re.search(rf"(?m)^{n}=(\S+)", text) for n in ("pkgname", "pkgver"))
    if name and version and not re.search(r"(?m)^[ \t]*builddir=", text):
        folder = f"{name[1]}-{version[1]}"
        if re.search(rf"\b{re.escape(folder)}\.tar", text):
            text += f"\nbuilddir={folder}\n"  # abuild's own
    own = re.search(r"(?m)^[ \t]*builddir=", text) is not None
    values = {"{cd}": '"$builddir"'} if own else {}
    return _facts(text, patch, values)


def _pkgbuild(recipe: str, patch: str) -> Facts:
    text = _shell(recipe)
    values = {"{kinds}": " ".join(dict.fromkeys(re.findall(r"(?m)^[ \t]*(\w+)sums\+?=", text)))}
    git = re.findall(
        r"(?:([\w.-]+)::)?git\+\w+://[^\s\"'#)]*?/([\w.-]+?)(?:\.git)?(?=[\s\"'#)?])", text
    )
    for label, name in git:
        if re.fullmatch(r"moby|docker|docker-ce|docker-engine|engine", name):
            values["{folder}"] = label or name
    return _facts(text, patch, values)


_READERS: dict[str, Callable[[str, str], Facts]] = {
    "rpm": spec,
    "alpine": _apkbuild,
    "arch": _pkgbuild,
    "nix": nix,
}
