"""A folder of git that holds one release after the other."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def replace(folder: Path, source: Path | None) -> None:
    """Let the repository `folder` hold the files of `source` and no others, all of them staged.

    The index is emptied first. A copy keeps the time of its original, and git takes a file for
    unchanged by size and times in whole seconds: of two releases whose files differ in a capital
    letter it would keep the first.
    """
    for entry in folder.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    if source is not None:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    for command in (["read-tree", "--empty"], ["add", "-A", "-f"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
