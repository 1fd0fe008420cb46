"""The papers by what they say: the manual, the reference page and completions agree with the flag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gopatch.port.judged import Finding, Status, Subject
from gopatch.verify._model.reloading import names_risk
from gopatch.verify._model.service import KEY
from gopatch.verify._subjects import reference

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_ON = re.compile(
    rf'[Dd]efault(?:s)?(?: is| to|:)? [*_`]*(?:true|on)\b|\b(?:on|enabled) by default|"{KEY}": true'
)
_WORDS = re.compile(r"insecure|password|encrypt")


def judge_papers(
    port: Port, source: Source, subjects: tuple[Subject, ...], usage: str
) -> Iterator[Finding]:
    """A finding for each paper but tests, which are the compiler's to judge."""
    names = {subject.name for subject in subjects}
    after = {change.path: (change.before or b"", change.after or b"") for change in port.changes}
    papers = [
        edit.name for edit in port.patch.edits if edit.group == "papers" and edit.name in names
    ]
    for step in reference(port, source).steps:
        paths = [c.path for c in step.changes if not c.path.endswith(".go") and c.path in after]
        if step.edit not in papers or not paths:
            continue
        wrong = [said for path in paths for said in _wrong(path, *after[path])]
        status: Status = "fail" if wrong else "pass"
        yield Finding(
            "model", "edit", step.edit, status, "reading what it says", len(paths), "; ".join(wrong)
        )


def _wrong(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """What is wrong with what a paper says of the option."""
    old = set(before.decode(errors="replace").splitlines())
    lines = [line for line in after.decode(errors="replace").splitlines() if line not in old]
    said = "\n".join(lines)
    if KEY not in said:
        yield f"{path} does not name --{KEY}"
        return
    found = _ON.search(said)
    if found:
        yield f"{path} says `{found[0]}`, and the flag is off by default"
    if "completion" in path:
        return
    if not (names_risk(said) or _WORDS.search(said)):
        yield f"{path} names no risk"
