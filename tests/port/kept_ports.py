"""A port as `gopatch apply` writes it, kept or worked out."""

from __future__ import annotations

from pathlib import Path

from gopatch.cli.main import main


def diff(tree: Path, out: Path, *more: str) -> bytes:
    assert main(["apply", "--docker-src", str(tree), "--output", str(out), *more]) == 0
    return out.read_bytes()
