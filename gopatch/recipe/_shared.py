"""What a patch.toml says once and uses by name: lists of places, texts, and inserts of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gopatch.errors import PatchError
from gopatch.recipe import patch_keys

_PLACES = {"files", "callers"}


def spelled_out(table: dict[str, Any], shown: str) -> dict[str, Any]:
    """The table without [places], [texts] and [insert], with what they say where their names stand.

    Raises PatchError for what is wrong with one, and for one that nothing uses.
    """
    places = patch_keys.get(table, "places", dict, shown, {})
    texts = patch_keys.get(table, "texts", dict, shown, {})
    for name in texts:
        patch_keys.get(texts, name, str, f"{shown} [texts]")
    for name, globs in places.items():
        patch_keys.one_or_more({name: globs}, name, f"{shown} [places]")
    used: set[str] = set()
    tables = patch_keys.get(table, "insert", dict, shown, {})
    inserts = {name: _with_text(insert, texts, used) for name, insert in tables.items()}
    rest = {key: value for key, value in table.items() if key not in ("places", "texts", "insert")}
    found = _spelled(rest, places, inserts, used)
    for name in (*places, *texts, *inserts):
        if name not in used:
            raise PatchError(f"nothing uses `{name}`", path=shown, hint="name it, or remove it")
    return dict(found)


def _spelled(
    value: Any, places: Mapping[str, Any], inserts: Mapping[str, Any], used: set[str]
) -> Any:
    if isinstance(value, list):
        return [_spelled(item, places, inserts, used) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, item in value.items():
        if key in _PLACES:
            found[key] = _named(item, places, used)
        elif key == "inserts" and isinstance(item, list):
            found["insert"] = [_insert(name, inserts, used) for name in item]
        else:
            found[key] = _spelled(item, places, inserts, used)
    return found


def _named(given: Any, places: Mapping[str, Any], used: set[str]) -> Any:
    """A list of globs, some of which may be names of [places]."""
    words = given if isinstance(given, list) else [given]
    found: list[Any] = []
    for word in words:
        if isinstance(word, str) and word in places:
            used.add(word)
            listed = places[word]
            found += listed if isinstance(listed, list) else [listed]
        else:
            found.append(word)
    return list(dict.fromkeys(found)) if all(isinstance(w, str) for w in found) else found


def _with_text(insert: Any, texts: Mapping[str, str], used: set[str]) -> Any:
    """An insert whose `text` is a list: lines, some of which may be names of [texts]."""
    parts = insert.get("text") if isinstance(insert, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return insert
    used.update(part for part in parts if part in texts)
    return insert | {"text": "".join(texts.get(part, f"{part}\n") for part in parts)}


def _insert(name: Any, inserts: Mapping[str, Any], used: set[str]) -> Any:
    if not isinstance(name, str) or name not in inserts:
        raise PatchError(
            f"there is no [insert.{name}]",
            path="inserts",
            hint=patch_keys.meant(str(name), inserts),
        )
    used.add(name)
    return inserts[name]
