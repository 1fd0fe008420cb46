"""(Patch, Source) -> Port: all edits or none, checked before anyone sees it."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping
from itertools import pairwise

from gopatch.errors import ApplyError, OutsideError, SourceError
from gopatch.port._clashes import held_apart, look_at
from gopatch.port._go_edits import edit_go
from gopatch.port._imports import idle_imports
from gopatch.port._known import Known, failed_of, inputs, known_of
from gopatch.port._links import links_hint
from gopatch.port._lone import edit_anywhere
from gopatch.port._new_files import add_files
from gopatch.port._outside import refuse_outside
from gopatch.port._places import has_place, roots_of
from gopatch.port._task import Memo, Task
from gopatch.port._text_edits import edit_text
from gopatch.port._unknown_names import unknown_names
from gopatch.port._work import EditDone, FailedError, Work
from gopatch.port.outcome import EditStatus, Outcome, Port, Step
from gopatch.port.roads import roads_of
from gopatch.port.whole import held_against, said_to_be_left, unguarded
from gopatch.recipe.values import GoEdit, NewFiles, Patch, PatchEdit, TextEdit
from gopatch.source import Source
from gopatch.source.roots import Roots, find_roots, no_engine


def work_out(
    patch: Patch,
    source: Source,
    memo: Memo | None = None,
    *,
    roots: Roots | None = None,
    strict: bool = False,
) -> Port:
    """Work `patch` out on `source`. Nothing is written anywhere.

    `memo` may be kept from port to port: what a change does to the same bytes is worked out once.
    `roots` are looked for unless they are given, as for a tree that is too small to be known.
    Edits of the group papers that fit nowhere are left out, unless the port is `strict`.
    Raises SourceError where the source is not Docker at all (a lone .patch runs on any Go).
    """
    try:
        return _with_links(_work_out(patch, source, memo, roots, strict), source)
    except RecursionError:
        raise ApplyError(
            "an expression is nested more deeply than gopatch reads", path=source.name
        ) from None
    except (ApplyError, SourceError) as error:
        error.hint = _joined(error.hint, links_hint(patch, source, None))
        raise


def _with_links(port: Port, source: Source) -> Port:
    """The port, where one that failed says which of its files are links."""
    told = links_hint(port.patch, source, port.roots.engine or "") if port.failed else ""
    if not told:
        return port
    first = port.failed[0]
    there = first._replace(hint=_joined(first.hint, told))
    return port._replace(outcomes=tuple(there if o is first else o for o in port.outcomes))


def _joined(*hints: str | None) -> str:
    return "; ".join(filter(None, hints))


def _work_out(
    patch: Patch, source: Source, memo: Memo | None, roots: Roots | None, strict: bool
) -> Port:
    given = roots is not None
    if roots is None:
        roots = Roots("", None) if patch.lone else find_roots(source)
    if roots.engine is None and not patch.lone:
        raise no_engine(source)
    task = Task(patch, source, roots, Memo() if memo is None else memo, strict, given)
    states = [Work()]
    outcomes: list[Outcome] = []
    for edit in patch.edits:
        done = _done(task, states[-1], edit)
        if done.outcome.status == "failed":
            refuse_outside(task)
        outcomes.append(done.outcome)
        states.append(done.work)
    _check_helpers(patch, outcomes)
    bare = unguarded(task, states[-1], outcomes)
    port = Port(patch, source.name, roots, tuple(held_against(task, bare, outcomes)))
    whole = port if port.failed else _written(task, port, states)
    return whole._replace(roads=said_to_be_left(roads_of(whole, task), task, bare))


def _written(task: Task, port: Port, states: list[Work]) -> Port:
    """The port with what its edits changed, all in all and one by one."""
    changes = states[-1].since(task, states[0])
    steps = tuple(
        Step(edit.name, after.since(task, before))
        for edit, (before, after) in zip(task.patch.edits, pairwise(states), strict=True)
    )
    if not task.patch.lone:
        port = port._replace(outcomes=tuple(held_apart(task, states[-1], steps, port.outcomes)))
        if port.failed:
            return port
    if changes:
        _check_second_run(task, states[-1])
    unknown = unknown_names(task, states[-1], port.outcomes, changes)
    told = (*unknown, *idle_imports(changes))
    return port._replace(changes=changes, steps=steps, unknown=told)


def _check_second_run(task: Task, work: Work) -> None:
    """Applied twice must change nothing the second time."""
    for edit in task.patch.edits:
        if work.stands_alone(edit.name):
            continue  # the engine has run its one change a second time already
        outcome, after = _done(task, work, edit)
        if after.files == work.files and (
            task.patch.lone or outcome.status not in ("applied", "failed")
        ):
            continue
        raise ApplyError(
            f"a second run would change more: the edit `{edit.name}` is {outcome.status}",
            hint="let its minus side not match its plus side"
            if task.patch.lone
            else "make its variants tell what is done already",
        )


def _done(task: Task, work: Work, edit: PatchEdit) -> EditDone:
    """An edit's outcome; what it cannot do leaves the work as it was."""
    try:
        return _worked(task, work, edit)
    except (FailedError, ApplyError, SourceError) as error:
        reason = error.reason if isinstance(error, FailedError) else str(error)
        status: EditStatus = "left out" if task.may_leave_out(edit) else "failed"
        return EditDone(Outcome(edit.name, status, None, (), reason, error.hint or ""), work)


