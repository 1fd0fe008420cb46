"""Why `netip.ParseAddr` refuses a text, in Go's words (net/netip, unchanged from Go 1.18 to 1.27)."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = re.compile(r"[0-9a-fA-F]*", re.ASCII)
_GROUP = 4  # digits at most
_BYTES = 16


class Unread(NamedTuple):
    """What is wrong, and from where on; `at` is "" where Go does not say."""

    why: str
    at: str = ""


class _Filled(NamedTuple):
    """How many bytes of an IPv6 address are told, and whether `::` stands for others."""

    size: int
    ellipsis: bool


def unread(text: str) -> Unread | None:
    """What `netip.ParseAddr(text)` says of a text that is no address; None for one that is."""
    first = next((letter for letter in text if letter in ".:%"), "")
    if first == ".":
        return _dotted(text)
    if first == ":":
        return _colons(text)
    return Unread("missing IPv6 address" if first else "unable to parse IP")


def _dotted(text: str) -> Unread | None:
    value = digits = dots = 0
    for place, letter in enumerate(text):
        if letter in "0123456789":
            if digits and not value:
                return Unread("IPv4 field has octet with leading zero")
            value, digits = value * 10 + int(letter), digits + 1
            if value > 0xFF:
                return Unread("IPv4 field has value >255")
        elif letter != ".":
            return Unread("unexpected character", text[place:])
        elif not digits or place == len(text) - 1:
            return Unread("IPv4 field must have at least one digit", text[place:])
        elif dots == 3:
            return Unread("IPv4 address too long")
        else:
            value, digits, dots = 0, 0, dots + 1
    return None if dots == 3 else Unread("IPv4 address too short")


def _colons(text: str) -> Unread | None:
    bare, percent, zone = text.partition("%")
    if percent and not zone:
        return Unread("zone must be a non-empty string")
    leading = bare.startswith("::")
    found = _groups(bare[2:] if leading else bare, _Filled(0, leading))
    if isinstance(found, Unread):
        return found
    if found.size < _BYTES and not found.ellipsis:
        return Unread("address string too short")
    if found.size == _BYTES and found.ellipsis:
        return Unread("the :: must expand to at least one field of zeros")
    return None


def _groups(rest: str, filled: _Filled) -> _Filled | Unread:
    while rest and filled.size < _BYTES:
        digits = _DIGITS.match(rest)[0]  # type: ignore[index]  # it matches everything
        if len(digits) > _GROUP:
            return Unread("each group must have 4 or less digits", rest)
        if not digits:
            return Unread("each colon-separated field must have at least one digit", rest)
        if rest[len(digits) :].startswith("."):
            return _embedded(rest, filled)
        rest, filled = rest[len(digits) :], filled._replace(size=filled.size + 2)
        after = _separated(rest, filled) if rest else None
        if isinstance(after, Unread):
            return after
        if after:
            rest, filled = after
    return Unread("trailing garbage after address", rest) if rest else filled


def _separated(rest: str, filled: _Filled) -> tuple[str, _Filled] | Unread:
    """What stands behind a group, without the colons before it."""
    if not rest.startswith(":"):
        return Unread("unexpected character, want colon", rest)
    if rest == ":":
        return Unread("colon must be followed by more characters", rest)
    if not rest.startswith("::"):
        return rest[1:], filled
    if filled.ellipsis:
        return Unread("multiple :: in address", rest[1:])
    return rest[2:], filled._replace(ellipsis=True)


def _embedded(rest: str, filled: _Filled) -> _Filled | Unread:
    """An IPv4 address as the last four bytes."""
    if not filled.ellipsis and filled.size != _BYTES - 4:
        why = "embedded IPv4 address must replace the final 2 fields of the address"
        return Unread(why, rest)
    if filled.size > _BYTES - 4:
        why = "too many hex fields to fit an embedded IPv4 at the end of the address"
        return Unread(why, rest)
    return _dotted(rest) or filled._replace(size=filled.size + 4)
