"""A form never fits where another is meant: at each step of each edit one form fits, on every layout.

What is made is then what that form alone would make. The forms that may fit beside another come last and
say so: they are for what none of the others knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from gopatch.engine.compiled import form_name, read_changes
from gopatch.errors import ApplyError
from gopatch.port import _go_edits
from gopatch.port._task import Task
from gopatch.port._work import FailedError
from gopatch.port.work import work_out
from gopatch.recipe.read import load, names
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, files
from tests.patches.layouts import LAYOUTS
from tests.patches.world import OPTION

# Forms that say less than the one above them, and why they may: they come behind it.
LAST = {
    "beside": "the list may be anywhere in its struct",
    "quiet": "nothing is logged in the file",
    "unlocked": "nobody holds a lock here",
    "index": "a search may ask with any index",
    "index-2": "what it makes is what `index` makes, too, and is so found the second time",
    "untimed": "no error of time is told apart",
    "apart-2": "no error of time ends the round",
    "texts": "no error is kept, only its text",
    **{
        f"{form}-{logger}": "nothing need be told of an endpoint before it is asked"
        for form in ("silent", "direct")
        for logger in ("logrus", "containerd")
    },
}

Step = tuple[str, str, dict[str, bool]]  # edit, the form that is made, and which forms fit
Fits = list[Step]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Fits:
    """Of each step with forms that is made: which of them fit."""
    seen: Fits = []
    first = _go_edits._first_form

    def noted(
        task: Task, made: _go_edits._Made, step: _go_edits._ChangeStep, paths: Sequence[str]
    ) -> tuple[int, _go_edits._Made] | None:
        found = first(task, made, step, paths)
        if found is not None and len(step.forms) > 1:
            fits = dict(_fits(task, made, step, paths))
            seen.append((step.edit.name, _called(step, found[0]), fits))
        return found

    monkeypatch.setattr(_go_edits, "_first_form", noted)
    return seen


def _called(step: _go_edits._ChangeStep, number: int) -> str:
    return form_name(read_changes(step.variant), step.forms, number)


def _fits(
    task: Task, made: _go_edits._Made, step: _go_edits._ChangeStep, paths: Sequence[str]
) -> Iterator[tuple[str, bool]]:
    for number in step.forms:
        form = _go_edits.form_of(step.variant, number, made.bound)
        change = _go_edits._Change(step.edit, form)
        try:
            fits = bool(_go_edits._everywhere(task, made.work, change, paths).sites)
        except (ApplyError, FailedError):
            fits = False
        yield _called(step, number), fits


@pytest.mark.thorough
@pytest.mark.parametrize("patch", names())
@pytest.mark.parametrize("fixture", LAYOUTS)
def test_one_form_fits(fixture: str, patch: str, steps: Fits) -> None:
    work_out(load(patch), FilesInMemory(files(FIXTURES / fixture)))
    for edit, made, fits in steps:
        found = [name for name, does in fits.items() if does]
        assert found[0] == made
        assert set(found[1:]) <= LAST.keys(), (edit, found)


def test_forms_are_looked_at(steps: Fits) -> None:
    """The property above is about something."""
    content = files(FIXTURES / "v20.10.27")
    content = {
        path: data + b"\n// Not known yet.\n" if path.endswith(".go") else data
        for path, data in content.items()
    }
    work_out(load(OPTION), FilesInMemory(content)).demand()
    assert {edit for edit, *_ in steps} >= {"flag", "guard-v2", "hosts", "no-downgrade-login"}
    assert all(fits[made] for _, made, fits in steps)