def _worked(task: Task, work: Work, edit: PatchEdit) -> EditDone:
    if task.patch.lone:
        assert isinstance(edit, GoEdit)
        return edit_anywhere(task, work, edit)
    if edit.helper and not _is_of_use(task, work, edit):
        reason = "nothing that needs it has a place here"
        return EditDone(Outcome(edit.name, "absent", reason=reason), work)
    outcomes: list[Outcome] = []
    for root in roots_of(task.roots, edit):
        found, work = _below(task, work, edit, root)
        outcomes += found
    return EditDone(_merged(edit, outcomes), work)


def _below(task: Task, work: Work, edit: PatchEdit, root: str) -> tuple[list[Outcome], Work]:
    """As `_made`; what is known of the same files is not made again."""
    key = inputs(task, work, edit, root)
    kept: MutableMapping[Hashable, Known] = task.kept_of(edit)
    known = None if key is None else kept.get(key)
    if known is None or not known.holds(task, work):
        known = _known(task, work, edit, root)
        if key is not None and edit.name not in task.found_elsewhere:
            kept[key] = known
    return list(known.outcomes), known.on(work)


def _known(task: Task, work: Work, edit: PatchEdit, root: str) -> Known:
    """What comes of making an edit below a root, as it is kept for refs with the same files."""
    asked = len(task.asked_beyond)
    try:
        outcomes, after = _made(task, work, edit, root)
    except FailedError as error:
        return failed_of(error, task.asked_beyond[asked:])
    if not task.patch.lone:
        look_at(task, work, after)
    return known_of(outcomes, work, after, task.asked_beyond[asked:])


def _made(task: Task, work: Work, edit: PatchEdit, root: str) -> tuple[list[Outcome], Work]:
    if isinstance(edit, TextEdit):
        return edit_text(task, work, edit, root)
    if isinstance(edit, NewFiles):
        done = add_files(task, work, edit, root)
    else:
        done = edit_go(task, work, edit, root)
    return [done.outcome], done.work


def _is_of_use(task: Task, work: Work, helper: PatchEdit) -> bool:
    """Whether a helper comes along: an edit that needs it has a place, or it was asked for alone."""
    users = [edit for edit in task.patch.edits if helper.name in edit.needs]
    return not users or any(
        _is_of_use(task, work, edit) if edit.helper else has_place(task, work, edit)
        for edit in users
    )


def _check_helpers(patch: Patch, outcomes: list[Outcome]) -> None:
    """What an edit needs of helpers is there, also if others have changed the source meanwhile.

    Where an edit has failed, that says more.
    """
    known = {outcome.edit: outcome for outcome in outcomes}
    if any(outcome.status == "failed" for outcome in outcomes):
        return
    for helper in (edit for edit in patch.edits if edit.helper):
        for user in (edit for edit in patch.edits if helper.name in edit.needs):
            absent, made = known[helper.name], known[user.name]
            if absent.status == "absent" and made.status in ("applied", "already"):
                said = f"the edit `{user.name}` needs `{helper.name}`, which is absent"
                where = f" at {made.sites[0]}" if made.sites else ""
                raise ApplyError(
                    f"{said}: {absent.reason}", hint=f"`{user.name}` has its place{where}"
                )


def _merged(edit: PatchEdit, outcomes: list[Outcome]) -> Outcome:
    """One outcome of an edit over several roots or files."""
    found = [o for o in outcomes if o.status != "absent"]
    if not found:
        reason = next((o.reason for o in outcomes if o.reason), "the source has no such files")
        if not edit.anchors and (isinstance(edit, TextEdit) or not outcomes):
            raise FailedError(
                f"no file of {', '.join(edit.files) or 'it'} is there", "is this Docker's engine?"
            )
        return Outcome(edit.name, "absent", None, (), reason)
    status: EditStatus = "applied" if any(o.status == "applied" for o in found) else "already"
    variants = dict.fromkeys(o.variant for o in found if o.variant)
    sites = tuple(site for o in found for site in o.sites)
    return Outcome(edit.name, status, ", ".join(variants) or None, sites)


__all__ = ["Memo", "Outcome", "OutsideError", "Port", "Step", "work_out"]
