"""report.html: what is not plain applied first, a row a family, and what changed between families."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gopatch.fleet import report
from gopatch.fleet.report_page import html, label
from gopatch.port.outcome import Outcome, Road, Site


def row(ref: str, patch: str = "", status: str = "applied", **more: Any) -> dict[str, Any]:
    edits = [Outcome("flag", "applied", "flag-v1", (Site("a.go", 3, 1),)), Outcome("old", "absent")]
    rows = map(report.edit_row, edits if patch else [])
    found = report.row(ref, "0" * 40, status, more.pop("reason", ""), rows)
    found |= {"sha256": patch or None, "file": f"{patch}.patch" if patch else None}
    return found | more


def shown(folder: Path, rows: list[dict[str, Any]], **patches: str) -> str:
    for name, text in patches.items():
        (folder / f"{name}.patch").write_text(text)
    value = {
        "patch": "x",
        "selection": {"only": [], "without": []},
        "partial": False,
        "summary": report.summary(rows),
        "refs": rows,
        "families": report.families(rows),
    }
    return html(value, folder).decode()


def headed(text: str) -> list[tuple[str, list[str]]]:
    """The two parts of the table, each with the labels of its rows."""
    parts = re.split(r"<th scope=rowgroup colspan=\"\d+\">(.*)\n", text.partition("</table>")[0])
    return [
        (head, re.findall(r"<th scope=row>(?:<details><summary>)?([^<]*)", body))
        for head, body in zip(parts[1::2], parts[2::2], strict=True)
    ]


PATCH = "--- a/x\n+++ b/x\n@@ -{0},2 +{0},3 @@\n one\n+{1}\n two\n"


def test_refs_that_share_a_patch_are_one_row(tmp_path: Path) -> None:
    rows = [row("v1", "p"), row("v2", "p"), row("v3", "q"), row("v4", "p")]
    text = shown(tmp_path, rows, p=PATCH.format(1, "new"), q=PATCH.format(9, "new"))
    assert headed(text) == [("Applied", ["v1 … v4 (3)", "v3"])]
    assert all(f"<span>{ref}</span>" in text for ref in ("v1", "v2", "v4"))


def test_what_is_not_plain_applied_comes_first(tmp_path: Path) -> None:
    missed = report.road_row(Road("search", "", "missed", reason="closed here"))
    rows = [
        row("v1", "p"),
        row("v2", "q", roads=[missed]),
        row("v3", status="failed", reason="no place"),
        row("v4", status="outside", reason="too old"),
        row("v5", "r", verdict="partial"),
        row("v6", status="failed", reason="no place"),
    ]
    text = shown(tmp_path, rows, p="", q="", r="")
    assert headed(text) == [
        ("Not plain applied", ["v2", "v3 … v6 (2)", "v4", "v5"]),
        ("Applied", ["v1"]),
    ]
    assert "<dt class=refs><span>v3</span>, <span>v6</span><dd>no place" in text
    assert "<dt>search, 1 ref<dd>closed here" in text
    assert text.count("<small class=missed>search missed</small>") == 1
    assert text.index("id=failed") < text.index("id=roads") < text.index("id=matrix")


def test_a_family_is_shown_by_what_is_new(tmp_path: Path) -> None:
    rows = [row("v1", "p"), row("v2", "q"), row("v3", "r")]
    patches = {"p": PATCH.format(1, "same"), "q": PATCH.format(9, "same")}
    text = shown(tmp_path, rows, **patches, r=PATCH.format(9, "<other>"))
    families = re.findall(r"(?s)<details id=\"family-\d\">.*?</details>", text)
    assert '<span class="add">+same</span>' in families[0]
    assert "2. v2: against the one before the same lines at other places<" in families[1]
    assert "<pre>" not in families[1]
    assert "3. v3: against the one before 1 line more, 1 less<" in families[2]
    assert '<span class="del">-+same</span>' in families[2]
    assert '<span class="add">++&lt;other&gt;</span>' in families[2]
    assert 'href="r.patch"' in families[2]


def test_cells_that_differ_are_marked(tmp_path: Path) -> None:
    other = row("v2", "p")
    other["edits"][0]["variant"] = "flag-v2"
    assert "<sup>≠</sup>" in shown(tmp_path, [row("v1", "p"), other], p="")
    assert "<sup>≠</sup>" not in shown(tmp_path, [row("v1", "p"), row("v2", "p")], p="")


def test_nothing_of_a_source_becomes_markup(tmp_path: Path) -> None:
    evil = "<script>&'\""
    rows = [row(evil, "p"), row("v2", status="failed", reason=evil)]
    text = shown(tmp_path, rows, p=PATCH.format(1, evil))
    assert "<script" not in text


def test_a_label_is_short() -> None:
    assert label(["v1"]) == "v1"
    assert label(["v1", "v2", "v9"]) == "v1 … v9 (3)"
