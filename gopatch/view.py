"""A port as an output sees it: the one place where engine and outputs meet."""

from __future__ import annotations

from pathlib import PurePath

from gopatch.errors import UsageError
from gopatch.output import Judgement, PortView, Section
from gopatch.port import Outcome, Port
from gopatch.recipe import PatchEdit


def view(port: Port, ref: str | None = None, verdicts: tuple[Judgement, ...] = ()) -> PortView:
    """The port in bytes and small values, with nothing of this machine in them.

    `ref` is the ref that was asked for; without it the source goes by its last name.
    """
    from gopatch import __version__

    patch = port.patch
    steps = {step.edit: step.changes for step in port.steps}
    sections = tuple(
        Section(
            edit.name,
            edit.title,
            edit.group,
            outcome.status,
            outcome.variant,
            tuple(map(str, outcome.sites)),
            outcome.reason,
            steps.get(edit.name, ()),
            edit.why,
            _form(edit, outcome),
            hint=outcome.hint,
        )
        for edit, outcome in zip(patch.edits, port.outcomes, strict=True)
    )
    return PortView(
        patch.name,
        patch.title,
        patch.why,
        patch.security,
        patch.dep3,
        port.roots.engine,
        port.roots.cli,
        f"gopatch {__version__} --patch {patch.name}",
        sections,
        port.changes,
        ref or PurePath(port.source).name,
        verdicts,
    )


def _form(edit: PatchEdit, outcome: Outcome) -> str:
    """What the variants that fit say of themselves."""
    chosen = [v for v in edit.variants if v.name in (outcome.variant or "").split(", ")]
    said = [v.patterns[0].change.description for v in chosen if v.patterns]
    return " ".join(" ".join(text.split()) for text in said if text)


def read_verdicts(path: str, port: Port) -> tuple[Judgement, ...]:
    """What `gopatch verify --json` wrote about this port into the file `path`.

    Raises UsageError where that is no such file, or speaks of another patch or source.
    """
    import json
    from pathlib import Path

    hint = f"write it with `gopatch verify --json > {path}`"
    try:
        found = json.loads(Path(path).read_bytes())
        about = (found["patch"], found["source"])
        verdicts = tuple(
            Judgement(v["judge"], v["status"], tuple(v["summary"]), v["counterexample"])
            for v in found["verdicts"]
        )
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint=hint) from None
    except (ValueError, LookupError, TypeError):
        raise UsageError(f"{path} holds no verdicts", hint=hint) from None
    if about != (port.patch.name, port.source):
        raise UsageError(
            f"{path} holds verdicts on `{about[0]}` for {about[1]}, "
            f"not on `{port.patch.name}` for {port.source}",
            hint=hint,
        )
    return verdicts
