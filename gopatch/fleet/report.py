"""What a fleet run leaves behind: a patch for each ref, report.json and report.html.

The schema of report.json (`"schema": 1`):

- `gopatch`, `patch`, `fingerprint`: what made it; `selection`: `{only, without}`, names of groups and
  edits, both empty for the whole patch; `partial`: whether the run was cut short
- `refs`: a list of `{ref, commit, outcome, reason, file, sha256, edits, roads, verdicts}`; `outcome` is one of
  applied, already, absent, outside, not-docker, failed; `file` is null where there is no patch;
  `edits` are `{edit, outcome, variant, file, line, reason, sites}`, `sites` being
  `{path, line, column}` counted from 1; `roads` are `{road, outcome, edits, reason}`; `verdict` is "pass", "fail", "inconclusive", "partial" or null,
  `unjudged` are edits and roads that no judge of the run looked at; `verdicts` are `{judge, status, summary, judged, cases,
  counterexample, unrun}` of the judges that were asked, `cases` being their number, `judged` what each has a finding of, and
  `unrun` edits with places that it has not run, null of one that does not note that
- `families`: `{file, sha256, refs}`, the refs whose patches are the same to the byte
- `summary`: outcome -> number of refs
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gopatch import __version__
from gopatch.files import write_file
from gopatch.output.diff import unified
from gopatch.port.judged import unrun_by_all
from gopatch.port.outcome import Outcome, Road
from gopatch.recipe.values import Patch
from gopatch.splice import FileChange

SCHEMA = 1
OUTCOMES = ("applied", "already", "absent", "outside", "not-docker", "failed")
Row = dict[str, Any]


def safe_name(ref: str) -> str:
    """A file name for a ref: slashes and the like become `%2F`, so that no two refs meet."""
    from urllib.parse import quote

    name = quote(ref, safe="+")
    return ("%2E" + name[1:] if name.startswith(".") else name) + ".patch"


def row(ref: str, commit: str, status: str, reason: str, edits: Iterable[Row]) -> Row:
    """One ref of the report, before its patch is written; `edits` are of `edit_row`."""
    return {
        "ref": ref,
        "commit": commit,
        "outcome": status,
        "reason": reason or None,
        "file": None,
        "sha256": None,
        "edits": list(edits),
        "roads": [],
        "verdicts": [],
        "verdict": None,
        "unjudged": [],
    }


def edit_row(outcome: Outcome) -> Row:
    """One edit of a ref."""
    first = outcome.sites[0] if outcome.sites else None
    return {
        "edit": outcome.edit,
        "outcome": outcome.status,
        "variant": outcome.variant,
        "file": first.path if first else None,
        "line": first.line if first else None,
        "reason": outcome.reason or None,
        "sites": [site._asdict() for site in outcome.sites],
    }


def decide(found: Row) -> None:
    """Set a row's `verdict` and what is `unjudged`, from what its judges say; None where nobody was
    asked. It is `gopatch.port.judged.decide`, on rows."""
    asked = found["verdicts"]
    there = [["edit", e["edit"]] for e in found["edits"] if e["outcome"] in ("applied", "already")]
    there += [["road", r["road"]] for r in found["roads"] if r["outcome"] == "reached"]
    unrun = {edit for edit, _ in unrun_by_all(each.get("unrun") for each in asked)}
    seen = [
        list(subject)
        for each in asked
        for subject in each.get("judged", ())
        if each.get("unrun") is not None or subject[0] != "edit" or subject[1] not in unrun
    ]
    found["unjudged"] = [subject[1] for subject in there if subject not in seen] if asked else []
    said = [each["status"] for each in asked]
    bad = next((status for status in ("fail", "inconclusive") if status in said), None)
    found["verdict"] = (bad or ("partial" if found["unjudged"] else "pass")) if asked else None


def road_row(road: Road) -> Row:
    """One road of a ref."""
    return {
        "road": road.name,
        "outcome": road.outcome,
        "edits": list(road.edits),
        "reason": road.reason or None,
    }


class ReportWriter:
    """Writes the patches of a run into a folder; equal patches are one file with many names."""

    def __init__(self, folder: Path, rows: Iterable[Row] = ()) -> None:
        self.folder = folder
        self._known = {r["sha256"]: r["file"] for r in reversed(list(rows)) if r["file"]}

    def add(self, found: Row, changes: Sequence[FileChange]) -> None:
        """Write a ref's patch and note its file and hash in the row."""
        if not changes:
            return
        data = unified(changes)
        digest = hashlib.sha256(data).hexdigest()
        name = safe_name(found["ref"])
        first = self._known.setdefault(digest, name)
        target = self.folder / name
        if first == name:
            write_file(target, data)
        else:
            target.unlink(missing_ok=True)
            try:
                os.link(self.folder / first, target)
            except OSError:
                write_file(target, data)
        found["file"], found["sha256"] = first, digest


