"""Text of a source as a reader may be shown it: what cannot be seen is spelt out.

A source may hold characters that steer a terminal, or that turn the direction of a line so that it
reads other than it compiles (CVE-2021-42574). A diff of it must not do either.
"""

from __future__ import annotations

import re

# C0 but the tab, DEL and C1; zero width, direction marks and overrides, byte order mark.
_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def visible(line: str) -> str:
    """One line without its end: `^[` for the escape character, `<U+202E>` for an override."""
    return _UNSEEN.sub(_spelt, line)


def _spelt(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"^{chr(code ^ 64)}" if code < 32 or code == 127 else f"<U+{code:04X}>"
