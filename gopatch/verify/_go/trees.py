"""The files of a source as a folder that Go can be run in: its own, or a copy in the work folder."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from gopatch.errors import SourceError
from gopatch.source import Source
from gopatch.source.roots import join

_KEPT = 4  # trees of refs and archives in the work folder
NEVER_GO = {".git", "docs", "man", "integration-cli", "node_modules", "bundles"}


def on_disk(source: Source, work: Path) -> Path:
    """The top of the source as a folder: its own, or a copy in the work folder."""
    root = getattr(source, "root", None)
    if isinstance(root, Path):
        return root.resolve()
    trees = work / "trees"
    trees.mkdir(exist_ok=True)
    target = trees / _identity(source)
    if target.is_dir():
        os.utime(target)
        return target
    partial = trees / f".{target.name}.{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    _export(source, "", partial)
    try:
        partial.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(partial, ignore_errors=True)
    _forget_oldest(trees)
    return target


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
    def age(tree: Path) -> float:
        try:
            return tree.stat().st_mtime
        except OSError:
            return 0.0

    kept = sorted((t for t in trees.iterdir() if not t.name.startswith(".")), key=age)
    for tree in kept[:-_KEPT]:
        shutil.rmtree(tree, ignore_errors=True)
