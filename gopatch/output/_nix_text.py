"""What a nix expression says, read as text: its patches, and what keeps stdenv from applying them.

A string says nothing of the expression: of one that is no path and no flag there stays what it does as a
script, `"applying"` our patch, `"patching"` with all of `$patches`, or `"_"`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from gopatch.output._nix_bindings import in_lists_alone
from gopatch.output._recipe_words import Facts, applies, named

_ASIDE = re.compile(
    r"""(?s)\#[^\n]*|/\*.*?(?:\*/|\Z)"""
    r"""|"((?:\$\{[^{}]*\}|\\.|[^"\\])*+)(?:"|\Z)"""
    r"""|''((?:\$\{[^{}]*\}|''(?:['$]|\\.)|'(?!')|[^'])*+)(?:''|\Z)"""
)
_WORD = re.compile(r"-[\w=.+-]*|[^\s=;]*/[^\s=;]*|\d+")
_PATCHES = re.compile(r"(?<![\w'.-])patches\s*=(?!=)")
_OPTIONAL = re.compile(
    r"\boptionals?\s+(?:\([^()]{0,999}\)|[^\s()\[\];]+)\s+(?:\[[^\[\]]{0,999}\]|[^\s()\[\];]+)"
)
# What stdenv asks before it applies `patches`: whether at all, in which phases, by whose script, with
# which flags. What is nothing (null, an empty string or list) leaves it what it does by itself.
_NOTHING = r"""=|\s*(?:null\b|""|''''|\[\s*\])"""
_INHERITED = r"\binherit\b(?:\s*\([^()]{0,999}\))?(?:\s+[\w'-]+){0,99}?\s+"
_HINDERS = {
    "off": rf"""dontPatch\s*=(?!\s*false\b|{_NOTHING})""",
    "phases": rf"""(?:phases|buildCommand)\s*=(?![^;]{{0,999}}"(?:patching|applying)"|{_NOTHING})""",
    "script": rf"""patchPhase\s*=(?!\s*"(?:patching|applying)"|{_NOTHING})""",
    "flags": rf"""patchFlags\s*=(?![^;]{{0,999}}-p["\s]*1\b|{_NOTHING})""",
}
# What an override's function takes: a name, fields, or fields that have a name.
_OVERRIDES = r"\boverride(?:\w*Attrs|Derivation)\s*\(\s*"
_NAMES = r"((?:[\w'-]+\s*:\s*)+)"
_FIELDS = r"(?:[\w'-]+\s*:\s*)*\{([^}]*)\}\s*:"
_NAMED_FIELDS = r"(?:[\w'-]+\s*:\s*)*(?:([\w'-]+)\s*@\s*\{[^}]*\}|\{[^}]*\}\s*@\s*([\w'-]+))\s*:"


def nix(recipe: str, patch: str) -> Facts:
    """What a nix expression says to a patch file of that name; `hinders: ...` is a line of its text."""
    text = in_lists_alone(_ASIDE.sub(lambda found: _said(found, patch), recipe), patch)
    old = _overridden(text)
    values = {"{old}": old} if old else {}
    listed = named(text, patch) or '"applying"' in text
    hindered = tuple(_hindered(text, patch))
    sure = _OPTIONAL.sub(" ", text)
    return Facts("\n".join((text, *hindered)), listed, values, ("\n".join((sure, *hindered)),))


def _said(found: re.Match[str], patch: str) -> str:
    """What stays of a comment, or of a string."""
    script = found[1] if found[1] is not None else found[2]
    if script is None:
        return ""
    if all(map(_WORD.fullmatch, script.split())):
        return found[0]
    if any(named(step, patch) and applies(step) for step in re.split(r"\n|;|&&", script)):
        return '"applying"'
    whole = re.search(r"\$\{?patches\b", script) and applies(script)
    return '"patching"' if whole or re.search(r"\bpatchPhase\b", script) else '"_"'


def _hindered(text: str, patch: str) -> Iterator[str]:
    """A line for all that keeps the patches of the sets that count from being applied with -p1."""
    sets = list(_sets(text))
    counting = [one for one in sets if named(one, patch)] or sets or [text]
    for name, form in _HINDERS.items():
        known = form.partition(r"\s*=")[0]
        given = rf"(?<![\w'-]){form}|{_INHERITED}{known}(?![\w'-])"
        if any(re.search(given, one) for one in counting):
            yield f"hinders: {name}"


def _sets(text: str) -> Iterator[str]:
    """Each set that has `patches`, without the sets inside it."""
    opened, own = [-1], defaultdict[int, list[str]](list)  # of each set, what is in it alone
    for found in re.finditer(r"[{}]|[^{}]+", text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] != "}":
            own[opened[-1]].append(found[0])
        elif len(opened) > 1:
            opened.pop()
    yield from filter(_PATCHES.search, map(" ".join, own.values()))


def _overridden(text: str) -> str:
    """The patches that an override's function is given, "" where it names none."""
    for form in (_NAMED_FIELDS, _FIELDS, _NAMES):
        if found := re.search(_OVERRIDES + form, text):
            if form is _FIELDS:
                return "patches" if re.search(r"\bpatches\b", found[1]) else ""
            name = re.findall(r"[\w'-]+", found[1] or found[2])[-1]
            return f"{name}.patches or [ ]"
    return ""
