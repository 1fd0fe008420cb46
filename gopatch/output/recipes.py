"""Recipes as they are: which shape one has, and the lines by which it applies a patch.

The shapes are data, in recipes.toml. Nothing of a recipe is run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gopatch.output import File
from gopatch.output._recipe_text import facts, other_kind
from gopatch.output._recipe_words import Facts

__all__ = ["Reading", "Shape", "Shipped", "lines", "other_kind", "read", "shapes"]

_ELSEWHERE = "it is applied in another source's folder: the patch does not fit there"
_UNDONE = "it is taken off again (-R): whoever packages this has left it out"
_SOMETIMES = "it is applied under a condition of the recipe's alone: see that it holds"


class Shape(NamedTuple):
    """One way in which recipes of a kind apply patches; recipes.toml says what its parts are."""

    name: str
    lines: tuple[str, ...]
    then: tuple[str, ...]
    find: str
    unless: str = ""
    applied: str = ""
    beware: str = ""
    folder: str = ""
    usual: bool = False
    ready: tuple[str, ...] = ()


class Shipped(NamedTuple):
    """A patch file, and the folder in whose files it is to be applied, "" where only a shape knows."""

    file: File
    folder: str = ""


class Reading(NamedTuple):
    """What a recipe is, whether it applies a patch already (`always`, whatever its conditions are;
    `elsewhere`, where it does not fit), whether that is one of its files (`listed`) or would be applied
    as soon as it is (`ready`), and what fills a shape's lines for it."""

    shape: Shape
    applied: bool
    always: bool
    values: Mapping[str, str]
    elsewhere: bool = False
    listed: bool = False
    ready: bool = False
    undone: bool = False

    @property
    def warning(self) -> str:
        """What to heed where the recipe as it is would not apply the patch, "" where it would."""
        if self.elsewhere or self.undone:
            return _ELSEWHERE if self.elsewhere else _UNDONE
        if self.applied or self.ready:
            return "" if self.always else _SOMETIMES
        return self.shape.beware


@cache
def shapes(form: str) -> tuple[Shape, ...]:
    """The shapes of a format's recipes, none for a format that has no recipe."""
    import tomllib
    from importlib.resources import files

    text = (files(__package__) / "recipes.toml").read_text(encoding="utf-8")
    return tuple(map(_shape, tomllib.loads(text).get(form, [])))


def _shape(row: dict[str, Any]) -> Shape:
    many = ("lines", "then", "ready")
    return Shape(**{**row, **{name: tuple(row.get(name, ())) for name in many}})


def read(form: str, recipe: str, patch: str) -> Reading:
    """Which shape a recipe has, as a patch file called `patch` meets it."""
    found = facts(form, recipe, patch)
    of = {text: _shape_of(form, text) for text in (found.text, *found.sometimes)}
    by = {text: _marked(shape, found, text, patch) for text, shape in of.items()}
    applied, ready = (
        any(by.values()) and found.listed == listed and not found.undone for listed in (True, False)
    )
    # Where a condition changes how patches are applied, the side counts that applies this one.
    shape = of[next((text for text in of if by[text]), found.text)]
    elsewhere = applied and found.elsewhere
    return Reading(
        shape,
        applied and not elsewhere,
        all(by[text] for text in found.sometimes),
        found.values,
        elsewhere,
        found.listed,
        ready,
        found.undone,
    )


def _shape_of(form: str, text: str) -> Shape:
    return next(
        s for s in shapes(form) if _has(s.find, text) and not _has(s.unless or "(?!)", text)
    )


def _marked(shape: Shape, found: Facts, text: str, patch: str) -> bool:
    """Whether a text has what applies a patch of that name and number, be it listed or not."""
    mark = shape.applied.replace("{patch}", re.escape(patch))
    mark = mark.replace("{number}", found.values.get("{number}", ""))
    return bool(mark) and _has(mark, text)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.MULTILINE) is not None


