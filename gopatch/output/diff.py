"""A port as a unified diff, as `diff -u` writes it: no `diff --git`, no index line, no times.

`git apply` skips a diff with a `diff --git` header without a word when it runs in a sub-folder
of another repository; with plain headers it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gopatch.edit import FileChange

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_NO_NEWLINE = b"\\ No newline at end of file\n"


def unified(
    changes: Iterable[FileChange], *, context: int = 3, prefix: str = "", reverse: bool = False
) -> bytes:
    """All changes as one diff, files sorted by path; `prefix` goes before every path."""
    ordered = sorted(changes, key=lambda change: change.path)
    return b"".join(_file(change, context, prefix, reverse) for change in ordered)


def _file(change: FileChange, context: int, prefix: str, reverse: bool) -> bytes:
    before, after = change.before, change.after
    if reverse:
        before, after = after, before
    old, new = lines(before), lines(after)
    hunks = b"".join(_hunk(old, new, group, context) for group in groups(old, new, context))
    if not hunks:
        return b""
    return _header(b"---", "a/", before, change.path, prefix) + (
        _header(b"+++", "b/", after, change.path, prefix) + hunks
    )


def _header(mark: bytes, side: str, data: bytes | None, path: str, prefix: str) -> bytes:
    name = "/dev/null" if data is None else quoted(side + prefix + path)
    # A tab ends a name with a space in it, as GNU diff and git write it.
    tab = b"\t" if " " in name and not name.startswith('"') else b""
    return mark + b" " + name.encode("utf-8", "surrogateescape") + tab + b"\n"


def quoted(path: str) -> str:
    """A path as git writes it: in quotes, with C escapes, where it holds odd characters."""
    raw = path.encode("utf-8", "surrogateescape")
    if not re.search(rb'[\x00-\x1f\x7f-\xff"\\]', raw):
        return path
    names = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
    out = ""
    for byte in raw:
        if byte in names:
            out += "\\" + names[byte]
        else:
            out += chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
    return f'"{out}"'


def lines(data: bytes | None) -> list[bytes]:
    """Lines with their newlines; only \\n ends a line, as for diff and patch."""
    if not data:
        return []
    found = data.split(b"\n")
    return [line + b"\n" for line in found[:-1]] + ([found[-1]] if found[-1] else [])


Block = tuple[int, int, int, int]  # before from, to; after from, to (in lines, from 0)


def groups(before: Sequence[bytes], after: Sequence[bytes], context: int) -> Iterator[list[Block]]:
    """The blocks that differ, those of one hunk together."""
    group: list[Block] = []
    for block in _changed(before, after):
        if group and block[0] - group[-1][1] > 2 * context:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _changed(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[Block]:
    """The blocks that differ. What is the same at both ends is cut off first."""
    from difflib import SequenceMatcher

    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle = SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False
    )
    for tag, i, j, k, m in middle.get_opcodes():
        if tag != "equal":
            yield _slid(before, after, (i + head, j + head, k + head, m + head))


def _slid(before: Sequence[bytes], after: Sequence[bytes], block: Block) -> Block:
    """A pure insertion or removal is moved so that it ends with a blank line, as git does."""
    i, j, k, m = block
    side, low, high = (after, k, m) if i == j else (before, i, j)
    if i != j and k != m:
        return block
    steps = 0
    while low - steps > 0 and side[low - steps - 1] == side[high - steps - 1]:
        steps += 1
        if i - steps < 0 or k - steps < 0:
            steps -= 1
            break
        if not side[high - steps - 1].strip():
            return i - steps, j - steps, k - steps, m - steps
    return block


def _hunk(
    before: Sequence[bytes], after: Sequence[bytes], group: list[Block], context: int
) -> bytes:
    first, last = group[0], group[-1]
    i, k = max(first[0] - context, 0), max(first[2] - context, 0)
    j, m = min(last[1] + context, len(before)), min(last[3] + context, len(after))
    out = [f"@@ -{_range(i, j)} +{_range(k, m)} @@\n".encode()]
    at = i
    for low, high, new_low, new_high in group:
        out += [_line(b" ", line) for line in before[at:low]]
        out += [_line(b"-", line) for line in before[low:high]]
        out += [_line(b"+", line) for line in after[new_low:new_high]]
        at = high
    out += [_line(b" ", line) for line in before[at:j]]
    return b"".join(out)


def _range(start: int, stop: int) -> str:
    """POSIX: the line before an empty range, and no count where it is one."""
    size = stop - start
    if size == 1:
        return str(start + 1)
    return f"{start + 1 if size else start},{size}"


def kinds(diff: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line of a unified diff with what it is: file, hunk, add, del, or "" for the rest.

    Hunks are counted out, so that a removed line `-- x` is no header of a file.
    """
    old = new = 0
    for line in diff:
        if old <= 0 and new <= 0:
            sizes = _HUNK.match(line)
            old, new = (int(n or 1) for n in sizes.groups()) if sizes else (0, 0)
            yield "hunk" if sizes else "file" if line.startswith(("--- ", "+++ ")) else "", line
            continue
        kind = {"+": "add", "-": "del"}.get(line[:1], "")
        old -= kind != "add" and not line.startswith("\\")
        new -= kind != "del" and not line.startswith("\\")
        yield kind, line


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n" + _NO_NEWLINE
