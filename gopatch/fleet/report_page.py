"""report.html: what a maintainer looks at when a new release comes.

First what is not plain applied, then a row for each family of refs with one patch, and each family's
patch by its difference to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from gopatch.files import write_file
from gopatch.fleet.report import Row, judged, missed
from gopatch.output._page import coloured, page
from gopatch.output.diff import hunks, kinds
from gopatch.spelling import json_rows

_RANGES = re.compile(rb"(?m)^@@ [^@]* @@")


class SummaryCell(NamedTuple):
    """What one edit or judge comes to in a row; `mixed` where the row's refs differ in it."""

    status: str
    said: str
    mixed: bool


class Group(NamedTuple):
    """Refs that share a row: those of one family, or those that no patch was made for, with one reason.

    `left` is what an applied patch leaves as it was: roads that are missed, papers that are left out.
    """

    refs: list[str]
    label: str
    outcome: str
    number: int | None
    cells: list[SummaryCell | None]
    plain: bool
    left: list[str]


class PatchFamily(NamedTuple):
    """Refs that share a patch; `lines` are those of its difference to the family before."""

    refs: list[str]
    label: str
    file: str
    link: str
    size: str
    lines: list[tuple[str, str]]


def write(folder: Path, report: Mapping[str, Any]) -> None:
    """Write report.json and report.html."""
    write_file(folder / "report.json", json_rows(report).encode())
    write_file(folder / "report.html", html(report, folder))


def html(report: Mapping[str, Any], folder: Path) -> bytes:
    """One page that needs neither a network nor a script; the patches lie beside it."""
    part = "".join(f", {name} {', '.join(of)}" for name, of in report["selection"].items() if of)
    rows = report["refs"]
    judges = list(dict.fromkeys(v["judge"] for r in rows for v in r["verdicts"]))
    edits = list(dict.fromkeys(e["edit"] for r in rows for e in r["edits"]))
    groups = list(_groups(report, judges, edits))
    return page(
        "report.html",
        title=f"{report['patch']}{part}: {len(rows)} refs",
        report=report,
        failed=_failed(rows),
        doubted=[_doubted(v) for v in judged(rows) if v["status"] != "pass"],
        missed=[(*key, refs) for key, refs in missed(rows).items()],
        columns=[*judges, *edits],
        odd=[group for group in groups if not group.plain],
        plain=[group for group in groups if group.plain],
        families=list(_families(report, folder)),
    )


def _failed(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """The reasons of what failed, each with its refs."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["outcome"] == "failed":
            found.setdefault(_why(row), []).append(row["ref"])
    return list(found.items())


def _why(row: Row) -> str:
    """The reason without the commit, which every ref has its own of."""
    return str(row["reason"] or "").removeprefix(f"{row['commit']}: ")


def _doubted(verdict: Mapping[str, Any]) -> dict[str, Any]:
    text = "\n".join((*verdict["summary"], "", verdict["counterexample"])).strip()
    return {**verdict, "text": text}


def label(refs: Sequence[str]) -> str:
    """Refs in a few words: the first, the last, and how many."""
    return f"{refs[0]} … {refs[-1]} ({len(refs)})" if len(refs) > 1 else refs[0]


# Rows ------------------------------------------------------------------------------------------


def _groups(report: Mapping[str, Any], judges: list[str], edits: list[str]) -> Iterator[Group]:
    number = {f["sha256"]: n for n, f in enumerate(report["families"], 1)}
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in report["refs"]:
        key = (row["sha256"],) if row["sha256"] else (None, row["outcome"], _why(row))
        found.setdefault(key, []).append(row)
    for key, rows in found.items():
        refs = [row["ref"] for row in rows]
        cells = [_of_judge(rows, name) for name in judges] + [
            _of_edit(rows, name) for name in edits
        ]
        plain = all(map(_is_plain, rows))
        left = list(dict.fromkeys(said for row in rows for said in _left(row)))
        yield Group(refs, label(refs), rows[0]["outcome"], number.get(key[0]), cells, plain, left)


def _is_plain(row: Row) -> bool:
    """Applied, and nothing is left to look at."""
    failed = any(edit["outcome"] == "failed" for edit in row["edits"])
    doubt = row["verdict"] not in (None, "pass")
    return row["outcome"] == "applied" and not (failed or doubt or any(_left(row)))


def _left(row: Row) -> Iterator[str]:
    """What an applied patch leaves as it was, in words."""
    if row["outcome"] == "applied":
        yield from (
            f"{road['road']} missed" for road in row["roads"] if road["outcome"] == "missed"
        )
        yield from (f"{e['edit']} left out" for e in row["edits"] if e["outcome"] == "left out")


def _of_edit(rows: Sequence[Row], name: str) -> SummaryCell | None:
    found = [edit for row in rows for edit in row["edits"] if edit["edit"] == name]
    if not found:
        return None
    first = found[0]
    where = f"{first['file']}:{first['line']}" if first["file"] else first["reason"] or ""
    said = ", ".join(part for part in (first["outcome"], first["variant"], where) if part)
    forms = {(edit["outcome"], edit["variant"]) for edit in found}
    return SummaryCell(first["outcome"], said, len(forms) > 1 or len(found) < len(rows))


def _of_judge(rows: Sequence[Row], name: str) -> SummaryCell | None:
    found = [v for row in rows for v in row["verdicts"] if v["judge"] == name]
    if not found:
        return None
    worst = next((v for v in found if v["status"] != "pass"), found[0])
    mixed = len({v["status"] for v in found}) > 1 or len(found) < len(rows)
    return SummaryCell(worst["status"], "; ".join(worst["summary"]), mixed)


# Families --------------------------------------------------------------------------------------


def _families(report: Mapping[str, Any], folder: Path) -> Iterator[PatchFamily]:
    before: bytes | None = None
    for item in report["families"]:
        path = folder / item["file"]
        data = path.read_bytes() if path.is_file() else b""
        lines = _difference(before, data)
        size = f": against the one before {_size(lines)}" if before is not None else ""
        link = quote(item["file"])
        yield PatchFamily(item["refs"], label(item["refs"]), item["file"], link, size, lines)
        before = data


def _difference(before: bytes | None, after: bytes) -> list[tuple[str, str]]:
    """The first patch whole; of every other the lines that differ, whatever their hunks' numbers."""
    if before is None:
        return list(coloured(after.decode(errors="replace"))) if after else []
    old, new = (_RANGES.sub(b"@@", data) for data in (before, after))
    text = b"".join(hunks(old, new, 1)).decode(errors="replace")
    return list(kinds(text.removesuffix("\n").split("\n"))) if text else []


def _size(lines: Sequence[tuple[str, str]]) -> str:
    count = {kind: len(list(of)) for kind, of in groupby(sorted(kind for kind, _ in lines))}
    more, less = count.get("add", 0), count.get("del", 0)
    if not (more or less):
        return "the same lines at other places"
    return f"{more} line{'s' * (more != 1)} more, {less} less"
