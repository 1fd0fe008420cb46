"""What strangers named, as a reader may be shown it: what cannot be seen is spelt out.

A source may hold characters that steer a terminal, or that turn the direction of a line so that it
reads other than it compiles (CVE-2021-42574), and names that are no UTF-8, which Python keeps as
lone surrogates. Neither a page, a table nor a word on stderr has any of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# C0 but the tab, DEL and C1; zero width, direction marks and overrides, byte order mark.
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LONE = re.compile("[\ud800-\udfff]")


def visible(line: str) -> str:
    """One line without its end: `^[` for the escape character, `<U+202E>` for an override, `\\xff`."""
    return _UNSEEN.sub(_spelt, line)


def visible_text(text: str) -> str:
    """Lines, each of them visible; their ends stay."""
    return "\n".join(map(visible, text.split("\n")))


def utf8(text: str) -> bytes:
    """Text as UTF-8; bytes of a name that are none are spelt out."""
    return _LONE.sub(_spelt, text).encode()


def json_text(value: object, *, indent: int = 2, sort_keys: bool = False) -> str:
    """A value as JSON with a line end, UTF-8 for every reader; a lone surrogate as JSON writes it."""
    import json

    return _as_json(json.dumps(value, indent=indent, sort_keys=sort_keys, ensure_ascii=False))


def json_rows(table: Mapping[str, object]) -> str:
    """The same of a table with long lists in it: each of its values, and each element of a list, on one line.

    That is a tenth of the time of laying them out, and a diff of two shows which elements differ.
    """
    import json

    values = (f"{json.dumps(name)}: {_rows(value)}" for name, value in table.items())
    return _as_json("{\n" + ",\n".join(values) + "\n}")


def _rows(value: object) -> str:
    import json

    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    rows = ",\n".join(json.dumps(each, ensure_ascii=False) for each in value)
    return f"[\n{rows}\n]"


def _as_json(text: str) -> str:
    return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _spelt(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"^{chr(code ^ 64)}" if code < 32 or code == 127 else f"<U+{code:04X}>"
