"""A port as an output sees it: the one place where engine and outputs meet."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath

from gopatch.errors import PatchError, UsageError
from gopatch.output import EditView, PortView
from gopatch.port.judged import Subject, Verdict, read_opinion
from gopatch.port.outcome import Outcome, Port, Road
from gopatch.recipe.selection import folded
from gopatch.recipe.values import GoVariant, NewFiles, PatchEdit, Selection, TextVariant

_AUTHOR = re.compile(r"[^<>]+ <[^<>\s]+@[^<>\s]+>")
_NOBODY = "gopatch <gopatch@localhost>"


def view(
    port: Port,
    ref: str | None = None,
    verdict: Verdict | None = None,
    author: str | None = None,
    roads: tuple[Road, ...] = (),
) -> PortView:
    """The port in bytes and small values, with nothing of this machine in them.

    `ref` is the ref that was asked for; without it the source goes by its last name. `author` is
    `Name <mail>`; without one it is who the environment names (GIT_AUTHOR_NAME and
    GIT_AUTHOR_EMAIL, or DEBFULLNAME and DEBEMAIL), or who patch.toml does. `roads` are what
    gopatch.port.roads found, where they are to be shown. Raises UsageError for a
    name or a SOURCE_DATE_EPOCH that is none.
    """
    from gopatch import __version__

    patch = port.patch
    return PortView(
        patch.name,
        patch.title,
        patch.why,
        "\n\n".join(filter(None, (patch.security, *map(folded, port.warnings)))),
        patch.dep3,
        port.roots.engine,
        port.roots.cli,
        " ".join(
            filter(None, (f"gopatch {__version__} --patch {patch.name}", patch.selection.words))
        ),
        _edits(port, roads),
        port.changes,
        ref or PurePath(port.source).name,
        verdict,
        roads,
        author=_author(author, dict(patch.dep3)),
        epoch=_epoch(dict(patch.dep3), patch.name),
        only=patch.selection.only,
        without=patch.selection.without,
        leave=patch.selection.leave,
    )


def _edits(port: Port, roads: tuple[Road, ...]) -> tuple[EditView, ...]:
    steps = {step.edit: step.changes for step in port.steps}
    return tuple(
        EditView(
            edit.title,
            edit.group,
            outcome,
            steps.get(edit.name, ()),
            edit.why,
            partial(_form, edit, outcome),
            tuple(road.name for road in roads if edit.name in road.edits),
        )
        for edit, outcome in zip(port.patch.edits, port.outcomes, strict=True)
    )


def _form(edit: PatchEdit, outcome: Outcome) -> str:
    """What the variants that fit say of themselves."""
    if isinstance(edit, NewFiles):
        return ""
    found = dict(name.partition("/")[::2] for name in (outcome.variant or "").split(", "))
    chosen = [v for v in edit.variants if v.name in found]
    return " ".join(filter(None, (_says(v, found[v.name]) for v in chosen)))


def _says(variant: GoVariant | TextVariant, chosen: str) -> str:
    """What a variant says of itself, and what its chosen forms, `a+b`, say besides."""
    if isinstance(variant, TextVariant) or not chosen:
        return variant.says
    from gopatch.engine.compiled import changes_in, steps_in

    changes = changes_in(variant.text, variant.shown, variant.fragments or ())
    found = [variant.says]
    steps = [step for step in steps_in(changes) if len(step) > 1]
    for step, name in zip(steps, chosen.split("+"), strict=False):
        for place, number in enumerate(step, 1):
            change = changes[number]
            if number and (change.name or str(place)) == name:
                found.append(change.description)
    return " ".join(dict.fromkeys(filter(None, (" ".join(text.split()) for text in found))))


def read_verdict(path: str, port: Port) -> Verdict:
    """What `gopatch verify --json` wrote about this port into the file `path`.

    Raises UsageError where that is no such file, or speaks of another patch or source.
    """
    import json
    from pathlib import Path

    hint = f"write it with `gopatch verify --json > {path}`"
    try:
        found = json.loads(Path(path).read_bytes())
        about = (found["patch"], found["source"], _words(found.get("selection", {})))
        opinions = tuple(read_opinion(table) for table in found["verdicts"])
        unjudged = tuple(Subject(**subject) for subject in found["unjudged"])
        verdict = Verdict(found["verdict"], opinions, unjudged)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint=hint) from None
    except (ValueError, LookupError, TypeError):
        raise UsageError(f"{path} holds no verdict", hint=hint) from None
    mine = (port.patch.name, port.source, port.patch.selection.words)
    if about != mine:
        raise UsageError(
            f"{path} holds a verdict on {_called(*about)}, not on {_called(*mine)}", hint=hint
        )
    return verdict


def _words(selection: dict[str, list[str]]) -> str:
    return Selection(*(tuple(selection.get(name, ())) for name in Selection._fields)).words


def _called(patch: str, source: str, words: str) -> str:
    return f"`{' '.join(filter(None, (patch, words)))}` for {source}"


def author_here() -> str | None:
    """Who the environment says is the author, as git and Debian's tools have it."""
    for name, mail in (("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"), ("DEBFULLNAME", "DEBEMAIL")):
        if os.environ.get(name) and os.environ.get(mail):
            return f"{os.environ[name]} <{os.environ[mail]}>"
    return None


def _author(given: str | None, dep3: dict[str, str]) -> str:
    found = given or author_here() or dep3.get("author") or _NOBODY
    found = " ".join(found.split())
    if not _AUTHOR.fullmatch(found):
        raise UsageError(
            f"`{found}` is no author", hint="write `--author 'Your Name <you@example.org>'`"
        )
    return found


def _epoch(dep3: dict[str, str], patch: str) -> int:
    """https://reproducible-builds.org/specs/source-date-epoch/, else the patch's own date."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        if not re.fullmatch(r"[0-9]{1,11}", given):
            raise UsageError(f"SOURCE_DATE_EPOCH is `{given}`, not seconds since 1970")
        return int(given)
    given = dep3.get("last-update", "1970-01-01")
    try:
        # Since Python 3.11, other forms of ISO 8601 are read, too; DEP-3 knows this one.
        day = datetime.fromisoformat(given if re.fullmatch(r"[-0-9]{10}", given) else "")
    except ValueError:
        raise PatchError(
            "`last-update` is no date",
            path=f"{patch}/patch.toml [dep3]",
            hint="write it as 2026-01-31",
        ) from None
    return int(day.replace(tzinfo=UTC).timestamp())
