"""A change onto several targets: a row for each, and the two reports.

`report.json` (`"schema": 1`) has `gopatch`, `change` (name, commit, subject, author), `made_for`, and
`targets`: a list of `{target, outcome, file, sha256, rungs, adaptations, refusals, left_out}`; `outcome` is
"applied", "already" or "failed", `file` and `sha256` are null unless it is "applied".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from typing import Any

from gopatch.backport.values import Backport, Change
from gopatch.backport.view import told
from gopatch.output._page import SIGNS, coloured, page

_STYLE = """
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
th { white-space: nowrap; font-weight: 600; } pre { overflow-x: auto; } td { overflow-wrap: anywhere; }
span.add { background: var(--add); } span.del { background: var(--del); } .hunk { color: var(--known); } .file { font-weight: 700; }
"""


def row(name: str, done: Backport, file: str, diff: bytes) -> dict[str, Any]:
    """What became of the change on one target."""
    applied = done.status == "applied"
    return {
        "target": name,
        "outcome": done.status,
        "file": file if applied else None,
        "sha256": hashlib.sha256(diff).hexdigest() if applied else None,
        "rungs": {p.change.path: p.rung for p in done.files if p.change.before != p.change.after},
        "adaptations": [a._asdict() for p in done.files for a in p.adaptations],
        "refusals": [r._asdict() for r in done.refusals],
        "left_out": [{"path": path, "why": why} for path, why in done.left_out],
    }


def report(change: Change, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """report.json as a value."""
    from gopatch import __version__

    return {
        "schema": 1,
        "gopatch": __version__,
        "change": {
            "name": change.name,
            "commit": change.commit or None,
            "subject": change.subject,
            "author": change.author,
        },
        "made_for": change.basis,
        "targets": list(rows),
    }


def report_page(change: Change, found: Sequence[tuple[str, Backport, bytes]]) -> bytes:
    """report.html: what became of the change on each target, and each port with its words."""
    title = change.subject or change.name
    body = [f"<h1>{escape(title)}</h1>\n<p>made for {escape(change.basis)}</p>\n<table>\n"]
    body.append("<thead><tr><th scope=col>target<th scope=col>outcome<th scope=col>why\n<tbody>\n")
    for number, (name, done, _) in enumerate(found):
        why = (
            str(done.refusals[0])
            if done.refusals
            else ", ".join(sorted({p.rung for p in done.files}))
        )
        sign = f'<span class="{done.status}">{SIGNS[done.status]} {done.status}</span>'
        body.append(
            f'<tr><th scope=row><a href="#t{number}">{escape(name)}</a><td>{sign}<td>{escape(why)}\n'
        )
    body.append("</table>\n")
    for number, (name, done, diff) in enumerate(found):
        shown = coloured(diff.decode(errors="replace")) if done.status == "applied" else ""
        body.append(
            f'<h2 id="t{number}">{escape(name)}</h2>\n<pre>{escape(chr(10).join(told(done)))}</pre>\n'
        )
        body.append(
            f"<details><summary>the diff</summary><pre>{shown}</pre></details>\n" if shown else ""
        )
    return page(title, _STYLE, "".join(body)).encode()