def name_families(rows: Iterable[Row]) -> None:
    """Each family's file is its first ref's, however the run went."""
    first: dict[str, str] = {}
    for item in rows:
        if item["sha256"]:
            item["file"] = first.setdefault(item["sha256"], safe_name(item["ref"]))


def table(rows: Sequence[Row], patch: Patch, fingerprint: str, *, partial: bool) -> dict[str, Any]:
    """The whole report as a value for JSON."""
    return {
        "schema": SCHEMA,
        "gopatch": __version__,
        "patch": patch.name,
        "selection": patch.selection.table,
        "fingerprint": fingerprint,
        "partial": partial,
        "summary": summary(rows),
        "refs": list(rows),
        "families": families(rows),
    }


def summary(rows: Iterable[Row]) -> dict[str, int]:
    counts = dict.fromkeys(OUTCOMES, 0)
    for found in rows:
        counts[found["outcome"]] += 1
    return {name: count for name, count in counts.items() if count}


def families(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Refs whose patches are the same to the byte, in the order of their first ref."""
    found: dict[str, dict[str, Any]] = {}
    for item in rows:
        if item["sha256"]:
            family = found.setdefault(
                item["sha256"], {"file": item["file"], "sha256": item["sha256"], "refs": []}
            )
            family["refs"].append(item["ref"])
    return list(found.values())


def judged(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The different verdicts, each with the refs that it stands for."""
    found: dict[str, dict[str, Any]] = {}
    for item in rows:
        for verdict in item["verdicts"]:
            key = json.dumps(verdict)
            found.setdefault(key, {**verdict, "refs": []})["refs"].append(item["ref"])
    return list(found.values())


def missed(rows: Iterable[Row]) -> dict[tuple[str, str], list[str]]:
    """The refs whose ports do not open a road that is there, by road and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in rows:
        for road in item["roads"]:
            if road["outcome"] == "missed":
                found.setdefault((road["road"], road["reason"]), []).append(item["ref"])
    return found


def against(rows: Iterable[Row], earlier: Mapping[str, Any]) -> dict[str, list[str]]:
    """What changed since an earlier report: same, changed, newly failing, mended, new, gone."""
    old = {r["ref"]: r for r in earlier.get("refs", [])}
    found: dict[str, list[str]] = {
        "same": [], "changed": [], "newly failing": [], "mended": [], "new": [], "gone": [],
    }  # fmt: skip
    for item in rows:
        before = old.pop(item["ref"], None)
        found[_difference(item, before)].append(item["ref"])
    found["gone"] = list(old)
    return found


def _difference(item: Row, before: Row | None) -> str:
    if before is None:
        return "new"
    failed, did = item["outcome"] == "failed", before["outcome"] == "failed"
    if failed != did:
        return "newly failing" if failed else "mended"
    same = all(item[key] == before[key] for key in ("outcome", "sha256"))
    return "same" if same else "changed"
