"""Hold the model's registry service against Docker's own, for any ref of a clone.

    python benchmarks/registry.py CLONE_OF_MOBY REF... [--count N] [--seed S] [--go GO] --work DIR

Compiles the registry package of each ref and asks it: see tests/registry_model.py.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gopatch.source import open_source

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.registry_model import hold


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repository")
    parser.add_argument("refs", nargs="+", metavar="ref")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--go")
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    for ref in given.refs:
        source = open_source(given.repository, ref)
        held = hold(source, given.work / ref, given.count, given.seed, go=given.go)
        print(*held.wrong[:10], sep="\n")
        print(
            f"{ref}: {held.asked} configurations, {held.refused} refused, {len(held.wrong)} differ",
            flush=True,
        )


if __name__ == "__main__":
    main()
