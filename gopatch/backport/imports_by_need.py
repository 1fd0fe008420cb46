"""The imports of a Go file by need: what its code names and it does not import is added, as gofmt
sorts it; what its code names no more goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from gopatch.backport.go_files import go_file
from gopatch.backport.lists import listing_of
from gopatch.backport.scopes import uses
from gopatch.splice import Splice, splice

_VERSION = re.compile(r"v\d+$")


class Import(NamedTuple):
    """One import: its name where it is written, its path, and the byte range of its line's spec."""

    alias: str
    path: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """What the file calls the package, as far as its path tells."""
        return self.alias or package_name(self.path)


def package_name(path: str) -> str:
    """What a package is most likely called: the last part of its path that is no version."""
    parts = [part for part in path.split("/") if not _VERSION.match(part)] or [path]
    name = re.sub(r"\.v\d+$", "", parts[-1])
    return re.sub(r"^go-|[-.]go$", "", name).replace("-", "_")


def imports(data: bytes) -> list[Import]:
    """The imports of a file, in order."""
    return list(_imports(data))


@lru_cache(maxsize=256)
def _imports(data: bytes) -> tuple[Import, ...]:
    found = []
    for node in go_file(data).nodes(frozenset({"import_spec"})):
        path = node.field("path")
        name = node.field("name")
        if path is not None:
            alias = "" if name is None else name.text.decode()
            found.append(Import(alias, path.text.decode()[1:-1], node.start, node.end))
    return tuple(found)


def used_packages(data: bytes, names: Iterable[str]) -> set[str]:
    """Those of `names` that stand before a dot in the file's code and are no local's there."""
    wanted = {name.encode(): name for name in names}
    found: set[bytes] = set()
    for row in listing_of(data).rows:
        if row.kind == "import_declaration" or not row.nodes:
            continue
        near = [w for w in wanted.keys() - found if w + b"." in row.text]
        told = {w: _as_package(row.words, w) for w in near}
        found |= {w for w, sure in told.items() if sure}
        if any(sure is None for sure in told.values()):
            found |= {use.operand for node in row.nodes for use in uses(node)} & told.keys()
    return {wanted[w] for w in found}


def _as_package(words: tuple[bytes, ...], name: bytes) -> bool | None:
    """Whether a declaration has a name before dots; None where it has it elsewhere, too: as a local's, perhaps."""
    at = [n for n, word in enumerate(words) if word == name and words[n - 1 : n] != (b".",)]
    dotted = [words[n + 1 : n + 2] == (b".",) for n in at]
    if not any(dotted):
        return False
    return True if all(dotted) else None


def with_imports(data: bytes, come: Iterable[tuple[str, str]], gone: Iterable[Import]) -> bytes:
    """The file with imports (alias, path) added to the group that fits, and others taken out."""
    for each in sorted(gone, key=lambda found: -found.start):
        data = _without(data, each)
    for alias, path in come:
        data = _with(data, alias, path)
    return data


def _without(data: bytes, gone: Import) -> bytes:
    low = data.rfind(b"\n", 0, gone.start) + 1
    high = data.find(b"\n", gone.end) + 1
    if data[low:].startswith(b"import "):
        if data[high : high + 1] == b"\n":
            high += 1
        return data[:low] + data[high:]
    above, below = data[:low], data[high:]
    if (above.endswith(b"\n\n") and below.startswith(b"\n")) or (
        above.endswith(b"(\n") and below.startswith(b"\n")
    ):
        below = below[1:]
    elif above.endswith(b"\n\n") and below.startswith(b")"):
        above = above[:-1]
    elif above.endswith(b"import (\n") and below.startswith(b")\n"):
        above, below = above[: -len(b"import (\n")], below[2:].removeprefix(b"\n")
    return above + below


def _with(data: bytes, alias: str, path: str) -> bytes:
    spec = f'{alias} "{path}"' if alias else f'"{path}"'
    declared = list(go_file(data).nodes(frozenset({"import_declaration"})))
    grouped = [node for node in declared if b"(" in node.text]
    if grouped:
        return splice(data, [_in_group(data, spec, path)])
    if declared:
        return _made_group(data, declared[0].start, declared[0].end, spec)
    clause = next(go_file(data).nodes(frozenset({"package_clause"})))
    end = data.find(b"\n", clause.end)
    return data[:end] + f"\n\nimport {spec}".encode() + data[end:]


