"""`gopatch apply`: print the patch, write it in place, or commit it on a branch."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.arguments import (
    chosen,
    refuse_cli_alone,
    roads_of,
    say_what_is_missing,
    settle,
    source_arguments,
    strict_argument,
    work_out,
)
from gopatch.cli.console import is_terminal, say, write, write_patch
from gopatch.cli.parser import Once
from gopatch.errors import UsageError, nearest
from gopatch.output import File, Format, Layout

if TYPE_CHECKING:
    from gopatch.output.destination import Destination
    from gopatch.output.renewal import Renewal
    from gopatch.port.outcome import Port
    from gopatch.recipe.values import Selection

HELP = "print the patch as a diff, write it in place, or commit it on a branch"
EXAMPLES = (
    ("the patch for a release", "gopatch apply --docker-src moby --ref v20.10.27 > accept.patch"),
    (
        "a page for the one who reviews it",
        "gopatch apply --docker-src docker --format html > r.html",
    ),
    ("write into the source, all files or none", "gopatch apply --docker-src docker --in-place"),
    ("commit onto a branch", "gopatch apply --docker-src moby --ref v28.5.2 --branch accept"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source_arguments(parser)
    strict_argument(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--in-place", action="store_true", help="write the files, all or none")
    where.add_argument(
        "--branch", metavar="NAME", help="commit on a new branch; work tree untouched"
    )
    where.add_argument(
        "--output", action=Once, metavar="PATH", help="write to this file, or folder"
    )
    parser.add_argument(
        "--format",
        action=_Format,
        default="unified",
        metavar="FORMAT",
        help="of the output (unified); `--format help` lists them",
    )
    parser.add_argument(
        "--split",
        action="store_true",
        help="one message for each group of edits (mailbox), or one patch for each source tree "
        "(rpm, alpine, arch, nix)",
    )
    parser.add_argument(
        "--recipe",
        metavar="FILE",
        help="the spec, APKBUILD, PKGBUILD or nix expression that is to apply the patch: the lines "
        "for just that one, and a warning where it would not apply it",
    )
    parser.add_argument(
        "--author",
        metavar="'NAME <MAIL>'",
        help="who signs (else GIT_AUTHOR_NAME and _EMAIL, DEBFULLNAME and DEBEMAIL)",
    )
    parser.add_argument("--prefix", default="", metavar="DIR/", help="put before every path")
    parser.add_argument("--reverse", action="store_true", help="the diff that takes it back")
    parser.add_argument(
        "-U", "--unified", type=_context, default=3, metavar="N", help="lines of context (3)"
    )
    parser.add_argument(
        "--verdicts",
        metavar="FILE",
        help="what `gopatch verify --json` wrote, for html and json to show",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="over files that were edited or have uncommitted changes, or an existing branch",
    )


class _Format(Once):
    """A format; `help` lists them and needs nothing else."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option: str | None = None,
    ) -> None:
        if values == "help":
            _list_formats()
            parser.exit()
        super().__call__(parser, namespace, values, option)


