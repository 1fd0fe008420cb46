"""From arguments to a command, and from what goes wrong to an exit code: the one place that exits.

A command is a module of `gopatch.cli.commands` with `HELP` (one line), `EXAMPLES`, `add_arguments(parser)`
and `run(arguments) -> int`, perhaps with `DESCRIPTION` and `EPILOG`; it is found by its name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from gopatch.cli.console import abandon, colour, complain, say
from gopatch.cli.parser import parser
from gopatch.errors import GopatchError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code: 0 done, 1 does not apply, 2 wrong usage."""
    try:
        given = list(sys.argv[1:] if argv is None else argv)
        arguments = parser(given[:1]).parse_args(given)
        colour(arguments.color)
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
    except GopatchError as error:
        complain(f"gopatch: {_told(error)}")
        return error.exit_code
    except KeyboardInterrupt:
        say("gopatch: interrupted; what was to be written is there as a whole, or not at all")
        return 130
    except BrokenPipeError:
        abandon()  # the reader of a pipe went away: nothing is left to say
        return 1
    except Exception as error:
        abandon()
        complain(f"gopatch: {_unforeseen(error)}")
        return 2
    return code


def _unforeseen(error: Exception) -> str:
    """What to say where no module has said it: the last door, so that nobody sees a traceback."""
    if isinstance(error, RecursionError):
        return "the input is nested more deeply than gopatch reads"
    if isinstance(error, MemoryError):
        return "the input takes more memory than there is"
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if isinstance(error.filename, str) else ""
        return f"{place}{error.strerror}"
    from gopatch import __version__

    where = "?"
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"gopatch{os.sep}" in code.co_filename:
            where = f"{code.co_filename.rpartition('gopatch' + os.sep)[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return (
        f"this is a fault of gopatch {__version__}: {type(error).__name__} in {where}: {error}\n"
        "Please report it where you got gopatch from, with this line and the command; SECURITY.md "
        "says how, if it is about security. What was to be written is there as a whole, or not at all."
    )


def _told(error: GopatchError) -> str:
    """An error whose first line says what is wrong and what to do."""
    first, newline, rest = str(error).partition("\n")
    return f"{first}{f'; {error.hint}' if error.hint else ''}{newline}{rest}"


def entry_point() -> NoReturn:
    import gc

    _open_streams()
    _use_utf8()
    # Trees are many small objects: Python looks for garbage less often, and now and then among all of them.
    gc.set_threshold(5_000, 10, 10)
    raise SystemExit(main())


def _open_streams() -> None:
    """Keep what is opened later from becoming stdin, stdout or stderr, where one was closed."""
    for handle in (0, 1, 2):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one


def _use_utf8() -> None:
    """Start anew where the locale has Python take names for ASCII: the same input, the same bytes."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
