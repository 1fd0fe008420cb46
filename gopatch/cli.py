"""From arguments to a command, and from what goes wrong to an exit code: the one place that exits.

A command is a module of `gopatch.commands` with `HELP` (one line), `add_arguments(parser)` and
`run(arguments) -> int`, perhaps with `EPILOG`; it is found by its name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from gopatch import commands
from gopatch.console import say
from gopatch.errors import GopatchError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code: 0 done, 1 does not apply, 2 wrong usage."""
    try:
        given = list(sys.argv[1:] if argv is None else argv)
        arguments = parser(given[:1]).parse_args(given)
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
        sys.stdout.flush()
    except GopatchError as error:
        say(f"gopatch: {error}")
        if error.hint:
            say(f"  hint: {error.hint}")
        return error.exit_code
    except KeyboardInterrupt:
        say("gopatch: interrupted; nothing was written")
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away: nothing is left to say, and Python must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def entry_point() -> NoReturn:
    import gc

    # Trees are many small objects that live until the end: looking for garbage finds none.
    gc.set_threshold(100_000, 50, 50)
    raise SystemExit(main())


class _Parser(argparse.ArgumentParser):
    """argparse, but a mistyped option says what was meant."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        self._given = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        from difflib import get_close_matches

        found = [a.choices for a in self._actions if isinstance(a.choices, dict)]
        choices = [name for names in found for name in names]
        parsers = [self, *(parser for names in found for parser in names.values())]
        known = [s for p in parsers for action in p._actions for s in action.option_strings]
        for word in (word.partition("=")[0] for word in self._given):
            names = known if word.startswith("--") else choices
            near = get_close_matches(word, names, 1) if word not in names else []
            if near:
                message += f" (did you mean {near[0]}?)"
                break
        self.print_usage(sys.stderr)
        say(f"{self.prog}: {message}")
        raise SystemExit(2)


def parser(command: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser; where `command` names one, only that command's module is read."""
    from gopatch import __version__

    top = _Parser(
        prog="gopatch",
        description="State one change to Docker's Go source once; write it for any Docker source.",
        epilog="exit codes: 0 done or already applied, 1 does not apply or is not right, "
        "2 wrong usage or unreadable input",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"gopatch {__version__}")
    added = top.add_subparsers(dest="command", required=True, parser_class=_Parser)
    known = commands.names()
    for name in command if set(command) <= set(known) and command else known:
        module = import_module(f"gopatch.commands.{name}")
        sub = added.add_parser(
            name,
            help=module.HELP,
            description=getattr(module, "DESCRIPTION", None),
            epilog=getattr(module, "EPILOG", None),
            allow_abbrev=False,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return top
