"""The decisions of several backports, written down as a patch folder, and held against them.

Each declaration that the change touches is an edit; each form that a port took is a variant of it,
with what stands far from the change left out (`...`) where that gives the same bytes, else in full.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gopatch.backport.foreign import Backport, ForeignChange
from gopatch.backport.forms import NotedForm, forms
from gopatch.backport.small import small
from gopatch.errors import GopatchError
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.values import Patch
from gopatch.source import Source
from gopatch.splice import FileChange

_RISK = """\
Security: somebody else's change, carried here by structure. Whether it is complete on this line, and
means the same here, nobody has judged.
"""


class Held(NamedTuple):
    """A target, and whether the folder gives the bytes there that the backport gave."""

    target: str
    status: str
    reason: str = ""


class Learned(NamedTuple):
    """A patch folder by the names of its files, and what it holds on each target.

    A status is "holds", "differs" (the folder does not give the bytes), "already" or "refused" (there
    was no port to learn from). `shown` are the ports that hold: a target, its changes in a small source
    and in the whole one.
    """

    files: dict[str, bytes]
    held: tuple[Held, ...]
    shown: tuple[tuple[str, tuple[tuple[FileChange, ...], ...]], ...] = ()


Example = tuple[str, Source, tuple[FileChange, ...]]


def learn(
    change: ForeignChange,
    found: Sequence[tuple[str, Source, Backport]],
    examples: Iterable[Example] = (),
) -> Learned:
    """A folder from the ports of `found`, and from those that people made (`examples`)."""
    ports = [
        (name, source, done.changes) for name, source, done in found if done.status == "applied"
    ]
    ports = [p for p in ports if p[0] not in {e[0] for e in examples}] + list(examples)
    strict: set[str] = set()
    learned: dict[str, bytes] = {}
    verdicts: dict[str, str] = {}
    for _ in range(2):
        learned = _folder(change, ports, strict)
        verdicts = _verdicts(learned, ports)
        wrong = {name for name, reason in verdicts.items() if reason}
        if wrong <= strict:
            break
        strict |= wrong
    held = [
        Held(name, "differs" if reason else "holds", reason) for name, reason in verdicts.items()
    ]
    rest = [
        Held(
            name,
            "already" if done.status == "already" else "refused",
            str(done.refusals[0]) if done.refusals else "",
        )
        for name, _, done in found
        if done.status != "applied" and name not in verdicts
    ]
    shown = tuple(
        (name, (tuple(map(small, changes)), tuple(changes)))
        for name, _, changes in ports
        if not verdicts[name]
    )
    return Learned(learned, (*held, *rest), shown)


def _folder(change: ForeignChange, ports: Sequence[Example], strict: set[str]) -> dict[str, bytes]:
    """The folder's files, with whole declarations for the targets in `strict`."""
    edits: dict[str, list[tuple[NotedForm, str]]] = {}
    files: dict[str, bytes] = {}
    for name, _, changes in ports:
        for each in changes:
            if each.before is None or each.after is None or not each.path.endswith(".go"):
                continue
            for form in forms(each.path, each.before, each.after):
                text = form.strict if name in strict else form.loose
                edits.setdefault(_name(form), []).append((form, text))
    tables = []
    for edit, rows in edits.items():
        texts = list(dict.fromkeys(text for _, text in rows))
        names = [
            f"{edit}.patch" if len(texts) == 1 else f"{edit}-{n}.patch"
            for n in range(1, len(texts) + 1)
        ]
        files |= {n: t.encode() for n, t in zip(names, texts, strict=True)}
        tables.append(_edit(edit, rows, names))
    files["patch.toml"] = (_head(change) + "".join(tables)).encode()
    return files


def _edit(edit: str, rows: Sequence[tuple[NotedForm, str]], variants: Sequence[str]) -> str:
    paths = sorted({form.path for form, _ in rows})
    title = rows[0][0].declaration
    return (
        f"\n[[edit]]\nname = {_toml(edit)}\ntitle = {_toml(title)}\n"
        f"files = [{', '.join(map(_toml, paths))}]\nvariants = [{', '.join(map(_toml, variants))}]\n"
    )


def _head(change: ForeignChange) -> str:
    origin = f"backport, {change.commit}" if change.commit else "backport"
    day = datetime.fromtimestamp(change.epoch, UTC)
    fields = {"origin": origin, "forwarded": "not-needed", "last-update": f"{day:%Y-%m-%d}"}
    if change.author:
        fields["author"] = change.author
    rows = "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items())
    why = change.body or change.subject or change.name
    return (
        f"title = {_toml(change.subject or change.name)}\nwhy = {_toml(why)}\n"
        f"security = {_toml(_RISK)}\n\n[dep3]\n{rows}"
    )


def _toml(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _name(form: NotedForm) -> str:
    """An edit's name: a receiver's type and a folder may be called otherwise elsewhere."""
    stem = form.path.rpartition("/")[2].removesuffix(".go")
    return _slug(f"{stem}-{form.declaration.rpartition('.')[2]}")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "file"


def _verdicts(files: Mapping[str, bytes], ports: Sequence[Example]) -> dict[str, str]:
    """For each target why the folder does not give its bytes; "" where it does."""
    with tempfile.TemporaryDirectory(prefix="gopatch-") as name:
        folder = Path(name, "learned")  # what is said of it is the same each time
        folder.mkdir()
        for file, data in files.items():
            (folder / file).write_bytes(data)
        found = {target: _beyond(changes) for target, _, changes in ports}
        if all(found.values()):
            return found
        try:
            patch = load(str(folder))
        except GopatchError as error:
            return {target: f"the notation cannot say it: {error}" for target, _, _ in ports}
        for target, source, changes in ports:
            found[target] = found[target] or _verdict(patch, source, changes)
        return found


def _beyond(changes: Iterable[FileChange]) -> str:
    """What of a port is not learned, "" where all may be."""
    for each in changes:
        if not each.path.endswith(".go"):
            return f"{each.path} is no Go, and edits of Go alone are learned: --skip it"
        if each.before is None or each.after is None:
            return f"{each.path} {'goes' if each.before else 'comes'}, and edits of Go alone are learned: --skip it"
    return ""


def _verdict(patch: Patch, source: Source, changes: Iterable[FileChange]) -> str:
    wanted = {c.path: c.after for c in changes}
    try:
        port = work_out(patch, source)
        port.demand()
    except GopatchError as error:
        return str(error).replace("\n", "; ")
    got = {c.path: c.after for c in port.changes}
    other = sorted(p for p in {*got, *wanted} if got.get(p) != wanted.get(p))
    return f"the folder gives other bytes of {', '.join(other)}" if other else ""
