"""The commands, one module each: `gopatch.cli.main` tells what such a module has."""

from __future__ import annotations

import os

# What a user meets first comes first; what is not named here follows by its name.
_ORDER = ("apply", "check", "port", "backport", "verify", "simulate", "list", "new", "lint", "test")


def names() -> list[str]:
    """All commands, in the order in which help shows them."""
    files = [entry for folder in __path__ for entry in os.listdir(folder)]
    found = {file.removesuffix(".py") for file in files if file.endswith(".py")} - {"__init__"}
    return [n for n in _ORDER if n in found] + sorted(found.difference(_ORDER))
