"""`gopatch simulate`: which URLs would the daemon try, in which order, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.arguments import DEFAULT_PATCH, part_arguments
from gopatch.cli.console import write
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.model import Edits, Traits
    from gopatch.story.command import Command, Release
    from gopatch.story.tell import StoryPair

HELP = "which URLs would the daemon try, in which order, and why"
EXAMPLES = (
    (
        "a registry that speaks plain HTTP alone",
        "gopatch simulate 222.222.222.222 --accept-insecure-registry "
        "--answers http://222.222.222.222=200",
    ),
    ("by the rules of a release", "gopatch simulate r.example --docker-src moby --ref v20.10.27"),
    (
        "a build with BuildKit, and what a reload changes",
        "gopatch simulate r.example --action build --docker-src moby --ref v20.10.27 --reload on "
        "--answers http://r.example=200",
    ),
    (
        "what the patch would let leak without its rails",
        "gopatch simulate r.example --accept-insecure-registry --only core "
        "--answers https://r.example=tls-bad --answers http://r.example=401+accepts",
    ),
)


# Those of `gopatch.model`, which the parser of every command does without.
ACTIONS = [
    "login",
    "pull",
    "push",
    "search",
    "build",
    "classic-build",
    "plugin-install",
    "plugin-push",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "host",
        metavar="HOST",
        nargs="?",
        help="a registry's name, as in HOST/image, or what is given to a login; without it "
        "--daemon-json is looked at by itself",
    )
    parser.add_argument(
        "--action",
        default="login",
        choices=ACTIONS,
        metavar="ACTION",
        help=f"what is asked of the daemon: {', '.join(ACTIONS)} (login); `build` is BuildKit's "
        "where the source has it",
    )
    parser.add_argument(
        "--store",
        default="graph",
        choices=["graph", "containerd"],
        help="where the daemon keeps images: the graph driver, or the containerd image store",
    )
    _configuration(parser)
    _world(parser)
    part_arguments(parser)
    parser.set_defaults(patch=DEFAULT_PATCH)
    parser.add_argument("--docker-src", metavar="PATH", help="take the rules from this source")
    parser.add_argument("--ref", help="a ref of that repository")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _configuration(parser: argparse.ArgumentParser) -> None:
    """How the daemon is started, and what a reload finds."""
    parser.add_argument("--accept-insecure-registry", action="store_true", help="the option on")
    parser.add_argument("--insecure-registry", action="append", default=[], metavar="X")
    parser.add_argument("--registry-mirror", action="append", default=[], metavar="X")
    parser.add_argument("--disable-legacy-registry", action="store_true")
    parser.add_argument(
        "--daemon-json", metavar="FILE", help="a daemon.json, read as the source's daemon reads it"
    )
    then = parser.add_mutually_exclusive_group()
    then.add_argument(
        "--reload",
        choices=["on", "off"],
        help="then turn the option on or off in daemon.json, and send SIGHUP",
    )
    then.add_argument(
        "--reload-json", metavar="FILE", help="then put this daemon.json there, and send SIGHUP"
    )


def _world(parser: argparse.ArgumentParser) -> None:
    """What the daemon meets."""
    parser.add_argument(
        "--answers",
        action="append",
        default=[],
        metavar="URL=ANSWER",
        help="how a URL answers: refused, timeout, silent, http, tls-good, tls-bad, stalled, "
        "proxy-refused or a status, joined by `+`; 301:URL leads there, 401:URL names who gives "
        "tokens; a URL that is not given refuses the connection",
    )
    parser.add_argument(
        "--resolve",
        action="append",
        default=[],
        metavar="NAME=ADDRESS",
        help="what a name resolves to; localhost is loopback, and any other name that is not given "
        "is assumed to resolve to nothing",
    )
    parser.add_argument("--no-credentials", action="store_true", help="nothing to log in with")


def run(arguments: argparse.Namespace) -> int:
    from gopatch.model import ModelError

    try:
        text, refused = _checked(arguments) if arguments.host is None else _told(arguments)
    except ModelError as error:
        hint = (
            "take the rules from another source with --docker-src" if error.kind == "road" else None
        )
        raise UsageError(str(error), hint=hint) from None
    write((text.removesuffix("\n") + "\n").encode())
    return 1 if refused else 0


def _checked(arguments: argparse.Namespace) -> tuple[str, bool]:
    """What the daemon.json by itself comes to, and whether it is refused."""
    from gopatch.story.check import check
    from gopatch.story.pages import check_to_json, render_check

    if not arguments.daemon_json:
        raise UsageError("HOST is missing", hint="name a registry, or look at a --daemon-json FILE")
    found = check(_command(arguments), _source(arguments))
    return check_to_json(found) if arguments.json else render_check(found), not found.starts


def _told(arguments: argparse.Namespace) -> tuple[str, bool]:
    """The stories, and whether the daemon refuses the configuration or the name."""
    from gopatch.story.pages import render, to_json

    if not arguments.host.strip():
        raise UsageError("HOST is empty", hint="name a registry, as in r.example:5000")
    pair = _pair(arguments)
    return to_json(pair) if arguments.json else render(pair), bool(pair.patched.refused)


def _pair(arguments: argparse.Namespace) -> StoryPair:
    from dataclasses import replace

    from gopatch.model import Options
    from gopatch.story.question import Question, parse_answers, parse_names
    from gopatch.story.tell import after_reload, commanded

    source, command = _source(arguments), _command(arguments)
    part, edits = _edits(arguments, source.traits)
    question = Question(
        arguments.host,
        arguments.action,
        Options(accept_insecure_registry=command.accept),
        source.traits,
        parse_answers(arguments.answers),
        resolve=parse_names(arguments.resolve),
        credentials=not arguments.no_credentials,
        store=arguments.store,
        edits=edits,
    )
    pair = commanded(question, command, source, part)
    if not (arguments.reload or arguments.reload_json):
        return pair
    wanted = _file(arguments.reload_json) if arguments.reload_json else arguments.reload == "on"
    return replace(pair, reload=after_reload(question, command, source, wanted))


def _edits(arguments: argparse.Namespace, traits: Traits) -> tuple[str, Edits]:
    """The part of the patch, in words and as the model has it; the words are "" for all of it."""
    from gopatch.model import WHOLE

    if not (arguments.only or arguments.without):
        return "", WHOLE
    from gopatch.cli.arguments import chosen
    from gopatch.story.question import edits_for

    patch = chosen(arguments)
    names = {edit.name for edit in patch.edits}
    hosts = traits.plugins == "hosts"
    return patch.selection.words, edits_for(arguments.action, names, plugin_hosts=hosts)


def _source(arguments: argparse.Namespace) -> Release:
    """What decides: a source's own rules, or those of v1.13."""
    from gopatch.model import PRESETS, preset_rules, read_config_rules, read_traits
    from gopatch.story.command import Release

    if not arguments.docker_src:
        if arguments.ref:
            raise UsageError(
                "--ref needs --docker-src", hint="name the repository that has the ref"
            )
        return Release(PRESETS[_PRESET], preset_rules(_PRESET))
    from gopatch.source import open_source
    from gopatch.source.roots import explain_no_engine, find_roots

    source = open_source(arguments.docker_src, arguments.ref)
    engine = find_roots(source).engine
    if engine is None:
        raise UsageError(explain_no_engine(source))

    def read(path: str) -> bytes | None:
        full = f"{engine}/{path}" if engine else path
        return source.read(full) if source.entry(full) is not None else None

    return Release(read_traits(read), read_config_rules(read))


_PRESET = "reloadable"


def _command(arguments: argparse.Namespace) -> Command:
    from gopatch.story.command import Command

    return Command(
        mirrors=tuple(arguments.registry_mirror),
        listed=tuple(arguments.insecure_registry),
        accept=arguments.accept_insecure_registry,
        legacy=arguments.disable_legacy_registry,
        file=_file(arguments.daemon_json) if arguments.daemon_json else None,
        path=arguments.daemon_json or "daemon.json",
    )


def _file(path: str) -> bytes:
    from pathlib import Path

    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
