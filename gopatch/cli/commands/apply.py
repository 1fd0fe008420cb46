"""`gopatch apply`: print the patch, write it in place, or commit it on a branch."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.arguments import roads_of, settle, source_arguments, work_out
from gopatch.cli.console import is_terminal, say, write, write_patch
from gopatch.errors import SourceError, UsageError, nearest
from gopatch.output import File, Layout

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from gopatch.port.outcome import Port
    from gopatch.source import Source

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
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--in-place", action="store_true", help="write the files, all or none")
    where.add_argument(
        "--branch", metavar="NAME", help="commit on a new branch; work tree untouched"
    )
    where.add_argument("--output", metavar="PATH", help="write to this file, or folder")
    parser.add_argument(
        "--format",
        default="unified",
        metavar="FORMAT",
        help="of the output (unified); `--format help` lists them",
    )
    parser.add_argument(
        "--split", action="store_true", help="one message for each group of edits (mailbox)"
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


def _context(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of lines")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    if arguments.format == "help":
        return _list_formats()
    _refuse_contradictions(arguments)
    if arguments.branch:
        return _branch(arguments)
    chosen = _format(arguments.format)
    settle(*_written_into(arguments, chosen))
    source = _shown_source(arguments, chosen)
    port = work_out(
        arguments,
        arguments.ref,
        source=source,
        in_series=hasattr(chosen, "FOLDER"),
        unpacked=getattr(chosen, "UNPACKED", False),
    )
    port.demand()
    if not port.changes:
        say(f"gopatch: {_nothing(port)}")
    if arguments.in_place:
        return _in_place(arguments, port)
    _deliver(arguments, port, chosen, source)
    if is_terminal() and port.changes and arguments.format == "unified" and not arguments.output:
        say(f"gopatch: {_summary(port)}")
    return 0


def _list_formats() -> int:
    from gopatch.output import formats

    for name in formats():
        write(f"{name}: {_format(name).HELP}\n".encode())
    return 0


def _refuse_contradictions(arguments: argparse.Namespace) -> None:
    if arguments.in_place and arguments.ref:
        raise UsageError(
            "--in-place writes files, --ref reads none", hint="drop --ref, or use --branch"
        )
    if arguments.reverse and (arguments.in_place or arguments.branch):
        raise UsageError("--reverse is for a diff", hint="pipe it into `patch -p1` or `git apply`")
    if arguments.format != "unified" and (arguments.in_place or arguments.branch):
        raise UsageError("--format is for a diff", hint="drop it, or drop --in-place and --branch")


def _format(name: str) -> ModuleType:
    from gopatch.output import formats, load

    module = load(name)
    if module is None:
        near = nearest(name, formats())
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(f"no format `{name}`", hint=f"{meant}formats: {', '.join(formats())}")
    return module


def _shown_source(arguments: argparse.Namespace, chosen: ModuleType) -> Source | None:
    """The source, for a format that shows more of it than the port holds."""
    if not getattr(chosen, "ROADS", False):
        return None
    from gopatch.source import open_source

    return open_source(arguments.docker_src, arguments.ref)


def _deliver(
    arguments: argparse.Namespace, port: Port, chosen: ModuleType, source: Source | None
) -> None:
    """Hand a format's files over: to stdout, to a file, or into a folder as one unit."""
    from gopatch.output import NothingThere
    from gopatch.output._port_view import read_verdicts, view

    verdicts = read_verdicts(arguments.verdicts, port) if arguments.verdicts else ()
    layout = Layout(
        arguments.unified, arguments.prefix, arguments.reverse, arguments.split, arguments.force
    )
    shown = view(port, arguments.ref, verdicts, arguments.author, roads_of(port, source))
    folder = _folder(arguments, chosen)
    if folder is not None:
        _write_files(folder, chosen.render(shown, layout, _Folder(folder)), arguments.force)
        return
    for number, file in enumerate(chosen.render(shown, layout, NothingThere())):
        if number:
            say(f"{file.name}:\n{file.data.decode()}".rstrip())
        elif arguments.output in (None, "-"):
            (write_patch if arguments.format == "unified" else write)(file.data)
        else:
            _write_file(arguments.output, file.data)


def _folder(arguments: argparse.Namespace, chosen: ModuleType) -> Path | None:
    """The folder that the output goes into; None for stdout or a single file."""
    from pathlib import Path

    if arguments.output == "-":
        return None
    if arguments.output is not None:
        given = Path(arguments.output)
        return given if given.is_dir() or arguments.output.endswith("/") else None
    if not hasattr(chosen, "FOLDER") or arguments.ref:
        return None
    found = Path(arguments.docker_src) / chosen.FOLDER
    return found if (found.parent / chosen.BESIDE).is_file() else None


def _written_into(arguments: argparse.Namespace, chosen: ModuleType) -> list[str | Path]:
    """The folder that files are written into, if they are."""
    from pathlib import Path

    if arguments.in_place:
        return [arguments.docker_src]
    folder = _folder(arguments, chosen)
    if folder is None and arguments.output not in (None, "-"):
        folder = Path(arguments.output).parent
    return [] if folder is None else [folder]


class _Folder:
    """A folder on disk as an output sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        if not self.path.is_dir():
            return ()
        return tuple(sorted(item.name for item in self.path.iterdir() if item.is_file()))

    def read(self, name: str) -> bytes | None:
        return _existing(self.path / name)


def _existing(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path=str(path)) from None


def _write_files(folder: Path, files: tuple[File, ...], force: bool) -> None:
    from gopatch.output.inplace import write as write_all
    from gopatch.splice import FileChange

    if not files:
        return
    folder.mkdir(parents=True, exist_ok=True)
    changes = [FileChange(f.name, _existing(folder / f.name), f.data) for f in files]
    write_all(folder, [c for c in changes if c.before != c.after], force=force)
    for change in changes:
        done = "unchanged" if change.before == change.after else "written"
        say(f"{done} {folder / change.path}")


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


def _in_place(arguments: argparse.Namespace, port: Port) -> int:
    from pathlib import Path

    from gopatch.output.inplace import write

    if port.changes:
        write(Path(arguments.docker_src), port.changes, force=arguments.force)
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
