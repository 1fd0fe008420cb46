"""`gopatch upgrade`: our patch in a packager's tree, for the next release."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.cli.arguments import DEFAULT_PATCH, settle, strict_argument
from gopatch.cli.console import say, write, write_json, write_table
from gopatch.cli.making import deliver, format_named, rendered, renewed, tell
from gopatch.cli.parser import Once
from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.output.renewal import Renewal
    from gopatch.output.upgrade import News
    from gopatch.port.outcome import Port
    from gopatch.source.diffs import FileDiff
    from gopatch.source.generated import Own

HELP = "our patch in a packager's tree, for the next release: what changed, and the new patch"
DESCRIPTION = (
    "Find our own patch, in the series of the new source or in --patch-file, by its header; tell what "
    "changed since the release that it was made for; write it anew, where it is and with its parts."
)
_OLD = "SOURCES/accept-insecure-registry.patch"
EXAMPLES = (
    (
        "the patch as the last release has it, beside a spec",
        "gopatch apply --docker-src moby --ref v20.10.27 --format rpm --output SOURCES/",
    ),
    (
        "what the next release changes for it",
        f"gopatch upgrade --docker-src moby --ref v28.5.2 --patch-file {_OLD} --dry-run",
    ),
    (
        "the patch for the next release (in a tree with debian/: --docker-src . alone)",
        f"gopatch upgrade --docker-src moby --ref v28.5.2 --patch-file {_OLD}",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--docker-src",
        action=Once,
        required=True,
        metavar="NEW",
        help="the new release, as for `gopatch apply`",
    )
    parser.add_argument(
        "--ref", action=Once, help="a tag, branch or commit of that repository; not checked out"
    )
    parser.add_argument(
        "--patch-file",
        action=Once,
        metavar="OLD",
        help="our patch as it is (found in the series of NEW)",
    )
    parser.add_argument(
        "--patch",
        action=Once,
        metavar="NAME|FOLDER|FILE",
        help="what it was made of (a name of `gopatch list`, which its header says)",
    )
    parser.add_argument(
        "--format", metavar="FORMAT", help="of the new patch (as the old one is written)"
    )
    parser.add_argument(
        "--output", action=Once, metavar="PATH", help="write to this folder (where the old one is)"
    )
    parser.add_argument("--recipe", metavar="FILE", help="as for `gopatch apply`")
    parser.add_argument("--author", metavar="'NAME <MAIL>'", help="as for `gopatch apply`")
    strict_argument(parser)
    parser.add_argument("--dry-run", action="store_true", help="tell, and write nothing")
    parser.add_argument("--force", action="store_true", help="over a patch that was edited")
    parser.add_argument("--json", action="store_true", help="what changed, as JSON")


class _Old(NamedTuple):
    """Our patch as it is: its file, what its header says, what it does; of a split one both files."""

    name: str
    own: Own
    diffs: tuple[FileDiff, ...]


def run(arguments: argparse.Namespace) -> int:
    from gopatch.output.destination import Destination, demand_no_source, destination
    from gopatch.output.renewal import demand_unedited, demand_whole

    old = _old(arguments)
    form = format_named(arguments.format)
    to = destination(arguments.output, arguments.docker_src, arguments.ref, form)
    settle(*to.folders)
    found, port = renewed(arguments, form, to, nearest=True)
    _tell_news(arguments, old, found, port)
    unfit = found.series.unfit if found.series is not None else {}
    for item, misfit in unfit.items():
        say(f"gopatch: {item.name} does not fit any more: {misfit}; refresh it, or drop it")
    port.demand()
    demand_whole(port)
    changed: frozenset[str] = frozenset()
    if not unfit and not arguments.dry_run:
        files = rendered(arguments, form, found, port, to)
        if to.kind == "file":
            to = Destination("folder", str(Path(to.path).parent))
        if not arguments.force:
            demand_no_source(to, arguments.docker_src)
            demand_unedited(files, to.existing)
        changed = deliver(arguments, files, to)
    tell(arguments, found, port, changed)
    broken = found.series is not None and found.series.broken(port.changes)
    return 1 if unfit or broken else 0


# The old patch --------------------------------------------------------------------------------


def _old(arguments: argparse.Namespace) -> _Old:
    """The file that is there, and what follows of it for the arguments that are not given."""
    from gopatch.output.renewal import format_of
    from gopatch.source import diffs
    from gopatch.source.generated import own

    wanted = _wanted(arguments.patch)
    files = _files(arguments, wanted)
    name, data = files[0]
    found = [made for _, part in files if (made := own(part)) is not None]
    if not found:
        raise UsageError(
            f"{name} is not gopatch's: it has no `Generated-by: gopatch`",
            hint=f"make one: `gopatch apply`, whose patch is `{DEFAULT_PATCH}`",
        )
    in_series = arguments.patch_file is None
    arguments.format = arguments.format or format_of(name, data, in_series=in_series)
    if arguments.output is None and not in_series:
        arguments.output = name if len(files) == 1 else f"{Path(name).parent}/"
    values: dict[str, Any] = {"verdicts": None, "unified": 3}
    values["patch"] = _patch(arguments.patch, wanted, found[0], name)
    values |= {"only": [], "without": [], "prefix": "", "reverse": False, "split": False}
    for key, value in values.items():
        setattr(arguments, key, value)
    whole = found[0]._replace(
        edits=tuple(dict.fromkeys(edit for made in found for edit in made.edits)),
        intact=all(made.intact for made in found),
    )
    return _Old(name, whole, tuple(d for path, part in files for d in diffs.read(part, path)))


def _wanted(given: str | None) -> str:
    """The name of the patch that the arguments name, "" where they name none."""
    from gopatch.recipe.read import load

    return load(given).name if given is not None else ""


def _patch(given: str | None, wanted: str, made: Own, file: str) -> str:
    """What to make anew: a header chooses among gopatch's own patches; a path is for the user to name."""
    from gopatch.recipe.read import names

    if given is not None and made.patch == wanted:
        return given
    if given is None and made.patch in names():
        return made.patch
    other = f"--patch names `{wanted}`" if wanted else "`gopatch list` has no such patch"
    raise UsageError(
        f"{file} says that it is made of `{made.patch}`; {other}",
        hint="name what it was made of: --patch FOLDER, or FILE.patch",
    )


