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

from gopatch.cli.console import colour, complain, say
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
        sys.stdout.flush()
    except GopatchError as error:
        complain(f"gopatch: {_told(error)}")
        return error.exit_code
    except KeyboardInterrupt:
        say("gopatch: interrupted; what was to be written is there as a whole, or not at all")
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away: nothing is left to say, and Python must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _told(error: GopatchError) -> str:
    """An error whose first line says what is wrong and what to do."""
    first, newline, rest = str(error).partition("\n")
    return f"{first}{f'; {error.hint}' if error.hint else ''}{newline}{rest}"


def entry_point() -> NoReturn:
    import gc

    # Trees are many small objects that live until the end: looking for garbage finds none.
    gc.set_threshold(100_000, 50, 50)
    raise SystemExit(main())
