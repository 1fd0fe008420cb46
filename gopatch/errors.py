"""What can go wrong, each with its place and with what to do about it.

Nothing here prints (`gopatch.cli.console` does) and nothing here exits (`gopatch.cli.main` does).
"""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.spelling import visible


class GopatchError(Exception):
    """Something that a user can act on.

    `line` and `column` count from 1 (columns in bytes); `hint` says what to do.
    `str(error)` is `path:line:column: message`, as far as these are known.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint

    @property
    def place(self) -> str:
        """`path:line:column`, or the part of it that is known, or ''."""
        parts = [visible(self.path or ""), self.line, self.column]
        return ":".join(str(part) for part in parts if part not in ("", None))

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), 1)), None)


def either(names: Iterable[str]) -> str:
    """Names of a source as a reason has them: `a` or `b`."""
    return " or ".join(f"`{name}`" for name in names)


class UsageError(GopatchError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class SourceError(GopatchError):
    """An input cannot be read, or an output cannot be written."""

    exit_code = 2


class PatchError(GopatchError):
    """A patch file or a patch folder is wrong; said before any Go is read."""

    exit_code = 2


class ApplyError(GopatchError):
    """A patch does not apply to this source, or its result would not be right."""

    exit_code = 1


class NotDockerError(SourceError):
    """A source that can be read and holds no engine of Docker."""


class OutsideError(SourceError):
    """A source that is Docker, but too old for any patch of insecure registries."""


class NoFolderError(SourceError):
    """A commit has no such folder as the one in which its repository was opened."""