def _context(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of lines")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    _refuse_contradictions(arguments)
    if arguments.branch:
        return _branch(arguments)
    if arguments.in_place:
        return _in_place(arguments)
    return _print(arguments)


def _list_formats() -> None:
    from gopatch.output import names

    for name in names():
        write(f"{name}: {_format(name).help}\n".encode())


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    if arguments.in_place and arguments.ref:
        raise UsageError(
            "--in-place writes files, --ref reads none", hint="drop --ref, or use --branch"
        )
    if arguments.reverse and (arguments.in_place or arguments.branch):
        raise UsageError("--reverse is for a diff", hint="pipe it into `patch -p1` or `git apply`")
    if arguments.format != "unified" and (arguments.in_place or arguments.branch):
        raise UsageError("--format is for a diff", hint="drop it, or drop --in-place and --branch")


def _format(name: str) -> Format:
    from gopatch.output import load, names

    found = load(name)
    if found is None:
        near = nearest(name, names())
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(f"no format `{name}`", hint=f"{meant}formats: {', '.join(names())}")
    return found


# A diff, a page, a patch for a recipe ---------------------------------------------------------


def _print(arguments: argparse.Namespace) -> int:
    from gopatch.output.destination import destination
    from gopatch.output.renewal import demand_unedited, demand_whole

    form = _format(arguments.format)
    to = destination(arguments.output, arguments.docker_src, arguments.ref, form)
    settle(*to.folders)
    found, port = _renewed(arguments, form, to)
    port.demand()
    say_what_is_missing(port)
    if form.ships:
        demand_whole(port)
    if not port.changes:
        say(f"gopatch: {_nothing(port)}")
    files = _rendered(arguments, form, found, port, to)
    if form.ships and not arguments.force:
        demand_unedited(files, to.existing)
    changed = _deliver(arguments, files, to)
    _tell(arguments, found, port, changed)
    return 0


def _renewed(arguments: argparse.Namespace, form: Format, to: Destination) -> tuple[Renewal, Port]:
    """The port on the source as our patch finds it, with the parts that it has already."""
    from gopatch.output.renewal import renewal
    from gopatch.source import open_source
    from gopatch.source.archive import unpacked

    source = open_source(arguments.docker_src, arguments.ref)
    source = unpacked(source) if form.unpacked else source
    refuse_cli_alone(arguments, source)
    found: list[Renewal] = []

    def kept(name: str) -> Selection:
        found.append(renewal(source, name, form, to.existing))
        return found[0].kept

    patch = chosen(arguments, kept)
    if not found:
        found.append(renewal(source, patch.name, form, to.existing))
    port = work_out(
        arguments, arguments.ref, source=found[0].source, patch=patch, key=arguments.format
    )
    return found[0], port


def _rendered(
    arguments: argparse.Namespace, form: Format, found: Renewal, port: Port, to: Destination
) -> tuple[File, ...]:
    from gopatch.output._port_view import read_verdicts, view

    verdicts = read_verdicts(arguments.verdicts, port) if arguments.verdicts else ()
    roads = roads_of(port, found.source) if form.roads else ()
    shown = view(port, arguments.ref, verdicts, arguments.author, roads)
    layout = Layout(
        arguments.unified,
        arguments.prefix,
        arguments.reverse,
        arguments.split,
        arguments.force,
        to.name or found.name,
        _recipe(arguments),
    )
    return form.render(shown, layout, to.existing)


def _recipe(arguments: argparse.Namespace) -> str | None:
    """The recipe's text."""
    from pathlib import Path

    from gopatch.output.recipes import shapes

    if arguments.recipe is None:
        return None
    if not shapes(arguments.format):
        raise UsageError(
            f"--recipe says nothing to --format {arguments.format}",
            hint="it is for rpm (a spec), alpine (an APKBUILD), arch (a PKGBUILD) and nix",
        )
    try:
        return Path(arguments.recipe).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{arguments.recipe}: {error.strerror}") from None


def _deliver(
    arguments: argparse.Namespace, files: tuple[File, ...], to: Destination
) -> frozenset[str]:
    """Hand a format's files over, and give the names of those that are new or other than before."""
    from pathlib import Path

    from gopatch.output.destination import write_files

    if to.kind == "folder":
        done = write_files(Path(to.path), files, force=arguments.force)
        for item in done:
            say(f"{'written' if item.changed else 'unchanged'} {item.path}")
        return frozenset(file.name for file, item in zip(files, done, strict=True) if item.changed)
    for number, file in enumerate(files):
        if number:
            say(f"{file.name}:\n{file.data.decode()}".rstrip())
        elif to.kind == "stdout":
            (write_patch if arguments.format == "unified" else write)(file.data)
        else:
            _write_file(to.path, file.data)
    return frozenset()


def _tell(
    arguments: argparse.Namespace, found: Renewal, port: Port, changed: frozenset[str]
) -> None:
    """What a packager has to know beside the files."""
    if found.name in changed and found.applied:
        say(
            f"gopatch: {found.name} lies on the source as it was: `quilt pop -f`, then `quilt push`"
        )
    if found.series is not None:
        for item in found.series.broken(port.changes):
            how = "with ours or without" if item.anyway else "behind ours, and did without"
            say(f"gopatch: warning: {item.name} does not fit {how}: {item.misfit}")
    if arguments.recipe:
        _tell_recipe(arguments, found, port)
    if is_terminal() and port.changes and arguments.format == "unified" and not arguments.output:
        say(f"gopatch: {_summary(port)}")


def _tell_recipe(arguments: argparse.Namespace, found: Renewal, port: Port) -> None:
    from gopatch.output import file_name
    from gopatch.output.recipes import read

    name = found.name or file_name(port.patch.name)
    told = read(arguments.format, _recipe(arguments) or "", name)
    say(f"gopatch: {arguments.recipe} has {told.shape.name}")
    if told.applied:
        say(f"gopatch: it applies {name} already")
    elif told.warning:
        say(f"gopatch: warning: {told.warning}")


def _nothing(port: Port) -> str:
    if port.status == "already":
        return f"already: {port.source} has `{port.patch.name}`"
    return f"absent: {port.source} has no place for `{port.patch.name}`"


def _summary(port: Port) -> str:
    from collections import Counter

    from gopatch.output.diff import kinds, unified

    counts = Counter(outcome.status for outcome in port.outcomes)
    lines = Counter(kind for kind, _ in kinds(unified(port.changes).decode("latin-1").split("\n")))
    edits = ", ".join(f"{count} {status}" for status, count in counts.items())
    return (
        f"{len(port.outcomes)} edits: {edits}; "
        f"{len(port.changes)} files: {lines['add']} lines added, {lines['del']} removed"
    )


# The source itself ---------------------------------------------------------------------------


def _in_place(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from gopatch.output.inplace import write

    settle(arguments.docker_src)
    port = work_out(arguments, None)
    port.demand()
    say_what_is_missing(port)
    if port.changes:
        write(Path(arguments.docker_src), port.changes, force=arguments.force)
    else:
        say(f"gopatch: {_nothing(port)}")
    for change in port.changes:
        say(f"{'created' if change.before is None else 'changed'} {change.path}")
    return 0


def _branch(arguments: argparse.Namespace) -> int:
    from gopatch.output._message import message
    from gopatch.output._port_view import view
    from gopatch.output.branch import commit

    base = arguments.ref or "HEAD"
    port = work_out(arguments, base)
    port.demand()
    say_what_is_missing(port)
    if not port.changes:
        say(f"gopatch: {_nothing(port)}")
        return 0
    shown = view(port, author=arguments.author)
    result = commit(
        arguments.docker_src,
        base,
        port.changes,
        name=arguments.branch,
        message=message(shown),
        author=arguments.author and shown.author,
        force=arguments.force,
    )
    done = "committed" if result.created else "already there:"
    say(f"{done} {result.commit} on {arguments.branch}")
    return 0


def _write_file(path: str, data: bytes) -> None:
    from pathlib import Path

    from gopatch.files import write_file

    write_file(Path(path), data)
