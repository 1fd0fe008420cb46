"""Sizes such as `64M`, as docker/go-units reads them: up to v0.4 by one pattern, then letter by letter."""

from __future__ import annotations

import re

from gopatch.go.net import quoted

_OLD = re.compile(r"(\d+(?:\.\d+)*) ?[kKmMgGtTpP]?[iI]?[bB]?", re.ASCII)
_SUFFIX = re.compile(r"|b|[kmgtp](?:b|ib)?")
_FLOAT = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|0[xX](?=\.?[0-9a-fA-F])[0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?\d+)",
    re.ASCII,
)


def wrong_size(text: str, *, by_pattern: bool) -> str:
    """What RAMInBytes says of a text that is no size, "" where it is one."""
    invalid = f"invalid size: '{text}'"
    if by_pattern:
        found = _OLD.fullmatch(text)
        return _wrong_float(found[1]) if found else invalid
    last = max(text.rfind(letter) for letter in "0123456789. ")
    if last < 0:
        return invalid
    number, suffix = text[: last + (text[last] != " ")], text[last + 1 :]
    if wrong := _wrong_float(number):
        return wrong
    if number.startswith("-") and re.search(r"[1-9]", number):
        return invalid
    shown = suffix if len(suffix) > 3 else suffix.lower()
    return "" if _SUFFIX.fullmatch(shown) else f"invalid suffix: '{shown}'"


def _wrong_float(text: str) -> str:
    """strconv.ParseFloat; what is too large for it is so here."""
    told = f"strconv.ParseFloat: parsing {quoted(text)}: "
    if not _FLOAT.fullmatch(text):
        return f"{told}invalid syntax"
    try:
        size = float.fromhex(text) if "x" in text.lower() else float(text)
    except OverflowError:
        return f"{told}value out of range"
    return f"{told}value out of range" if size in (float("inf"), float("-inf")) else ""
