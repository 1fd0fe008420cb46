"""What a port is made of: the patch, the source, its roots, and what is known of both already."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from sys import intern
from typing import Any, NamedTuple

from gopatch.engine.apply import Result, apply
from gopatch.engine.compiled import may_fit_bound, pattern_of
from gopatch.engine.pattern import Pattern
from gopatch.errors import ApplyError
from gopatch.go.nesting import DEEPEST, is_too_deep
from gopatch.go.once import digest_of
from gopatch.port._recent import Recent
from gopatch.recipe.declared_roads import Handout
from gopatch.recipe.subjects import sought
from gopatch.recipe.values import GoVariant, Patch, PatchEdit
from gopatch.source import Entry, Source
from gopatch.source.roots import Roots, glob


class VariantForm(NamedTuple):
    """One change of a variant (`number` counts from 0), with what those before it have bound."""

    variant: GoVariant
    number: int
    bound: tuple[tuple[str, bytes], ...] = ()
    imports: tuple[str, ...] = ()  # lines of its diff: imports that come and go with what it does

    @property
    def pattern(self) -> Pattern:
        return pattern_of(self.variant, self.number, dict(self.bound), self.imports)

    def may_fit(self, data: bytes) -> bool:
        """False where a file has not the words of the change; nothing is compiled for that."""
        return may_fit_bound(self.variant, self.number, data)


Words = MutableMapping[tuple[str | None, tuple[bytes, ...]], frozenset[bytes]]
HoldingFiles = tuple[tuple[str, frozenset[bytes]], ...]
"""Files by their paths, each with those of some words that it has."""
Below = MutableMapping[tuple[str, tuple[bytes, ...], str], HoldingFiles]


class Memo:
    """What changes do to bytes, worked out once and kept for the next port.

    It is keyed by the texts of the changes and by digests of the files: no two are ever taken for one another,
    and no file is kept for its name's sake. Who goes along many refs lets it `age`: neighbours have most in common.
    """

    def __init__(self) -> None:
        self._known: Recent[tuple[object, ...], Result | ApplyError] = Recent()
        # By git's ids, of a blob: which of some words it has; of a tree: which files below it have
        # which, where a command line lies inside it, and which files a glob names.
        self.words: Recent[tuple[str | None, tuple[bytes, ...]], frozenset[bytes]] = Recent()
        self.asked: set[bytes] = (
            set()
        )  # words that files were looked through for, and no patch tells
        self.cut_off: Recent[str, bool] = Recent()  # of a blob as well
        self.below: Recent[tuple[str, tuple[bytes, ...], str], HoldingFiles] = Recent()
        self.globbed: Recent[tuple[str, str, int], tuple[str, ...]] = Recent()
        # Of each edit and handout, by all that it depends on: what comes of it (see _known).
        self.kept: dict[PatchEdit | Handout, Recent[Hashable, Any]] = {}
        # By all that the steps of a port bring, and the files that were asked: what does not go with these.
        self.apart: Recent[Hashable, Any] = Recent()

    def kept_of(self, one: PatchEdit | Handout) -> Recent[Hashable, Any]:
        """What is kept of an edit or a handout."""
        return self.kept.setdefault(one, Recent())

    def age(self) -> None:
        """Let go of what no port has asked for since the last but one call."""
        by_ids: tuple[Recent[Any, Any], ...] = (self.words, self.cut_off, self.below, self.globbed)
        for table in (*by_ids, self._known, self.apart, *self.kept.values()):
            table.age()

    def apply(self, form: VariantForm, data: bytes, path: str) -> Result:
        """What a change does to `data`, the bytes of `path`.

        Raises ApplyError as the engine does.
        """
        file = form.variant
        form_key = (file.text, file.shown, file.fragments, form.number, form.bound, form.imports)
        key = (*form_key, digest_of(data))
        found = self._known.get(key)
        if found is None:
            try:
                found = apply(form.pattern, data, path)
            except ApplyError as error:
                found = error
            else:
                if found.status != "applied":
                    found = found._replace(after=b"")  # it is what came in
            self._known[key] = found
        if isinstance(found, ApplyError):
            raise ApplyError(
                found.message, path=path, line=found.line, column=found.column, hint=found.hint
            )
        return found if found.status == "applied" else found._replace(after=data)


@dataclass(frozen=True)
class Task:
    """One patch for one source. What it is asked of the source is read once.

    Where it is `strict`, an edit of the group papers that fits nowhere is a failed one. `roots_given`
    tells that nobody has looked for the roots: the source may be a part of Docker's.
    """

    patch: Patch
    source: Source
    roots: Roots
    memo: Memo
    strict: bool = False
    roots_given: bool = False
    # As the memo's, by path where blobs and trees have no ids.
    words: Words = field(default_factory=dict)
    cut_off: MutableMapping[str, bool] = field(default_factory=dict)
    below: Below = field(default_factory=dict)
    own: dict[str, tuple[Entry, ...]] = field(default_factory=dict)  # by folder, see _own_files
    packages: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by folder as well
    # By root and words: what was looked for, and the files of the source that have one of the words.
    held: dict[tuple[str, tuple[str, ...]], tuple[tuple[bytes, ...], list[str]]] = field(
        default_factory=dict
    )
    # By edit and root: the files of the work, and those of them that declare what the edit is about.
    declaring: dict[tuple[str, str], tuple[Mapping[str, bytes], tuple[str, ...]]] = field(
        default_factory=dict
    )
    # By path: a file as the work has it, and a digest of that, see _known.
    states: dict[str, tuple[object, bytes]] = field(default_factory=dict)
    # By words: the files of the work, and which of the words those have that it has changed.
    spoken_of: dict[
        tuple[bytes, ...], tuple[Mapping[str, bytes], Mapping[str, frozenset[bytes]]]
    ] = field(default_factory=dict)
    # By paths: a digest of what the source has there, see _known.
    stands: dict[tuple[str, ...], bytes | None] = field(default_factory=dict)
    _read: dict[str, bytes] = field(default_factory=dict)
    _listed: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _kept: dict[str, Recent[Hashable, Any]] = field(default_factory=dict)
    # Names that files of other packages were asked for, and the import that they told, in this order.
    asked_beyond: list[tuple[str, object]] = field(default_factory=list)
    # Edits whose files were looked for in the whole source: what comes of them depends on all of it.
    found_elsewhere: set[str] = field(default_factory=set)
    _named: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def looked_for(self) -> frozenset[str]:
        """The words that the patch looks for in all own files, whatever these are."""
        names = {name for handout in self.patch.handouts for name in handout.words}
        return frozenset(names.union(sought(self.patch)))

    def kept_of(self, edit: PatchEdit) -> Recent[Hashable, Any]:
        """What the memo has of an edit."""
        if edit.name not in self._kept:
            self._kept[edit.name] = self.memo.kept_of(edit)
        return self._kept[edit.name]

    def may_leave_out(self, edit: PatchEdit) -> bool:
        """Whether the port is made without an edit that fits nowhere."""
        return edit.group == "papers" and not self.strict

    def original(self, path: str) -> bytes:
        """The bytes of a file as the source has it; ApplyError for Go that is nested too deeply."""
        if path not in self._read:
            self._read[path] = self.glance(path)
        return self._read[path]

    def glance(self, path: str) -> bytes:
        """The same, but not kept: of a whole tree most files are read once."""
        if path in self._read:
            return self._read[path]
        data = self.source.read(path)
        if path.endswith(".go") and is_too_deep(data):
            raise ApplyError(f"has more than {DEEPEST:,} brackets in brackets", path=path)
        return data

    def has(self, path: str) -> bool:
        """Whether the source has something at `path`."""
        return path in self._read or self.source.entry(path) is not None

    def glob(self, root: str, pattern: str) -> list[str]:
        """The source's files below `root` that `pattern` names."""
        if (root, pattern) not in self._listed:
            self._listed[root, pattern] = self._globbed(root, pattern)
        return self._listed[root, pattern]

    def _globbed(self, root: str, pattern: str) -> list[str]:
        """As `glob`; what the folder before the first sign of a pattern holds is known by its id."""
        parts = pattern.split("/")
        plain = len(list(takewhile(lambda part: not any(c in part for c in "*?["), parts[:-1])))
        folder = "/".join([*filter(None, [root]), *parts[:plain]])
        entry = self.source.entry(folder) if folder else None
        if entry is None or entry.id is None or entry.kind != "dir":
            return glob(self.source, root, pattern)
        key = (entry.id, "/".join(parts[plain:]), folder.count("/"))
        if key not in self.memo.globbed:
            found = glob(self.source, folder, key[1])
            # The same names come again in tree after tree.
            self.memo.globbed[key] = tuple(intern(path[len(folder) + 1 :]) for path in found)
        return [f"{folder}/{path}" for path in self.memo.globbed[key]]

    def named(self, root: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
        """The files below `root` that any of some globs names; tests are never among them."""
        key = (patterns, root)
        if key not in self._named:
            found = (path for pattern in patterns for path in self.glob(root, pattern))
            kept = (path for path in found if not path.endswith("_test.go"))
            self._named[key] = tuple(dict.fromkeys(kept))
        return self._named[key]

    def mode(self, path: str) -> int:
        """git's mode of a file; that of a plain one where the source has none."""
        entry = self.source.entry(path)
        return entry.mode if entry is not None else 0o100644
