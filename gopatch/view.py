"""A port as an output sees it: the one place where engine and outputs meet."""

from __future__ import annotations

from gopatch.output import PortView, Section
from gopatch.port import Port


def view(port: Port) -> PortView:
    """The port in bytes and small values, with nothing of this machine in them."""
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
    )
