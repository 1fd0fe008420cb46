"""A repository is data: nothing of it runs, whatever its configuration, hooks and attributes say."""

from __future__ import annotations

import ast
import re

import pytest

from tests.source.git_world import PACKAGE, starts_git

# A text without any of these starts none, and is not parsed.
SAID = re.compile("git|pygit2|dulwich")


def test_one_module_starts_git() -> None:
    texts = {path: path.read_text() for path in PACKAGE.rglob("*.py")}
    doors = [
        path
        for path, text in texts.items()
        if SAID.search(text) and list(starts_git(ast.parse(text)))
    ]
    assert doors == [PACKAGE / "source/_git.py"]


@pytest.mark.parametrize(
    "text",
    ["import git", "from git.repo import Repo", "run(['git', 'log'])", "Popen(('git', a))", "os.system('git log')"],
)  # fmt: skip
def test_starting_git_would_be_seen(text: str) -> None:
    assert list(starts_git(ast.parse(text))) == [1]
