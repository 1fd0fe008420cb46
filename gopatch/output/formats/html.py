"""A page for the one who reviews a port: each edit with its reason, side by side, and the verdicts.

One file, without a script; it is read on a screen, in the dark, on a telephone and on paper.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape

from gopatch.output import Existing, File, Format, Judgement, Layout, PortView, Section
from gopatch.output._page import SIGNS, coloured, page
from gopatch.output._sides import Cell, Hunk, Row, Span, hunks
from gopatch.output.diff import unified
from gopatch.port.outcome import Road
from gopatch.spelling import utf8, visible
from gopatch.splice import FileChange

_STYLE = """
header p, section > p { max-width: 70ch; } .note { border-left: 4px solid var(--bad); padding: .1rem 0 .1rem 1rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .6rem 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.list { overflow-x: auto; } .list table { border-collapse: collapse; width: 100%; }
.list th, .list td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.list th { font-weight: 600; } .list th, .list td:first-child { white-space: nowrap; width: 1%; } .list td:last-child { overflow-wrap: anywhere; }
.list thead th:nth-child(n+3) { width: auto; }
section { border-top: 1px solid var(--line); margin-top: 2rem; } section > h2 { margin-top: 1.2rem; }
nav.steps { font-size: .87em; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
table.sides { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .8rem 0 1.2rem; border: 1px solid var(--line); line-height: 1.45; }
table.sides caption { text-align: left; padding: .3rem .5rem; font-weight: 600; overflow-wrap: anywhere; }
col.n { width: 3.4rem; }
.sides td { padding: 0 .4rem; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
.sides td.n { color: var(--dim); text-align: right; white-space: nowrap; user-select: none; }
.sides td.n::before { content: attr(data-n); }
.sides td:not(.n) { padding-left: calc(.4rem + 2ch); text-indent: -2ch; } .sides td.b:not(.n) { border-right: 1px solid var(--line); }
.sides .sign { user-select: none; } .lone td.none { display: none; } .sides.lone td.b:not(.n) { border-right: 0; }
.sides th { text-align: left; font-weight: normal; color: var(--known); padding: .1rem .4rem; border-block: 1px solid var(--line); overflow-wrap: anywhere; }
td.del { background: var(--del); } td.add { background: var(--add); }
del, ins { text-decoration: none; border-radius: 2px; } del { background: var(--del-word); } ins { background: var(--add-word); }
.ws { background: none; border-bottom: 1px dotted; }
span.add { background: var(--add); } span.del { background: var(--del); } .hunk { color: var(--known); } .file { font-weight: 700; }
@media screen and (max-width: 52rem) {
  .list thead { display: none; } .list tr { display: grid; grid-template-columns: 8.5rem 1fr; border-bottom: 1px solid var(--line); padding: .3rem 0; }
  .list th, .list td { border: 0; width: auto; } .list td:nth-child(n+3) { grid-column: 1 / 3; white-space: normal; }
  .list td:empty { display: none; }
  .sides, .sides tbody, .sides caption { display: block; } .sides colgroup { display: none; }
  .sides tr { display: grid; grid-template-columns: 2.8rem 1fr; } .sides th { grid-column: 1 / 3; }
  .sides tr.same .b, .sides td.none { display: none; } .sides td.b:not(.n) { border-right: 0; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { color-scheme: light; } body { font-size: 9.5pt; margin: 0; max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav.steps, .skip { display: none; } a { color: inherit; text-decoration: none; }
  h2, caption, dl, section > p { break-after: avoid; } tr, .note { break-inside: avoid; }
  ins:not(.ws) { text-decoration: underline; } del:not(.ws) { text-decoration: line-through; }
}
@media (forced-colors: active) { ins { text-decoration: underline; } del { text-decoration: line-through; } }
"""


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """One page, `review.html`; `layout.reverse` turns both sides around."""
    title = f"{port.title}: {port.source}" if port.source else port.title
    body = "".join([*_head(port, title), *_sections(port, layout), *_whole(port, layout)])
    return (File("review.html", utf8(page(title, _STYLE, body))),)


# The head -----------------------------------------------------------------------------------


def _head(port: PortView, title: str) -> Iterator[str]:
    yield f'<a class=skip href="#edits">To the edits</a>\n<header>\n<h1>{escape(title)}</h1>\n'
    yield _paragraphs(port.why)
    if port.security:
        yield f"<div class=note role=note>{_paragraphs(port.security)}</div>\n"
    yield _facts(
        [
            ("source", _code(port.source) if port.source else ""),
            ("made by", _code(port.command)),
            ("engine in", _code(port.engine or ".") if port.engine is not None else ""),
            ("command line in", _code(port.cli or ".") if port.cli is not None else ""),
            ("changes", _size(port.changes)),
        ]
    )
    yield "</header>\n<main>\n"
    if port.verdicts:
        yield _verdicts(port.verdicts)
    if port.roads:
        yield "<h2 id=roads>Roads to a registry</h2>\n"
        head = ["outcome", "road", "what for", "opened by, or why not", "where"]
        yield _table(head, map(_road, port.roads))
    yield "<h2 id=edits>Edits</h2>\n"
    yield _table(["outcome", "edit", "what for", "where"], map(_entry, port.sections))


def _entry(section: Section) -> list[str]:
    where = "<br>".join(map(_path, section.sites)) or _prose(section.reason)
    return [_sign(section.outcome), _edit_link(section.edit), _prose(section.title), where]


def _road(road: Road) -> list[str]:
    name = f'<span id="road-{escape(road.name)}">{escape(road.name)}</span>'
    by = ", ".join(map(_edit_link, road.edits)) or _prose(road.reason)
    where = "<br>".join(_path(str(site)) for site in road.sites)
    return [_sign(road.outcome), name, _prose(road.title), by, where]


def _edit_link(edit: str) -> str:
    return f'<a href="#edit-{escape(edit)}">{escape(edit)}</a>'


def _road_link(road: str) -> str:
    return f'<a href="#road-{escape(road)}">{escape(road)}</a>'


def _verdicts(verdicts: Iterable[Judgement]) -> str:
    rows = [[_sign(found.status), escape(found.judge), _seen(found)] for found in verdicts]
    return "<h2 id=verdicts>Verdicts</h2>\n" + _table(["verdict", "judge", "what it saw"], rows)


def _seen(found: Judgement) -> str:
    parts = ["<br>".join(map(_prose, found.summary))]
    if found.counterexample:
        parts.append(f"<pre>{escape(found.counterexample)}</pre>")
    if found.cases:
        total = sum(many for _, _, many in found.cases)
        lines = [
            f"<dt>{_sign(status)}<dd>{escape(name)}{f', {many} cases' if many != 1 else ''}"
            for name, status, many in found.cases
        ]
        head = f"<details><summary>{total} cases</summary>"
        parts.append(f"{head}<dl>{''.join(lines)}</dl></details>")
    return "".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Cells are HTML; the second one names its row."""
    lines = ["<div class=list><table>\n<thead><tr>", *(f"<th scope=col>{h}" for h in head), "\n"]
    lines.append("<tbody>\n")
    for sign, name, *rest in rows:
        lines.append(f"<tr><td>{sign}<th scope=row>{name}")
        lines += [*(f"<td>{cell}" for cell in rest), "\n"]
    return "".join([*lines, "</table></div>\n"])


def _size(changes: Iterable[FileChange]) -> str:
    found = list(changes)
    rows = [r for c in found for h in hunks(c.before, c.after, 0) for r in h.rows]
    more = sum(r.kind in ("added", "changed") for r in rows)
    less = sum(r.kind in ("removed", "changed") for r in rows)
    files = "1 file" if len(found) == 1 else f"{len(found)} files"
    return f"{files}, {more} lines added, {less} removed" if found else "none"


# One section for each edit ----------------------------------------------------------------------


def _sections(port: PortView, layout: Layout) -> Iterator[str]:
    here = [s for s in port.sections if s.outcome != "absent"]
    for number, section in enumerate(here):
        before = here[number - 1] if number else None
        after = here[number + 1] if number + 1 < len(here) else None
        yield f'<section id="edit-{escape(section.edit)}" aria-labelledby="h-{escape(section.edit)}">\n'
        yield f'<h2 id="h-{escape(section.edit)}">{_sign(section.outcome, "")} {escape(section.edit)}: {_prose(section.title)}</h2>\n'
        yield _steps(before, after)
        yield _paragraphs(section.why)
        yield _facts(_edit_facts(section))
        for change in section.changes:
            yield _sides(change, layout)
        yield "</section>\n"
    yield from _absent([s for s in port.sections if s.outcome == "absent"])


def _steps(before: Section | None, after: Section | None) -> str:
    links = [("#edits", "all edits", "")]
    if before:
        links.append((f"#edit-{before.edit}", f"← {before.edit}", " rel=prev"))
    if after:
        links.append((f"#edit-{after.edit}", f"{after.edit} →", " rel=next"))
    shown = (f'<a href="{escape(to)}"{rel}>{escape(text)}</a>' for to, text, rel in links)
    return f'<nav class=steps aria-label="edits">{" ".join(shown)}</nav>\n'


def _edit_facts(section: Section) -> list[tuple[str, str]]:
    form = _code(section.variant) if section.variant else ""
    if section.form:
        form += f": {_prose(section.form)}"
    return [
        ("outcome", _sign(section.outcome)),
        ("group", escape(section.group)),
        ("form", form),
        ("where", "<br>".join(map(_path, section.sites))),
        ("opens", ", ".join(map(_road_link, section.roads))),
        ("why not", _prose(section.reason)),
    ]


def _absent(sections: list[Section]) -> Iterator[str]:
    """Edits that this source has no place for: one list, for they have nothing to show."""
    if not sections:
        return
    yield "<section aria-labelledby=nothing>\n<h2 id=nothing>Nothing to do here</h2>\n<dl>\n"
    for section in sections:
        yield f'<dt id="edit-{escape(section.edit)}">{escape(section.edit)}<dd>{_prose(section.reason)}\n'
    yield "</dl>\n</section>\n"


# Side by side -----------------------------------------------------------------------------------


def _sides(change: FileChange, layout: Layout) -> str:
    before, after = change.before, change.after
    if layout.reverse:
        before, after = after, before
    # A file that is new or gone has one side only, and the whole width for it.
    lone = before is None or after is None
    said = "" if not lone else " (new file)" if before is None else " (removed)"
    parts = [
        f'<table class="sides code{" lone" if lone else ""}">\n',
        f"<caption>{escape(layout.prefix + change.path)}{said}</caption>\n",
        f"<colgroup>{'<col class=n><col>' * (1 if lone else 2)}</colgroup>\n<tbody>\n",
    ]
    for number, hunk in enumerate(hunks(before, after, layout.context)):
        parts += _hunk(hunk, first=number == 0)
    return "".join([*parts, "</table>\n"])


def _hunk(hunk: Hunk, *, first: bool) -> Iterator[str]:
    if hunk.within or not first:
        yield f"<tr><th colspan=4>… {escape(visible(hunk.within))}</th>\n"
    for row in hunk.rows:
        yield _row(row)


def _row(row: Row) -> str:
    same = row.kind == "same"
    old = _cell(row.before, "b", "" if same else "del", "−")
    new = _cell(row.after, "a", "" if same else "add", "+")
    return f'<tr class="{row.kind}">{old}{new}\n'


def _cell(cell: Cell | None, side: str, mark: str, sign: str) -> str:
    if cell is None:
        return f'<td class="n {side} none"><td class="{side} none">'
    tag = {"del": "del", "add": "ins"}.get(mark)
    # A whole line that is new or gone is told by its colour and sign; words are marked in lines
    # that both sides have.
    whole = all(span.changed for span in cell.spans)
    marked = tag is not None and not whole
    text = "".join(_span(s, tag if marked and s.changed else None) for s in cell.spans)
    shown = f"<span class=sign>{sign if mark else ' '} </span>{text}"
    return f'<td class="n {side} {mark}" data-n="{cell.number}"><td class="{side} {mark}">{shown}'


def _span(span: Span, tag: str | None) -> str:
    text = escape(visible(span.text))
    if tag is None:
        return text
    return f"<{tag}{'' if span.text.strip() else ' class=ws'}>{text}</{tag}>"


# The whole, and small things ----------------------------------------------------------------------


def _whole(port: PortView, layout: Layout) -> Iterator[str]:
    data = unified(
        port.changes, context=layout.context, prefix=layout.prefix, reverse=layout.reverse
    )
    if data:
        digest = hashlib.sha256(data).hexdigest()
        yield "<section aria-labelledby=whole>\n<h2 id=whole>The whole patch</h2>\n"
        yield f"<p>The edits together, as they are applied. SHA-256 of the diff: {_code(digest)}</p>\n"
        shown = coloured(data.decode(errors="replace"))
        yield f"<details><summary>Show the diff</summary><pre tabindex=0>{shown}</pre></details>\n"
        yield "</section>\n"
    yield "</main>\n"


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in text.split("\n\n")]
    return "".join(f"<p>{_prose(part)}</p>\n" for part in parts if part)


def _prose(text: str) -> str:
    """Words as HTML; what stands in backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _path(site: str) -> str:
    """A place, which may be broken after a slash."""
    return _code(site).replace("/", "/<wbr>").replace("</<wbr>", "</")


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    shown = "".join(f"<dt>{name}<dd>{value}\n" for name, value in pairs if value)
    return f"<dl>\n{shown}</dl>\n"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _sign(status: str, said: str | None = None) -> str:
    """A status, told by colour, by sign and in words."""
    words = status if said is None else said
    kind = escape(status.replace(" ", "-"))
    return (
        f'<span class="{kind}">{SIGNS.get(status, "?")}{" " if words else ""}{escape(words)}</span>'
    )


FORMAT = Format("a page for reviewers: side by side, one section for each edit", render, roads=True)
