"""A repository is data: nothing of it runs, whatever its configuration, hooks and attributes say: what its tests share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from gopatch.splice import FileChange
from tests.conftest import Git

PACKAGE = Path(__file__).parent.parent.parent / "gopatch"


CHANGE = FileChange("a/b.go", b"package b\n", b"package b // x\n")


# The door ------------------------------------------------------------------------------------
STARTERS = (
    "system",
    "popen",
    "run",
    "call",
    "check_call",
    "check_output",
    "Popen",
    "execute",
    "which",
)


def starts_git(tree: ast.AST) -> Iterator[int]:
    """The lines on which a module starts git, or takes a library that does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            taken = [*names, getattr(node, "module", None) or ""]
            if any(name.split(".")[0] in ("git", "gitdb", "pygit2", "dulwich") for name in taken):
                yield node.lineno
        elif isinstance(node, ast.List | ast.Tuple) and node.elts:
            first = node.elts[0]
            if isinstance(first, ast.Constant) and first.value == "git" and len(node.elts) > 1:
                yield node.lineno
        elif isinstance(node, ast.Call):
            for word in node.args[:1]:
                said = isinstance(word, ast.Constant) and str(word.value).split(" ")[0]
                if said == "git" and ast.unparse(node.func).split(".")[-1] in STARTERS:
                    yield node.lineno


# Hostile repositories --------------------------------------------------------------------------
HOOKS = ("post-index-change", "reference-transaction", "pre-commit", "post-commit", "update")


PROGRAMS = (
    "core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.askPass", "gpg.program",
    "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.external",
    "pager.rev-parse", "pager.config", "alias.rev-parse", "credential.helper", "core.gitProxy",
    "core.alternateRefsCommand", "remote.origin.uploadpack", "trace2.normalTarget",
)  # fmt: skip


def lose(repo: Path, git: Git, what: str) -> None:
    id = git(repo, "rev-parse", what).strip()
    (repo / ".git/objects" / id[:2] / id[2:]).unlink()
