"""Fixtures of this folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import Git
from tests.source.git_world import HOOKS, PROGRAMS


@pytest.fixture
def repo(tmp_path: Path, git: Git) -> Path:
    """A repository of two files, a tag, and a tag of a tag."""
    made = tmp_path / "r"
    (made / "a").mkdir(parents=True)
    (made / "a/b.go").write_bytes(b"package b\n")
    (made / "a.go").write_bytes(b"package a\n")
    git(made, "init", "-q", "-b", "main")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "first")
    git(made, "tag", "v1")
    git(made, "tag", "-a", "-m", "x", "v2", "v1")
    return made


@pytest.fixture
def hostile(repo: Path, git: Git) -> Path:
    """The same, but everything that could name a program names one that leaves `RAN` behind."""
    evil = repo.parent / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {repo.parent}/RAN\ncat\n")
    evil.chmod(0o755)
    for key in PROGRAMS:
        git(repo, "config", key, f"!{evil}" if key.startswith("alias") else str(evil))
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://x.invalid/y"),
        ("log.showSignature", "true"),
    ):
        git(repo, "config", key, value)
    (repo / ".git/info").mkdir(exist_ok=True)
    (repo / ".git/info/attributes").write_text("*.go filter=x diff=x\n")
    for name in HOOKS:
        hook = repo / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        shutil.copy(evil, hook)
    os.utime(repo / "a/b.go", (1, 1))
    (repo.parent / "RAN").unlink(missing_ok=True)
    return repo
