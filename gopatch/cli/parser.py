"""The arguments of `gopatch`: what its commands ask for, and what was meant where it is mistyped."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import NoReturn

from gopatch.cli import commands
from gopatch.cli.console import WHEN, columns, complain, say, write
from gopatch.errors import nearest

Examples = tuple[tuple[str, str], ...]
"""What to do, in words, and the command that does it."""

EXAMPLES: Examples = (
    ("see whether the change fits a source", "gopatch check --docker-src docker"),
    (
        "write it as a patch for a release; nothing is checked out",
        "gopatch apply --docker-src moby --ref v20.10.27 --output accept.patch",
    ),
    (
        "write it for every release at once",
        "gopatch port --docker-src moby --ref 'v*' --ref 'docker-v*' --output patches",
    ),
)
EXITS = (
    "exit codes: 0 done or already applied, 1 does not apply or is not right, 2 wrong usage or "
    "unreadable input"
)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """argparse makes one for each argument, and to know how wide it may be loads what packs archives."""
    return argparse.HelpFormatter(prog, width=columns(sys.stdout) - 2)


class Parser(argparse.ArgumentParser):
    """argparse, but help opens with examples, and an error says first what to do."""

    examples: Examples = ()
    _given: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        self._given = list(sys.argv[1:] if args is None else args)
        found, rest = super().parse_known_args(args, namespace)
        self._refuse_empty(found)
        return found, rest

    def _refuse_empty(self, found: argparse.Namespace) -> None:
        """An empty word is a variable that was not set, and never a path or a name."""
        for action in self._actions:
            given = getattr(found, action.dest, None)
            words = given if isinstance(given, list) else [given]
            if "" in words and action.default != "":
                self.error(f"{'/'.join(action.option_strings) or action.metavar} is empty")

    def format_help(self) -> str:
        lines = [f"  # {words}\n  {command}\n" for words, command in self.examples]
        return "examples:\n" + "".join(lines) + "\n" + super().format_help()

    def _print_message(self, message: str, file: object = None) -> None:
        if file is sys.stdout:
            write(message.encode())
        else:
            say(message.removesuffix("\n"))

    def error(self, message: str) -> NoReturn:
        first = next(self._meant(message), message)
        command = " ".join([self.prog, *[w for w in self._given[:1] if w in self._commands()]])
        complain(f"{self.prog}: {first}\n  `{command} --help` shows what it takes")
        raise SystemExit(2)

    def _commands(self) -> dict[str, argparse.ArgumentParser]:
        found = [a.choices for a in self._actions if isinstance(a.choices, dict)]
        return found[0] if found else {}

    def _meant(self, message: str) -> Iterator[str]:
        """The message with what was meant, the likeliest first."""
        if wrong := re.search(r"argument (\S+): invalid choice: '?([^' ]+)", message):
            action = next((a for a in self._actions if wrong[1] in _names(a)), None)
            if action and (near := nearest(wrong[2], map(str, action.choices or ()))):
                yield f"{message}; did you mean {near}?"
        parsers = [self, *(p for name, p in self._commands().items() if name in self._given)]
        known = {name for p in parsers for action in p._actions for name in action.option_strings}
        for word in (word.partition("=")[0] for word in self._given):
            if word.startswith("--") and word not in known:
                # `--src` is the end of `--docker-src`, though `--strict` looks more like it.
                ends = [name for name in sorted(known) if name.endswith(word[1:])]
                if near := next(iter(ends), None) or nearest(word, known):
                    yield f"there is no {word}; did you mean {near}?"


class Once(argparse.Action):
    """An option that names one thing: twice is a mistake, not the second one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest) is not self.default:
            parser.error(f"{option} can be given only once")
        setattr(namespace, self.dest, values)


def _names(action: argparse.Action) -> list[str]:
    joined = "/".join(action.option_strings)
    return [joined, *action.option_strings, str(action.dest), str(action.metavar)]


def parser(command: Sequence[str] = ()) -> Parser:
    """The parser; where `command` names one, only that command's module is read."""
    from gopatch import __version__

    top = Parser(
        prog="gopatch",
        formatter_class=_formatter,
        description="State one change to Docker's Go source once; write it for any Docker source.",
        epilog=EXITS,
        allow_abbrev=False,
    )
    top.examples = EXAMPLES
    top.add_argument("--version", action="version", version=f"gopatch {__version__}")
    _add_colour(top, "auto")
    added = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    known = commands.names()
    for name in command if set(command) <= set(known) and command else known:
        module = import_module(f"gopatch.cli.commands.{name}")
        sub = added.add_parser(
            name,
            help=module.HELP,
            description=getattr(
                module, "DESCRIPTION", f"{module.HELP[0].upper()}{module.HELP[1:]}."
            ),
            epilog=getattr(module, "EPILOG", None),
            formatter_class=_formatter,
            allow_abbrev=False,
        )
        sub.examples = module.EXAMPLES
        module.add_arguments(sub)
        _add_colour(sub, argparse.SUPPRESS)
        sub.set_defaults(run=module.run)
    return top


def _add_colour(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--color",
        choices=WHEN,
        default=default,
        metavar="WHEN",
        help="auto (a terminal, and NO_COLOR is not set), always or never; a patch in a pipe or "
        "a file never has colour",
    )
