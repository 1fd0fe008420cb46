"""The keys of a TOML table, checked: whatever is wrong with one is a PatchError that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from gopatch.errors import PatchError, nearest

_Word = TypeVar("_Word", bound=str)


def meant(word: str, known: Iterable[str]) -> str | None:
    """The hint for a slip, None where nothing is like it."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else None


def only(table: Any, keys: set[str], shown: str, what: str) -> None:
    """Refuse what is no table, and a key that is none of `keys`."""
    if not isinstance(table, dict):
        raise PatchError(f"{what} must be a table", path=shown)
    for key in table:
        if key not in keys:
            raise PatchError(
                f"unknown key `{key}` in {what}",
                path=shown,
                hint=meant(key, sorted(keys)) or f"known are: {', '.join(sorted(keys))}",
            )


def get(table: Any, key: str, kind: type, shown: str, default: Any = None) -> Any:
    """The value of a key, which must be of `kind`; without `default` it must be there."""
    if not isinstance(table, dict):
        raise PatchError(f"where a table with `{key}` should be is {table!r:.40}", path=shown)
    value = table.get(key, default)
    if value is None:
        raise PatchError(f"the key `{key}` is missing", path=shown, hint=f"add `{key} = …`")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise PatchError(f"`{key}` must be a {kind.__name__}", path=shown)
    return value


def one_of(
    table: dict[str, Any], key: str, known: Sequence[_Word], what: str, default: _Word
) -> _Word:
    """The value of a key that must be one of `known`."""
    value = get(table, key, str, what, default)
    for word in known:
        if word == value:
            return word
    raise PatchError(
        f"`{key}` is `{value}`, not one of {', '.join(known)}", path=what, hint=meant(value, known)
    )


def names(table: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    """A list of names, () where there is no such key."""
    found = get(table, key, list, what, [])
    if not all(isinstance(name, str) and name for name in found):
        raise PatchError(f"`{key}` must be a list of names", path=what)
    return tuple(found)


def one_or_more(table: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    """One name or a list of them; () where there is no such key."""
    if key not in table:
        return ()
    given = table[key]
    found = given if isinstance(given, list) else [given]
    if not found or not all(isinstance(name, str) and name for name in found):
        raise PatchError(f"`{key}` must be a name, or a list of names", path=what)
    return tuple(found)


def fields(table: dict[str, Any], key: str, what: str) -> tuple[tuple[str, str], ...]:
    """A table as fields of a header: names that are one, and values without control characters."""
    found = [(str(k), str(v)) for k, v in get(table, key, dict, what, {}).items()]
    for name, value in found:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
            raise PatchError(f"`{key}` has the field {name!r}, which is no name of one", path=what)
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in value):
            raise PatchError(f"the field `{name}` of `{key}` has a control character", path=what)
    return tuple(found)