def _made_group(data: bytes, start: int, end: int, spec: str) -> bytes:
    old = data[start:end].removeprefix(b"import").strip().decode()
    blocks: list[list[str]] = [[old], [spec]]
    if _is_standard(_path_of(old)) == _is_standard(_path_of(spec)):
        blocks = [sorted([old, spec], key=_path_of)]
    elif _is_standard(_path_of(spec)):
        blocks.reverse()
    inside = "\n\n".join("\n".join(f"\t{line}" for line in block) for block in blocks)
    return data[:start] + f"import (\n{inside}\n)".encode() + data[end:]


def _path_of(spec: str) -> str:
    return spec.split('"')[1]


def _is_standard(path: str) -> bool:
    return "." not in path.split("/", maxsplit=1)[0]


def _in_group(data: bytes, spec: str, path: str) -> Splice:
    """The line where gofmt would sort it, in the group whose paths are most like it."""
    blocks = _blocks(data)
    best = max(blocks, key=lambda block: _fitness(block, path))
    if _is_standard(path) != _is_standard(best[0].path) and not any(
        _is_standard(each.path) == _is_standard(path) for each in best
    ):
        if _is_standard(path):
            at = data.rfind(b"\n", 0, blocks[0][0].start) + 1
            return Splice(at, at, f"\t{spec}\n\n".encode())
        at = data.find(b"\n", blocks[-1][-1].end)
        return Splice(at, at, f"\n\n\t{spec}".encode())
    below = next((each for each in best if each.path > path), None)
    if below is not None:
        at = data.rfind(b"\n", 0, below.start) + 1
        return Splice(at, at, f"\t{spec}\n".encode())
    at = data.find(b"\n", best[-1].end)
    return Splice(at, at, f"\n\t{spec}".encode())


def _fitness(block: list[Import], path: str) -> tuple[float, ...]:
    """How well a block takes a path: how much of the path its nearest neighbour has."""
    kind = sum(_is_standard(each.path) == _is_standard(path) for each in block) / len(block)
    shared = max(_shared(each.path, path) for each in block)
    return (kind > 0.5, shared > 0, kind, shared, len(block))


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count


def _blocks(data: bytes) -> list[list[Import]]:
    """Imports of groups that stand together without an empty line between."""
    blocks: list[list[Import]] = []
    last: Import | None = None
    for each in imports(data):
        if data[data.rfind(b"\n", 0, each.start) + 1 :].startswith(b"import "):
            continue
        between = data[last.end : each.start] if last else b"\n\n"
        if last is None or between.count(b"\n") != 1:
            blocks.append([])
        blocks[-1].append(each)
        last = each
    return blocks


def name_map(
    ours: Iterable[Import], theirs: Iterable[Import], same: Mapping[str, str]
) -> dict[bytes, bytes]:
    """Names of packages that two files import by other names: ours -> theirs.

    `same` maps paths of the one source to those of the other.
    """
    theirs = list(theirs)
    names = {each.path: each.name for each in theirs}
    twice = {(each.path, each.name) for each in theirs}
    found: dict[bytes, bytes] = {}
    for each in ours:
        other = names.get(same.get(each.path, each.path))
        if (
            other is not None
            and (same.get(each.path, each.path), each.name) not in twice
            and "_" not in (other, each.name)
            and "." not in (other, each.name)
        ):
            found[each.name.encode()] = other.encode()
    return found


def sorted_blocks(data: bytes) -> bool:
    """Whether each block of imports is in gofmt's order."""
    return all(_in_order(block) for block in _blocks(data))


def _in_order(block: Iterable[Import]) -> bool:
    paths = [each.path for each in block]
    return paths == sorted(paths)


def doubled(data: bytes) -> Iterator[str]:
    """Names that two imports of a file share, and paths that are imported twice by one name."""
    seen: set[str] = set()
    for each in imports(data):
        if each.alias in ("_", "."):
            continue
        if each.name in seen:
            yield each.name
        seen.add(each.name)
