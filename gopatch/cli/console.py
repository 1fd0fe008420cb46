"""The one place that prints: data to stdout, words to stderr, progress to a terminal.

Colour is for terminals: off where `NO_COLOR` is set and not empty (no-color.org), where TERM is
`dumb`, and where the stream is no terminal. `--color always` colours tables and words in a pipe as
well. A patch in a pipe or a file is bytes, whatever was asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TextIO

from gopatch.errors import SourceError
from gopatch.spelling import json_text, visible, visible_text

Progress = Callable[[int, int, str], None]
WHEN = ("auto", "always", "never")

_SGR = {
    "file": "1", "hunk": "36", "add": "32", "del": "31", "head": "1",
    "applied": "32", "already": "36", "absent": "2", "failed": "1;31", "left out": "33",
    "pass": "32", "fail": "1;31", "inconclusive": "33",
    "reached": "32", "missed": "1;33",
    "outside": "2", "not-docker": "2", "error": "1;31",
}  # fmt: skip
_when = "auto"


def colour(when: str) -> None:
    """Set when to colour: one of WHEN."""
    global _when  # noqa: PLW0603
    _when = when


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether somebody looks at a stream, stdout by default."""
    chosen = stream or sys.stdout
    return chosen is not None and chosen.isatty()  # None: it was closed before we came


def say(text: str) -> None:
    """Words, on stderr; what a stranger named is spelt out."""
    _say(visible_text(text))


def _say(text: str) -> None:
    # Where nobody can be told, the exit code still tells.
    if sys.stderr is not None:
        with suppress(OSError):
            print(text, file=sys.stderr)


def complain(text: str) -> None:
    """What went wrong, on stderr; the first line is what people read."""
    first, newline, rest = visible_text(text).partition("\n")
    _say(_painted(first, "error", sys.stderr) + newline + rest)


def write(data: bytes) -> None:
    """Data, on stdout, as it is; SourceError where stdout is closed or full."""
    if sys.stdout is None:
        raise SourceError("is closed, so that there is nowhere to write to", path="stdout")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise SourceError(f"cannot be written: {error.strerror}", path="stdout") from None


def abandon() -> None:
    """Let go of stdout: what is left in its buffer goes nowhere, and Python does not complain."""
    if sys.stdout is not None:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_json(value: object) -> None:
    """A value as JSON on stdout, keys in their order, with a line end."""
    write(json_text(value).encode())


def write_patch(data: bytes) -> None:
    """A unified diff on stdout: for eyes on a terminal, bytes anywhere else."""
    if not is_terminal():
        write(data)
        return
    from gopatch.output.diff import kinds

    lines = data.decode(errors="surrogateescape").removesuffix("\n").split("\n") if data else []
    shown = (_painted(visible(line), kind, sys.stdout) + "\n" for kind, line in kinds(lines))
    write("".join(shown).encode(errors="surrogateescape"))


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str]) -> None:
    """A table on stdout, each row painted as its kind; a narrow terminal gets it folded."""
    from gopatch.cli.table import layout

    width = columns(sys.stdout) if is_terminal() else None
    lines: list[str] = []
    shown = [[visible(cell) for cell in row] for row in (head, *rows)]
    for kind, (first, *more) in zip(("head", *kinds), layout(shown, width), strict=True):
        # What is as it should be is told by its sign alone; the eye goes to the rest.
        size = 1 if kind in ("applied", "already", "pass", "reached") else len(first)
        lines += [_painted(first[:size], kind, sys.stdout) + first[size:], *more]
    write("".join(f"{line}\n" for line in lines).encode())


def progress() -> Progress | None:
    """Shows how many of how many are done, and a name; None where stderr is no terminal."""
    if not is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
        return None

    def show(done: int, total: int, name: str) -> None:
        width = columns(sys.stderr)
        size = max(0, min(30, width - 40))
        filled = size * done // max(total, 1)
        bar = f"[{'#' * filled}{'.' * (size - filled)}] " if size else ""
        sys.stderr.write(f"\r\x1b[K{bar}{done}/{total} {visible(name)}"[: width + 4 - 1])
        sys.stderr.flush()

    return show


def end_progress() -> None:
    """Take the progress away before words follow."""
    if progress() is not None:
        sys.stderr.write("\r\x1b[K")


def _colourful(stream: TextIO) -> bool:
    if _when != "auto":
        return _when == "always"
    off = os.environ.get("NO_COLOR") or os.environ.get("TERM") in (None, "", "dumb")
    return not off and is_terminal(stream)


def _painted(text: str, kind: str, stream: TextIO) -> str:
    code = _SGR.get(kind)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text and _colourful(stream) else text


def columns(stream: TextIO) -> int:
    """The columns of a terminal, at least 20; `COLUMNS` goes first, as everywhere."""
    try:
        given = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        given = 0
    try:
        return max(20, given or os.get_terminal_size(stream.fileno()).columns or 80)
    except (AttributeError, OSError, ValueError):  # a stream of Python's own, or one that is closed
        return 80
