"""Arguments, printing and exit codes: the only module that prints, and the only one that exits."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from gopatch.errors import GopatchError, UsageError

if TYPE_CHECKING:
    from gopatch.model import Options, Traits
    from gopatch.port import Port

DEFAULT_PATCH = "accept-insecure-registry"
_SIGNS = {"applied": "+", "already": "=", "absent": "-", "failed": "!"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code: 0 done, 1 does not apply, 2 wrong usage."""
    try:
        given = list(sys.argv[1:] if argv is None else argv)
        arguments = _parser(given[:1]).parse_args(given)
        run: Callable[[argparse.Namespace], int] = arguments.run
        code = run(arguments)
        sys.stdout.flush()
    except GopatchError as error:
        _say(f"gopatch: {error}")
        if error.hint:
            _say(f"  hint: {error.hint}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("gopatch: interrupted; nothing was written")
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

        commands = [a.choices for a in self._actions if isinstance(a.choices, dict)]
        choices = [name for found in commands for name in found]
        parsers = [self, *(parser for found in commands for parser in found.values())]
        known = [s for p in parsers for action in p._actions for s in action.option_strings]
        for word in (word.partition("=")[0] for word in self._given):
            names = known if word.startswith("--") else choices
            near = get_close_matches(word, names, 1) if word not in names else []
            if near:
                message += f" (did you mean {near[0]}?)"
                break
        self.print_usage(sys.stderr)
        raise SystemExit(_fail(f"{self.prog}: {message}"))


def _fail(message: str) -> int:
    _say(message)
    return 2


def _say(text: str) -> None:
    """Words go to stderr; data goes to stdout."""
    print(text, file=sys.stderr)


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


# Arguments -----------------------------------------------------------------------------------


def _parser(command: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; where `command` names one, only that command's options are made."""
    from gopatch import __version__

    parser = _Parser(
        prog="gopatch",
        description="State one change to Docker's Go source once; write it for any Docker source.",
        epilog="exit codes: 0 done or already applied, 1 does not apply or is not right, "
        "2 wrong usage or unreadable input",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"gopatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    makers = {
        "apply": _apply_parser,
        "check": _check_parser,
        "port": _port_parser,
        "simulate": _simulate_parser,
        "list": _list_parser,
    }
    for name in makers if makers.keys().isdisjoint(command) else command:
        makers[name](commands)
    return parser


def _list_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser("list", help="the patches, their edits and variants")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=_list)


def _source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docker-src",
        required=True,
        metavar="PATH",
        help="a folder, a git repository (bare too), or a .tar[.gz|.xz|.zst] or .zip archive",
    )
    parser.add_argument("--ref", help="a tag, branch or commit of that repository; not checked out")
    parser.add_argument(
        "--patch",
        default=DEFAULT_PATCH,
        metavar="NAME|FOLDER|FILE",
        help=f"the patch: a name of `gopatch list`, a folder or a .patch file ({DEFAULT_PATCH})",
    )


def _apply_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "apply",
        help="print the patch as a diff, write it in place, or commit it on a branch",
        allow_abbrev=False,
    )
    _source_arguments(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--in-place", action="store_true", help="write the files, all or none")
    where.add_argument(
        "--branch", metavar="NAME", help="commit on a new branch; work tree untouched"
    )
    where.add_argument("--output", metavar="PATH", help="write the diff to this file")
    parser.add_argument("--format", default="unified", choices=["unified"], help="of the output")
    parser.add_argument("--prefix", default="", metavar="DIR/", help="put before every path")
    parser.add_argument("--reverse", action="store_true", help="the diff that takes it back")
    parser.add_argument(
        "-U", "--unified", type=_context, default=3, metavar="N", help="lines of context (3)"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="overwrite files with uncommitted changes, or an existing branch",
    )
    parser.set_defaults(run=_apply)


def _check_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "check", help="what would happen, edit by edit, and why not", allow_abbrev=False
    )
    _source_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=_check)


def _port_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "port",
        help="every matching ref at once: DIR/<ref>.patch, DIR/report.json, DIR/report.html",
        epilog="example: gopatch port --docker-src moby --ref 'v*' --ref 'docker-v*' --output out",
        allow_abbrev=False,
    )
    parser.add_argument("--docker-src", required=True, metavar="REPO", help="a git repository")
    parser.add_argument("--patch", default=DEFAULT_PATCH, metavar="NAME|FOLDER|FILE")
    parser.add_argument(
        "--ref",
        action="append",
        required=True,
        metavar="GLOB",
        help="tags and branches by glob, a ref, a commit, or a range A..B; may be repeated",
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="where the patches go")
    parser.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes (1)")
    parser.add_argument("--fresh", action="store_true", help="start over, not where it stopped")
    parser.add_argument("--against", metavar="OTHER.json", help="say what changed since then")
    parser.add_argument("--json", action="store_true", help="the report on stdout, too")
    parser.set_defaults(run=_port)


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of processes")
    return int(text)


