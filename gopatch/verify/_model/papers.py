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

_WORDS = re.compile(r"insecure|password|encrypt")
_NOT = r"(?:not|no longer|never|n't|neither)"
# What no paper may say, for the contract says otherwise (DESIGN.md, the meaning of the option).
_DENIALS = (
    (
        rf'[Dd]efault(?:s)?(?: is| to|:)? [*_`]*(?:true|on)\b|\b(?:on|enabled) by default|"{KEY}": true',
        "the flag is off by default",
    ),
    (rf"{KEY}(?:\*\*)?=(?!\W*(?:true|false)\b)\S+", "the flag is a boolean"),
    (
        r"Hub,? (?:too|as well|also|included)\b|\b(?:also|even|including|and) (?:for |of )?Docker Hub",
        "Docker Hub is asked over HTTPS alone",
    ),
    (
        rf"[Cc]ertificates? (?:is|are|will be)(?: {_NOT}|n't) (?:checked|verified)|"
        r"(?:skips?|without) (?:the )?(?:check|verif)\w* (?:of )?(?:the )?certificates?",
        "certificates are checked as before",
    ),
    (
        rf"\bcan(?: {_NOT}|not|'t) (?:be )?(?:read|seen?|replaced?|intercept)\w*",
        "who is between can read and replace what is sent",
    ),
    (r"\bHTTP (?:before|instead of) HTTPS", "HTTPS comes first"),
)
_SYNOPSIS = re.compile(r"^#+ SYNOPSIS$(.*?)^#", re.DOTALL | re.MULTILINE)
_DENIED = tuple((re.compile(text), why) for text, why in _DENIALS)


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


def _first(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    found = pattern.search(text)
    if found:
        yield found[0]


def _wrong(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """What is wrong with what a paper says of the option."""
    old, text = set(before.decode(errors="replace").splitlines()), after.decode(errors="replace")
    lines = [line for line in text.splitlines() if line not in old]
    said = "\n".join(lines)
    if KEY not in said:
        yield f"{path} does not name --{KEY}"
        return
    synopsis = _SYNOPSIS.search(text)
    if synopsis and "--insecure-registry" in synopsis[1] and KEY not in synopsis[1]:
        yield f"the synopsis of {path} lacks it"
    running = " ".join(said.split())
    for denied, why in _DENIED:
        yield from (f"{path} says `{found}`, and {why}" for found in _first(denied, running))
    if "completion" in path:
        return
    words = running.replace(KEY, "").replace("insecure-registr", "")  # names tell no risk
    if not (names_risk(words) or _WORDS.search(words)):
        yield f"{path} names no risk"
