"""CHANGE as a file: a diff, a mail, a patch of a series; and the source that it was made for.

How a file is to be read is told by its source: names may have a folder before them that no source has
(`a/`, `b/`), or none, as `git diff --no-prefix` and `-p0` in a series have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from gopatch.backport.below import Below, place_of
from gopatch.backport.foreign import ForeignChange, epoch_of
from gopatch.backport.targets import opened
from gopatch.errors import ApplyError, UsageError
from gopatch.source import Source, open_source
from gopatch.source.compressed import plain
from gopatch.source.diffs import FileDiff, Misfit, apply, read
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange

_RELEASE = re.compile(r"(?:docker-)?v(\d+)\.(\d+)\.(\d+)(-\w+(?:[.-]\d+)?)?$")
_HEADER = re.compile(r"^(From|Author|Subject|Description|Date|Origin): ?(.*)$", re.IGNORECASE)
_MAIL = re.compile(r"(?m)^From \S+ .*\d{4}$")
_START = re.compile(r"(?m)^(diff --git |--- |Index: )\S")
_CODED = re.compile(
    rb"(?im)^content-(transfer-encoding:\s*(base64|quoted-printable)|type:\s*multipart/)"
)
_KINDS = {"120000": "link", "160000": "submodule"}


class _Diff(NamedTuple):
    """A diff in one reading: its files (with a folder before each name), and all of its text.

    `strip` is how many folders the names have too many as they are written.
    """

    name: str
    files: tuple[FileDiff, ...]
    text: str
    strip: int

    @property
    def paths(self) -> list[str]:
        """The files that it changes or removes."""
        return [f.old.split("/", 1)[-1] for f in self.files if f.old is not None]

    @property
    def words(self) -> str:
        """What stands before it."""
        found = _START.search(self.text)
        return self.text[: found.start()] if found else self.text

    def path(self, written: str) -> str:
        return written.split("/", self.strip)[-1]

    @property
    def blobs(self) -> dict[str, str]:
        """The blobs that it names: path -> id, as they were before it."""
        heads = r"(?m)^diff --git (\S+) .*\n(?:.*\n){0,4}?index ([0-9a-f]+)\.\."
        return {self.path(name): blob for name, blob in re.findall(heads, self.text)}

    def rest(self) -> Iterator[tuple[str, str]]:
        """What git's extended headers say of modes and links, and binary files without their bytes."""
        heads = r"(?m)^diff --git (\S+) .*\n(?:(?:new|deleted) file mode (\d+)|old mode \d+\nnew mode (\d+))"
        for name, kind, mode in re.findall(heads, self.text):
            if mode:
                yield (
                    self.path(name),
                    f"gets the mode {int(mode, 8) & 0o777:o}, which is not ported",
                )
            elif kind not in ("100644", "100755"):
                yield (
                    self.path(name),
                    f"is changed as a {_KINDS.get(kind, 'other')}, which is not ported",
                )
        for old, new in re.findall(r"(?m)^Binary files (\S+) and (\S+) differ$", self.text):
            name = old if new == "/dev/null" else new
            yield (
                self.path(name),
                "is binary, and the diff does not hold its bytes (`git diff --binary`)",
            )


def of_file(
    path: Path, docker_src: Repository | str, given: Source | None, onto: str
) -> ForeignChange:
    """The change in a file; `given` is the source that it was made for, where the user says it.

    Raises UsageError where the file is no change, ApplyError where its source cannot be found.
    """
    readings = _readings(path)
    if given is not None:
        diff, source, basis = _fitting(readings, given), given, f"{given.name}, as --made-for says"
    else:
        diff, source, basis = _found(readings, path, docker_src, onto)
    laid, changes = _laid(source, diff)
    if isinstance(changes, Misfit):
        raise ApplyError(
            f"does not apply exactly to {source.name}: {changes}",
            path=path.name,
            hint="say --made-for REF, the source that it was made for",
        )
    name = path.name.rsplit(".", 1)[0]
    made = ForeignChange(name, tuple(changes), laid, basis, rest=tuple(diff.rest()))
    return _described(made, diff.words)


def _laid(source: Source, diff: _Diff) -> tuple[Source, tuple[FileChange, ...] | Misfit]:
    """The source, or the folder of it that the diff's names are below, and what the diff makes of it."""
    laid = Below(source, place) if (place := place_of(source, diff.paths)) else source
    return laid, apply(laid, diff.files)


def _fitting(readings: Sequence[_Diff], source: Source) -> _Diff:
    """The reading that applies to a source; the first where none does."""
    fits = (diff for diff in readings if not isinstance(_laid(source, diff)[1], Misfit))
    return next(fits, readings[0])


# Reading --------------------------------------------------------------------------------------------


def _readings(path: Path) -> list[_Diff]:
    """A file as a diff, in each way that its names may be meant, the likely one first."""
    data = _as_sent(plain(path.read_bytes(), path.name))
    text = data.decode("utf-8", "surrogateescape")
    mails = [mail for mail in _MAIL.split(text) if _START.search(mail)]
    files = read(data, path.name) if mails else ()
    if not files:
        merge = re.search(r"(?m)^diff --(cc|combined) ", text)
        hint = "name the merge, or take `git diff MERGE^1 MERGE`" if merge else ""
        raise UsageError(
            f"{path} holds no diff{' against one source, but of a merge' if merge else ''}",
            hint=hint or "CHANGE is a commit, or a file with a unified diff",
        )
    if len(mails) > 1:
        raise UsageError(
            f"{path} holds {len(mails)} mails with a diff, and a change is one",
            hint="`git am` them on the source that they were made for, and name each commit, the "
            "first one first; or `git mailsplit -oDIR FILE`, and each with --made-for",
        )
    bare = [_bare(diff) for diff in files]
    readings = [_Diff(path.name, files, text, 1), _Diff(path.name, tuple(bare), text, 0)]
    names = [name for diff in files for name in (diff.old, diff.new) if name is not None]
    if all(re.match(r"[abciow_]/", name) for name in names):
        return readings[:1]
    same = all(diff.old == diff.new or None in (diff.old, diff.new) for diff in files)
    return readings[::-1] if same else readings


