"""A port as a unified diff, as `diff -u` writes it: no `diff --git`, no index line, no times.

`git apply` skips a diff with a `diff --git` header without a word when it runs in a sub-folder
of another repository; with plain headers it does not. What has no lines has git's header all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from gopatch.output._alignment import common
from gopatch.output._binary import binary_patch, header, is_textless
from gopatch.splice import FileChange

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_NO_NEWLINE = b"\\ No newline at end of file\n"


Lines = Sequence[bytes]
Heading = Callable[[Iterable[bytes]], bytes]
"""What follows a hunk's `@@`, from the lines of the file before the hunk, the nearest first."""


_NAME = re.compile(rb"[A-Za-z_$]")


def no_heading(_: Iterable[bytes]) -> bytes:
    return b""


def git_heading(above: Iterable[bytes]) -> bytes:
    """The last line that begins with a name, 80 bytes of it: git's rule for most files."""
    return _heading(above, 80)


def gnu_heading(above: Iterable[bytes]) -> bytes:
    """As `diff --show-c-function`, which quilt uses on Debian: 40 bytes."""
    return _heading(above, 40)


def _heading(above: Iterable[bytes], width: int) -> bytes:
    line = next((line for line in above if _NAME.match(line)), None)
    return b"" if line is None else b" " + line[:width].rstrip()


def unified(
    changes: Iterable[FileChange],
    *,
    context: int = 3,
    prefix: str = "",
    reverse: bool = False,
    gnu: bool = False,
) -> bytes:
    """All changes as one diff, files sorted by path; `prefix` goes before every path.

    Files that come or go empty are last: git takes plain headers after theirs for a part of it.

    With `gnu` the bytes are those of `diff -up`, and so of quilt.
    """
    ordered = sorted(changes, key=lambda change: (_is_header_alone(change), change.path))
    return b"".join(_file(change, context, prefix, reverse, gnu) for change in ordered)


def _is_header_alone(change: FileChange) -> bool:
    return change.before != change.after and not change.before and not change.after


@lru_cache(maxsize=40)  # neighbouring refs change the same files to the same
def _file(change: FileChange, context: int, prefix: str, reverse: bool, gnu: bool) -> bytes:
    before, after = change.before, change.after
    if reverse:
        before, after = after, before
    if is_textless(before, after):
        sides = quoted(f"a/{prefix}{change.path}"), quoted(f"b/{prefix}{change.path}")
        return header(sides, (before, after), change.mode) + binary_patch(before, after)
    heading = gnu_heading if gnu else no_heading
    found = b"".join(hunks(before, after, context, low=gnu, heading=heading))
    return names(change.path, before, after, prefix) + found if found else b""


def names(path: str, before: bytes | None, after: bytes | None, prefix: str = "") -> bytes:
    """The `---` and `+++` lines of a file."""
    return _header(b"---", "a/", before, path, prefix) + _header(b"+++", "b/", after, path, prefix)


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


def groups(before: Lines, after: Lines, context: int, low: bool = False) -> list[list[Block]]:
    """The blocks that differ, those of one hunk together. `low`: see `_slid`."""
    found: list[list[Block]] = []
    for block in _changed(before, after, low):
        if found and block[0] - found[-1][-1][1] <= 2 * context:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def hunks(
    before: bytes | None,
    after: bytes | None,
    context: int,
    *,
    low: bool = False,
    heading: Heading = no_heading,
) -> list[bytes]:
    """The hunks between two files."""
    old, new = lines(before), lines(after)
    return [_hunk(old, new, group, context, heading) for group in groups(old, new, context, low)]


def _changed(before: Lines, after: Lines, low: bool) -> list[Block]:
    """The blocks that differ, in order, each slid to where diffs have it."""
    blocks: list[Block] = []  # the last one first
    for block in reversed(list(_apart(before, after))):
        limit = blocks[-1] if blocks else (len(before),) * 2 + (len(after),) * 2
        slid = _slid(before, after, block, limit, low)
        if blocks and slid[1] == limit[0] and slid[3] == limit[2]:
            slid = (slid[0], blocks[-1][1], slid[2], blocks.pop()[3])
        blocks.append(slid)
    return blocks[::-1]


def _apart(before: Lines, after: Lines) -> Iterator[Block]:
    """The blocks between the lines that stay. What is the same at both ends is cut off first."""
    head, least = 0, min(len(before), len(after))
    while head < least and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < least - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    ends = len(before) - tail, len(after) - tail
    i, k = head, head
    for a, b in (
        *common(before[head : ends[0]], after[head : ends[1]]),
        (ends[0] - head, ends[1] - head),
    ):
        j, m = a + head, b + head
        if (i, k) != (j, m):
            yield i, j, k, m
        i, k = j + 1, m + 1


def _slid(before: Lines, after: Lines, block: Block, following: Block, low: bool) -> Block:
    """A pure insertion or removal as far down as it goes, as GNU diff writes it.

    Unless `low`, it then goes up again to where it ends with a blank line, as git writes it.
    """
    i, j, k, m = block
    if i != j and k != m:
        return block
    side, start, end = (after, k, m) if i == j else (before, i, j)
    limit = following[2] if i == j else following[0]
    steps = 0
    while end + steps < limit and side[start + steps] == side[end + steps]:
        steps += 1
    down = steps
    while not low and side[end + steps - 1].strip():
        steps -= 1
        if min(i, k) + steps < 0 or side[start + steps] != side[end + steps]:
            steps = down
            break
    return i + steps, j + steps, k + steps, m + steps


def _hunk(before: Lines, after: Lines, group: list[Block], context: int, heading: Heading) -> bytes:
    first, last = group[0], group[-1]
    i, k = max(first[0] - context, 0), max(first[2] - context, 0)
    j, m = min(last[1] + context, len(before)), min(last[3] + context, len(after))
    out = [
        f"@@ -{_range(i, j)} +{_range(k, m)} @@".encode(),
        heading(before[n] for n in range(i - 1, -1, -1)),
        b"\n",
    ]
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