def _files(arguments: argparse.Namespace, wanted: str) -> list[tuple[str, bytes]]:
    """The file, or both of a split patch: path and bytes, unpacked; of a series that of `wanted`."""
    from gopatch.source import open_source
    from gopatch.source.compressed import plain
    from gopatch.source.generated import own
    from gopatch.source.series import listed

    if arguments.patch_file is not None:
        return _named(Path(arguments.patch_file))
    source = open_source(arguments.docker_src, arguments.ref)
    for path in listed(source):
        data = plain(source.read(path), path) if source.entry(path) is not None else b""
        made = own(data)
        if made is not None and wanted in ("", made.patch):
            return [(path, data)]
    raise UsageError(
        f"no patch of gopatch's own{f', `{wanted}`,' if wanted else ''} in the series of {source.name}",
        hint="name it: --patch-file OLD; or make one: `gopatch apply --format quilt`",
    )


def _named(file: Path) -> list[tuple[str, bytes]]:
    """The file that was named, with its other half if it was split."""
    from gopatch.output.renewal import halves
    from gopatch.source.compressed import plain
    from gopatch.source.generated import own

    def read(path: Path) -> tuple[str, bytes]:
        try:
            return str(path), plain(path.read_bytes(), str(path))
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None

    one = read(file)
    made = own(one[1])
    both = halves(file, made.patch) if made is not None else ()
    return [read(path) for path in both] or [one]


# What changed ---------------------------------------------------------------------------------


def _tell_news(arguments: argparse.Namespace, old: _Old, found: Renewal, port: Port) -> None:
    from gopatch.output.upgrade import news

    told = news(port, port.roads, old.own, old.diffs)
    if arguments.json:
        write_json(_table(old.name, old.own, told, found, port))
    else:
        _write_news(old.name, old.own, told)


def _write_news(name: str, old: Own, told: News) -> None:
    state = "its bytes are gopatch's own" if old.intact else "edited since, or by an older gopatch"
    say(f"gopatch: {name}: `{' '.join(filter(None, (old.patch, old.words)))}`, {state}")
    same = sum(item.change == "same" for item in told.edits)
    rows = [
        (_SIGNS[item.change], item.edit, item.change, item.now, item.was or item.reason)
        for item in told.edits
        if item.change != "same"
    ]
    write(f"{same} edits are as they were\n".encode())
    if rows:
        kinds = [_KINDS.get(row[2], "already") for row in rows]
        write_table(("", "edit", "change", "now", "before"), rows, kinds)
    roads = [
        (_SIGNS[r.change], r.road, r.change, r.reason) for r in told.roads if r.change != "same"
    ]
    if roads:
        write(b"\n")
        kinds = [_KINDS.get(row[2], "already") for row in roads]
        write_table(("", "road", "change", "why"), roads, kinds)


_SIGNS = {
    "came": "+",
    "gone": "-",
    "moved": ">",
    "other form": "~",
    "other lines": "~",
    "same": "=",
}
_KINDS = {"came": "applied", "gone": "failed"}


def _table(name: str, old: Own, told: News, found: Renewal, port: Port) -> dict[str, Any]:
    series = found.series
    unfit = series.unfit if series is not None else {}
    broken = series.broken(port.changes) if series is not None and not port.failed else ()
    return {
        "file": name,
        "patch": old.patch,
        "options": old.words,
        "intact": old.intact,
        "source": port.source,
        "status": port.status,
        "edits": [item._asdict() for item in told.edits],
        "roads": [item._asdict() for item in told.roads],
        "unfit": [{"patch": item.name, "where": str(misfit)} for item, misfit in unfit.items()],
        "broken": [{"patch": b.name, "where": str(b.misfit), "anyway": b.anyway} for b in broken],
    }
