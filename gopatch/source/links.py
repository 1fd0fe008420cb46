"""Where a link of a source leads, told by what stands in it: nothing outside of the source is looked at."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from gopatch.source.entries import Source

_MOST = 40  # links on one way; Linux follows no more


@runtime_checkable
class HasLinks(Protocol):
    """A source that tells what stands in a link."""

    def link(self, path: str) -> str | None:
        """The text of the link at `path`; None where it is known to lead to no folder."""


def link(source: Source, path: str) -> str | None:
    """The text of a link; one that leads out of the source where nobody knows it."""
    return source.link(path) if isinstance(source, HasLinks) else "/"


def folder_of(source: Source, path: str) -> str | None:
    """The folder of the source that a link leads to; None where it leads to no folder.

    Raises LookupError where it leads out of the source.
    """
    done: list[str] = []
    todo, links = path.split("/"), 0
    while todo:
        part = todo.pop(0)
        if part == ".." and not done:
            raise LookupError(path)
        if part == "..":
            done.pop()
        elif part not in ("", "."):
            done.append(part)
            entry = source.entry("/".join(done))
            if entry is None or entry.kind in ("file", "other"):
                return None
            if entry.kind == "link":
                text = link(source, "/".join(done))
                links += 1
                if text is None or links > _MOST:
                    return None
                if text.startswith("/"):
                    raise LookupError(path)
                todo = [*text.split("/"), *todo]
                done.pop()
    return "/".join(done)