def lines(form: str, patches: Sequence[Shipped], recipe: str | None, mark: str) -> list[str]:
    """What to paste; `mark` begins a comment.

    Of a recipe, the lines of its shape; without one, those of the usual shape and, in comments,
    those of the others.
    """
    if recipe is not None:
        return [line for p in patches for line in _of_one(form, p, recipe, mark)]
    out = []
    for patch in patches:
        usual = next(shape for shape in shapes(form) if shape.usual)
        out += _commented(usual, patch, {}, mark)
        out += _filled(usual.lines, usual, patch, {})
    for shape in shapes(form):
        if not shape.usual:
            out.append(f"{mark} Where the recipe has {shape.name}:")
            for patch in patches:
                out += [
                    f"{mark}   {x}"
                    for x in "\n".join(_filled(shape.lines, shape, patch, {})).split("\n")
                    if x
                ]
                out += [f"{mark}   {x}" for x in _filled(shape.then, shape, patch, {})]
    return out


def _of_one(form: str, patch: Shipped, recipe: str, mark: str) -> list[str]:
    found = read(form, recipe, patch.file.name)
    if found.applied:
        heed = [f"{mark} But {found.warning}."] if found.warning else []
        return [f"{mark} The recipe applies {patch.file.name} already.", *heed]
    add = not (found.listed and form in ("alpine", "arch"))  # a file is named once
    return [
        f"{mark} The recipe has {found.shape.name}.",
        *([f"{mark} But {found.warning}."] if found.undone else []),
        *_commented(found.shape, patch, found.values, mark, ready=found.ready),
        *(_filled(found.shape.lines, found.shape, patch, found.values) if add else []),
    ]


def _commented(
    shape: Shape, patch: Shipped, values: Mapping[str, str], mark: str, *, ready: bool = False
) -> list[str]:
    then = shape.ready if ready and shape.ready else shape.then
    return [f"{mark} {line}" for line in _filled(then, shape, patch, values)]


def _filled(
    texts: Sequence[str], shape: Shape, patch: Shipped, values: Mapping[str, str]
) -> list[str]:
    known = {
        "{number}": "N",
        "{rest}": ", and below it %autopatch -p1 -M(N-1)",
        "{old}": "old.patches or [ ]",
        "{patch}": patch.file.name,
        "{sums}": _sums(patch.file, values.get("{kinds}") or "sha256"),
        "{sha512}": hashlib.sha512(patch.file.data).hexdigest(),
        **values,
    }
    known["{folder}"] = patch.folder or values.get("{folder}") or shape.folder
    known.setdefault("{cd}", f'"$srcdir"/{known["{folder}"]}')
    known |= _numbered(shape, known)
    return [re.sub(r"\{[a-z0-9]+\}", lambda m: known.get(m[0], m[0]), text) for text in texts]


def _numbered(shape: Shape, known: Mapping[str, str]) -> dict[str, str]:
    """The tag of a spec with a number where the lines speak of it, or the others have one."""
    number, others = known["{number}"], known.get("{others}")
    words = " ".join((*shape.lines, *shape.then))
    wanted = "{number}" in words or (others and "{range}" in words)
    tag = f"Patch{number}:" if wanted or known.get("{numbered}") else "Patch:"
    return {
        "{tag}": tag.ljust(16),
        "{range}": f" -m{number} -M{number}" if others else "",
    }


def _sums(file: File, kinds: str) -> str:
    """A line for each array of sums that a PKGBUILD has: makepkg wants all of one length."""
    return "\n".join(f"{kind}sums+=('{_sum(kind, file.data)}')" for kind in kinds.split())


def _sum(kind: str, data: bytes) -> str:
    """makepkg's sums; b2sum is BLAKE2b, and cksum's CRC is left to `updpkgsums`."""
    name = "blake2b" if kind == "b2" else kind
    return hashlib.new(name, data).hexdigest() if name in hashlib.algorithms_available else "SKIP"