def _bare(diff: FileDiff) -> FileDiff:
    """The diff of a file whose names have nothing before them, with something there."""
    old, new = (
        name if name is None or (diff.moves and name.startswith("_/")) else f"_/{name}"
        for name in (diff.old, diff.new)
    )
    return diff._replace(old=old, new=new)


def _as_sent(data: bytes) -> bytes:
    """A mail's text as it was written: base64, quoted-printable and the line ends of the way undone."""
    if _CODED.search(data.partition(b"\n\n")[0].replace(b"\r", b"")) or _CODED.search(
        data.partition(b"\r\n\r\n")[0]
    ):
        mail = message_from_bytes(data)
        parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
        head = b"".join(f"{name}: {value}\n".encode() for name, value in mail.items())
        texts = (part.get_payload(decode=True) for part in parts)
        data = b"\n".join([head, *(text for text in texts if isinstance(text, bytes))])
    lines = re.findall(rb"(?m)^(?:--- |\+\+\+ |@@ -).*", data)
    # git ends what it says of a hunk by a line end alone, whatever the file has.
    if lines and all(line.endswith(b"\r") for line in lines):
        data = data.replace(b"\r\n", b"\n")
    return data


# The source -----------------------------------------------------------------------------------------


def _found(
    readings: Sequence[_Diff], path: Path, docker_src: Repository | str, onto: str
) -> tuple[_Diff, Source, str]:
    """The reading that has a source, and the source that it was made for."""
    if (path.parent / "series").is_file() and path.parent.name == "patches":
        from gopatch.source.series import Series

        tree = open_source(path.parent.parent.parent)
        source = Series(tree, path.stem, path.name).before
        return _fitting(readings, source), source, "its own tree, with the patches before it"
    repository = opened(docker_src)
    refs = repository.refs_of("refs/tags")
    releases = sorted((r for r in refs if _RELEASE.match(r)), key=lambda r: _distance(r, onto))
    for diff in readings:
        blobs = {p: blob for p, blob in diff.blobs.items() if blob.strip("0")}
        for ref in releases if blobs else ():
            source = GitRef(repository, refs[ref])
            if all(_has_blob(source, p, blob) for p, blob in blobs.items()):
                return diff, GitRef(repository, ref), f"{ref}, which has the blobs that it names"
    for ref in releases:
        for diff in readings:
            if not isinstance(apply(GitRef(repository, refs[ref]), diff.files), Misfit):
                basis = f"{ref}, the nearest release on which it applies exactly"
                return diff, GitRef(repository, ref), basis
    raise ApplyError(
        "applies to no release exactly: nobody can tell what it was made for",
        path=path.name,
        hint="say --made-for REF",
    )


def _has_blob(source: Source, path: str, blob: str) -> bool:
    entry = source.entry(path)
    return entry is not None and (entry.id or "").startswith(blob)


def _distance(ref: str, onto: str) -> tuple[int, tuple[int, ...], str]:
    """How far a release is from the target; later ones first where both are as far."""
    here, there = _RELEASE.match(ref), _RELEASE.match(onto)
    assert here is not None
    numbers = tuple(int(here[n]) for n in (1, 2, 3))
    if there is None:
        return 0, tuple(-n for n in numbers), ref
    far = abs(numbers[0] - int(there[1])) * 10_000 + abs(numbers[1] - int(there[2])) * 100
    return far + abs(numbers[2] - int(there[3])), tuple(-n for n in numbers), ref


def _described(change: ForeignChange, words: str) -> ForeignChange:
    """The change with what its mail's or DEP-3's header says."""
    fields: dict[str, str] = {}
    lines = words.split("\n")
    at = 0
    for at, line in enumerate(lines):  # noqa: B007
        found = _HEADER.match(line)
        if found:
            fields.setdefault(found[1].lower(), found[2].strip())
        elif line.startswith(" ") and fields and line.strip() not in ("", "."):
            last = next(reversed(fields))
            fields[last] += " " + line.strip()
        elif not line.strip() and fields:
            break
    subject = _decoded(fields.get("subject") or fields.get("description") or "")
    author = fields.get("author") or fields.get("from") or ""
    author = _decoded(author) if "<" in author else ""
    body = "\n".join(lines[at:]).split("\n---\n")[0].strip().removesuffix("---").strip()
    origin = re.search(
        r"\b[0-9a-f]{40}\b", fields.get("origin", "") + words.split("\n", maxsplit=1)[0]
    )
    commit = origin[0] if origin and origin[0].strip("0") else ""
    return change._replace(
        subject=re.sub(r"^\[PATCH[^\]]*\]\s*", "", subject),
        body=body,
        author=author,
        epoch=_epoch(fields.get("date", "")),
        commit=commit,
    )


def _decoded(field: str) -> str:
    """A field of a header as it reads; as it stands where it is none that can be decoded."""
    try:
        return str(make_header(decode_header(field)))
    except (HeaderParseError, LookupError, ValueError):
        return field


def _epoch(date: str) -> int:
    try:
        return epoch_of(int(parsedate_to_datetime(date).timestamp()))
    except (ValueError, TypeError, OverflowError):
        return 0
