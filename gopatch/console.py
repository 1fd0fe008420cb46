"""The one place that prints: data to stdout, words to stderr, progress to a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable

Progress = Callable[[int, int, str], None]


def say(text: str) -> None:
    """One line of words, on stderr."""
    print(text, file=sys.stderr)


def write(data: bytes) -> None:
    """Data, on stdout, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_json(value: object) -> None:
    """A value as JSON on stdout, keys in their order, with a line end."""
    import json

    write((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def progress() -> Progress | None:
    """Shows how many of how many are done, and a name; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        filled = 30 * done // total
        bar = "#" * filled + "." * (30 - filled)
        sys.stderr.write(f"\r\x1b[K[{bar}] {done}/{total} {name[:40]}")
        sys.stderr.flush()

    return show


def end_progress() -> None:
    """Take the progress away before words follow."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