def _simulate_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "simulate",
        help="which URLs would the daemon try, in which order, and why",
        description="Tell what the daemon does with a registry name, stock and patched.",
        epilog="example: gopatch simulate 222.222.222.222 --accept-insecure-registry "
        "--answers http://222.222.222.222=200",
        allow_abbrev=False,
    )
    parser.add_argument("host", metavar="HOST", help="a registry's name, as in HOST/image")
    parser.add_argument("--action", default="login", choices=["login", "pull", "push", "search"])
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
        help="how a URL answers: refused, timeout, http, tls-good, tls-bad or a status, joined by "
        "`+`; a URL that is not given refuses the connection",
    )
    parser.add_argument(
        "--resolve", action="append", default=[], metavar="NAME=ADDRESS", help="what a name means"
    )
    parser.add_argument("--no-credentials", action="store_true", help="nothing to log in with")
    parser.add_argument("--docker-src", metavar="PATH", help="take the rules from this source")
    parser.add_argument("--ref", help="a ref of that repository")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=_simulate)


def _context(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of lines")
    return int(text)


# Commands ------------------------------------------------------------------------------------


def _work_out(arguments: argparse.Namespace, ref: str | None) -> Port:
    from gopatch.port import work_out
    from gopatch.recipe import load
    from gopatch.source import open_source

    patch = load(arguments.patch)
    return work_out(patch, open_source(arguments.docker_src, ref))


def _apply(arguments: argparse.Namespace) -> int:
    if arguments.in_place and arguments.ref:
        raise UsageError(
            "--in-place writes files, --ref reads none", hint="drop --ref, or use --branch"
        )
    if arguments.reverse and (arguments.in_place or arguments.branch):
        raise UsageError("--reverse is for a diff", hint="pipe it into `patch -p1` or `git apply`")
    if arguments.branch:
        return _branch(arguments)
    port = _work_out(arguments, arguments.ref)
    port.demand()
    if not port.changes:
        _say(f"gopatch: {_nothing(port)}")
    if arguments.in_place:
        return _in_place(arguments, port)
    from gopatch.output.diff import unified

    data = unified(
        port.changes,
        context=arguments.unified,
        prefix=arguments.prefix,
        reverse=arguments.reverse,
    )
    if arguments.output and arguments.output != "-":
        _write_file(arguments.output, data)
    else:
        _write(data)
    return 0


def _nothing(port: Port) -> str:
    if port.status == "already":
        return f"already: {port.source} has `{port.patch.name}`"
    return f"absent: {port.source} has no place for `{port.patch.name}`"


def _in_place(arguments: argparse.Namespace, port: Port) -> int:
    from pathlib import Path

    from gopatch.output.inplace import write

    if port.changes:
        write(Path(arguments.docker_src), port.changes, force=arguments.force)
    for change in port.changes:
        _say(f"{'created' if change.before is None else 'changed'} {change.path}")
    return 0


def _branch(arguments: argparse.Namespace) -> int:
    from gopatch.output.branch import commit

    base = arguments.ref or "HEAD"
    port = _work_out(arguments, base)
    port.demand()
    if not port.changes:
        _say(f"gopatch: {_nothing(port)}")
        return 0
    result = commit(
        arguments.docker_src,
        base,
        port.changes,
        name=arguments.branch,
        message=_message(port),
        force=arguments.force,
    )
    done = "committed" if result.created else "already there:"
    _say(f"{done} {result.commit} on {arguments.branch}")
    return 0


def _message(port: Port) -> str:
    from gopatch import __version__

    parts = [port.patch.title, "", port.patch.why, port.patch.security]
    made = f"Generated-by: gopatch {__version__} --patch {port.patch.name}"
    return "\n\n".join(part for part in [*parts, made] if part) + "\n"


def _write_file(path: str, data: bytes) -> None:
    from pathlib import Path

    from gopatch.output.inplace import write_file

    write_file(Path(path), data)


def _check(arguments: argparse.Namespace) -> int:
    port = _work_out(arguments, arguments.ref)
    if arguments.json:
        _write(_json(_port_table(port)))
    else:
        _write(_table(port).encode())
    for outcome in port.failed:
        _say(f"{outcome.edit}: {outcome.reason}")
        if outcome.hint:
            _say(f"  hint: {outcome.hint}")
    return 1 if port.failed else 0


def _table(port: Port) -> str:
    rows = [("", "edit", "outcome", "variant", "where")]
    for outcome in port.outcomes:
        where = " ".join(f"{s.path}:{s.line}" for s in outcome.sites) or outcome.reason
        rows.append(
            (_SIGNS[outcome.status], outcome.edit, outcome.status, outcome.variant or "", where)
        )
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return "".join(
        " ".join([*(row[i].ljust(widths[i]) for i in range(4)), row[4]]).rstrip() + "\n"
        for row in rows
    )


def _port_table(port: Port) -> dict[str, object]:
    return {
        "patch": port.patch.name,
        "source": port.source,
        "status": port.status,
        "roots": {"engine": port.roots.engine, "cli": port.roots.cli},
        "edits": [
            {
                "edit": o.edit,
                "outcome": o.status,
                "variant": o.variant,
                "sites": [s._asdict() for s in o.sites],
                "reason": o.reason,
                "hint": o.hint,
            }
            for o in port.outcomes
        ],
        "files": [change.path for change in port.changes],
    }


def _json(value: object) -> bytes:
    import json

    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _port(arguments: argparse.Namespace) -> int:
    from gopatch.fleet import FINE, run_into
    from gopatch.output.report import against, summary

    earlier = _earlier(arguments.against) if arguments.against else None
    run = run_into(
        arguments.docker_src,
        arguments.patch,
        arguments.ref,
        arguments.output,
        jobs=arguments.jobs,
        fresh=arguments.fresh,
        progress=_progress(),
    )
    rows = run["refs"]
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if arguments.json:
        _write(_json(run))
    counts = ", ".join(f"{count} {name}" for name, count in summary(rows).items())
    _say(f"gopatch: {len(rows)} refs: {counts}; {len(run['families'])} different patches")
    if earlier is not None:
        for name, refs in against(rows, earlier).items():
            more = f" and {len(refs) - 20} more" if len(refs) > 20 else ""
            shown = "" if name == "same" or not refs else f": {' '.join(refs[:20])}{more}"
            _say(f"  {name}: {len(refs)}{shown}")
    if run["partial"]:
        _say("gopatch: interrupted; the report is partial, the same command goes on from here")
        return 130
    failed = [row for row in rows if row["outcome"] not in FINE]
    for row in failed:
        _say(f"failed: {row['ref']}: {row['reason']}")
    return 1 if failed else 0


def _earlier(path: str) -> dict[str, Any]:
    import json
    from pathlib import Path

    try:
        found = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}", hint="--against takes a report.json") from None
    if not isinstance(found, dict) or not isinstance(found.get("refs"), list):
        raise UsageError(f"{path} is no report", hint="--against takes a report.json")
    return found


