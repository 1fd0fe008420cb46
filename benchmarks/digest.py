"""One digest over all that the patches become on the refs of a repository.

    python benchmarks/digest.py REPOSITORY [--ref GLOB]... [--patch NAME]... [--keep FILE]

It runs `gopatch port`, so that it asks the same of every layout of the package: outcomes with their
variants, places and words, roads, and the bytes of each patch. A change that should change nothing
prints the same digest before and after. `--keep` writes what went into it, a line for each ref, so
that two runs can be compared with diff.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REFS = ("v*", "docker-v*", "master")
PATCHES = ("accept-insecure-registry", "always-http", "skip-verify")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository")
    parser.add_argument("--ref", action="append")
    parser.add_argument("--patch", action="append")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    lines = []
    for patch in chosen.patch or PATCHES:
        with tempfile.TemporaryDirectory() as folder:
            refs = [word for ref in chosen.ref or REFS for word in ("--ref", ref)]
            command = [sys.executable, "-m", "gopatch", "port", "--docker-src", chosen.repository]
            command += [*refs, "--patch", patch, "--output", folder]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode == 2:  # nothing was written: a glob that no ref has, say
                sys.exit(done.stderr)
            print(f"{patch}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            lines += [f"{patch} {line}" for line in _lines(Path(folder))]
    text = "\n".join(lines) + "\n"
    if chosen.keep:
        chosen.keep.write_text(text)
    print(hashlib.sha256(text.encode()).hexdigest())


def _lines(folder: Path) -> Iterator[str]:
    """For each ref its name, the digest of what the report says of it, and that of its patch."""
    report = json.loads((folder / "report.json").read_bytes())
    for ref in report["refs"]:
        patch = folder / f"{ref['ref']}.patch"
        data = patch.read_bytes() if patch.exists() else b""
        yield f"{ref['ref']} {_digest(_told(ref))} {hashlib.sha256(data).hexdigest()}"


def _told(ref: dict[str, Any]) -> bytes:
    return json.dumps({k: v for k, v in ref.items() if k != "commit"}, sort_keys=True).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main()
