"""What a port says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from gopatch.model import Store


@dataclass(frozen=True)
class Claims:
    """What a port says of itself: the edits that it has made, or found.

    A patch that somebody else made says nothing (`foreign`): the lookups must work, nothing may
    leak, and of the other roads nothing is known.
    """

    edits: frozenset[str]
    foreign: bool = False

    @property
    def rails(self) -> bool:
        return self.foreign or any(edit.startswith("no-downgrade") for edit in self.edits)

    def reaches(self, road: str, store: Store) -> bool:
        """Whether the port reaches `road`."""
        if road == "search":
            return "search" in self.edits
        if road == "buildkit" or (store == "containerd" and road in _STORED):
            return "hosts" in self.edits
        return self.foreign or "guard-v2" in self.edits


_STORED = ("push", "pull", "pull-digest", "build")
