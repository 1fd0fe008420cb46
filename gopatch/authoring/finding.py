"""What lint says of a patch folder, as a value."""

from __future__ import annotations

from typing import NamedTuple


class Defect(NamedTuple):
    """Something to mend, with its place and what to do; a `note` alone is no failure."""

    place: str
    message: str
    hint: str = ""
    note: bool = False
