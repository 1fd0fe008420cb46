"""Recipes as they are: which shape one has, and the lines by which it applies a patch.

The shapes are data, in recipes.toml. Nothing of a recipe is run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from gopatch.output import File

_PATCH_LINE = re.compile(r"(?mi)^\s*Patch(\d*):\s*(\S+)\s*$")


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


class Shipped(NamedTuple):
    """A patch file, and the folder in whose files it is to be applied, "" where only a shape knows."""

    file: File
    folder: str = ""


class Reading(NamedTuple):
    """What a recipe is, and whether it applies a patch already; `number` is the patch's there."""

    shape: Shape
    applied: bool
    number: str

    @property
    def warning(self) -> str:
        """What to heed where the recipe as it is would not apply the patch, "" where it would."""
        return "" if self.applied else self.shape.beware


@cache
def shapes(form: str) -> tuple[Shape, ...]:
    """The shapes of a format's recipes, none for a format that has no recipe."""
    import tomllib
    from importlib.resources import files

    text = (files(__package__) / "recipes.toml").read_text(encoding="utf-8")
    return tuple(map(_shape, tomllib.loads(text).get(form, [])))


def _shape(row: dict[str, Any]) -> Shape:
    return Shape(**{**row, "lines": tuple(row["lines"]), "then": tuple(row["then"])})


def read(form: str, recipe: str, patch: str) -> Reading:
    """Which shape a recipe has, as a patch file called `patch` meets it."""
    bare = re.sub(r"(?m)^\s*(#|%dnl\b).*$", "", recipe)
    shape = next(
        s for s in shapes(form) if _has(s.find, bare) and not _has(s.unless or "(?!)", bare)
    )
    number = _number(bare, patch)
    mark = shape.applied.replace("{patch}", re.escape(patch)).replace("{number}", number)
    listed = patch in bare
    return Reading(shape, listed and bool(mark) and _has(mark, bare), number)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.MULTILINE) is not None


def _number(spec: str, patch: str) -> str:
    """The number of the patch in a spec: its own, or the first that is free; "" where none has one."""
    rows = _PATCH_LINE.findall(spec)
    for number, name in rows:
        if name == patch:
            return str(number)
    numbers = [int(number) for number, _ in rows if number]
    return str(max(numbers) + 1) if numbers else ""


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
        out += _commented(usual, patch, "", mark)
        out += _filled(usual.lines, usual, patch, "")
    for shape in shapes(form):
        if not shape.usual:
            out.append(f"{mark} Where the recipe has {shape.name}:")
            for patch in patches:
                out += [
                    f"{mark}   {x}"
                    for x in "\n".join(_filled(shape.lines, shape, patch, "N")).split("\n")
                    if x
                ]
                out += [f"{mark}   {x}" for x in _filled(shape.then, shape, patch, "N")]
    return out


def _of_one(form: str, patch: Shipped, recipe: str, mark: str) -> list[str]:
    found = read(form, recipe, patch.file.name)
    if found.applied:
        return [f"{mark} The recipe applies {patch.file.name} already."]
    return [
        f"{mark} The recipe has {found.shape.name}.",
        *_commented(found.shape, patch, found.number, mark),
        *_filled(found.shape.lines, found.shape, patch, found.number),
    ]


def _commented(shape: Shape, patch: Shipped, number: str, mark: str) -> list[str]:
    return [f"{mark} {line}" for line in _filled(shape.then, shape, patch, number)]


def _filled(texts: Sequence[str], shape: Shape, patch: Shipped, number: str) -> list[str]:
    data = patch.file.data
    values = {
        "{tag}": f"Patch{number}:".ljust(16),
        "{patch}": patch.file.name,
        "{number}": number or "N",
        "{range}": f" -m{number} -M{number}" if number.isdigit() else "",
        "{folder}": patch.folder or shape.folder,
        "{sha256}": hashlib.sha256(data).hexdigest(),
        "{sha512}": hashlib.sha512(data).hexdigest(),
    }
    return [re.sub(r"\{[a-z0-9]+\}", lambda m: values.get(m[0], m[0]), text) for text in texts]
