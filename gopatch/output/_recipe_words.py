"""What the readers of recipes share: what they find, and the words by which a shell applies a patch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

APPLIES = re.compile(r"\bpatch\b.*\s(-\w*p\s*|--strip[= ])1\b|\bgit\b.*\b(am|apply)\b")
UNDOES = re.compile(r"\s(-\w*R\w*|--reverse|--dry-run|--check|--stat)(\s|$)")


class Facts(NamedTuple):
    """`text` as above; `listed`: the patch is one of the recipe's files.

    `sometimes` is the text where a condition leaves things out: what is missing from it is done
    under that condition alone. `values` fill what stands in braces in a shape's lines.
    `elsewhere`: what applies the patch stands in another source's folder.
    """

    text: str
    listed: bool
    values: Mapping[str, str]
    sometimes: tuple[str, ...] = ()
    elsewhere: bool = False


def named(text: str, file: str) -> bool:
    """Whether a text names a file, and not one whose name only has that one's in it."""
    return re.search(rf"(?<![\w.+-]){re.escape(file)}(?![\w.+-])", text) is not None
