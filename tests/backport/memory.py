"""A source held in memory."""

from __future__ import annotations

from collections.abc import Mapping

from gopatch.source.memory import FilesInMemory


class Memory(FilesInMemory):
    """Paths and their bytes as a source, called a target where nothing else is said."""

    def __init__(self, files: Mapping[str, bytes], name: str = "target") -> None:
        super().__init__(files, name)
