"""What `apply` and `upgrade` share: our patch made anew in a format, and handed over."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gopatch.cli.arguments import chosen, demand_left, opened, refuse_cli_alone, work_out
from gopatch.cli.console import say, write, write_patch
from gopatch.errors import UsageError, nearest
from gopatch.output import File, Format, Layout

if TYPE_CHECKING:
    from gopatch.output.destination import Destination
    from gopatch.output.renewal import Renewal
    from gopatch.port.outcome import Port
    from gopatch.recipe.values import Selection


def format_named(name: str) -> Format:
    from gopatch.output import load, names

    found = load(name)
    if found is None:
        near = nearest(name, names())
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(f"no format `{name}`", hint=f"{meant}formats: {', '.join(names())}")
    return found


def renewed(
    arguments: argparse.Namespace, form: Format, to: Destination, *, nearest: bool = False
) -> tuple[Renewal, Port]:
    """The port on the source as our patch finds it, with the parts that it has already."""
    from gopatch.output.destination import placed
    from gopatch.output.renewal import renewal
    from gopatch.recipe.read import load
    from gopatch.recipe.selection import select
    from gopatch.source.archive import unpacked

    source = opened(arguments)
    source = unpacked(source) if form.unpacked else source
    form = placed(form, to, arguments.docker_src, arguments.ref)
    refuse_cli_alone(arguments, source)
    found: list[Renewal] = []

    def kept(name: str) -> Selection:
        found.append(renewal(source, name, form, to.existing, nearest=nearest))
        return found[0].kept

    patch = chosen(arguments, kept)
    if not found:
        found.append(renewal(source, patch.name, form, to.existing, nearest=nearest))
    key = arguments.format if form.ships else ""
    port = work_out(arguments, arguments.ref, source=found[0].source, patch=patch, key=key)
    if port.idle and found[0].kept.leave and not arguments.leave:
        # The file had them; this source has nothing more to leave.
        say(f"gopatch: --leave {','.join(port.idle)} is dropped: nothing of that name is left bare")
        still = tuple(name for name in patch.selection.leave if name not in port.idle)
        patch = select(load(arguments.patch), patch.selection._replace(leave=still))
        port = work_out(arguments, arguments.ref, source=found[0].source, patch=patch, key=key)
    demand_left(port)
    return found[0], port


def rendered(
    arguments: argparse.Namespace, form: Format, found: Renewal, port: Port, to: Destination
) -> tuple[File, ...]:
    from gopatch.output._port_view import author_here, read_verdict, view

    verdict = read_verdict(arguments.verdicts, port) if arguments.verdicts else None
    roads = port.roads if form.roads or form.ships else ()
    author = arguments.author or author_here() or found.author or None
    shown = view(port, arguments.ref, verdict, author, roads)
    layout = Layout(
        arguments.unified,
        arguments.prefix,
        arguments.reverse,
        arguments.split or found.split,
        arguments.force,
        to.name or found.name,
        _recipe(arguments),
        found.series.folder if found.series else "",
    )
    return form.render(shown, layout, to.existing)


def _recipe(arguments: argparse.Namespace) -> str | None:
    """The recipe's text."""
    from pathlib import Path

    if arguments.recipe is None:
        return None
    from gopatch.output.recipes import other_kind, shapes

    if not shapes(arguments.format):
        raise UsageError(
            f"--recipe says nothing to --format {arguments.format}",
            hint="it is for rpm (a spec), alpine (an APKBUILD), arch (a PKGBUILD) and nix",
        )
    try:
        text = Path(arguments.recipe).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{arguments.recipe}: {error.strerror}") from None
    wanted = other_kind(arguments.format, text)
    if wanted:
        raise UsageError(
            f"{arguments.recipe} is no {wanted}", hint="--format says which kind of recipe is read"
        )
    return text


def deliver(
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


def tell(
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


def _tell_recipe(arguments: argparse.Namespace, found: Renewal, port: Port) -> None:
    from gopatch.output import file_name
    from gopatch.output.recipes import read

    name = found.name or file_name(port.patch.name)
    told = read(arguments.format, _recipe(arguments) or "", name)
    say(f"gopatch: {arguments.recipe} has {told.shape.name}")
    if told.applied and told.always:
        say(f"gopatch: it applies {name} already")
    if told.warning:
        say(f"gopatch: warning: {told.warning}")


def _write_file(path: str, data: bytes) -> None:
    from pathlib import Path

    from gopatch.files import write_file

    write_file(Path(path), data)
