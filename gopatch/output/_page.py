"""What all pages share: templates that escape whatever they show, and one file that needs nothing else.

A page needs neither a network nor a script; its style is a file beside its template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gopatch.output.diff import kinds
from gopatch.spelling import utf8, visible, visible_text

SIGNS = {
    "applied": "+",
    "already": "=",
    "absent": "·",
    "outside": "<",
    "not-docker": "?",
    "failed": "✗",
    "left out": "-",
    "pass": "✓",
    "fail": "✗",
    "inconclusive": "?",
    "partial": "?",
    "reached": "✓",
    "missed": "✗",
}


def page(template: str, **values: object) -> bytes:
    """A whole page, as UTF-8; the style of `x.html` is in `x.css`."""
    values["css"] = template.replace(".html", ".css")
    return utf8(visible_text(_environment().get_template(template).render(values)))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("gopatch.output"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {"signs": SIGNS, "style": _style}
    made.filters |= {"visible": visible, "prose": _prose, "breakable": _breakable}
    return made


def _style(name: str) -> Markup:
    """A file of CSS: ours, and no text of anybody else."""
    from importlib.resources import files

    return Markup((files("gopatch.output") / "templates" / str(name)).read_text(encoding="utf-8"))


def _prose(text: str) -> Markup:
    """Words as HTML; what stands in backticks is code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _breakable(place: str) -> Markup:
    """A place, which may be broken after a slash."""
    return Markup("/<wbr>").join(place.split("/"))


def coloured(diff: str) -> Iterator[tuple[str, str]]:
    """The lines of a unified diff, each with what it is."""
    yield from kinds(diff.removesuffix("\n").split("\n"))