def _progress() -> Callable[[int, int, str], None] | None:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        filled = 30 * done // total
        bar = "#" * filled + "." * (30 - filled)
        sys.stderr.write(f"\r\x1b[K[{bar}] {done}/{total} {name[:40]}")
        sys.stderr.flush()

    return show


def _simulate(arguments: argparse.Namespace) -> int:
    from gopatch.model import ModelError
    from gopatch.simulate import parse_answers, render, story_pair, to_json

    try:
        traits = _traits(arguments)
        options = _options(arguments, traits)
        pair = story_pair(
            arguments.host,
            arguments.action,
            options,
            traits,
            parse_answers(arguments.answers),
            resolve=_resolver(arguments.resolve),
            credentials=not arguments.no_credentials,
        )
    except ModelError as error:
        raise UsageError(str(error)) from None
    text = to_json(pair) if arguments.json else render(pair)
    _write((text.removesuffix("\n") + "\n").encode())
    return 0


def _traits(arguments: argparse.Namespace) -> Traits:
    from gopatch.model import PRESETS, read_traits

    if not arguments.docker_src:
        if arguments.ref:
            raise UsageError("--ref needs --docker-src")
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
    from gopatch.simulate import options_from_daemon_json

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


def _list(arguments: argparse.Namespace) -> int:
    from gopatch.recipe import load, names

    patches = [load(name) for name in names()]
    if arguments.json:
        table = [
            {
                "name": p.name,
                "title": p.title,
                "why": p.why,
                "security": p.security,
                "edits": [
                    {
                        "edit": e.name,
                        "title": e.title,
                        "group": e.group,
                        "variants": [v.name for v in e.variants] or [e.to],
                    }
                    for e in p.edits
                ],
            }
            for p in patches
        ]
        _write(_json(table))
        return 0
    for patch in patches:
        lines = [f"{patch.name}: {patch.title}"]
        lines += [f"  {line}" if line else "" for line in patch.why.split("\n")]
        for edit in patch.edits:
            lines.append(f"  {edit.name} ({edit.group}): {edit.title}")
            lines += [f"    {v.name}" for v in edit.variants] or [f"    {edit.to}"]
        _write(("\n".join(lines) + "\n\n").encode())
    return 0
