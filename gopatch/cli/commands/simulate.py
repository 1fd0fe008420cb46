"""`gopatch simulate`: which URLs would the daemon try, in which order, and why."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gopatch.cli.arguments import DEFAULT_PATCH, part_arguments
from gopatch.cli.console import write
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.model import Edits, Options, Traits
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
    parser.add_argument("host", metavar="HOST", help="a registry's name, as in HOST/image")
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
    parser.add_argument("--accept-insecure-registry", action="store_true", help="the option on")
    parser.add_argument("--insecure-registry", action="append", default=[], metavar="X")
    parser.add_argument("--registry-mirror", action="append", default=[], metavar="X")
    parser.add_argument("--disable-legacy-registry", action="store_true", default=None)
    parser.add_argument("--daemon-json", metavar="FILE", help="options from a daemon.json")
    parser.add_argument(
        "--answers",
        action="append",
        default=[],
        metavar="URL=ANSWER",
        help="how a URL answers: refused, timeout, http, tls-good, tls-bad, stalled or a status, "
        "joined by `+`; a URL that is not given refuses the connection",
    )
    parser.add_argument(
        "--reload",
        choices=["on", "off"],
        help="then turn the option on or off in daemon.json, and send SIGHUP",
    )
    parser.add_argument(
        "--resolve", action="append", default=[], metavar="NAME=ADDRESS", help="what a name means"
    )
    parser.add_argument("--no-credentials", action="store_true", help="nothing to log in with")
    part_arguments(parser)
    parser.set_defaults(patch=DEFAULT_PATCH)
    parser.add_argument("--docker-src", metavar="PATH", help="take the rules from this source")
    parser.add_argument("--ref", help="a ref of that repository")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    from gopatch.model import ModelError
    from gopatch.story.pages import render, to_json

    try:
        pair = _pair(arguments)
    except ModelError as error:
        hint = (
            "take the rules from another source with --docker-src" if error.kind == "road" else None
        )
        raise UsageError(str(error), hint=hint) from None
    text = to_json(pair) if arguments.json else render(pair)
    write((text.removesuffix("\n") + "\n").encode())
    return 0


def _pair(arguments: argparse.Namespace) -> StoryPair:
    from dataclasses import replace

    from gopatch.story.question import parse_answers
    from gopatch.story.tell import Question, after_reload, story_pair

    traits = _traits(arguments)
    part, edits = _edits(arguments, traits)
    question = Question(
        arguments.host,
        arguments.action,
        _options(arguments, traits),
        traits,
        parse_answers(arguments.answers),
        resolve=_resolver(arguments.resolve),
        credentials=not arguments.no_credentials,
        store=arguments.store,
        edits=edits,
    )
    pair = story_pair(question, part)
    if not arguments.reload:
        return pair
    by_flag = arguments.accept_insecure_registry
    return replace(pair, reload=after_reload(question, arguments.reload == "on", by_flag=by_flag))


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


def _traits(arguments: argparse.Namespace) -> Traits:
    from gopatch.model import PRESETS, read_traits

    if not arguments.docker_src:
        if arguments.ref:
            raise UsageError(
                "--ref needs --docker-src", hint="name the repository that has the ref"
            )
        return PRESETS["reloadable"]
    from gopatch.source import open_source
    from gopatch.source.roots import explain_no_engine, find_roots

    source = open_source(arguments.docker_src, arguments.ref)
    engine = find_roots(source).engine
    if engine is None:
        raise UsageError(explain_no_engine(source))

    def read(path: str) -> bytes | None:
        full = f"{engine}/{path}" if engine else path
        return source.read(full) if source.entry(full) is not None else None

    return read_traits(read)


def _options(arguments: argparse.Namespace, traits: Traits) -> Options:
    """Flags and daemon.json together; one option in both stops a daemon, so it stops us."""
    from pathlib import Path

    from gopatch.model import Options, from_flags
    from gopatch.story.question import options_from_daemon_json

    flags = from_flags(
        Options(
            tuple(arguments.registry_mirror),
            tuple(arguments.insecure_registry),
            arguments.accept_insecure_registry,
            arguments.disable_legacy_registry,
        ),
        traits,
    )
    if not arguments.daemon_json:
        return flags
    try:
        data = Path(arguments.daemon_json).read_bytes()
    except OSError as error:
        raise UsageError(f"{arguments.daemon_json}: {error.strerror}") from None
    file = options_from_daemon_json(data)
    empty = Options()
    both = [
        n for n in vars(empty) if all(getattr(o, n) != getattr(empty, n) for o in (flags, file))
    ]
    if both:
        names = ", ".join(name.replace("_", "-") for name in both)
        raise UsageError(
            "the following directives are specified both as a flag and in the configuration "
            f"file: {names}",
            hint="a daemon does not start like this; drop one of the two",
        )
    merged = {n: getattr(flags, n) or getattr(file, n) for n in vars(empty)}
    return Options(**merged)


def _resolver(pairs: list[str]) -> Callable[[str], Sequence[str]]:
    known: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, address = pair.partition("=")
        if not equals:
            raise UsageError(f"--resolve {pair}: write NAME=ADDRESS")
        known.setdefault(name, []).append(address)

    def resolve(name: str) -> Sequence[str]:
        if name not in known:
            raise LookupError(name)
        return known[name]

    return resolve
