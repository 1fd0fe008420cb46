"""Our patch made anew: what is there of it already, and the source without it.

A packager's folder keeps our patch from release to release, under a name and a number of its own,
applied or not. It is known by its header, taken off in memory, made anew with its parts, and
written where it was; what a hand has edited is asked for first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gopatch.errors import ApplyError
from gopatch.output import Existing, File, Format, file_name
from gopatch.port.outcome import Port
from gopatch.recipe.values import Selection
from gopatch.source import Source
from gopatch.source.compressed import plain
from gopatch.source.generated import Own, digest, own

if TYPE_CHECKING:
    from gopatch.source.series import Series

_HALVES = 2
_PRESSED = re.compile(r"\.(patch|diff)\.(gz|bz2|xz|lzma)$")


class Renewal(NamedTuple):
    """`source` is without our patch, and as the patches before it leave it.

    `name` is the file that ours is in, "" where there is none; `own` what its header says; `split`:
    the command line's papers are in a second one.
    """

    source: Source
    name: str = ""
    own: Own | None = None
    series: Series | None = None
    split: bool = False

    @property
    def kept(self) -> Selection:
        """The part of the patch that the file holds."""
        if self.own is None:
            return Selection()
        return Selection(
            *(self.own.option(option) for option in ("--only", "--without", "--leave"))
        )

    @property
    def author(self) -> str:
        """Who the file says made it, as `Name <mail>`; "" where it names nobody."""
        if self.own is None:
            return ""
        from email.header import decode_header, make_header
        from email.utils import parseaddr

        name, mail = parseaddr(str(make_header(decode_header(self.own.author))))
        return f"{name} <{mail}>" if name and "@" in mail else ""

    @property
    def applied(self) -> bool:
        """Whether the file as it is lies on the source."""
        series = self.series
        return bool(series and series.ours and series.ours.listed in series.applied)


def renewal(
    source: Source, patch: str, form: Format, existing: Existing, *, nearest: bool = False
) -> Renewal:
    """What is to be made anew of the patch called `patch`, for a format.

    `nearest`: without the patches of the series that have no place, if there are some.

    Raises ApplyError where two files hold it or a part of it lies on the source, SourceError
    where another patch of the series has no place.
    """
    if not form.ships:
        return Renewal(source)
    from gopatch.source.series import Series, without

    if form.place is None:
        files = _found(existing, patch)
        for name, _ in files:
            source = without(source, existing.read(name) or b"", name)
        found = Renewal(source, *(files[0] if files else ()))
        return found._replace(split=len(files) > 1)
    series = Series(source, patch, file_name(patch), form.place.folder)
    if series.ours is not None:
        name, made = series.ours.listed.name, series.ours.own
    else:
        name, made = next(iter(_found(existing, patch)), ("", None))
    return Renewal(series.nearest if nearest else series.before, name, made, series)


def checked(source: Source, patch: str) -> Source:
    """The source as a build has it: with its series on, and ours if it is applied."""
    from gopatch.source.series import FOLDER, Series

    if source.entry(FOLDER) is None:
        return source
    series = Series(source, patch, file_name(patch))
    applied = series.ours is not None and series.ours.listed in series.applied
    return source if applied else series.before


def format_of(name: str, data: bytes, *, in_series: bool) -> str:
    """The format in which a patch file of ours was written: by its bytes, and by what lies beside it."""
    beside = {"spec": "rpm", "apkbuild": "alpine", "pkgbuild": "arch", "nix": "nix"}
    if data.startswith(b"From 0000"):
        return "rpm"
    if in_series or (Path(name).parent / "series").is_file():
        return "gbp" if b"\ndiff --git " in data else "quilt"
    for kind, form in beside.items():
        if any(Path(name).parent.glob(f"*.{kind}.txt")):
            return form
    return "alpine"


def _found(existing: Existing, patch: str) -> list[tuple[str, Own]]:
    """The files that hold the patch; of one that was split, the engine's first."""
    found = []
    for name in existing.names():
        head = existing.head(name)
        if b"\nGenerated-by: gopatch" in head or _PRESSED.search(name):
            made = own(plain(existing.read(name) or b"", name))
            if made is not None and made.patch == patch:
                found.append((name, made))
    names = {name for name, _ in found}
    whole = [pair for pair in found if _engine_part(pair[0]) not in names - {pair[0]}]
    if len(whole) > 1:
        raise ApplyError(
            f"`{patch}` is there {len(whole)} times: {', '.join(name for name, _ in whole)}",
            hint="take all but one away",
        )
    return [*whole, *(pair for pair in found if pair not in whole)]


def _engine_part(name: str) -> str:
    return name.replace("-cli.", ".")


def halves(path: Path, patch: str) -> tuple[Path, ...]:
    """The two files of a patch that was split, the engine's first; none where it is in one."""
    from gopatch.output.destination import Folder

    folder, engine = Folder(path.parent), _engine_part(path.name)
    pair = sorted(
        (name for name in folder.names() if _engine_part(name) == engine),
        key=lambda name: name != engine,
    )
    made = [own(plain(folder.read(name) or b"", name)) for name in pair]
    whole = len(pair) == _HALVES and all(one is not None and one.patch == patch for one in made)
    return tuple(path.with_name(name) for name in pair) if whole else ()


def demand_whole(port: Port) -> None:
    """Refuse a patch that would hold the rest alone of what it says that it is."""
    done = [o.edit for o in port.outcomes if o.status == "already"]
    if port.changes and done:
        raise ApplyError(
            f"a part of `{port.patch.name}` is in {port.source} already ({', '.join(done)}): "
            "a patch of the rest alone would not apply anywhere else",
            hint="take it off first (`quilt pop`), or name the source as it was",
        )


def demand_unedited(files: Sequence[File], existing: Existing) -> None:
    """Refuse to write over a patch that somebody has edited since gopatch made it."""
    for file in files:
        before = plain(existing.read(file.name) or b"", file.name)
        made = plain(file.data, file.name)
        old = own(before)
        if not before or before == made or (old is None and own(made) is None):
            continue
        if old is None:
            raise ApplyError("is there, and gopatch did not make it", path=file.name, hint=_FORCE)
        if not old.intact and digest(before) != digest(made):
            raise ApplyError(
                "was edited by hand since gopatch made it, or an older gopatch made it",
                path=file.name,
                hint=_FORCE,
            )


_FORCE = "--force writes over it"
