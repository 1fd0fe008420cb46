"""The files of a source as a folder that Go can be run in: its own, or a copy in the work folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gopatch.errors import SourceError
from gopatch.source import Source
from gopatch.source.roots import join

_KEPT = 4  # trees of refs and archives in the work folder
NEVER_GO = {".git", "docs", "man", "integration-cli", "node_modules", "bundles"}


@contextmanager
def on_disk(source: Source, work: Path) -> Iterator[Path]:
    """The top of the source as a folder, for the time of a `with`: its own, or a copy in the work
    folder, which no other run removes meanwhile."""
    root = getattr(source, "root", None)
    if isinstance(root, Path):
        yield root.resolve()
        return
    trees = work / "trees"
    trees.mkdir(exist_ok=True)
    target = trees / _identity(source)
    with _held(target, fcntl.LOCK_SH):
        if not target.is_dir():
            _write(source, target)
        os.utime(target)
        _forget_oldest(trees)
        yield target


@contextmanager
def _held(tree: Path, how: int) -> Iterator[None]:
    """Hold a tree's lock: who uses a tree shares it, who removes it has it alone."""
    with open(tree.parent / f".{tree.name}.lock", "w") as file:
        fcntl.flock(file, how)
        yield


def _write(source: Source, target: Path) -> None:
    partial = target.parent / f".{target.name}.{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    _export(source, "", partial)
    try:
        partial.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(partial, ignore_errors=True)


def _identity(source: Source) -> str:
    commit = getattr(source, "commit", None)
    if isinstance(commit, str):
        words = f"{commit}\n{getattr(source, 'prefix', '')}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]
    digest = hashlib.sha256()
    with open(source.name, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]


def _export(source: Source, folder: str, target: Path) -> None:
    """Write a source's files. One that cannot be read is left out: Go will ask for it, or not."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir":
            if entry.name not in NEVER_GO:
                _export(source, path, target / entry.name)
        elif entry.kind == "file":
            try:
                (target / entry.name).write_bytes(source.read(path))
            except SourceError:
                continue


def _forget_oldest(trees: Path) -> None:
    """Keep the trees that were used last, and all that are in use."""

    def age(tree: Path) -> float:
        try:
            return tree.stat().st_mtime
        except OSError:
            return 0.0

    kept = sorted((t for t in trees.iterdir() if not t.name.startswith(".")), key=age)
    for tree in kept[:-_KEPT]:
        with suppress(OSError), _held(tree, fcntl.LOCK_EX | fcntl.LOCK_NB):
            # By another name first: what is left of a removal that was cut short is no tree.
            gone = tree.with_name(f".{tree.name}.{os.getpid()}")
            tree.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
