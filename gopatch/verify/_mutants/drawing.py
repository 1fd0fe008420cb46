"""The mutants of a port, each known by its edit, in an order that a seed draws."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from itertools import zip_longest
from typing import NamedTuple

from gopatch.errors import ApplyError
from gopatch.port.outcome import Port
from gopatch.source import Source
from gopatch.splice import FileChange
from gopatch.verify._model.coverage import written
from gopatch.verify._mutants.operators import breaks
from gopatch.verify._subjects import GIVEN, reference


class Mutant(NamedTuple):
    """A port with one place of it broken: `before` are the lines there, `after` what becomes of them."""

    edit: str
    path: str
    line: int
    operator: str
    before: str
    after: str
    data: bytes

    @property
    def diff(self) -> str:
        """The place as a diff, without a head."""
        lines = unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=9)
        return "\n".join(list(lines)[3:])

    def of(self, port: Port) -> Port:
        """The port with the break in it, as somebody else's."""
        changes = tuple(
            FileChange(c.path, c.before, self.data) if c.path == self.path else c
            for c in port.changes
        )
        return port._replace(changes=changes)


class Equivalent(NamedTuple):
    """A mutant that no judge can tell from the port, and why: `file` ends its path, `line` and `becomes`
    are the lines without what is around them."""

    file: str
    line: str
    becomes: str
    why: str

    def is_meant(self, mutant: Mutant) -> bool:
        near = mutant.path == self.file or mutant.path.endswith(f"/{self.file}")
        return near and (self.line, self.becomes) == (mutant.before.strip(), mutant.after.strip())


def equivalents(text: str, shown: str) -> tuple[Equivalent, ...]:
    """Those of an equivalents.toml. Raises ApplyError for one that is not as it must be."""
    try:
        rows = tomllib.loads(text).get("equivalent", [])
        return tuple(Equivalent(**row) for row in rows)
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise ApplyError(f"not as it must be: {error}", path=shown) from None


def mutants(port: Port, source: Source) -> Iterator[Mutant]:
    """All mutants of a port's own Go but its tests, file by file."""
    edits = _edits(port, source)
    for change in port.changes:
        if change.after is None or change.path.endswith("_test.go"):
            continue
        if not change.path.endswith(".go"):
            continue
        data = change.after
        for each in breaks(data, written(change.before or b"", data)):
            low = data.rfind(b"\n", 0, each.start) + 1
            high = data.find(b"\n", each.end) % (len(data) + 1)
            before = data[low:high].decode(errors="replace")
            after = (data[low : each.start] + each.new + data[each.end : high]).decode(
                errors="replace"
            )
            edit = edits.get((change.path, before.splitlines()[0].strip()), GIVEN)
            broken = data[: each.start] + each.new + data[each.end :]
            line = data.count(b"\n", 0, low) + 1
            yield Mutant(edit, change.path, line, each.operator, before, after, broken)


def _edits(port: Port, source: Source) -> dict[tuple[str, str], str]:
    """(path, a line without what is around it) -> the edit that has written it."""
    found: dict[tuple[str, str], str] = {}
    for step in reference(port, source).steps:
        for change in step.changes:
            lines = (change.after or b"").decode(errors="replace").splitlines()
            for number in written(change.before or b"", change.after or b""):
                if number <= len(lines):
                    found.setdefault((change.path, lines[number - 1].strip()), step.edit)
    return found


def drawn(found: list[Mutant], seed: str) -> Iterator[Mutant]:
    """In an order that a seed draws, in which edits take turns."""
    rows: dict[str, list[Mutant]] = {}
    for mutant in sorted(found, key=lambda each: _rank(each, seed)):
        rows.setdefault(mutant.edit, []).append(mutant)
    for some in zip_longest(*rows.values()):
        yield from (mutant for mutant in some if mutant is not None)


def _rank(mutant: Mutant, seed: str) -> bytes:
    told = f"{seed}:{mutant.path}:{mutant.operator}:{mutant.before}:{mutant.after}"
    return sha256(told.encode()).digest()
